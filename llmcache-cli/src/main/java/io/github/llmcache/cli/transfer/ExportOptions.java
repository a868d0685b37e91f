package io.github.llmcache.cli.transfer;

import io.github.llmcache.cache.EntryFilter;

/**
 * What is exported, and how.
 *
 * @param filter which entries
 * @param includeExpired whether those are wanted, too, that have expired
 * @param compress whether the lines are compressed with zstd
 */
public record ExportOptions(EntryFilter filter, boolean includeExpired, boolean compress) {
}
