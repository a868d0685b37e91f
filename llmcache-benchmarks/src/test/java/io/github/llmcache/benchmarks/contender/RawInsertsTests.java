package io.github.llmcache.benchmarks.contender;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.llmcache.benchmarks.contender.RawInserts.Kind;
import io.github.llmcache.benchmarks.workload.Exchange;
import io.github.llmcache.benchmarks.workload.Texts;
import io.github.llmcache.benchmarks.workload.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;

import static org.assertj.core.api.Assertions.assertThat;

class RawInsertsTests {

	private final List<Exchange> exchanges = new Workload(Texts.ENGLISH, 7, 4096, 2048, 1).exchanges(0, 10);

	@TempDir
	private Path directory;

	@ParameterizedTest
	@CsvSource({ "1, 10", "4, 3", "10, 1", "100, 1" })
	void asManyRowsAreCommittedTogetherAsAskedFor(int transaction, int commits) throws Exception {
		AtomicInteger counter = new AtomicInteger();
		try (LlmCache cache = new LlmCache(this.directory.resolve("llmcache"));
				RawInserts raw = new RawInserts(this.directory, Kind.COMPRESSED_BEFORE)) {
			raw.connection().unwrap(SQLiteConnection.class).addCommitListener(new SQLiteCommitListener() {

				@Override
				public void onCommit() {
					counter.incrementAndGet();
				}

				@Override
				public void onRollback() {
					// Not asked for
				}

			});
			raw.insert(cache, this.exchanges, transaction);
			assertThat(counter).hasValue(commits);
		}
	}

	@ParameterizedTest
	@EnumSource
	void rowsAreTheSameBytesCompressedOrNot(Kind kind) throws Exception {
		try (LlmCache cache = new LlmCache(this.directory.resolve("llmcache"));
				RawInserts raw = new RawInserts(this.directory, kind)) {
			raw.insert(cache, this.exchanges, 1);
			long bytes = number(raw.connection(), "SELECT sum(length(payload) + length(request)) FROM entry");
			assertThat(number(raw.connection(), "SELECT count(*) FROM entry WHERE length(key) = 32")).isEqualTo(10);
			if (kind == Kind.AS_THEY_ARE) {
				assertThat(bytes).isGreaterThan(10 * (4096 + 2048));
			}
			else {
				assertThat(bytes).isLessThan(10 * (4096 + 2048) / 2);
			}
		}
	}

	@Test
	void pagesAreAsLargeAsThoseOfLlmcache() throws Exception {
		Path ours = this.directory.resolve("llmcache");
		try (LlmCache cache = new LlmCache(ours); RawInserts raw = new RawInserts(this.directory, Kind.AS_THEY_ARE)) {
			cache.store(this.exchanges);
			try (Stream<Path> files = Files.list(ours);
					Connection connection = DriverManager.getConnection("jdbc:sqlite:"
							+ files.filter((file) -> file.toString().endsWith(".sqlite")).findFirst().orElseThrow())) {
				assertThat(number(raw.connection(), "PRAGMA page_size"))
					.isEqualTo(number(connection, "PRAGMA page_size"));
			}
		}
	}

	private static long number(Connection connection, String sql) throws Exception {
		try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
			return result.getLong(1);
		}
	}

}
