package io.github.llmcache.provider;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JsonSlice}.
 */
class JsonSliceTests {

	@Test
	void valueIsTakenByteForByte() {
		assertThat(slice("{\"ü\": [{\"body\": {}}], \"response\" : {\"x\": {\"body\": 1}, \"body\" :\t"
				+ "{ \"a\":1.50,\"b\" : \"\\u00fc}ü\", \"c\": [ {} ]} , \"y\": 2}}"))
			.isEqualTo("{ \"a\":1.50,\"b\" : \"\\u00fc}ü\", \"c\": [ {} ]}");
	}

	@Test
	void emptyObjectIsAValue() {
		assertThat(slice("{\"response\":{\"body\":{}}}")).isEqualTo("{}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "null", "[]", "{}", "{\"response\":null}", "{\"response\":[{\"body\":{}}]}",
			"{\"response\":{\"body\":[]}}", "{\"response\":{\"body\":\"{}\"}}", "{\"response\":{\"body\":{",
			"{\"response\":{\"body\":{\"a\":x}}}", "{\"body\":{}}" })
	void whatIsNotThereIsNull(String json) {
		assertThat(slice(json)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE" })
	void textThatIsNotUtf8HasNone(String charset) {
		byte[] json = "{\"response\":{\"body\":{}}}".getBytes(Charset.forName(charset));
		assertThat(JsonSlice.object(json, "response", "body")).isNull();
	}

	@Test
	void byteOrderMarkIsNoPartOfTheValue() {
		assertThat(slice("\uFEFF{\"response\":{\"body\":{\"a\":1}}}")).isEqualTo("{\"a\":1}");
	}

	private static @Nullable String slice(String json) {
		byte[] slice = JsonSlice.object(json.getBytes(StandardCharsets.UTF_8), "response", "body");
		return (slice != null) ? new String(slice, StandardCharsets.UTF_8) : null;
	}

}
