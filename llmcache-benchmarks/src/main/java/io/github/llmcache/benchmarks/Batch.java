package io.github.llmcache.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

import io.github.llmcache.InferenceRequest;
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
						requests.forEach(cache.api()::infer);
					})), new Variant("batch", (round) -> hits.measure(round, (requests) -> {
						cache.api().inferAll(requests, SILENT);
					})))));
			results.addAll(rounds.run("batch/cache manager", "µs/key",
					List.of(new Variant("single", (round) -> half.measure(round, (requests) -> {
						requests.forEach(cache::lookup);
					})), new Variant("batch", (round) -> half.measure(round, (requests) -> {
						List<CacheLookup> lookups = requests.stream()
							.map((request) -> new CacheLookup(cache.plan(request), null))
							.toList();
						cache.manager().lookupAll(lookups, Collections.nCopies(lookups.size(), cache.reader()));
					})))));
			results.addAll(rounds.run("batch/store", "µs/key",
					List.of(new Variant("single", (round) -> half.measureKeys(round, cache, (keys) -> {
						keys.forEach(cache.cacheStore()::get);
					})), new Variant("batch", (round) -> half.measureKeys(round, cache, (keys) -> {
						cache.cacheStore().getAll(keys);
					})))));
			return results;
		}
	}

	/**
	 * Batches of random requests.
	 */
	private record Subject(Workload workload, int entries, double misses, int batches) {

		double measure(int round, Task<InferenceRequest> task) throws Exception {
			long nanos = 0;
			for (int i = 0; i < this.batches; i++) {
				List<InferenceRequest> requests = requests(round * this.batches + i);
				long start = System.nanoTime();
				task.run(requests);
				nanos += System.nanoTime() - start;
			}
			return nanos / NANOS_PER_MICRO / (this.batches * SIZE);
		}

		double measureKeys(int round, LlmCache cache, Task<CacheKey> task) throws Exception {
			long nanos = 0;
			for (int i = 0; i < this.batches; i++) {
				List<CacheKey> keys = requests(round * this.batches + i).stream()
					.map((request) -> cache.plan(request).key())
					.toList();
				long start = System.nanoTime();
				task.run(keys);
				nanos += System.nanoTime() - start;
			}
			return nanos / NANOS_PER_MICRO / (this.batches * SIZE);
		}

		private List<InferenceRequest> requests(int batch) {
			SplittableRandom random = new SplittableRandom(this.workload.seed() + batch);
			List<InferenceRequest> requests = new ArrayList<>();
			for (int i = 0; i < SIZE; i++) {
				long number = random.nextInt(this.entries);
				requests
					.add(this.workload.request((random.nextDouble() >= this.misses) ? number : this.entries + number));
			}
			return requests;
		}

	}

	@FunctionalInterface
	private interface Task<T> {

		void run(List<T> items) throws Exception;

	}

}
