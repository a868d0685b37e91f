package io.github.llmcache.benchmarks;

import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.benchmarks.contender.CaffeinePeer;
import io.github.llmcache.benchmarks.contender.Contender;
import io.github.llmcache.benchmarks.contender.Contenders;
import io.github.llmcache.benchmarks.contender.LlmCache;
import io.github.llmcache.benchmarks.harness.Result;
import io.github.llmcache.benchmarks.harness.Rounds;
import io.github.llmcache.benchmarks.harness.Variant;
import io.github.llmcache.benchmarks.workload.Texts;
import io.github.llmcache.benchmarks.workload.Workload;

/**
 * The hits of {@link Typical} from the first level, in memory, beside the same from
 * SQLite.
 */
final class Hot implements Benchmark {

	private static final int LOOKUPS = 100_000;

	private static final int[] THREADS = { 1, 2 };

	@Override
	public List<Result> run(Context context) throws Exception {
		Workload workload = context.workload(Texts.ENGLISH, Typical.PROMPT, Typical.COMPLETION);
		Rounds rounds = context.rounds();
		int entries = context.size(Typical.ENTRIES);
		try (LlmCache sqlite = new LlmCache(context.newDirectory("hot"));
				LlmCache memory = LlmCache.withMemory(context.newDirectory("hot-memory"));
				Contender caffeine = new CaffeinePeer();
				Lookups lookups = new Lookups(workload, entries, 0,
						Math.max(1, context.size(LOOKUPS) / rounds.count()))) {
			List<Contender> contenders = List.of(sqlite, memory, caffeine);
			for (Contender contender : contenders) {
				Contenders.populate(contender, workload, entries);
			}
			for (int i = 0; i < entries; i++) {
				memory.api().infer(workload.request(i));
			}
			List<Variant> variants = new ArrayList<>();
			for (int threads : THREADS) {
				variants.addAll(lookups.variants(contenders, threads));
			}
			return rounds.run("hot", "lookups/s", variants);
		}
	}

}
