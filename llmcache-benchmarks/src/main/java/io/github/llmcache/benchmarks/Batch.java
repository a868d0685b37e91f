package io.github.llmcache.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.Progress;
import io.github.llmcache.benchmarks.contender.Contenders;
import io.github.llmcache.benchmarks.contender.LlmCache;
import io.github.llmcache.benchmarks.harness.Result;
import io.github.llmcache.benchmarks.harness.Rounds;
import io.github.llmcache.benchmarks.harness.Variant;
import io.github.llmcache.benchmarks.workload.Texts;
import io.github.llmcache.benchmarks.workload.Workload;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheManager.CacheLookup;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import org.jspecify.annotations.Nullable;

/**
 * 1,000 requests at once beside one after the other: by the API, where all are hits; by
 * the cache manager, where half are misses; and by the store, where the keys are there.
 */
final class Batch implements Benchmark {

	private static final int SIZE = 1000;

	private static final int BATCHES = 10;

	private static final double NANOS_PER_MICRO = 1e3;

	private static final Progress SILENT = (update) -> {
		// Nobody watches
	};

	@Override
	public List<Result> run(Context context) throws Exception {
		Workload workload = context.workload(Texts.ENGLISH, Typical.PROMPT, Typical.COMPLETION);
		int entries = context.size(Typical.ENTRIES);
		int batches = context.size(BATCHES);
		Rounds rounds = context.rounds();
		try (LlmCache cache = new LlmCache(context.newDirectory("batch"))) {
			Contenders.populate(cache, workload, entries);
			Subject hits = new Subject(workload, entries, 0, batches);
			Subject half = new Subject(workload, entries, 0.5, batches);
			List<Result> results = new ArrayList<>();
			results.addAll(rounds.run("batch/api, hits", "µs/key",
					List.of(new Variant("single", (round) -> hits.measure(round, (requests) -> {
						return found(requests.stream().map(cache.api()::infer).toList());
					})), new Variant("batch", (round) -> hits.measure(round, (requests) -> {
						List<InferenceResult> inferred = cache.api().inferAll(requests, SILENT);
						return () -> inferred.stream().filter(InferenceResult::succeeded).count();
					})))));
			results.addAll(rounds.run("batch/cache manager", "µs/key",
					List.of(new Variant("single", (round) -> half.measure(round, (requests) -> {
						return found(requests.stream().map(cache::lookup).collect(Collectors.toList()));
					})), new Variant("batch", (round) -> half.measure(round, (requests) -> {
						List<CacheLookup> lookups = requests.stream()
							.map((request) -> new CacheLookup(cache.plan(request), null))
							.toList();
						return found(cache.manager()
							.lookupAll(lookups, Collections.nCopies(lookups.size(), cache.reader())));
					})))));
			results.addAll(rounds.run("batch/store", "µs/key",
					List.of(new Variant("single", (round) -> half.measureKeys(round, cache, (keys) -> {
						return found(keys.stream().map(cache.cacheStore()::get).collect(Collectors.toList()));
					})), new Variant("batch", (round) -> half.measureKeys(round, cache, (keys) -> {
						Map<CacheKey, StoredEntry> found = cache.cacheStore().getAll(keys);
						return () -> keys.stream().filter(found::containsKey).count();
					})))));
			return results;
		}
	}

	private static LongSupplier found(List<? extends @Nullable Object> results) {
		return () -> results.stream().filter(Objects::nonNull).count();
	}

	/**
	 * Batches of random requests.
	 */
	private record Subject(Workload workload, int entries, double misses, int batches) {

		double measure(int round, Task<InferenceRequest> task) throws Exception {
			return measure(round, Function.identity(), task);
		}

		/**
		 * Measure with keys whose hashes are known: what is left is the store's own.
		 */
		double measureKeys(int round, LlmCache cache, Task<CacheKey> task) throws Exception {
			return measure(round, (request) -> {
				CacheKey key = cache.plan(request).key();
				key.fingerprint();
				key.toBytes();
				return key;
			}, task);
		}

		private <T> double measure(int round, Function<InferenceRequest, T> preparation, Task<T> task)
				throws Exception {
			long nanos = 0;
			for (int i = 0; i < this.batches; i++) {
				long[] numbers = numbers(round * this.batches + i);
				List<T> items = Arrays.stream(numbers).mapToObj(this.workload::request).map(preparation).toList();
				long start = System.nanoTime();
				LongSupplier found = task.run(items);
				nanos += System.nanoTime() - start;
				long expected = Arrays.stream(numbers).filter((number) -> number < this.entries).count();
				if (found.getAsLong() != expected) {
					throw new IllegalStateException(found.getAsLong() + " hits should be " + expected);
				}
			}
			return nanos / NANOS_PER_MICRO / (this.batches * SIZE);
		}

		private long[] numbers(int batch) {
			SplittableRandom random = new SplittableRandom(this.workload.seed() + batch);
			long[] numbers = new long[SIZE];
			for (int i = 0; i < SIZE; i++) {
				long number = random.nextInt(this.entries);
				numbers[i] = (random.nextDouble() >= this.misses) ? number : this.entries + number;
			}
			return numbers;
		}

	}

	/**
	 * Looks items up.
	 */
	@FunctionalInterface
	private interface Task<T> {

		/**
		 * Look up.
		 * @param items what to look up
		 * @return counts what has been found, outside of the time
		 * @throws Exception if that fails
		 */
		LongSupplier run(List<T> items) throws Exception;

	}

}
