package io.github.llmcache.cache.sqlite;

import java.nio.file.Path;
import java.util.List;

import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.TestEntries;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DatabaseDiagnosis}.
 */
class DatabaseDiagnosisTests {

	@Test
	void aSoundFileIsNotDamaged(@TempDir Path directory) {
		SqliteSettings settings = SqliteSettings.of(directory);
		try (EntryCodec codec = new EntryCodec(1_000_000); CacheStore store = new SqliteCacheStore(settings, codec)) {
			store.putAll(List.of(TestEntries.entry(TestEntries.key("gpt-test", 1), "a")));
			Path file = directory.resolve(DatabaseNames.of("gpt-test"));
			assertThat(new DatabaseDiagnosis(file, "gpt-test", new Connections(settings)).isDamaged()).isFalse();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "ok", "Tree 5 page 7: unable to get the page. error code=7",
			"Tree 5 page 7 cell 2: unable to get the page. error code=10",
			"Tree 5 page 7: unable to get the page. error code=266", "Freelist: failed to get page 12" })
	void whatCouldNotBeReadThisTimeIsNoDamage(String problem) {
		assertThat(DatabaseDiagnosis.tellsOfDamage(problem)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Tree 5 page 7: unable to get the page. error code=11",
			"Tree 5 page 7: unable to get the page. error code=26",
			"Tree 5 page 7: btreeInitPage() returns error code 11", "Page 9: never used", "null",
			"row 3 missing from index entry_fingerprint", "" })
	void whatContradictsItselfIsDamage(String problem) {
		assertThat(DatabaseDiagnosis.tellsOfDamage(problem)).isTrue();
	}

}
