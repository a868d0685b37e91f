package io.github.llmcache.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

import io.github.llmcache.benchmarks.contender.CacheablePeer;
import io.github.llmcache.benchmarks.contender.Contender;
import io.github.llmcache.benchmarks.contender.Contenders;
import io.github.llmcache.benchmarks.contender.LlmCache;
import io.github.llmcache.benchmarks.contender.LocalRedis;
import io.github.llmcache.benchmarks.harness.Result;
import io.github.llmcache.benchmarks.harness.Rounds;
import io.github.llmcache.benchmarks.harness.Variant;
import io.github.llmcache.benchmarks.workload.Texts;
import io.github.llmcache.benchmarks.workload.Workload;
import io.github.llmcache.cache.CacheManager.CacheLookup;

/**
 * The lookups of {@link Typical} in each backend, one by one and a hundred at once,
 * beside a method with Spring's {@code @Cacheable}.
 */
final class Backends implements Benchmark {

	private static final int ENTRIES = 5000;

	private static final int LOOKUPS = 20_000;

	private static final double MISSES = 0.5;

	private static final int[] THREADS = { 1, 2 };

	private static final int BATCH = 100;

	private static final double NANOS = 1e9;

	@Override
	public List<Result> run(Context context) throws Exception {
		Workload workload = context.workload(Texts.ENGLISH, Typical.PROMPT, Typical.COMPLETION);
		Rounds rounds = context.rounds();
		int entries = context.size(ENTRIES);
		int lookups = Math.max(1, context.size(LOOKUPS) / BATCH / rounds.count()) * BATCH;
		try (LocalRedis server = new LocalRedis();
				LlmCache sqlite = new LlmCache(context.newDirectory("backends"));
				LlmCache file = LlmCache.withFiles(context.newDirectory("backends-file"));
				LlmCache redis = LlmCache.withRedis(server.connections());
				Contender cacheableRedis = CacheablePeer.onRedis(server.connections());
				Contender cacheableCaffeine = CacheablePeer.onCaffeine();
				Lookups oneByOne = new Lookups(workload, entries, MISSES, lookups)) {
			List<LlmCache> ours = List.of(sqlite, file, redis);
			List<Contender> all = new ArrayList<>(ours);
			all.add(cacheableRedis);
			all.add(cacheableCaffeine);
			for (Contender contender : all) {
				Contenders.populate(contender, workload, entries);
			}
			List<Variant> variants = new ArrayList<>();
			for (int threads : THREADS) {
				variants.addAll(oneByOne.variants(all, threads));
			}
			List<Result> results = new ArrayList<>(rounds.run("backends", "lookups/s", variants));
			results.addAll(rounds.run("backends/" + BATCH + " at once", "lookups/s", ours.stream()
				.map((cache) -> new Variant(cache.name(), (round) -> batches(cache, workload, entries, lookups, round)))
				.toList()));
			return results;
		}
	}

	private static double batches(LlmCache cache, Workload workload, int entries, int lookups, int round) {
		SplittableRandom random = new SplittableRandom(workload.seed() + round);
		long nanos = 0;
		for (int done = 0; done < lookups; done += BATCH) {
			List<CacheLookup> batch = new ArrayList<>(BATCH);
			int hits = 0;
			for (int i = 0; i < BATCH; i++) {
				long number = random.nextInt(entries);
				boolean hit = random.nextDouble() >= MISSES;
				hits += hit ? 1 : 0;
				batch.add(new CacheLookup(cache.plan(workload.request(hit ? number : entries + number)), null));
			}
			long start = System.nanoTime();
			long found = cache.manager()
				.lookupAll(batch, Collections.nCopies(BATCH, cache.reader()))
				.stream()
				.filter(Objects::nonNull)
				.count();
			nanos += System.nanoTime() - start;
			if (found != hits) {
				throw new IllegalStateException(found + " of " + hits + " were found");
			}
		}
		return lookups / (nanos / NANOS);
	}

}
