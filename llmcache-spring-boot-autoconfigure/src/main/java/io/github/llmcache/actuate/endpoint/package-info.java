/**
 * The Actuator endpoint of the cache.
 */
@NullMarked
package io.github.llmcache.actuate.endpoint;

import org.jspecify.annotations.NullMarked;
