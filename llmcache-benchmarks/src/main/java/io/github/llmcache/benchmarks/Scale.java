package io.github.llmcache.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.benchmarks.contender.LlmCache;
import io.github.llmcache.benchmarks.harness.Result;
import io.github.llmcache.benchmarks.harness.Rounds;
import io.github.llmcache.benchmarks.harness.Summary;
import io.github.llmcache.benchmarks.harness.Variant;
import io.github.llmcache.benchmarks.workload.Texts;
import io.github.llmcache.benchmarks.workload.Workload;

/**
 * What a lookup takes as there are more and more entries, small ones, in one file and in
 * twenty; how long it takes to open a cache, and how much memory it takes to use it.
 */
final class Scale implements Benchmark {

	/** The sizes; the largest one only if there is time. */
	private static final int[] SIZES = { 10_000, 100_000, 1_000_000, 3_000_000 };

	private static final int[] MODELS = { 1, 20 };

	static final int PROMPT = 200;

	static final int COMPLETION = 100;

	private static final int LOOKUPS = 10_000;

	private static final double NANOS_PER_MICRO = 1e3;

	private static final double NANOS_PER_MILLI = 1e6;

	@Override
	public List<Result> run(Context context) throws Exception {
		int sizes = context.full() ? SIZES.length : SIZES.length - 1;
		List<Result> results = new ArrayList<>();
		for (int models : MODELS) {
			Workload workload = new Workload(Texts.ENGLISH, context.seed(), PROMPT, COMPLETION, models);
			ScaleData data = new ScaleData(context.newDirectory("scale"), workload);
			List<Subject> subjects = new ArrayList<>();
			try {
				for (int i = 0; i < sizes; i++) {
					data.growTo(context.size(SIZES[i]));
					subjects.add(new Subject(data.copyTo(context.newDirectory("scale")), workload, data.entries()));
				}
				measure(context, "scale/" + ScaleModels.variant(models), subjects, results);
			}
			finally {
				subjects.forEach(Subject::close);
			}
		}
		results.addAll(ScaleModels.run(context));
		return results;
	}

	private static void measure(Context context, String benchmark, List<Subject> subjects, List<Result> results)
			throws Exception {
		Rounds rounds = context.rounds();
		int lookups = Math.max(1000, context.size(LOOKUPS));
		results.addAll(rounds.run(benchmark + ", p50 of a hit", "µs",
				variants(subjects, (subject, round) -> subject.lookUp(lookups, round, true))));
		results.addAll(rounds.run(benchmark + ", p50 of a miss", "µs",
				variants(subjects, (subject, round) -> subject.lookUp(lookups, round, false))));
		results.addAll(rounds.run(benchmark + ", open and first hit", "ms",
				variants(subjects, (subject, round) -> subject.open())));
		results.addAll(new Rounds(0, 1).run(benchmark + ", resident memory", "MB", variants(
				context.quick() ? subjects.subList(0, 1) : subjects, (subject, round) -> subject.memory(lookups))));
	}

	private static List<Variant> variants(List<Subject> subjects, Measurement measurement) {
		return subjects.stream()
			.map((subject) -> new Variant(variant(subject.entries), (round) -> measurement.measure(subject, round)))
			.toList();
	}

	static String variant(int entries) {
		return String.format(Locale.ROOT, "%,d entries", entries);
	}

	/**
	 * Measures a subject.
	 */
	@FunctionalInterface
	private interface Measurement {

		double measure(Subject subject, int round) throws Exception;

	}

	/**
	 * A cache of some size.
	 */
	private static final class Subject implements AutoCloseable {

		private final Path directory;

		private final Workload workload;

		private final int entries;

		private final LlmCache cache;

		private Subject(Path directory, Workload workload, int entries) {
			this.directory = directory;
			this.workload = workload;
			this.entries = entries;
			this.cache = new LlmCache(directory);
		}

		double lookUp(int lookups, int round, boolean hit) {
			SplittableRandom random = new SplittableRandom(round);
			long[] nanos = new long[lookups];
			for (int i = 0; i < lookups; i++) {
				long number = random.nextInt(this.entries);
				InferenceRequest request = this.workload.request(hit ? number : this.entries + number);
				long start = System.nanoTime();
				boolean found = this.cache.lookup(request) != null;
				nanos[i] = System.nanoTime() - start;
				if (found != hit) {
					throw new IllegalStateException("Lookup " + number + " should be a " + (hit ? "hit" : "miss"));
				}
			}
			return Summary.percentile(nanos, lookups, 50) / NANOS_PER_MICRO;
		}

		double open() {
			InferenceRequest request = this.workload.request(0);
			long start = System.nanoTime();
			try (LlmCache opened = new LlmCache(this.directory)) {
				opened.api().infer(request);
				return (System.nanoTime() - start) / NANOS_PER_MILLI;
			}
		}

		double memory(int lookups) throws Exception {
			ChildJvm jvm = ChildJvm.of(ClassPath.all()).options("-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch");
			List<String> lines = jvm.run(ScaleMemory.class.getName(), this.directory.toString(),
					Long.toString(this.workload.seed()), Integer.toString(this.workload.promptLength()),
					Integer.toString(this.workload.models()), Integer.toString(this.entries),
					Integer.toString(lookups));
			return Double.parseDouble(lines.get(lines.size() - 1));
		}

		@Override
		public void close() {
			this.cache.close();
		}

	}

}
