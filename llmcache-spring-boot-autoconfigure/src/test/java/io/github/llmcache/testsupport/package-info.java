/**
 * What the tests of several packages share.
 */
@NullMarked
package io.github.llmcache.testsupport;

import org.jspecify.annotations.NullMarked;
