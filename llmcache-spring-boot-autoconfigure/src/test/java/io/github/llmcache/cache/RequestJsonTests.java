package io.github.llmcache.cache;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestJson}.
 */
class RequestJsonTests {

	@ParameterizedTest
	@ValueSource(strings = { "", "Question", "\u00e9\ud83d\ude80", "\ud800", "a\0b" })
	void whatIsTooLongIsNotWritten(String text) {
		for (int repeated : new int[] { 1, 10_000 }) {
			CacheRequest request = request(text.repeat(repeated));
			byte[] json = RequestJson.write(request);
			assertThat(RequestJson.write(request, json.length)).isEqualTo(json);
			assertThat(RequestJson.write(request, json.length + 1L)).isEqualTo(json);
			for (long most : new long[] { json.length - 1L, json.length / 2, 1, 0 }) {
				assertThat(RequestJson.write(request, most)).isNull();
				assertThat(RequestRecord.of(request, most)).isNull();
			}
			assertThat(RequestRecord.of(request, json.length)).isEqualTo(RequestRecord.of(request));
		}
	}

	private static CacheRequest request(String text) {
		ObjectNode body = JsonMapper.shared().createObjectNode().put("model", "gpt-test");
		body.putArray("messages").addObject().put("role", "user").put("content", text);
		return new CacheRequest("", "https://acme.test/v1", "chat/completions", "gpt-test", body, "messages",
				new CacheKeyHasher());
	}

}
