package io.github.llmcache.autoconfigure.metrics;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.EmbeddingRequest;
import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.autoconfigure.LlmCacheAutoConfiguration;
import io.github.llmcache.metrics.CallObservationContext;
import io.github.llmcache.metrics.DefaultCallObservationConvention;
import io.github.llmcache.provider.Reply;
import io.github.llmcache.provider.StandInProvider;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import io.micrometer.tracing.Span.Kind;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import io.micrometer.tracing.test.simple.SimpleSpan;
import io.micrometer.tracing.test.simple.SimpleTracer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientObservationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link LlmCacheObservationAutoConfiguration}: what is traced of requests over
 * real HTTP and with a real database.
 */
class LlmCacheObservationAutoConfigurationTests {

	private static final InferenceRequest REQUEST = InferenceRequest.builder("gpt-4o-mini")
		.user("Hello")
		.temperature(0.5)
		.maxTokens(20)
		.build();

	private final StandInProvider standIn = StandInProvider.start();

	private final SimpleTracer tracer = new SimpleTracer();

	private final TestObservationRegistry registry = TestObservationRegistry.create();

	@TempDir
	Path directory;

	@AfterEach
	void stop() {
		TestObservationRegistryAssert.assertThat(this.registry).doesNotHaveAnyRemainingCurrentObservation();
		this.standIn.close();
	}

	private ApplicationContextRunner runner() {
		this.registry.observationConfig()
			.observationHandler(new FirstMatchingCompositeObservationHandler(
					new PropagatingSenderTracingObservationHandler<>(this.tracer, Propagator.NOOP),
					new DefaultTracingObservationHandler(this.tracer)));
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(HttpClientAutoConfiguration.class,
					ImperativeHttpClientAutoConfiguration.class, RestClientAutoConfiguration.class,
					RestClientObservationAutoConfiguration.class, LlmCacheAutoConfiguration.class,
					LlmCacheObservationAutoConfiguration.class))
			.withBean(ObservationRegistry.class, () -> this.registry)
			.withPropertyValues("llmcache.directory=" + this.directory,
					"llmcache.providers.openai.base-url=" + this.standIn.baseUrl(),
					"llmcache.providers.openai.api-key=" + StandInProvider.API_KEY,
					"llmcache.providers.openai.priced-as=openai", "llmcache.retry.initial-interval=1ms");
	}

	@Test
	void missIsATraceOfTheLookupTheCallAndItsHttpRequest() {
		runner().run((context) -> {
			context.getBean(InferenceApi.class).infer(REQUEST);
			assertThat(tree()).containsExactly("llmcache gpt-4o-mini [miss]", "  llmcache lookup [miss]",
					"  chat gpt-4o-mini []", "    http post []");
			SimpleSpan call = span("chat gpt-4o-mini");
			assertThat(call.getKind()).isEqualTo(Kind.CLIENT);
			assertThat(call.getRemoteServiceName()).isEqualTo("openai");
			assertThat(call.getTags()).containsEntry("gen_ai.operation.name", "chat")
				.containsEntry("gen_ai.provider.name", "openai")
				.containsEntry("gen_ai.request.model", "gpt-4o-mini")
				.containsEntry("gen_ai.request.temperature", "0.5")
				.containsEntry("gen_ai.request.max_tokens", "20")
				.containsEntry("gen_ai.response.finish_reasons", "stop")
				.containsEntry("server.address", "127.0.0.1")
				.containsEntry("server.port", String.valueOf(this.standIn.port()))
				.containsKeys("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "gen_ai.response.model")
				.doesNotContainKeys("gen_ai.request.top_p", "error.type");
			assertThat(span("llmcache gpt-4o-mini").getTags()).containsKeys("llmcache.cost", "llmcache.saved_cost");
		});
	}

	@Test
	void hitIsATraceOfTheLookup() {
		runner().run((context) -> {
			InferenceApi inference = context.getBean(InferenceApi.class);
			inference.infer(REQUEST);
			this.tracer.getSpans().clear();
			inference.infer(REQUEST);
			assertThat(tree()).containsExactly("llmcache gpt-4o-mini [hit]", "  llmcache lookup [hit]");
			assertThat(span("llmcache lookup").getTags()).containsEntry("llmcache.cache.level", "store");
			this.tracer.getSpans().clear();
			inference.infer(REQUEST);
			assertThat(span("llmcache lookup").getTags()).containsEntry("llmcache.cache.level", "memory");
		});
	}

	@Test
	void eachAttemptIsASpanThatSaysWhyItFailed() {
		runner().run((context) -> {
			this.standIn.enqueue(Reply.status(503));
			context.getBean(InferenceApi.class).infer(REQUEST);
			assertThat(tree()).containsExactly("llmcache gpt-4o-mini [miss]", "  llmcache lookup [miss]",
					"  chat gpt-4o-mini []", "    http post []", "  chat gpt-4o-mini []", "    http post []");
			SimpleSpan failed = span("chat gpt-4o-mini");
			assertThat(failed.getTags()).containsEntry("error.type", "overloaded");
			assertThat(failed.getError()).isNotNull();
		});
	}

	@Test
	void otherThreadsWorkForTheSpanThatWasCurrentWhenTheyWereAsked() {
		runner().run((context) -> {
			InferenceApi inference = context.getBean(InferenceApi.class);
			Observation.createNotStarted("async", this.registry).observe(() -> inference.inferAsync(REQUEST).join());
			assertThat(tree()).containsExactly("async []", "  llmcache gpt-4o-mini [miss]",
					"    llmcache lookup [miss]", "    chat gpt-4o-mini []", "      http post []");
			this.tracer.getSpans().clear();
			InferenceRequest other = InferenceRequest.builder("gpt-4o-mini").user("Hello again").build();
			Observation.createNotStarted("all", this.registry)
				.observe(() -> inference.inferAll(List.of(REQUEST, other, other)));
			assertThat(tree()).containsExactly("all []", "  llmcache gpt-4o-mini [hit]",
					"  llmcache gpt-4o-mini [miss]", "    chat gpt-4o-mini []", "      http post []",
					"  llmcache gpt-4o-mini [coalesced]", "  llmcache lookup [partial]");
			this.tracer.getSpans().clear();
			EmbeddingRequest texts = EmbeddingRequest.builder("text-embedding-3-small")
				.texts(List.of("Hello", "World"))
				.textsPerCall(1)
				.build();
			Observation.createNotStarted("texts", this.registry).observe(() -> inference.embed(texts));
			assertThat(tree()).containsExactly("texts []", "  llmcache lookup [miss]",
					"  embeddings text-embedding-3-small []", "    http post []",
					"  embeddings text-embedding-3-small []", "    http post []");
		});
	}

	@Test
	void requestsThatAreGivenUpEnd() {
		runner().run((context) -> {
			this.standIn.hold();
			FutureTask<Object> run = new FutureTask<>(
					() -> context.getBean(InferenceApi.class).inferAll(List.of(REQUEST)));
			Thread thread = new Thread(run);
			thread.start();
			Awaitility.await().until(() -> this.standIn.inFlight() == 1);
			thread.interrupt();
			assertThatExceptionOfType(Exception.class).isThrownBy(run::get)
				.withCauseInstanceOf(InferenceCancelledException.class);
			this.standIn.release();
			Awaitility.await().untilAsserted(() -> assertThat(tree()).contains("llmcache gpt-4o-mini [failed]"));
		});
	}

	@Test
	void nothingThatWasAskedOrAnsweredIsTold() {
		runner().run((context) -> {
			InferenceApi inference = context.getBean(InferenceApi.class);
			String answer = inference.infer(REQUEST).text();
			InferenceRequest missing = InferenceRequest.builder("gpt-4o-mini")
				.user("Hello there")
				.cacheControl(CacheControl.DEFAULT.withOnlyIfCached())
				.build();
			assertThatExceptionOfType(CacheMissException.class).isThrownBy(() -> inference.infer(missing));
			InferenceRequest invalid = InferenceRequest.builder("gpt-4o-mini").user("Hello").isValid((sample) -> {
				throw new IllegalStateException(sample.text());
			}).build();
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> inference.infer(invalid));
			List<String> told = new ArrayList<>();
			TestObservationRegistryAssert.assertThat(this.registry).hasHandledContextsThatSatisfy((contexts) -> {
				for (Observation.Context observed : contexts) {
					told.add(observed.getName() + observed.getContextualName() + observed.getError());
					observed.getAllKeyValues().forEach((keyValue) -> told.add(keyValue.toString()));
				}
			});
			assertThat(told).hasSizeGreaterThan(20)
				.noneMatch((text) -> text.contains("Hello") || text.contains(answer)
						|| text.contains(StandInProvider.API_KEY))
				.anyMatch((text) -> text.contains(CacheMissException.class.getName()));
		});
	}

	@Test
	void conventionOfTheApplicationIsUsed() {
		runner().withBean(DefaultCallObservationConvention.class, () -> new DefaultCallObservationConvention() {

			@Override
			public KeyValues getLowCardinalityKeyValues(CallObservationContext context) {
				return super.getLowCardinalityKeyValues(context).and(KeyValue.of("team", "blue"));
			}

		}).run((context) -> {
			context.getBean(InferenceApi.class).infer(REQUEST);
			assertThat(span("chat gpt-4o-mini").getTags()).containsEntry("team", "blue");
		});
	}

	private SimpleSpan span(String name) {
		return this.tracer.getSpans()
			.stream()
			.filter((span) -> Objects.equals(span.getName(), name))
			.findFirst()
			.orElseThrow();
	}

	/**
	 * The finished spans, each below its parent, in the order in which they began.
	 */
	private List<String> tree() {
		List<String> lines = new ArrayList<>();
		List<SimpleSpan> spans = this.tracer.getSpans()
			.stream()
			.filter((span) -> span.getEndTimestamp().toEpochMilli() > 0)
			.toList();
		spans.stream()
			.filter((span) -> spans.stream()
				.noneMatch((other) -> other.context().spanId().equals(span.context().parentId())))
			.forEach((root) -> addTo(lines, root, spans, ""));
		return lines;
	}

	private static void addTo(List<String> lines, SimpleSpan span, List<SimpleSpan> spans, String indent) {
		lines.add(indent + span.getName() + " [" + span.getTags().getOrDefault("llmcache.cache.result", "") + "]");
		spans.stream()
			.filter((child) -> span.context().spanId().equals(child.context().parentId()))
			.forEach((child) -> addTo(lines, child, spans, indent + "  "));
	}

}
