package io.github.llmcache.metrics;

import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;

import io.github.llmcache.InferenceParameters;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.Usage;
import io.github.llmcache.cache.CacheObserver.LookupObservation;
import io.github.llmcache.inference.CallDescription;
import io.github.llmcache.inference.CallObservation;
import io.github.llmcache.inference.CallObservation.CallResult;
import io.github.llmcache.inference.ObservedContext;
import io.github.llmcache.inference.RequestObservation;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link LlmCacheObservations}.
 */
class LlmCacheObservationsTests {

	private static final InferenceRequest REQUEST = InferenceRequest.builder("gpt").user("?").build();

	private final TestObservationRegistry registry = TestObservationRegistry.create();

	private final LlmCacheObservations observations = new LlmCacheObservations(this.registry, null, null, null);

	@Test
	void nothingIsMadeWithoutARegistry() {
		LlmCacheObservations none = new LlmCacheObservations(ObservationRegistry.NOOP, null, null, null);
		assertThat(none.requestStarted(REQUEST)).isSameAs(RequestObservation.NONE);
		assertThat(none.callStarted(call("openai", "chat/completions", "gpt"))).isSameAs(CallObservation.NONE);
		assertThat(none.lookupsStarted(1)).isSameAs(LookupObservation.NONE);
		assertThat(none.currentContext()).isSameAs(ObservedContext.NONE);
	}

	@Test
	void nothingIsMadeOfWhatIsSwitchedOff() {
		this.registry.observationConfig().observationPredicate((name, context) -> !name.equals("llmcache.lookup"));
		assertThat(this.observations.lookupsStarted(1)).isSameAs(LookupObservation.NONE);
		assertThat(this.observations.requestStarted(REQUEST)).isNotSameAs(RequestObservation.NONE);
	}

	@ParameterizedTest
	@CsvSource({ "openai, chat/completions, chat, openai", "openai, responses, chat, openai",
			"openai, completions, text_completion, openai", "openai, embeddings, embeddings, openai",
			"openai, moderations, moderation, openai", "anthropic, messages, chat, anthropic",
			"gemini, models/gemini-x:generateContent, generate_content, gcp.gemini",
			"gemini, models/gemini-x:batchEmbedContents, embeddings, gcp.gemini" })
	void operationsAndProvidersHaveTheNamesOfTheConventions(String provider, String path, String operation,
			String name) {
		this.observations.callStarted(call(provider, path, "m"))
			.ended(new CallResult(Usage.NONE, null, null, List.of()), null);
		TestObservationRegistryAssert.assertThat(this.registry)
			.hasObservationWithNameEqualTo("gen_ai.client.operation.duration")
			.that()
			.hasContextualNameEqualTo(operation + " m")
			.hasLowCardinalityKeyValue("gen_ai.operation.name", operation)
			.hasLowCardinalityKeyValue("gen_ai.provider.name", name)
			.hasBeenStopped();
	}

	@Test
	void modelsAreBounded() {
		IntStream.range(0, 2 * ModelTags.MAX_MODELS)
			.forEach((i) -> this.observations.callStarted(call("openai", "chat/completions", "gpt-" + i))
				.ended(null, new IllegalStateException("secret")));
		TestObservationRegistryAssert.assertThat(this.registry)
			.hasNumberOfObservationsEqualTo(2 * ModelTags.MAX_MODELS)
			.hasAnObservationWithAKeyValue("gen_ai.request.model", "gpt-7")
			.hasAnObservationWithAKeyValue("gen_ai.request.model", "(other)")
			.hasHandledContextsThatSatisfy((contexts) -> assertThat(contexts)
				.extracting((context) -> context.getLowCardinalityKeyValues().toString())
				.noneMatch((keys) -> keys.contains("gpt-150")));
	}

	@Test
	void handlerThatFailsLeavesNothingOpen() {
		this.registry.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public void onScopeOpened(Observation.Context context) {
				throw new IllegalStateException("handler");
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		});
		assertThatIllegalStateException().isThrownBy(() -> this.observations.lookupsStarted(1));
		assertThat(this.registry.getCurrentObservation()).isNull();
	}

	private static CallDescription call(String provider, String path, String model) {
		return new CallDescription(provider, URI.create("https://example.org/v1"), path, model,
				InferenceParameters.NONE, 1);
	}

}
