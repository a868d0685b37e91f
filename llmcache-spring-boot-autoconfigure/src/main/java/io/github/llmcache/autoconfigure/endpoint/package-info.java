/**
 * Auto-configuration of the Actuator endpoint.
 */
@NullMarked
package io.github.llmcache.autoconfigure.endpoint;

import org.jspecify.annotations.NullMarked;
