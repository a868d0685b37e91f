@NullMarked
package io.github.llmcache.test.autoconfigure;

import org.jspecify.annotations.NullMarked;
