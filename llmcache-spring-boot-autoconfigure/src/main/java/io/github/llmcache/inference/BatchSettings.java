package io.github.llmcache.inference;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How batches are watched and remembered.
 *
 * @param directory the folder of the records of batches that are under way; asked for
 * when the first batch is created
 * @param pollInterval the time before a provider is first asked how a batch gets on
 * @param maxPollInterval the longest time between two such questions
 */
public record BatchSettings(Supplier<Path> directory, Duration pollInterval, Duration maxPollInterval) {
}
