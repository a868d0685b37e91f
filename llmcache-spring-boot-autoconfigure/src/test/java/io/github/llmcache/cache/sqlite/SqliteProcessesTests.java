package io.github.llmcache.cache.sqlite;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import io.github.llmcache.cache.StoreUser;
import io.github.llmcache.testsupport.JavaProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what a {@link SqliteCacheStore} does to the process that it is in.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SqliteProcessesTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	private JavaProcess start(String option, String what) {
		return JavaProcess.of(StoreUser.class)
			.options(option)
			.arguments(what, "a", SqliteStoreOpener.class.getName(), this.directory.toString())
			.start();
	}

	@Test
	void neitherCreatingAStoreNorAMissLoadsTheLibraries() throws Exception {
		try (JavaProcess child = start("-verbose:class", "miss")) {
			assertThat(child.printed()).contains("> found null")
				.anyMatch((line) -> line.contains(SqliteCacheStore.class.getName()))
				.noneMatch((line) -> line.contains("org.sqlite") || line.contains("org.flywaydb")
						|| line.contains("org.springframework.jdbc"));
			assertThat(child.waitFor()).isZero();
		}
	}

	@Test
	void aNativeLibraryThatCannotBeLoadedIsExplained() {
		Path missing = this.directory.resolve("missing");
		try (JavaProcess child = start("-Dorg.sqlite.tmpdir=" + missing, "put")) {
			assertThat(child.hear()).contains("org.sqlite.tmpdir").contains("native library");
		}
	}

}
