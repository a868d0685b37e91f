package io.github.llmcache.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.benchmarks.contender.LlmCache;
import io.github.llmcache.benchmarks.harness.Result;
import io.github.llmcache.benchmarks.harness.Summary;
import io.github.llmcache.benchmarks.workload.Texts;
import io.github.llmcache.benchmarks.workload.Workload;
import io.github.llmcache.cache.CacheManager.CacheWrite;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.Retention;

/**
 * A cache that is bounded, under a stream of ten times as many entries and of hits of
 * those that are asked for all the time, beside one that is not.
 */
final class Bounded implements Benchmark {

	private static final int PROMPT = 4 * 1024;

	private static final int COMPLETION = 2 * 1024;

	private static final int MEGABYTE = 1024 * 1024;

	private static final int BOUND = 50 * MEGABYTE;

	private static final int STREAM = 500 * MEGABYTE;

	private static final int PORTION = 25 * MEGABYTE;

	private static final int HOT = 2000;

	@Override
	public List<Result> run(Context context) throws Exception {
		Workload workload = context.workload(Texts.ENGLISH, PROMPT, COMPLETION);
		int hot = context.size(HOT);
		// The smallest bound there is, if it is only to see that it works
		long bound = Math.max(context.size(BOUND), MEGABYTE);
		Path directory = context.newDirectory("bounded");
		Path peerDirectory = context.newDirectory("unbounded");
		try (LlmCache bounded = LlmCache.maintained(directory, new Retention(null, bound, null));
				LlmCache unbounded = LlmCache.maintained(peerDirectory, Retention.UNLIMITED)) {
			List<Load> loads = List.of(new Load("bounded", bounded, directory, workload, hot),
					new Load("unbounded", unbounded, peerDirectory, workload, hot));
			for (Load load : loads) {
				load.populate();
			}
			int portions = STREAM / PORTION;
			int entries = context.size(PORTION) / (PROMPT + COMPLETION);
			for (int portion = 0; portion < portions; portion++) {
				List<Load> turns = new ArrayList<>(loads);
				Collections.rotate(turns, portion);
				long from = hot + (long) portion * entries;
				for (Load load : turns) {
					load.run(from, from + entries);
				}
				context.note(String.format(Locale.ROOT, "bounded: after %d MB: %s", (portion + 1) * PORTION / MEGABYTE,
						String.join("; ", loads.stream().map(Load::describe).toList())));
			}
			List<Result> results = new ArrayList<>();
			loads.forEach((load) -> results.add(load.result("largest file", "MB", Load.megabytes(load.largest))));
			loads.forEach(
					(load) -> results.add(load.result("largest log beside it", "MB", Load.megabytes(load.largestLog))));
			loads.forEach((load) -> results.add(load.result("hits of the hot", "%", load.hitRatio())));
			for (double percent : new double[] { 50, 99, 99.9 }) {
				String name = "p" + ((percent % 1 == 0) ? Integer.toString((int) percent) : Double.toString(percent));
				loads.forEach(
						(load) -> results.add(load.result(name + " of a hit", "µs", load.hits.percentile(percent))));
				loads.forEach(
						(load) -> results.add(load.result(name + " of a save", "µs", load.saves.percentile(percent))));
			}
			results.sort((one, other) -> one.benchmark().compareTo(other.benchmark()));
			return results;
		}
	}

	/**
	 * What is done with one of the caches.
	 */
	private static final class Load {

		private static final String DATABASE = ".sqlite";

		private static final String LOG = ".sqlite-wal";

		private final Times hits = new Times();

		private final Times saves = new Times();

		private final Random random = new Random(1);

		private final String name;

		private final LlmCache cache;

		private final Path directory;

		private final Workload workload;

		private final List<InferenceRequest> hot;

		private long largest;

		private long largestLog;

		private long lost;

		private Load(String name, LlmCache cache, Path directory, Workload workload, int hot) {
			this.name = name;
			this.cache = cache;
			this.directory = directory;
			this.workload = workload;
			this.hot = LongStream.range(0, hot).mapToObj(workload::request).toList();
		}

		private void populate() {
			this.cache.manager().saveAll(LongStream.range(0, this.hot.size()).mapToObj(this::write).toList());
			this.cache.checkSaved();
		}

		private CacheWrite write(long number) {
			CachedResponse made = LlmCache.response(this.workload.body(number));
			return new CacheWrite(this.cache.plan(this.workload.request(number)),
					new CachedResponse(made.body(), made.samples(), made.inputTokens(), made.outputTokens(),
							made.costNanos(), made.finishReason(), Instant.now().truncatedTo(ChronoUnit.MILLIS),
							made.duration(), made.requestId()));
		}

		/**
		 * Save entries while others are asked for.
		 */
		private void run(long from, long to) throws Exception {
			AtomicBoolean saved = new AtomicBoolean();
			Thread reader = new Thread(() -> read(saved), "reader");
			reader.start();
			try {
				for (long number = from; number < to; number++) {
					CacheWrite write = write(number);
					long start = System.nanoTime();
					this.cache.manager().saveAll(List.of(write));
					this.saves.add(System.nanoTime() - start);
					if (number % 64 == 0) {
						this.largest = Math.max(this.largest, size(DATABASE));
						this.largestLog = Math.max(this.largestLog, size(LOG));
					}
				}
			}
			finally {
				saved.set(true);
				reader.join();
			}
			this.cache.checkSaved();
		}

		private void read(AtomicBoolean saved) {
			while (!saved.get()) {
				int number = this.random.nextInt(this.hot.size());
				InferenceRequest request = this.hot.get(number);
				long start = System.nanoTime();
				boolean hit = this.cache.lookup(request) != null;
				if (hit) {
					this.hits.add(System.nanoTime() - start);
				}
				else {
					// As whoever asks for it would do
					this.lost++;
					this.cache.manager().saveAll(List.of(write(number)));
				}
			}
		}

		private long size(String suffix) {
			try (Stream<Path> files = Files.walk(this.directory)) {
				return files.filter((file) -> file.toString().endsWith(suffix)).mapToLong(Load::size).sum();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		private static long size(Path file) {
			try {
				return Files.size(file);
			}
			catch (IOException ex) {
				// Meanwhile deleted
				return 0;
			}
		}

		private static double megabytes(long bytes) {
			return (double) bytes / MEGABYTE;
		}

		private double hitRatio() {
			return 100.0 * this.hits.count / (this.hits.count + this.lost);
		}

		private String describe() {
			return String.format(Locale.ROOT, "%s %.1f MB and log %.1f MB, %,d hits of the hot, %,d lost, %,d evicted",
					this.name, megabytes(size(DATABASE)), megabytes(size(LOG)), this.hits.count, this.lost,
					this.cache.manager().statistics().total().evictions());
		}

		private Result result(String figure, String unit, double value) {
			return new Result("bounded/" + figure, this.name, 1, unit, Summary.of(value));
		}

	}

	/**
	 * How long something took, each time.
	 */
	private static final class Times {

		private static final double NANOS_PER_MICRO = 1000;

		private long[] nanos = new long[1 << 16];

		private int count;

		private void add(long time) {
			if (this.count == this.nanos.length) {
				this.nanos = Arrays.copyOf(this.nanos, 2 * this.count);
			}
			this.nanos[this.count++] = time;
		}

		private double percentile(double percent) {
			return Summary.percentile(this.nanos, this.count, percent) / NANOS_PER_MICRO;
		}

	}

}
