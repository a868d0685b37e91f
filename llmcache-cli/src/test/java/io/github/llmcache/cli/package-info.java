@NullMarked
package io.github.llmcache.cli;

import org.jspecify.annotations.NullMarked;
