package io.github.llmcache.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class VerifyCommandTests {

	private final TestCache cache = new TestCache();

	@TempDir
	private Path directory;

	@Test
	void readsEverythingAndChangesNothing() throws IOException {
		try (CacheStore store = CommandRun.files(this.directory)) {
			this.cache.fill(store, 50);
		}
		Map<Path, FileTime> before = files();
		CommandRun run = CommandRun.on(this.directory, "verify", "--backend", "file");
		assertThat(run.err()).isEmpty();
		assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
		assertThat(run.out()).containsPattern("gpt-4o +30 +30 +0 +0 +0").contains("All is well: 50 entries read.");
		assertThat(files()).isEqualTo(before);
	}

	private Map<Path, FileTime> files() throws IOException {
		Map<Path, FileTime> files = new TreeMap<>();
		try (Stream<Path> paths = Files.walk(this.directory)) {
			for (Path path : paths.filter(Files::isRegularFile).toList()) {
				files.put(path, Files.getLastModifiedTime(path));
			}
		}
		return files;
	}

	@Test
	void findsADamagedEntry() throws SQLException {
		CommandRun.fill(this.directory, 50);
		String key = this.cache.entry(5).key().hex();
		sql("UPDATE entry SET payload = CAST(substr(payload, 1, length(payload) - 3) || x'000000' AS BLOB) WHERE key = x'"
				+ key + "'");
		CommandRun run = CommandRun.on(this.directory, "verify");
		assertThat(run.exitCode()).isEqualTo(ExitCode.INCOMPLETE);
		assertThat(run.out()).containsPattern("gpt-4o +30 +29 +1 +0 +0")
			.contains(key.substring(0, 12) + "  gpt-4o: ")
			.contains("1 entry is damaged");
		JsonNode json = CommandRun.on(this.directory, "verify", "--json").json();
		assertThat(json.path("fine").booleanValue()).isFalse();
		assertThat(json.path("entries").intValue()).isEqualTo(50);
		assertThat(json.path("damaged").path(0).path("key").stringValue()).isEqualTo(key);
	}

	@Test
	void tellsOfAFileThatCannotBeReadToItsEnd() throws Exception {
		CommandRun.fill(this.directory, 50);
		sql("UPDATE entry SET payload = CAST(payload || zeroblob(100000) AS BLOB)");
		try (Stream<Path> files = Files.list(this.directory);
				FileChannel file = FileChannel
					.open(files.filter((path) -> path.getFileName().toString().matches("gpt-4o.*\\.sqlite"))
						.findFirst()
						.orElseThrow(), StandardOpenOption.WRITE)) {
			file.truncate(file.size() / 2);
		}
		CommandRun run = CommandRun.on(this.directory, "verify");
		assertThat(run.exitCode()).isEqualTo(ExitCode.INCOMPLETE);
		assertThat(run.out()).contains("Not every entry could be read: ");
		JsonNode json = CommandRun.on(this.directory, "verify", "--json").json();
		assertThat(json.path("fine").booleanValue(true)).isFalse();
		assertThat(json.path("problems").isEmpty()).isFalse();
	}

	@Test
	void findsTheAnswerToAnotherRequest() {
		CacheEntry first = this.cache.entry(4);
		CacheEntry second = this.cache.entry(5);
		try (CacheStore store = CommandRun.sqlite(this.directory)) {
			store.putAll(List
				.of(new CacheEntry(first.key(), first.namespace(), second.responses(), null, second.request())));
		}
		CommandRun run = CommandRun.on(this.directory, "verify");
		assertThat(run.exitCode()).isEqualTo(ExitCode.INCOMPLETE);
		assertThat(run.out())
			.contains(first.key().hex().substring(0, 12) + "  gpt-4o: The key is not that of its request");
	}

	@Test
	void takesEntriesWithoutRequests() {
		CacheEntry entry = this.cache.entry(4);
		try (CacheStore store = CommandRun.sqlite(this.directory)) {
			store.putAll(List.of(new CacheEntry(entry.key(), "", entry.responses(), null, null)));
		}
		CommandRun run = CommandRun.on(this.directory, "verify");
		assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
		assertThat(run.out()).containsPattern("gpt-4o +1 +1 +0 +0 +1");
	}

	@Test
	void listsTheFirstDamagedEntries() throws SQLException {
		CommandRun.fill(this.directory, 50);
		sql("UPDATE entry SET payload = x'00'");
		CommandRun run = CommandRun.on(this.directory, "verify");
		assertThat(run.out()).contains("10 more; --json lists all", "30 entries are damaged");
		List<String> damaged = new ArrayList<>();
		CommandRun.on(this.directory, "verify", "--json")
			.json()
			.path("damaged")
			.forEach((entry) -> damaged.add(entry.path("key").stringValue()));
		assertThat(damaged).hasSize(30).doesNotHaveDuplicates();
	}

	private void sql(String statement) throws SQLException {
		try (Stream<Path> files = Files.list(this.directory)) {
			Path file = files.filter((path) -> path.getFileName().toString().matches("gpt-4o.*\\.sqlite"))
				.findFirst()
				.orElseThrow();
			try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
					Statement update = connection.createStatement()) {
				assertThat(update.executeUpdate(statement)).isPositive();
			}
		}
		catch (IOException ex) {
			throw new SQLException(ex);
		}
	}

}
