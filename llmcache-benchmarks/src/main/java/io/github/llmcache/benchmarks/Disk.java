package io.github.llmcache.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import io.github.llmcache.benchmarks.contender.Contenders;
import io.github.llmcache.benchmarks.contender.LlmCache;
import io.github.llmcache.benchmarks.contender.RawInserts;
import io.github.llmcache.benchmarks.harness.Result;
import io.github.llmcache.benchmarks.harness.Summary;
import io.github.llmcache.benchmarks.workload.Exchange;
import io.github.llmcache.benchmarks.workload.Texts;
import io.github.llmcache.benchmarks.workload.Workload;

/**
 * Bytes on disk for each entry, beside those of the same entries compressed one by one
 * without any store around them.
 */
final class Disk implements Benchmark {

	private static final int ENTRIES = 20_000;

	@Override
	public List<Result> run(Context context) throws Exception {
		List<Result> results = new ArrayList<>();
		for (Texts texts : Texts.values()) {
			for (boolean withRequests : new boolean[] { true, false }) {
				results.addAll(run(context, texts, withRequests));
			}
		}
		return results;
	}

	private static List<Result> run(Context context, Texts texts, boolean withRequests) throws Exception {
		Workload workload = context.workload(texts, Typical.PROMPT, Typical.COMPLETION);
		int entries = context.size(ENTRIES);
		String benchmark = "disk/" + texts.name().toLowerCase(Locale.ROOT) + (withRequests ? "" : ", without requests");
		Path directory = context.newDirectory("disk");
		long compressed = 0;
		try (LlmCache cache = withRequests ? new LlmCache(directory) : LlmCache.withoutRequests(directory)) {
			Contenders.populate(cache, workload, entries);
			for (long number = 0; number < entries; number++) {
				Exchange exchange = workload.exchange(number);
				compressed += RawInserts.compressedSize(cache.plan(exchange.request()), exchange.body(), withRequests);
			}
		}
		return List.of(result(benchmark, "zstd-3 one by one", (double) compressed / entries),
				result(benchmark, "llmcache", (double) size(directory) / entries));
	}

	private static Result result(String benchmark, String variant, double bytes) {
		return new Result(benchmark, variant, 1, "bytes/entry", Summary.of(bytes));
	}

	private static long size(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.filter(Files::isRegularFile).mapToLong(Disk::fileSize).sum();
		}
	}

	private static long fileSize(Path file) {
		try {
			return Files.size(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
