package io.github.llmcache.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

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

	/** As an application saves them, rather than all at once. */
	private static final int BATCH = 100;

	private static final String PAYLOAD = "SELECT total(length(payload)) + total(length(request)) FROM entry";

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
			for (int from = 0; from < entries; from += BATCH) {
				List<Exchange> exchanges = workload.exchanges(from, Math.min(entries, from + BATCH));
				cache.store(exchanges);
				for (Exchange exchange : exchanges) {
					compressed += RawInserts.compressedSize(cache.plan(exchange.request()), exchange.body(),
							withRequests);
				}
			}
		}
		List<Path> files = files(directory);
		return List.of(result(benchmark, "zstd-3 one by one", (double) compressed / entries),
				result(benchmark, "llmcache", (double) files.stream().mapToLong(Disk::size).sum() / entries),
				result(benchmark, "llmcache, payload", (double) payload(files) / entries));
	}

	private static Result result(String benchmark, String variant, double bytes) {
		return new Result(benchmark, variant, 1, "bytes/entry", Summary.of(bytes));
	}

	private static List<Path> files(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.filter(Files::isRegularFile).toList();
		}
	}

	private static long size(Path file) {
		try {
			return Files.size(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return how much of it is responses and requests; the rest is keys, what is known of
	 * an entry, indexes, and pages that are not full.
	 */
	private static long payload(List<Path> files) throws SQLException {
		long bytes = 0;
		for (Path file : files) {
			if (file.toString().endsWith(".sqlite")) {
				try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
						Statement statement = connection.createStatement();
						ResultSet sum = statement.executeQuery(PAYLOAD)) {
					bytes += sum.getLong(1);
				}
			}
		}
		return bytes;
	}

}
