/**
 * Applications that have llmcache beside other things. Each is started in a JVM of its
 * own, with a classpath of its own.
 */
@NullMarked
package io.github.llmcache.coexistence;

import org.jspecify.annotations.NullMarked;
