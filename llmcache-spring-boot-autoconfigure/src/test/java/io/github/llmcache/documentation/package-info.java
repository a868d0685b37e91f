/**
 * The documentation's snippets, as code that compiles.
 */
@NullMarked
package io.github.llmcache.documentation;

import org.jspecify.annotations.NullMarked;
