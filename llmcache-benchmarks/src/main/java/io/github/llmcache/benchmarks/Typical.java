package io.github.llmcache.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.sun.management.ThreadMXBean;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.benchmarks.Expectation.Figure;
import io.github.llmcache.benchmarks.contender.Contender;
import io.github.llmcache.benchmarks.contender.Contender.Session;
import io.github.llmcache.benchmarks.contender.Contenders;
import io.github.llmcache.benchmarks.harness.Result;
import io.github.llmcache.benchmarks.harness.Rounds;
import io.github.llmcache.benchmarks.harness.Variant;
import io.github.llmcache.benchmarks.workload.Texts;
import io.github.llmcache.benchmarks.workload.Workload;

/**
 * Prompts and completions of an ordinary size, half of them in the cache: how many
 * lookups a second, and what a hit allocates.
 */
final class Typical implements Benchmark {

	static final int ENTRIES = 20_000;

	static final int PROMPT = 4 * 1024;

	static final int COMPLETION = 2 * 1024;

	private static final int LOOKUPS = 100_000;

	private static final double MISSES = 0.5;

	private static final int[] THREADS = { 1, 2 };

	private static final int ALLOCATING_HITS = 500;

	@Override
	public List<Result> run(Context context) throws Exception {
		Workload workload = context.workload(Texts.ENGLISH, PROMPT, COMPLETION);
		Rounds rounds = context.rounds();
		int entries = context.size(ENTRIES);
		context.note("typical: " + workload.describe());
		try (Contenders contenders = Contenders.all(context.newDirectory("typical"));
				Lookups lookups = new Lookups(workload, entries, MISSES,
						Math.max(1, context.size(LOOKUPS) / rounds.count()))) {
			contenders.populate(workload, entries);
			List<Variant> variants = new ArrayList<>();
			for (int threads : THREADS) {
				variants.addAll(lookups.variants(contenders.list(), threads));
			}
			List<Result> results = new ArrayList<>(rounds.run("typical", "lookups/s", variants));
			for (Contender contender : contenders.list()) {
				noteSpeedUp(context, contender.name(), results);
			}
			results.addAll(allocation(rounds, workload, contenders.list(), Math.min(ALLOCATING_HITS, entries)));
			return results;
		}
	}

	private static void noteSpeedUp(Context context, String name, List<Result> results) {
		Figure.of("typical", name, 2)
			.per(Figure.of("typical", name, 1))
			.find(results)
			.ifPresent((ratio) -> context
				.note(String.format(Locale.ROOT, "typical: %s, two threads: %.2f of one thread", name, ratio)));
	}

	private static List<Result> allocation(Rounds rounds, Workload workload, List<Contender> contenders, int hits)
			throws Exception {
		List<Variant> variants = new ArrayList<>();
		variants.add(new Variant("decoded size", (round) -> workload.body(0).length));
		for (Contender contender : contenders) {
			Session session = contender.open();
			variants.add(new Variant(contender.name(), (round) -> allocated(session, workload, hits)));
		}
		return rounds.run("typical/allocation per hit", "bytes", variants);
	}

	private static double allocated(Session session, Workload workload, int hits) throws Exception {
		List<InferenceRequest> requests = new ArrayList<>();
		for (int i = 0; i < hits; i++) {
			requests.add(workload.request(i));
		}
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long before = threads.getCurrentThreadAllocatedBytes();
		for (InferenceRequest request : requests) {
			session.find(request);
		}
		return (double) (threads.getCurrentThreadAllocatedBytes() - before) / hits;
	}

}
