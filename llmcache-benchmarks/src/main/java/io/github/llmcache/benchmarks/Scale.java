package io.github.llmcache.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.benchmarks.contender.LlmCache;
import io.github.llmcache.benchmarks.harness.Result;
import io.github.llmcache.benchmarks.harness.Rounds;
import io.github.llmcache.benchmarks.harness.Summary;
import io.github.llmcache.benchmarks.harness.Variant;
import io.github.llmcache.benchmarks.harness.Workers;
import io.github.llmcache.benchmarks.workload.Texts;
import io.github.llmcache.benchmarks.workload.Workload;
import io.github.llmcache.cache.CacheEntry;

/**
 * What a lookup takes as there are more and more entries, small ones, in one file and in
 * twenty; how long it takes to open a cache, and how much memory it takes to use it.
 */
final class Scale implements Benchmark {

	/** The sizes; the largest one only if there is time. */
	private static final int[] SIZES = { 10_000, 100_000, 1_000_000, 3_000_000 };

	private static final int[] MODELS = { 1, 20 };

	private static final int PROMPT = 200;

	private static final int COMPLETION = 100;

	private static final int LOOKUPS = 20_000;

	private static final int POPULATORS = 2;

	private static final int PORTION = 5000;

	private static final double NANOS_PER_MICRO = 1e3;

	private static final double NANOS_PER_MILLI = 1e6;

	@Override
	public List<Result> run(Context context) throws Exception {
		int sizes = context.full() ? SIZES.length : SIZES.length - 1;
		List<Result> results = new ArrayList<>();
		for (int models : MODELS) {
			List<Subject> subjects = new ArrayList<>();
			try {
				for (int i = 0; i < sizes; i++) {
					subjects.add(Subject.create(context, context.size(SIZES[i]), models));
				}
				measure(context, "scale/" + models + ((models == 1) ? " model" : " models"), subjects, results);
			}
			finally {
				subjects.forEach(Subject::close);
			}
		}
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
		results.addAll(new Rounds(0, 1).run(benchmark + ", resident memory", "MB",
				variants(subjects, (subject, round) -> subject.memory(lookups))));
	}

	private static List<Variant> variants(List<Subject> subjects, Measurement measurement) {
		return subjects.stream()
			.map((subject) -> new Variant(String.format(Locale.ROOT, "%,d entries", subject.entries),
					(round) -> measurement.measure(subject, round)))
			.toList();
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

		static Subject create(Context context, int entries, int models) throws Exception {
			Workload workload = new Workload(Texts.ENGLISH, context.seed(), PROMPT, COMPLETION, models);
			Subject subject = new Subject(context.newDirectory("scale"), workload, entries);
			subject.populate();
			return subject;
		}

		/**
		 * Store below the cache manager, without requests and with two threads, since
		 * there are many.
		 */
		private void populate() throws Exception {
			try (Workers workers = new Workers()) {
				workers.run(POPULATORS, (thread) -> {
					for (int from = thread * PORTION; from < this.entries; from += POPULATORS * PORTION) {
						this.cache.cacheStore()
							.putAll(LongStream.range(from, Math.min(this.entries, from + PORTION))
								.mapToObj(this::entry)
								.toList());
					}
				});
			}
		}

		private CacheEntry entry(long number) {
			return new CacheEntry(this.cache.plan(this.workload.request(number)).key(), "",
					List.of(LlmCache.response(this.workload.body(number))), null, null);
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
