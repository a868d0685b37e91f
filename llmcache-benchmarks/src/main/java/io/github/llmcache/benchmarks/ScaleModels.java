package io.github.llmcache.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.benchmarks.contender.Contenders;
import io.github.llmcache.benchmarks.contender.LlmCache;
import io.github.llmcache.benchmarks.harness.Result;
import io.github.llmcache.benchmarks.harness.Rounds;
import io.github.llmcache.benchmarks.harness.Summary;
import io.github.llmcache.benchmarks.harness.Variant;
import io.github.llmcache.benchmarks.workload.Texts;
import io.github.llmcache.benchmarks.workload.Workload;

/**
 * Lookups and saves in random order for many models with a few entries each, beside one
 * model with as many: what a lookup takes, and how many files are open.
 */
final class ScaleModels {

	static final String FILES = "scale/random models, open files";

	private static final int MODELS = 1000;

	/** More than may be open at the same time. */
	private static final int LEAST_MODELS = 100;

	private static final int ENTRIES_PER_MODEL = 3;

	private static final int STEPS = 1000;

	private static final int LOOKUPS_PER_SAVE = 4;

	private static final int STEPS_PER_COUNT = 50;

	private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

	private static final double NANOS_PER_MICRO = 1e3;

	private ScaleModels() {
	}

	static String variant(int models) {
		return String.format(Locale.ROOT, (models == 1) ? "%,d model" : "%,d models", models);
	}

	static List<Result> run(Context context) throws Exception {
		int models = Math.max(LEAST_MODELS, context.size(MODELS));
		int entries = models * ENTRIES_PER_MODEL;
		int steps = Math.max(100, context.size(STEPS));
		Rounds rounds = context.quick() ? new Rounds(0, 1) : new Rounds(1, 3);
		try (Subject one = Subject.create(context, 1, entries, steps);
				Subject many = Subject.create(context, models, entries, steps)) {
			List<Subject> subjects = List.of(one, many);
			List<Result> results = new ArrayList<>(rounds.run("scale/random models, p50 of a hit", "µs",
					subjects.stream().map(Subject::toVariant).toList()));
			if (!Files.isDirectory(DESCRIPTORS)) {
				context.note("scale: open files are counted on Linux only");
				return results;
			}
			for (Subject subject : subjects) {
				results.add(new Result(FILES, subject.name(), 1, "files", Summary.of(subject.openFiles())));
			}
			return results;
		}
	}

	/**
	 * A cache of some models.
	 */
	private static final class Subject implements AutoCloseable {

		private final Workload workload;

		private final Path directory;

		private final LlmCache cache;

		private final int entries;

		private final int steps;

		private final List<Double> openFiles = new ArrayList<>();

		private int saved;

		private Subject(Workload workload, Path directory, int entries, int steps) {
			this.workload = workload;
			this.directory = directory;
			this.cache = new LlmCache(directory);
			this.entries = entries;
			this.steps = steps;
		}

		static Subject create(Context context, int models, int entries, int steps) throws Exception {
			Workload workload = new Workload(Texts.ENGLISH, context.seed(), Scale.PROMPT, Scale.COMPLETION, models);
			Subject subject = new Subject(workload, context.newDirectory("scale-models").toRealPath(), entries, steps);
			Contenders.populate(subject.cache, workload, entries);
			return subject;
		}

		String name() {
			return variant(this.workload.models());
		}

		Variant toVariant() {
			return new Variant(name(), this::measure);
		}

		/**
		 * Look up and save.
		 * @return the p50 of the lookups
		 */
		private double measure(int round) throws IOException {
			SplittableRandom random = new SplittableRandom(round);
			long[] nanos = new long[this.steps];
			int lookups = 0;
			long files = 0;
			for (int step = 0; step < this.steps; step++) {
				if (random.nextInt(LOOKUPS_PER_SAVE + 1) == 0) {
					save(random);
				}
				else {
					nanos[lookups++] = lookUp(random);
				}
				if (step % STEPS_PER_COUNT == 0) {
					files = Math.max(files, countOpenFiles());
				}
			}
			this.openFiles.add((double) files);
			return Summary.percentile(nanos, lookups, 50) / NANOS_PER_MICRO;
		}

		private void save(SplittableRandom random) {
			long group = this.entries + (long) this.saved++ * this.workload.models();
			this.cache.store(List.of(this.workload.exchange(group + random.nextInt(this.workload.models()))));
		}

		private long lookUp(SplittableRandom random) {
			InferenceRequest request = this.workload.request(random.nextInt(this.entries));
			long start = System.nanoTime();
			this.cache.api().infer(request);
			return System.nanoTime() - start;
		}

		/**
		 * Count the files of this cache only: others are open in the same process.
		 */
		private long countOpenFiles() throws IOException {
			if (!Files.isDirectory(DESCRIPTORS)) {
				return 0;
			}
			try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
				return descriptors.filter(this::isOurs).count();
			}
		}

		private boolean isOurs(Path descriptor) {
			try {
				return Files.readSymbolicLink(descriptor).startsWith(this.directory);
			}
			catch (IOException ex) {
				// Closed in the meantime
				return false;
			}
		}

		double[] openFiles() {
			return this.openFiles.stream().mapToDouble(Double::doubleValue).toArray();
		}

		@Override
		public void close() {
			this.cache.close();
		}

	}

}
