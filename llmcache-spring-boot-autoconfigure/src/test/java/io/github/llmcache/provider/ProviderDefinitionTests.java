package io.github.llmcache.provider;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.github.llmcache.provider.RateLimits.PerMinute;
import io.github.llmcache.provider.anthropic.AnthropicMessagesProtocol;
import io.github.llmcache.provider.gemini.GeminiProtocol;
import io.github.llmcache.provider.openai.OpenAiChatProtocol;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ProviderDefinition} and {@link ProviderPreset}.
 */
class ProviderDefinitionTests {

	private static final List<ProviderProtocol> PROTOCOLS = List.of(new OpenAiChatProtocol(),
			new AnthropicMessagesProtocol(), new GeminiProtocol());

	@ParameterizedTest
	@EnumSource
	void presetNeedsNoMoreThanAKey(ProviderPreset preset) {
		ProviderDefinition provider = builder(preset.providerName()).apiKey("key").build();
		assertThat(provider.baseUrl()).isEqualTo(preset.baseUrl());
		assertThat(provider.protocol().name()).isEqualTo(preset.protocol());
		assertThat(provider.models()).isEqualTo(preset.models());
		assertThat(provider.maxTokensParameter()).isEqualTo(preset.maxTokensParameter());
		assertThat(provider.apiKeyRequired()).isEqualTo(!preset.apiKeyVariables().isEmpty());
		assertThat(ProviderPreset.find(preset.providerName())).contains(preset);
	}

	@Test
	void defaultsAreThoseOfThePreset() {
		ProviderDefinition provider = builder("openai").build();
		assertThat(provider.apiKey()).isNull();
		assertThat(provider.apiKeyRequired()).isTrue();
		assertThat(provider.maxConcurrency()).isEqualTo(16);
		assertThat(provider.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
		assertThat(provider.timeout()).isEqualTo(Duration.ofMinutes(10));
		assertThat(provider.headers()).isEmpty();
		assertThat(provider.maxTokensParameter()).isEqualTo("max_completion_tokens");
		assertThat(provider.endpointIdentity()).isEqualTo("https://api.openai.com/v1");
	}

	@Test
	void everyValueOfAPresetCanBeReplaced() {
		ProviderDefinition provider = builder("openai").protocol("anthropic")
			.baseUrl("http://localhost:1234/x/")
			.apiKey("mine")
			.maxConcurrency(3)
			.connectTimeout(Duration.ofSeconds(1))
			.timeout(Duration.ofSeconds(2))
			.headers(Map.of("X-Team", "a"))
			.models(List.of("m", "n*"))
			.cacheIdentity("shared")
			.maxTokensParameter("max_tokens")
			.environment((variable) -> "environment")
			.build();
		assertThat(provider.protocol().name()).isEqualTo("anthropic");
		assertThat(provider.baseUrl()).hasToString("http://localhost:1234/x/");
		assertThat(provider.apiKey()).isEqualTo("mine");
		assertThat(provider.maxConcurrency()).isEqualTo(3);
		assertThat(provider.connectTimeout()).hasSeconds(1);
		assertThat(provider.timeout()).hasSeconds(2);
		assertThat(provider.headers()).containsExactly(Map.entry("X-Team", "a"));
		assertThat(provider.models()).containsExactly("m", "n*");
		assertThat(provider.endpointIdentity()).isEqualTo("shared");
		assertThat(provider.maxTokensParameter()).isEqualTo("max_tokens");
	}

	@Test
	void keyComesFromTheEnvironmentIfItIsNotSet() {
		Map<String, String> environment = Map.of("HUGGINGFACE_API_KEY", " second\n", "HF_TOKEN", " ");
		ProviderDefinition provider = builder("huggingface").apiKey("").environment(environment::get).build();
		assertThat(provider.apiKey()).isEqualTo("second");
	}

	@Test
	void keyOfGeminiHasTwoNames() {
		Map<String, String> environment = Map.of("GEMINI_API_KEY", "first", "GOOGLE_API_KEY", "second");
		assertThat(builder("gemini").environment(environment::get).build().apiKey()).isEqualTo("first");
		assertThat(builder("gemini").environment(Map.of("GOOGLE_API_KEY", "second")::get).build().apiKey())
			.isEqualTo("second");
	}

	@Test
	void environmentIsNotAskedWithoutAPreset() {
		ProviderDefinition provider = builder("other").protocol("openai")
			.baseUrl("http://localhost")
			.environment((variable) -> {
				throw new IllegalStateException(variable);
			})
			.build();
		assertThat(provider.apiKey()).isNull();
		assertThat(provider.apiKeyRequired()).isFalse();
		assertThat(provider.maxTokensParameter()).isEqualTo("max_tokens");
	}

	@Test
	void keyOfAPresetIsOptionalWithAUrlOfOnesOwn() {
		assertThat(builder("openai").baseUrl("http://localhost:1234/v1").build().apiKeyRequired()).isFalse();
	}

	@Test
	void keyOfGraySwanIsInAHeaderOfItsOwn() {
		assertThat(builder("grayswan").apiKey("key").build().headers()).containsEntry("grayswan-api-key", "key");
		assertThat(builder("grayswan").apiKey("key").headers(Map.of("GraySwan-API-Key", "other")).build().headers())
			.containsExactly(Map.entry("GraySwan-API-Key", "other"));
	}

	@Test
	void providerWithoutPresetNeedsProtocolAndBaseUrl() {
		assertFails("mine", (builder) -> builder.protocol("openai"))
			.isEqualTo("llmcache.providers.mine.base-url must be set, because there is no preset of that name");
		assertFails("mine", (builder) -> builder.baseUrl("http://localhost")).isEqualTo(
				"llmcache.providers.mine.protocol must be set, to one of anthropic, gemini, openai, because there is no "
						+ "preset of that name");
		assertFails("mine", (builder) -> builder.protocol("soap").baseUrl("http://localhost"))
			.isEqualTo("llmcache.providers.mine.protocol must be one of anthropic, gemini, openai, not 'soap'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "localhost:8000/v1", "ftp://host/", "/v1", "http:///v1", "http://my_host/v1",
			"http://bücher.example/v1", "http://u:pw-secret@host/v1", "http://host/v1?key=pw-secret",
			"http://host/v1#pw-secret", "http://ho st/pw-secret", "http://host/{pw-secret}", "http://host:99999/",
			"http://host/\uD800pw-secret" })
	void baseUrlThatCannotBeUsedIsRefusedWithoutQuotingIt(String url) {
		assertFails("openai", (builder) -> builder.baseUrl(url)).startsWith("llmcache.providers.openai.base-url ")
			.doesNotContain("pw-secret");
	}

	@ParameterizedTest
	@ValueSource(strings = { "sk-secret\r\nX-Evil: 1", "sk-secret two", "sk-secretß", "sk-secret\u0000" })
	void keyThatCannotBeSentIsRefusedWithoutQuotingIt(String key) {
		assertFails("openai", (builder) -> builder.apiKey(key)).startsWith("llmcache.providers.openai.api-key ")
			.doesNotContain("sk-secret");
	}

	@Test
	void headerThatCannotBeSentIsRefusedWithoutQuotingItsValue() {
		assertFails("openai", (builder) -> builder.headers(Map.of("X-Team", "sk-secret\r\nX-Evil: 1")))
			.startsWith("llmcache.providers.openai.headers.X-Team ")
			.doesNotContain("sk-secret");
		assertFails("openai", (builder) -> builder.headers(Map.of("X Team\n", "sk-secret"))).contains("'X Team\\u000a'")
			.doesNotContain("sk-secret");
		assertFails("openai", (builder) -> builder.headers(Map.of("content-TYPE", "text/plain")))
			.contains("content-TYPE");
		assertFails("openai", (builder) -> builder.headers(Map.of("X-Team", "a", "x-team", "b"))).contains("twice");
	}

	@Test
	void numbersAndPatternsAreChecked() {
		assertFails("openai", (builder) -> builder.maxConcurrency(0)).contains("max-concurrency");
		assertFails("openai", (builder) -> builder.timeout(Duration.ZERO)).contains(".timeout");
		assertFails("openai", (builder) -> builder.connectTimeout(Duration.ofSeconds(-1))).contains("connect-timeout");
		assertFails("openai", (builder) -> builder.models(List.of("a*b"))).contains("models").contains("'a*b'");
		assertFails("openai", (builder) -> builder.cacheIdentity(" ")).contains("cache-identity");
		assertFails("openai", (builder) -> builder.maxTokensParameter(" ")).contains("max-tokens-parameter");
		assertFails("openai",
				(builder) -> builder
					.limits(new RateLimits(PerMinute.UNLIMITED, Map.of("gpt-4.1", new PerMinute(null, 0)), 1)))
			.isEqualTo("llmcache.providers.openai.limits[gpt-4.1].tokens-per-minute must be positive");
		assertFails("openai", (builder) -> builder.limits(new RateLimits(PerMinute.UNLIMITED, Map.of(), Double.NaN)))
			.isEqualTo("llmcache.providers.openai.rate-limit-fraction must be from 0.01 to 1");
	}

	@Test
	void descriptionHasNeitherKeyNorHeaders() {
		assertThat(builder("grayswan").apiKey("sk-secret").build()).asString()
			.contains("grayswan")
			.doesNotContain("sk-secret");
	}

	private static AbstractStringAssert<?> assertFails(String name, Consumer<ProviderDefinitionBuilder> customizer) {
		ProviderDefinitionBuilder builder = builder(name);
		customizer.accept(builder);
		return assertThatIllegalArgumentException().isThrownBy(builder::build)
			.withNoCause()
			.extracting(Throwable::getMessage, InstanceOfAssertFactories.STRING);
	}

	private static ProviderDefinitionBuilder builder(String name) {
		return ProviderDefinition.builder(name, PROTOCOLS);
	}

}
