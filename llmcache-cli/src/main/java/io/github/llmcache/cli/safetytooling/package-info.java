/**
 * Reads caches of the Python library safety-tooling.
 */
@NullMarked
package io.github.llmcache.cli.safetytooling;

import org.jspecify.annotations.NullMarked;
