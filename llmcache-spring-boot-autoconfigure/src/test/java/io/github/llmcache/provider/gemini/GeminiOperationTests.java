package io.github.llmcache.provider.gemini;

import java.net.URI;
import java.util.List;

import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.TestProviders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link GeminiOperation}.
 */
class GeminiOperationTests {

	private final ProviderDefinition provider = TestProviders.of(new GeminiProtocol());

	@ParameterizedTest
	@CsvSource({ "gemini-2.5-pro, models/gemini-2.5-pro", "models/gemini-2.5-pro, models/gemini-2.5-pro",
			"tunedModels/mine-1, tunedModels/mine-1", "models/models/x, models/models%2Fx",
			"models/tunedModels/x, models/tunedModels%2Fx", "tunedmodels/x, models/tunedmodels%2Fx" })
	void modelsAreInTheirCollections(String model, String expected) {
		assertThat(GeminiOperation.of(model, this.provider)).isEqualTo(expected + ":generateContent");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a/b", "a?b", "a#b", "a%2Fb", "a%b", "a b", "a+b", "a\nb", "a\r\nb", "a\\b", "a;b",
			"a&b=c", "a:countTokens", "a:generateContent?x=", "\u00e9", "\ud83d\ude00", "\0", "a{b}", "..a", "a..",
			"..." })
	void anyIdIsOneSegmentOfThePath(String model) {
		URI uri = URI.create("https://acme.test/v1beta/" + GeminiOperation.of(model, this.provider));
		assertThat(uri.getRawPath()).startsWith("/v1beta/models/").endsWith(":generateContent");
		assertThat(uri.getRawPath().split("/")).hasSize(4);
		assertThat(uri.getRawPath().split(":")).hasSize(2);
		assertThat(uri.getPath()).isEqualTo("/v1beta/models/" + model + ":generateContent");
		assertThat(uri.getRawQuery()).isNull();
		assertThat(uri.getRawFragment()).isNull();
		assertThat(uri.normalize()).isEqualTo(uri);
	}

	@ParameterizedTest
	@ValueSource(strings = { "..", ".", "../files", "a/../b", "models/..", "models/", "tunedModels/", "/a", "a/",
			"a//b", "..\\a", "tunedModels/../models/a", "\ud800", "a\udc00b" })
	void idsThatCannotBeInAPath(String model) {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> GeminiOperation.of(model, this.provider))
			.withMessageContaining("cannot be part of a URL")
			.withMessageContaining("'acme'");
	}

	@Test
	void differentModelsHaveDifferentOperations() {
		List<String> models = List.of("a b", "a+b", "a%20b", "a%2Bb", "a/b", "a%2Fb", "A/b", "tunedModels/a", "a", "a*",
				"a%2A", "\u00e9", "e\u0301", "%C3%A9", "a:b", "a~", "a%7E");
		assertThat(models.stream().map((model) -> GeminiOperation.of(model, this.provider))).doesNotHaveDuplicates();
	}

}
