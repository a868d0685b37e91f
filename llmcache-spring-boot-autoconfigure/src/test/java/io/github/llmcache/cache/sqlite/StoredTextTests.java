package io.github.llmcache.cache.sqlite;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link StoredText}.
 */
class StoredTextTests {

	@ParameterizedTest
	@ValueSource(strings = { "", "gpt-4o", "a\\b", "\\", "\\\\u0000", "a\0b", "\uD83D\uDE80", "\uD800", "\uDC00\uD800",
			"\uD800x", "é\n" })
	void everyStringIsKept(String string) {
		assertThat(StoredText.decode(StoredText.encode(string))).isEqualTo(string);
	}

	@Test
	void ordinaryStringsStayReadable() {
		assertThat(StoredText.encode("meta-llama/Llama 3 \uD83D\uDE80 é"))
			.isEqualTo("meta-llama/Llama 3 \uD83D\uDE80 é");
		assertThat(StoredText.encode("\0\uD800")).isEqualTo("\\u0000\\ud800");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\\", "\\x", "\\u12", "\\uzzzz" })
	void anythingElseIsRefused(String encoded) {
		assertThatIllegalArgumentException().isThrownBy(() -> StoredText.decode(encoded));
	}

}
