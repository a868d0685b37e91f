package io.github.llmcache.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.benchmarks.contender.Contenders;
import io.github.llmcache.benchmarks.contender.LlmCache;
import io.github.llmcache.benchmarks.contender.RawInserts;
import io.github.llmcache.benchmarks.contender.RawInserts.Kind;
import io.github.llmcache.benchmarks.harness.Result;
import io.github.llmcache.benchmarks.harness.Rounds;
import io.github.llmcache.benchmarks.harness.Summary;
import io.github.llmcache.benchmarks.harness.Variant;
import io.github.llmcache.benchmarks.harness.Workers;
import io.github.llmcache.benchmarks.workload.Exchange;
import io.github.llmcache.benchmarks.workload.Texts;
import io.github.llmcache.benchmarks.workload.Workload;
import io.github.llmcache.cache.CacheManager.CacheWrite;

/**
 * Saves that have been acknowledged, by one saver and by many, beside inserts of the same
 * bytes by hand; and what a reader and a saver cost each other.
 */
final class Populate implements Benchmark {

	private static final int SAVERS = 64;

	private static final int ALONE = 2000;

	private static final int TRANSACTION = 1000;

	/** As many for each saver, and whole transactions. */
	private static final int TOGETHER = 8 * TRANSACTION;

	private static final int READ_ENTRIES = 5000;

	private static final int MAX_READS = 2_000_000;

	private static final long READ_MILLIS = 2000;

	private static final double NANOS = 1e9;

	private static final double NANOS_PER_MICRO = 1e3;

	@Override
	public List<Result> run(Context context) throws Exception {
		Workload workload = context.workload(Texts.ENGLISH, Typical.PROMPT, Typical.COMPLETION);
		Path directory = context.newDirectory("raw");
		List<Result> results = new ArrayList<>();
		try (LlmCache cache = new LlmCache(context.newDirectory("populate"));
				RawInserts before = new RawInserts(directory, Kind.COMPRESSED_BEFORE);
				RawInserts asTheyAre = new RawInserts(directory, Kind.AS_THEY_ARE);
				RawInserts compressing = new RawInserts(directory, Kind.COMPRESSING);
				Workers workers = new Workers()) {
			List<RawInserts> raws = List.of(before, asTheyAre, compressing);
			Saves saves = new Saves(cache, workload, new AtomicLong());
			int alone = context.size(ALONE);
			int together = Math.max(SAVERS, context.size(TOGETHER) / SAVERS * SAVERS);
			Rounds rounds = context.rounds();
			results.addAll(rounds.run("populate/one saver", "saves/s", saves.variants(raws, 1, workers, 1, alone)));
			results.addAll(rounds.run("populate/64 savers", "saves/s",
					saves.variants(raws, TRANSACTION, workers, SAVERS, together)));
		}
		results.addAll(together(context, workload));
		return results;
	}

	/**
	 * Measure a reader and a saver, each alone and beside the other one.
	 */
	private static List<Result> together(Context context, Workload workload) throws Exception {
		Rounds rounds = context.rounds();
		double[][] p50 = new double[2][rounds.count()];
		double[][] p99 = new double[2][rounds.count()];
		double[][] rate = new double[2][rounds.count()];
		int entries = context.size(READ_ENTRIES);
		try (LlmCache cache = new LlmCache(context.newDirectory("populate")); Workers workers = new Workers()) {
			Contenders.populate(cache, workload, entries);
			Reader reader = new Reader(cache, LongStream.range(0, entries).mapToObj(workload::request).toList());
			Saver saver = new Saver(cache, workload, workers, new AtomicLong(entries));
			long millis = Math.max(100, context.size((int) READ_MILLIS));
			reader.readFor(2 * millis);
			for (int round = 0; round < rounds.count(); round++) {
				int reads = reader.readFor(millis);
				p50[0][round] = reader.percentile(reads, 50);
				p99[0][round] = reader.percentile(reads, 99);
				saver.start();
				Thread.sleep(millis);
				rate[0][round] = saver.stop();
				saver.start();
				reads = reader.readFor(millis);
				rate[1][round] = saver.stop();
				p50[1][round] = reader.percentile(reads, 50);
				p99[1][round] = reader.percentile(reads, 99);
			}
		}
		return List.of(result("p50 of a hit", "alone", "µs", p50[0]),
				result("p50 of a hit", "beside a saver", "µs", p50[1]), result("p99 of a hit", "alone", "µs", p99[0]),
				result("p99 of a hit", "beside a saver", "µs", p99[1]), result("a saver", "alone", "saves/s", rate[0]),
				result("a saver", "beside a reader", "saves/s", rate[1]));
	}

	private static Result result(String figure, String variant, String unit, double[] values) {
		return new Result("populate/" + figure, variant, 1, unit, Summary.of(values));
	}

	/**
	 * Saves of exchanges that nobody has saved before. Everybody saves as many, so that
	 * all files grow alike.
	 */
	private record Saves(LlmCache cache, Workload workload, AtomicLong next) {

		List<Variant> variants(List<RawInserts> raws, int transaction, Workers workers, int savers, int saves) {
			List<Variant> variants = new ArrayList<>();
			for (RawInserts raw : raws) {
				variants.add(new Variant(raw.name(), (round) -> raw.insert(this.cache, exchanges(saves), transaction)));
			}
			variants.add(new Variant("llmcache", savers, (round) -> save(exchanges(saves), workers, savers)));
			return variants;
		}

		private List<Exchange> exchanges(int length) {
			long from = this.next.getAndAdd(length);
			return this.workload.exchanges(from, from + length);
		}

		private double save(List<Exchange> exchanges, Workers workers, int savers) throws Exception {
			List<CacheWrite> writes = exchanges.stream().map(this.cache::write).toList();
			long nanos = workers.run(savers, (saver) -> {
				for (int i = saver; i < writes.size(); i += savers) {
					this.cache.manager().saveAll(List.of(writes.get(i)));
				}
			});
			this.cache.checkSaved();
			return writes.size() / (nanos / NANOS);
		}

	}

	/**
	 * Hits as fast as they go.
	 */
	private static final class Reader {

		/** Prime, so that all requests take their turn in no order. */
		private static final long STRIDE = 7919;

		private final LlmCache cache;

		private final List<InferenceRequest> requests;

		private final long[] nanos = new long[MAX_READS];

		private Reader(LlmCache cache, List<InferenceRequest> requests) {
			this.cache = cache;
			this.requests = requests;
		}

		int readFor(long millis) {
			long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
			int reads = 0;
			while (reads < MAX_READS && System.nanoTime() < end) {
				InferenceRequest request = this.requests.get((int) (reads * STRIDE % this.requests.size()));
				long start = System.nanoTime();
				this.cache.api().infer(request);
				this.nanos[reads++] = System.nanoTime() - start;
			}
			return reads;
		}

		double percentile(int reads, double percent) {
			return Summary.percentile(this.nanos, reads, percent) / NANOS_PER_MICRO;
		}

	}

	/**
	 * Saves as fast as they go, one after the other.
	 */
	private static final class Saver {

		private final LlmCache cache;

		private final Workload workload;

		private final Workers workers;

		private final AtomicLong next;

		private final AtomicBoolean stopped = new AtomicBoolean();

		private Future<?> running = CompletableFuture.completedFuture(null);

		private long saved;

		private long start;

		private Saver(LlmCache cache, Workload workload, Workers workers, AtomicLong next) {
			this.cache = cache;
			this.workload = workload;
			this.workers = workers;
			this.next = next;
		}

		void start() {
			this.stopped.set(false);
			this.saved = this.next.get();
			this.start = System.nanoTime();
			this.running = this.workers.start((thread) -> {
				while (!this.stopped.get()) {
					this.cache.manager()
						.saveAll(List.of(this.cache.write(this.workload.exchange(this.next.getAndIncrement()))));
				}
			});
		}

		double stop() throws Exception {
			this.stopped.set(true);
			this.running.get();
			return (this.next.get() - this.saved) / ((System.nanoTime() - this.start) / NANOS);
		}

	}

}
