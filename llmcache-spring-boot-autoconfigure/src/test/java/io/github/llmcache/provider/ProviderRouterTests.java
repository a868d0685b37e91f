package io.github.llmcache.provider;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import io.github.llmcache.UnknownProviderException;
import io.github.llmcache.provider.anthropic.AnthropicMessagesProtocol;
import io.github.llmcache.provider.gemini.GeminiProtocol;
import io.github.llmcache.provider.openai.OpenAiChatProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ProviderRouter}.
 */
class ProviderRouterTests {

	@ParameterizedTest
	@CsvSource({ "gpt-4o-mini,openai", "gpt-5,openai", "o1,openai", "o3-mini,openai", "o4-mini,openai",
			"chatgpt-4o-latest,openai", "ft:gpt-4o-mini:org::id,openai", "text-embedding-3-small,openai",
			"claude-sonnet-4-5,anthropic", "deepseek-chat,deepseek", "deepseek-v4-pro,deepseek", "cygnet,grayswan",
			"gemini-3.8-flash,gemini", "models/gemini-2.5-pro,gemini", "tunedModels/mine,gemini" })
	void presetsAnswerForTheirModels(String model, String provider) {
		List<ProviderDefinition> providers = Arrays.stream(ProviderPreset.values())
			.map((preset) -> builder(preset.providerName()).apiKey("key").build())
			.toList();
		assertThat(new ProviderRouter(providers).route(model, null).name()).isEqualTo(provider);
	}

	@Test
	void exactIdGoesBeforeThePrefixAndTheLongerPrefixBeforeTheShorter() {
		ProviderDefinition all = local("all", "*");
		ProviderDefinition prefix = local("prefix", "llama*");
		ProviderDefinition longer = local("longer", "llama-3*");
		ProviderDefinition exact = local("exact", "llama-3-8b");
		ProviderDefinition same = local("same", "llama-3-8b*");
		List<ProviderDefinition> providers = new ArrayList<>(List.of(all, prefix, longer, exact, same));
		for (int i = 0; i < providers.size(); i++) {
			ProviderRouter router = new ProviderRouter(providers);
			assertThat(router.route("llama-3-8b", null)).isSameAs(exact);
			assertThat(router.route("llama-3-8b-it", null)).isSameAs(same);
			assertThat(router.route("llama-3-70b", null)).isSameAs(longer);
			assertThat(router.route("llama-2", null)).isSameAs(prefix);
			assertThat(router.route("Llama-2", null)).isSameAs(all);
			Collections.rotate(providers, 1);
		}
	}

	@Test
	void moreModelsThanAreRememberedFindTheirProvider() {
		ProviderRouter router = new ProviderRouter(List.of(local("odd", "odd-*"), local("even", "even-*")));
		for (int repetition = 0; repetition < 2; repetition++) {
			for (int i = 0; i < 2 * ProviderRouter.MAX_ROUTES; i++) {
				String provider = (i % 2 == 0) ? "even" : "odd";
				assertThat(router.route(provider + "-" + i, null).name()).isEqualTo(provider);
			}
		}
	}

	@Test
	void namedProviderAnswersForAnyModel() {
		ProviderRouter router = new ProviderRouter(List.of(local("one", "gpt*"), local("two")));
		assertThat(router.route("gpt-5", "two").name()).isEqualTo("two");
	}

	@Test
	void unknownModelFailsNamingWhatIsConfigured() {
		ProviderRouter router = new ProviderRouter(
				List.of(builder("anthropic").build(), local("one", "a*", "b"), local("two")));
		assertThatExceptionOfType(UnknownProviderException.class).isThrownBy(() -> router.route("foo-1", null))
			.withMessage("No provider for model 'foo-1'. Configured: anthropic (claude*; no API key), one (a*, b), "
					+ "two (no models). Set llmcache.providers.<name>.models to include it, or name a provider on the "
					+ "request.");
	}

	@Test
	void unknownModelFailsWithoutAnyProvider() {
		assertThatExceptionOfType(UnknownProviderException.class)
			.isThrownBy(() -> new ProviderRouter(List.of()).route("", null))
			.withMessageStartingWith("No provider for model ''. Configured: none. ");
	}

	@Test
	void unknownProviderFailsNamingWhatIsConfigured() {
		ProviderRouter router = new ProviderRouter(List.of(local("one", "a*")));
		assertThatExceptionOfType(UnknownProviderException.class).isThrownBy(() -> router.route("a", "ONE"))
			.withMessage("No provider is named 'ONE'. Configured: one (a*). Set llmcache.providers.<name>.base-url and "
					+ ".protocol to add one.");
	}

	@Test
	void missingKeyFailsNamingThePropertyAndTheVariable() {
		ProviderRouter router = new ProviderRouter(List.of(builder("openai").build(), builder("huggingface").build()));
		assertThatExceptionOfType(UnknownProviderException.class)
			.isThrownBy(() -> ProviderRouter.requireApiKey(router.route("gpt-4o", null)))
			.withMessage("Provider 'openai' has no API key. Set llmcache.providers.openai.api-key or the environment "
					+ "variable OPENAI_API_KEY.");
		assertThatExceptionOfType(UnknownProviderException.class)
			.isThrownBy(() -> ProviderRouter.requireApiKey(router.route("m", "huggingface")))
			.withMessageEndingWith("variable HF_TOKEN or HUGGINGFACE_API_KEY.");
	}

	@Test
	void tieGoesToTheOnlyProviderWithAKey() {
		ProviderDefinition proxy = builder("proxy").protocol("openai")
			.baseUrl("http://localhost/v1")
			.models(List.of("gpt*"))
			.build();
		ProviderRouter router = new ProviderRouter(List.of(builder("openai").build(), proxy));
		assertThat(router.route("gpt-4o", null)).isSameAs(proxy);
	}

	@Test
	void tieFails() {
		ProviderRouter router = new ProviderRouter(List.of(local("one", "gpt*"), local("two", "gpt*")));
		assertThatExceptionOfType(UnknownProviderException.class).isThrownBy(() -> router.route("gpt-4o", null))
			.withMessage("Model 'gpt-4o' matches providers one, two equally well. Name one on the request, or change "
					+ "llmcache.providers.<name>.models of one.");
	}

	@Test
	void tieOfProvidersWithoutKeysFails() {
		ProviderRouter router = new ProviderRouter(
				List.of(builder("openai").build(), builder("together").models(List.of("gpt*")).build()));
		assertThatExceptionOfType(UnknownProviderException.class).isThrownBy(() -> router.route("gpt-4o", null))
			.withMessageContainingAll("OPENAI_API_KEY", "llmcache.providers.together.api-key");
	}

	@Test
	void idFromOutsideCannotForgeLogLinesOrFlood() {
		ProviderRouter router = new ProviderRouter(List.of());
		assertThatExceptionOfType(UnknownProviderException.class)
			.isThrownBy(() -> router.route("a\r\nERROR \u001b[31m\u2028\u202e" + "x".repeat(100_000), null))
			.withMessageContaining("'a\\u000d\\u000aERROR \\u001b[31m\\u2028\\u202exxx")
			.withMessageContaining("…'")
			.satisfies((ex) -> assertThat(ex.getMessage()).hasSizeLessThan(500));
	}

	@Test
	void nameIsUsedOnce() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new ProviderRouter(List.of(local("one"), local("one", "a"))))
			.withMessageContaining("'one'");
	}

	private static ProviderDefinition local(String name, String... models) {
		return builder(name).protocol("openai").baseUrl("http://localhost/v1").models(List.of(models)).build();
	}

	private static ProviderDefinitionBuilder builder(String name) {
		return ProviderDefinition.builder(name,
				List.of(new OpenAiChatProtocol(), new AnthropicMessagesProtocol(), new GeminiProtocol()));
	}

}
