package io.github.llmcache.cache;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JsonExcerpt}.
 */
class JsonExcerptTests {

	@ParameterizedTest
	@ValueSource(strings = { "null", "true", "1", "\"text\"", "[]", "{}", "[1,[2,{\"a\":[]}],\"b\"]",
			"{\"a\":{\"b\":null},\"c\":\"d\\ne\\\"\\\\\"}" })
	void whatIsShortIsWritten(String json) {
		assertThat(JsonExcerpt.of(JsonMapper.shared().readTree(json))).isEqualTo(json);
	}

	@ParameterizedTest
	@ValueSource(strings = { "[", "{\"a\":" })
	void whatIsLongOrDeepIsCutOff(String open) {
		String close = open.startsWith("[") ? "]" : "}";
		String excerpt = JsonExcerpt
			.of(JsonMapper.shared().readTree(open.repeat(300) + "\"" + "x".repeat(1000) + "\"" + close.repeat(300)));
		assertThat(excerpt).hasSize(81).endsWith("\u2026");
	}

	@Test
	void showsWhatIsAroundAPlace() {
		String text = "a".repeat(100) + "b" + "c".repeat(100);
		assertThat(JsonExcerpt.of(text, 100))
			.isEqualTo("\"\u2026" + "a".repeat(30) + "b" + "c".repeat(49) + "\u2026\"");
		assertThat(JsonExcerpt.of(text, 0)).isEqualTo("\"" + "a".repeat(80) + "\u2026\"");
		assertThat(JsonExcerpt.of("short", 5)).isEqualTo("\"short\"");
		assertThat(JsonExcerpt.of("", 0)).isEqualTo("\"\"");
	}

	@Test
	void noCharacterIsCutInHalves() {
		String text = "\uD83D\uDE00".repeat(200);
		for (int i = 0; i < text.length(); i++) {
			String excerpt = JsonExcerpt.of(text, i);
			assertThat(new String(excerpt.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)).isEqualTo(excerpt);
			assertThat(excerpt).doesNotContain("?", "\uFFFD");
		}
		assertThat(JsonExcerpt.of("a\uD83Db\uDE00", 0)).isEqualTo("\"a\uFFFDb\uFFFD\"");
	}

	@Test
	void controlCharactersAreEscaped() {
		assertThat(JsonExcerpt.of("a\nb\u001b[31m\u0085\u007f", 0)).isEqualTo("\"a\\nb\\u001B[31m\\u0085\\u007f\"");
	}

}
