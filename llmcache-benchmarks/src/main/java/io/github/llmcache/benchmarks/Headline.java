package io.github.llmcache.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.github.llmcache.benchmarks.contender.Contenders;
import io.github.llmcache.benchmarks.harness.Result;
import io.github.llmcache.benchmarks.harness.Rounds;
import io.github.llmcache.benchmarks.workload.Texts;
import io.github.llmcache.benchmarks.workload.Workload;

/**
 * Large prompts, most of which are not in the cache.
 */
final class Headline implements Benchmark {

	static final int ENTRIES = 3500;

	static final int LOOKUPS = 10_000;

	private static final int PROMPT = 160 * 1024;

	static final int COMPLETION = 2 * 1024;

	static final double MISSES = 0.65;

	@Override
	public List<Result> run(Context context) throws Exception {
		List<Result> results = new ArrayList<>();
		for (Texts texts : Texts.values()) {
			results.addAll(run(context, texts));
		}
		return results;
	}

	private List<Result> run(Context context, Texts texts) throws Exception {
		Workload workload = context.workload(texts, PROMPT, COMPLETION);
		Rounds rounds = context.rounds();
		int entries = context.size(ENTRIES);
		context.note("headline: " + workload.describe());
		try (Contenders contenders = Contenders.all(context.newDirectory("headline"));
				Lookups lookups = new Lookups(workload, entries, MISSES,
						Math.max(1, context.size(LOOKUPS) / rounds.count()))) {
			contenders.populate(workload, entries);
			return rounds.run("headline/" + texts.name().toLowerCase(Locale.ROOT), "lookups/s",
					lookups.variants(contenders.list(), 1));
		}
	}

}
