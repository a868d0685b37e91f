package io.github.llmcache.cache.sqlite;

import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.EntryCodec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static io.github.llmcache.cache.TestEntries.bodies;
import static io.github.llmcache.cache.TestEntries.entry;
import static io.github.llmcache.cache.TestEntries.key;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SqliteCacheStore} with several processes.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SqliteProcessesTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	private final EntryCodec codec = new EntryCodec(1024 * 1024);

	private final List<Process> children = new ArrayList<>();

	@AfterEach
	void endChildren() throws Exception {
		for (Process child : this.children) {
			child.destroyForcibly().waitFor();
		}
		this.codec.close();
	}

	private Process start(List<String> options, String... args) throws Exception {
		Process child = ChildProcess.start(options, args);
		this.children.add(child);
		return child;
	}

	private SqliteCacheStore store() {
		return new SqliteCacheStore(SqliteSettings.of(this.directory), this.codec);
	}

	@Test
	void neitherCreatingAStoreNorAMissLoadsTheLibraries() throws Exception {
		Process child = start(List.of("-verbose:class"), "miss", this.directory.toString());
		List<String> output = ChildProcess.output(child).lines().toList();
		assertThat(output).contains("> found null")
			.anyMatch((line) -> line.contains(SqliteCacheStore.class.getName()))
			.noneMatch((line) -> line.contains("org.sqlite") || line.contains("org.flywaydb")
					|| line.contains("org.springframework.jdbc"));
		assertThat(child.waitFor()).isZero();
	}

	@Test
	void aNativeLibraryThatCannotBeLoadedIsExplained() throws Exception {
		Path missing = this.directory.resolve("missing");
		Process child = start(List.of("-Dorg.sqlite.tmpdir=" + missing), "put", this.directory.toString());
		assertThat(ChildProcess.hear(ChildProcess.output(child))).contains("org.sqlite.tmpdir")
			.contains("native library");
	}

	@Test
	void aFileThatAnotherProcessCreatesIsSeen() throws Exception {
		try (SqliteCacheStore store = store()) {
			assertThat(store.get(key(ChildProcess.MODEL, 1))).isNull();
			Process child = start(List.of(), "put", this.directory.toString());
			assertThat(ChildProcess.hear(ChildProcess.output(child))).isEqualTo("put");
			assertThat(Objects.requireNonNull(store.get(key(ChildProcess.MODEL, 1))).read())
				.isEqualTo(entry(key(ChildProcess.MODEL, 1), "a"));
		}
	}

	@Test
	void processesMayCreateAndExtendOneFileTogether() throws Exception {
		List<Process> processes = new ArrayList<>();
		List<BufferedReader> outputs = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			Process child = start(List.of(), "append", this.directory.toString(), "child " + i);
			processes.add(child);
			outputs.add(ChildProcess.output(child));
		}
		for (BufferedReader output : outputs) {
			assertThat(ChildProcess.hear(output)).isEqualTo("ready");
		}
		for (Process process : processes) {
			try (OutputStream input = process.getOutputStream()) {
				input.write('\n');
			}
		}
		for (BufferedReader output : outputs) {
			assertThat(ChildProcess.hear(output)).isEqualTo("done");
		}
		List<String> expected = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			for (int j = 0; j < 50; j++) {
				expected.add("child " + i + "/" + j);
			}
		}
		try (SqliteCacheStore store = store()) {
			StoredEntry entry = Objects.requireNonNull(store.get(key(ChildProcess.MODEL, 1)));
			assertThat(bodies(entry.read())).containsExactlyInAnyOrderElementsOf(expected);
		}
	}

	@Test
	void whatHasBeenSavedSurvivesTheProcessBeingKilled() throws Exception {
		// Who is killed leaves native libraries behind
		Process child = start(List.of("-Djava.io.tmpdir=" + this.directory), "save", this.directory.toString());
		BufferedReader output = ChildProcess.output(child);
		int last = -1;
		String line = ChildProcess.hear(output);
		while (!line.isEmpty()) {
			last = Integer.parseInt(line.substring("saved ".length()));
			if (last == 300) {
				// Not the process itself, which would close the stream that is read here
				child.toHandle().destroyForcibly();
			}
			line = ChildProcess.hear(output);
		}
		assertThat(child.waitFor()).isNotZero();
		assertThat(last).isGreaterThanOrEqualTo(300);
		assertThat(Files.exists(this.directory.resolve(FileNames.of(ChildProcess.MODEL) + "-wal"))).isTrue();
		try (SqliteCacheStore store = store()) {
			for (int i = 0; i <= last; i++) {
				StoredEntry entry = Objects.requireNonNull(store.get(key(ChildProcess.MODEL, i)));
				assertThat(entry.read()).isEqualTo(entry(key(ChildProcess.MODEL, i), "body " + i));
			}
		}
	}

}
