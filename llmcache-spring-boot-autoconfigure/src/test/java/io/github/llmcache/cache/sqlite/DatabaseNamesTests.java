package io.github.llmcache.cache.sqlite;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DatabaseNames}.
 */
class DatabaseNamesTests {

	@Test
	void namesArePartOfTheFormat() {
		assertThat(DatabaseNames.of("gpt-4o-mini")).isEqualTo("gpt-4o-mini-a4c3051a41cf.sqlite");
		assertThat(DatabaseNames.matches("gpt-4o-mini-a4c3051a41cf.sqlite")).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "app.sqlite", "gpt.sqlite", "gpt-a4c3051a41cf", "gpt-a4c3051a41cf.db",
			"gpt-a4c3051a41cf.sqlite-wal", "copy of gpt-a4c3051a41cf.sqlite", ".sqlite" })
	void namesOfOthersAreRecognised(String name) {
		assertThat(DatabaseNames.matches(name)).isFalse();
	}

}
