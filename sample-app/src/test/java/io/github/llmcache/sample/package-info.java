@NullMarked
package io.github.llmcache.sample;

import org.jspecify.annotations.NullMarked;
