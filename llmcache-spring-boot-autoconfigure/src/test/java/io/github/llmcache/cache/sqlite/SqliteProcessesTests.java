package io.github.llmcache.cache.sqlite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.testsupport.JavaProcess;
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

	private final List<JavaProcess> children = new ArrayList<>();

	@AfterEach
	void endChildren() {
		this.children.forEach(JavaProcess::close);
		this.codec.close();
	}

	private JavaProcess start(List<String> options, String... arguments) {
		JavaProcess child = JavaProcess.of(StoreUser.class)
			.options(options.toArray(String[]::new))
			.arguments(arguments)
			.start();
		this.children.add(child);
		return child;
	}

	private SqliteCacheStore store() {
		return new SqliteCacheStore(SqliteSettings.of(this.directory), this.codec);
	}

	@Test
	void neitherCreatingAStoreNorAMissLoadsTheLibraries() throws Exception {
		JavaProcess child = start(List.of("-verbose:class"), "miss", this.directory.toString());
		assertThat(child.printed()).contains("> found null")
			.anyMatch((line) -> line.contains(SqliteCacheStore.class.getName()))
			.noneMatch((line) -> line.contains("org.sqlite") || line.contains("org.flywaydb")
					|| line.contains("org.springframework.jdbc"));
		assertThat(child.waitFor()).isZero();
	}

	@Test
	void aNativeLibraryThatCannotBeLoadedIsExplained() throws Exception {
		Path missing = this.directory.resolve("missing");
		JavaProcess child = start(List.of("-Dorg.sqlite.tmpdir=" + missing), "put", this.directory.toString());
		assertThat(child.hear()).contains("org.sqlite.tmpdir").contains("native library");
	}

	@Test
	void aFileThatAnotherProcessCreatesIsSeen() throws Exception {
		try (SqliteCacheStore store = store()) {
			assertThat(store.get(key(StoreUser.MODEL, 1))).isNull();
			JavaProcess child = start(List.of(), "put", this.directory.toString());
			assertThat(child.hear()).isEqualTo("put");
			assertThat(Objects.requireNonNull(store.get(key(StoreUser.MODEL, 1))).read())
				.isEqualTo(entry(key(StoreUser.MODEL, 1), "a"));
		}
	}

	@Test
	void processesMayCreateAndExtendOneFileTogether() throws Exception {
		List<JavaProcess> processes = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			processes.add(start(List.of(), "append", this.directory.toString(), "child " + i));
		}
		for (JavaProcess process : processes) {
			assertThat(process.hear()).isEqualTo("ready");
		}
		processes.forEach(JavaProcess::nudge);
		for (JavaProcess process : processes) {
			assertThat(process.hear()).isEqualTo("done");
		}
		List<String> expected = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			for (int j = 0; j < 50; j++) {
				expected.add("child " + i + "/" + j);
			}
		}
		try (SqliteCacheStore store = store()) {
			StoredEntry entry = Objects.requireNonNull(store.get(key(StoreUser.MODEL, 1)));
			assertThat(bodies(entry.read())).containsExactlyInAnyOrderElementsOf(expected);
		}
	}

	@Test
	void whatHasBeenSavedSurvivesTheProcessBeingKilled() throws Exception {
		// Who is killed leaves native libraries behind
		JavaProcess child = start(List.of("-Djava.io.tmpdir=" + this.directory), "save", this.directory.toString());
		int last = -1;
		for (String line = child.hear(); line != null; line = child.hear()) {
			last = Integer.parseInt(line.substring("saved ".length()));
			if (last == 300) {
				child.kill();
			}
		}
		assertThat(child.waitFor()).isNotZero();
		assertThat(last).isGreaterThanOrEqualTo(300);
		assertThat(Files.exists(this.directory.resolve(FileNames.of(StoreUser.MODEL) + "-wal"))).isTrue();
		try (SqliteCacheStore store = store()) {
			for (int i = 0; i <= last; i++) {
				StoredEntry entry = Objects.requireNonNull(store.get(key(StoreUser.MODEL, i)));
				assertThat(entry.read()).isEqualTo(entry(key(StoreUser.MODEL, i), "body " + i));
			}
		}
	}

}
