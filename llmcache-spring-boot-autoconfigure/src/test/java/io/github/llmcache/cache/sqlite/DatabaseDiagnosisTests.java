package io.github.llmcache.cache.sqlite;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DatabaseDiagnosis}, in the words of SQLite's integrity check.
 */
class DatabaseDiagnosisTests {

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
