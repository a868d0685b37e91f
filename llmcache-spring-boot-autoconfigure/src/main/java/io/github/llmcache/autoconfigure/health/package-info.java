/**
 * Auto-configuration of the health indicator.
 */
@NullMarked
package io.github.llmcache.autoconfigure.health;

import org.jspecify.annotations.NullMarked;
