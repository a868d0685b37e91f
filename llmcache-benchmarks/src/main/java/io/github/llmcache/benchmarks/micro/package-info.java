/**
 * Parts of a lookup on their own, measured by JMH.
 */
@NullMarked
package io.github.llmcache.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
