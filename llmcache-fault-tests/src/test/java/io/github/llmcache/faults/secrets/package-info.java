/**
 * What must not be seen: keys, prompts, and files of one user by another one.
 */
@NullMarked
package io.github.llmcache.faults.secrets;

import org.jspecify.annotations.NullMarked;
