/**
 * Tests of what llmcache adds to web applications of other kinds.
 */
@NullMarked
package io.github.llmcache.webtests;

import org.jspecify.annotations.NullMarked;
