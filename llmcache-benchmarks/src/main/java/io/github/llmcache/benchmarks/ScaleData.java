package io.github.llmcache.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;

import io.github.llmcache.benchmarks.contender.LlmCache;
import io.github.llmcache.benchmarks.harness.Workers;
import io.github.llmcache.benchmarks.workload.Workload;
import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import org.springframework.util.FileSystemUtils;

/**
 * The files of a cache that grows from size to size, of which each is copied: a large one
 * need not be filled from the beginning.
 */
final class ScaleData {

	private static final int POPULATORS = 2;

	private static final int PORTION = 50_000;

	private final Path directory;

	private final Workload workload;

	private int entries;

	ScaleData(Path directory, Workload workload) {
		this.directory = directory;
		this.workload = workload;
	}

	int entries() {
		return this.entries;
	}

	/**
	 * Store more entries, below the cache manager and without requests, since there are
	 * many.
	 * @param size how many there are to be
	 * @throws Exception if that fails
	 */
	void growTo(int size) throws Exception {
		try (LlmCache cache = new LlmCache(this.directory); Workers workers = new Workers()) {
			workers.run(POPULATORS, (thread) -> {
				for (int from = this.entries + thread * PORTION; from < size; from += POPULATORS * PORTION) {
					cache.cacheStore().putAll(entries(cache, from, Math.min(size, from + PORTION)));
				}
			});
		}
		this.entries = size;
	}

	/**
	 * Make entries. Ordered by their fingerprints, for a transaction then changes a few
	 * pages of the index rather than all of them.
	 */
	private List<CacheEntry> entries(LlmCache cache, long from, long to) {
		return LongStream.range(from, to)
			.mapToObj((number) -> entry(cache, number))
			.sorted(Comparator.comparingLong((entry) -> entry.key().fingerprint()))
			.toList();
	}

	private CacheEntry entry(LlmCache cache, long number) {
		CacheKey key = cache.plan(this.workload.request(number)).key();
		// Without the request, of which there would be many in memory
		CacheKey detached = CacheKey.of(key.model(), key.fingerprint(), key.toBytes());
		return new CacheEntry(detached, "", List.of(LlmCache.response(this.workload.body(number))), null, null);
	}

	/**
	 * Copy the files.
	 * @param target where to
	 * @return the target
	 * @throws IOException if that fails
	 */
	Path copyTo(Path target) throws IOException {
		FileSystemUtils.copyRecursively(this.directory, target);
		return target;
	}

}
