package io.github.llmcache;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RawBody}.
 */
class RawBodyTests {

	private static final String TEXT = "{\"content\":\"na\u00efve \ud83d\ude42\"}";

	@Test
	void isTheTextThatItWasMadeOf() {
		assertThat(RawBody.of(TEXT).text()).isEqualTo(TEXT);
		assertThat(RawBody.of(TEXT.getBytes(StandardCharsets.UTF_8)).text()).isEqualTo(TEXT);
	}

	@Test
	void isEqualToTheSameBody() {
		RawBody body = RawBody.of(TEXT);
		assertThat(body).isEqualTo(RawBody.of(TEXT.getBytes(StandardCharsets.UTF_8)))
			.hasSameHashCodeAs(RawBody.of(TEXT))
			.isNotEqualTo(RawBody.of("{}"));
	}

}
