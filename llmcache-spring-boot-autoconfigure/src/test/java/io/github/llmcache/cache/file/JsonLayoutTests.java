package io.github.llmcache.cache.file;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JsonLayout}.
 */
class JsonLayoutTests {

	private static final String JSON = "{\"a\":[1,2.50,{\"b\":\"x: {y}, \\\"z\\\" \\\\\"}],\"c\":{},\"d\":[],\"e\":-1E+2,\"é\":null}";

	@ParameterizedTest
	@EnumSource
	void layoutIsDetectedAndUndone(JsonLayout layout) {
		String text = apply(layout, JSON);
		assertThat(JsonLayout.detect(text)).isEqualTo(layout);
		assertThat(apply(JsonLayout.COMPACT, text)).isEqualTo(JSON);
		assertThat(JsonLayout.of(layout.id())).isEqualTo(layout);
		String indented = String.valueOf(JsonLayout.INDENTED_2.apply(text, "      ", 10_000));
		assertThat(apply(layout, indented)).isEqualTo(text);
		assertThat(apply(layout, indented.replace("\n", "\r\n"))).isEqualTo(text);
	}

	@Test
	void layoutsAreWhatProgramsWrite() {
		assertThat(apply(JsonLayout.SPACED, "{\"a\":[1,2],\"b\":{}}")).isEqualTo("{\"a\": [1, 2], \"b\": {}}");
		assertThat(apply(JsonLayout.INDENTED_2, "{\"a\":[1,2],\"b\":{},\"c\":[ ]}")).isEqualTo("""
				{
				  "a": [
				    1,
				    2
				  ],
				  "b": {},
				  "c": []
				}""");
		assertThat(JsonLayout.INDENTED_4.apply("[1]", "--", 100)).isEqualTo("[\n--    1\n--]");
	}

	@ParameterizedTest
	@ValueSource(strings = { " {}", "{} ", "{ }", "{\"a\" :1}", "[1,2, 3]", "[\n1\n]", "{\"a\":1,\n\"b\":2}" })
	void otherLayoutsAreNotDetected(String json) {
		assertThat(JsonLayout.detect(json)).isNull();
	}

	@Test
	void lengthIsBounded() {
		String deep = "[".repeat(1000) + "1" + "]".repeat(1000);
		assertThat(JsonLayout.INDENTED_2.apply(deep, "", 10_000)).isNull();
		assertThat(JsonLayout.INDENTED_2.apply("[1]", "", 7)).isEqualTo("[\n  1\n]");
		assertThat(JsonLayout.INDENTED_2.apply("[1]", "", 6)).isNull();
	}

	@Test
	void whatIsNoJsonDoesNoHarm() {
		for (String text : List.of("", "\"", "\"\\", "]", "}}}}", "{", "[,", ":", "\"a")) {
			for (JsonLayout layout : JsonLayout.values()) {
				assertThat(layout.apply(text, "", 1000)).isNotNull();
			}
		}
	}

	private static String apply(JsonLayout layout, String json) {
		return String.valueOf(layout.apply(json, "", 100_000));
	}

}
