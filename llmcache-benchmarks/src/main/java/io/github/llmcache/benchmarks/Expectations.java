package io.github.llmcache.benchmarks;

import java.util.List;

import io.github.llmcache.benchmarks.Expectation.Figure;
import io.github.llmcache.benchmarks.harness.Result;

/**
 * How fast llmcache is meant to be. Mostly ratios within a run, which depend less on the
 * machine than figures do.
 */
final class Expectations {

	private static final String OURS = "llmcache";

	private static final String MEMORY = "llmcache (memory)";

	private static final String FLOOR = "floor";

	private static final String SMALLEST = Scale.variant(10_000);

	private static final String LARGEST = Scale.variant(3_000_000);

	static final List<Expectation> ALL = List.of(
			Expectation.atLeast(0.9, "typical, one thread, of the floor",
					Figure.of("typical", OURS).per(Figure.of("typical", FLOOR))),
			Expectation.atLeast(1.7, "typical, two threads, of one thread",
					Figure.of("typical", OURS, 2).per(Figure.of("typical", OURS))),
			Expectation.atMost(4, "typical, what a hit allocates, of its decoded size",
					Figure.of("typical/allocation per hit", OURS)
						.per(Figure.of("typical/allocation per hit", "decoded size"))),
			Expectation.atLeast(1.8, "headline, English-like, of the floor",
					Figure.of("headline/english", OURS).per(Figure.of("headline/english", FLOOR))),
			Expectation.atLeast(1.8, "headline, repetitive, of the floor",
					Figure.of("headline/repetitive", OURS).per(Figure.of("headline/repetitive", FLOOR))),
			Expectation.atLeast(1.5, "prefix, one document, of documents of their own",
					Figure.of("prefix", OURS).per(Figure.of("prefix", OURS + Prefix.OWN_DOCUMENTS))),
			Expectation.atLeast(5, "hot, one thread, of SQLite", Figure.of("hot", MEMORY).per(Figure.of("hot", OURS))),
			Expectation.atLeast(1.5, "hot, two threads, of one thread",
					Figure.of("hot", MEMORY, 2).per(Figure.of("hot", MEMORY))),
			Expectation.atMost(0.4, "batch, a key by the store, of a single lookup",
					Figure.of("batch/store", "batch").per(Figure.of("batch/store", "single"))),
			Expectation.atLeast(0.8, "populate, one saver, of raw commits of the same bytes",
					Figure.of("populate/one saver", OURS).per(Figure.of("populate/one saver", "raw, as they are"))),
			Expectation.atLeast(0.7, "populate, 64 savers, of raw inserts of the same bytes",
					Figure.of("populate/64 savers", OURS, 64).per(Figure.of("populate/64 savers", "raw, as they are"))),
			Expectation.atMost(3, "populate, p99 of a hit beside a saver, of alone",
					Figure.of("populate/p99 of a hit", "beside a saver")
						.per(Figure.of("populate/p99 of a hit", "alone"))),
			Expectation.atMost(0.55, "disk, English-like, of zstd-3 one by one",
					Figure.of("disk/english", OURS).per(Figure.of("disk/english", "zstd-3 one by one"))),
			Expectation.atMost(0.55, "disk, repetitive, of zstd-3 one by one",
					Figure.of("disk/repetitive", OURS).per(Figure.of("disk/repetitive", "zstd-3 one by one"))),
			Expectation.atMost(2, "scale, hit among 3 million, of one among 10 thousand",
					Figure.of("scale/1 model, p50 of a hit", LARGEST)
						.per(Figure.of("scale/1 model, p50 of a hit", SMALLEST))),
			Expectation.atMost(2, "scale, miss among 3 million, of one among 10 thousand",
					Figure.of("scale/1 model, p50 of a miss", LARGEST)
						.per(Figure.of("scale/1 model, p50 of a miss", SMALLEST))),
			Expectation.atMost(1.5, "scale, opening 3 million, of opening 10 thousand",
					Figure.of("scale/1 model, open and first hit", LARGEST)
						.per(Figure.of("scale/1 model, open and first hit", SMALLEST))),
			Expectation.atMost(999, "scale, open files with 1,000 models",
					Figure.of(ScaleModels.FILES, ScaleModels.variant(1000))),
			Expectation.atMost(1.05, "startup, with the starter, of without",
					Figure.of("startup/web application", "with the starter")
						.per(Figure.of("startup/web application", "without the starter"))),
			Expectation.atMost(300, "startup, milliseconds of the first lookup",
					Figure.of("startup/first lookup", OURS)),
			Expectation.atMost(0, "startup, classes of SQLite before it",
					Figure.of("startup/org.sqlite.* before the first lookup", OURS)),
			Expectation.atMost(0, "startup, classes of Flyway before it",
					Figure.of("startup/org.flywaydb.* before the first lookup", OURS)),
			Expectation.atMost(0, "startup, classes of zstd before it",
					Figure.of("startup/com.github.luben.zstd.* before the first lookup", OURS)));

	private Expectations() {
	}

	/**
	 * Compare results with what is expected of them.
	 * @param results the results of a run
	 * @return a line for each expectation that the run has measured
	 */
	static List<String> describe(List<Result> results) {
		return ALL.stream()
			.map((expectation) -> expectation.describe(results))
			.filter((line) -> !line.isEmpty())
			.toList();
	}

}
