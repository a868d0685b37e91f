package io.github.llmcache.inference;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.autoconfigure.LlmCacheAutoConfiguration;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.provider.StandInProvider;
import io.github.llmcache.testsupport.RedisServer;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An application whose Redis stops in the middle of its work goes on.
 */
class SlowRedisTests {

	private static final int QUESTIONS = 1000;

	private static final int THREADS = 4;

	/** Long enough beside {@link #PROVIDER_DELAY} to tell who has waited for it. */
	private static final Duration TIMEOUT = Duration.ofMillis(500);

	/** Makes the calls take so long that Redis is tried again in the middle of them. */
	private static final Duration PROVIDER_DELAY = Duration.ofMillis(40);

	@Test
	void everythingIsAnsweredWhileRedisIsStoppedAndItIsUsedAgainAfterwards() {
		try (RedisServer server = RedisServer.start(); StandInProvider standIn = StandInProvider.start()) {
			application(server, standIn).run((context) -> {
				InferenceApi inference = context.getBean(InferenceApi.class);
				CacheManager cache = context.getBean(CacheManager.class);
				assertThat(inference.infer(question(0)).cached()).isFalse();
				assertThat(inference.infer(question(0)).cached()).isTrue();
				standIn.delay(PROVIDER_DELAY);
				List<Timing> afterwards = ask(inference, server);
				assertThat(cache.health().isUp()).isFalse();
				// Who has not waited although Redis is stopped was told not to
				long open = afterwards.stream()
					.filter((timing) -> timing.duration().compareTo(TIMEOUT) < 0)
					.mapToLong(Timing::end)
					.min()
					.orElseThrow();
				List<Duration> whileOpen = afterwards.stream()
					.filter((timing) -> timing.start() - open >= 0)
					.map(Timing::duration)
					.toList();
				assertThat(whileOpen).hasSizeGreaterThan(QUESTIONS / 3);
				// One of them at a time tries Redis, and waits for it once
				assertThat(whileOpen).allMatch((duration) -> duration.compareTo(TIMEOUT.multipliedBy(2)) < 0);
				assertThat(whileOpen).filteredOn((duration) -> duration.compareTo(TIMEOUT) >= 0)
					.hasSizeBetween(1, QUESTIONS / 100);
				standIn.delay(Duration.ZERO);
				server.resume();
				await().atMost(1, TimeUnit.MINUTES).until(() -> inference.infer(question(0)).cached());
				assertThat(cache.health().isUp()).isTrue();
			});
		}
	}

	@Test
	void whatIsBeingAskedWhenTheApplicationEndsIsStillSaved() {
		try (RedisServer server = RedisServer.start(); StandInProvider standIn = StandInProvider.start()) {
			standIn.delay(Duration.ofMillis(20));
			AtomicInteger told = new AtomicInteger();
			List<InferenceRequest> questions = IntStream.range(0, QUESTIONS)
				.mapToObj(SlowRedisTests::question)
				.toList();
			ApplicationContextRunner runner = application(server, standIn);
			runner.run((context) -> {
				InferenceApi inference = context.getBean(InferenceApi.class);
				List<CompletableFuture<InferenceResponse>> answers = questions.stream()
					.map(inference::inferAsync)
					.toList();
				await().until(() -> answers.stream().filter(CompletableFuture::isDone).count() > 100);
				context.getSourceApplicationContext().close();
				await().until(() -> answers.stream().allMatch(CompletableFuture::isDone));
				told.set((int) answers.stream().filter((answer) -> !answer.isCompletedExceptionally()).count());
			});
			int asked = standIn.requestCount();
			runner.run((context) -> {
				InferenceApi inference = context.getBean(InferenceApi.class);
				long hits = questions.stream().filter((question) -> {
					try {
						return inference
							.infer(question.toBuilder().cacheControl(CacheControl.DEFAULT.withOnlyIfCached()).build())
							.cached();
					}
					catch (CacheMissException ex) {
						return false;
					}
				}).count();
				assertThat(hits).isGreaterThanOrEqualTo(told.get()).isLessThanOrEqualTo(asked);
			});
		}
	}

	private static ApplicationContextRunner application(RedisServer server, StandInProvider standIn) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(HttpClientAutoConfiguration.class,
					ImperativeHttpClientAutoConfiguration.class, RestClientAutoConfiguration.class,
					DataRedisAutoConfiguration.class, LlmCacheAutoConfiguration.class))
			.withPropertyValues("llmcache.backend=redis", "spring.data.redis.port=" + server.port(),
					"llmcache.redis.command-timeout=" + TIMEOUT.toMillis() + "ms", "llmcache.memory.maximum-size=0",
					"llmcache.providers.openai.base-url=" + standIn.baseUrl(),
					"llmcache.providers.openai.cache-identity=stand-in",
					"llmcache.providers.openai.api-key=" + StandInProvider.API_KEY);
	}

	/**
	 * Ask all questions, and stop Redis in the middle.
	 * @return when those were answered that were asked after it was stopped
	 */
	private static List<Timing> ask(InferenceApi inference, RedisServer server) throws Exception {
		AtomicInteger answered = new AtomicInteger();
		AtomicLong stopped = new AtomicLong();
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		try {
			List<Callable<Timing>> tasks = new ArrayList<>();
			for (int i = 1; i <= QUESTIONS; i++) {
				InferenceRequest question = question(i);
				tasks.add(() -> {
					long start = System.nanoTime();
					InferenceResponse response = inference.infer(question);
					long end = System.nanoTime();
					assertThat(response.text()).isNotEmpty();
					if (answered.incrementAndGet() == QUESTIONS / 2) {
						server.pause();
						stopped.set(System.nanoTime());
					}
					return new Timing(start, end);
				});
			}
			List<Timing> timings = new ArrayList<>();
			for (Future<Timing> timing : threads.invokeAll(tasks)) {
				timings.add(timing.get());
			}
			return timings.stream().filter((timing) -> timing.start() - stopped.get() >= 0).toList();
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static InferenceRequest question(int number) {
		return InferenceRequest.builder("gpt-4o-mini").user("Question " + number).build();
	}

	/**
	 * When a request was made and answered.
	 */
	private record Timing(long start, long end) {

		private Duration duration() {
			return Duration.ofNanos(this.end - this.start);
		}

	}

}
