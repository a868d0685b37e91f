/**
 * What tests of the command line share.
 */
@NullMarked
package io.github.llmcache.cli.testsupport;

import org.jspecify.annotations.NullMarked;
