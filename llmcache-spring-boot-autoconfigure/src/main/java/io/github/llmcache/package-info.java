/**
 * The public API: typed requests to large language models and their responses.
 */
@NullMarked
package io.github.llmcache;

import org.jspecify.annotations.NullMarked;
