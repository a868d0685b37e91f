package io.github.llmcache.inference;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.llmcache.CacheControl;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.Sample;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.file.FileCacheStore;
import io.github.llmcache.cache.file.FileSettings;
import io.github.llmcache.cache.redis.RedisCacheStore;
import io.github.llmcache.cache.redis.RedisSettings;
import io.github.llmcache.testsupport.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Any sequence of requests for samples gets, from every store, what a list of samples
 * would give it.
 */
class SampleStoresTests {

	private static final int STEPS = 60;

	private static final int MAX_SAMPLES = 12;

	private static RedisServer server;

	private static LettuceConnectionFactory factory;

	@TempDir
	private Path directory;

	/** The samples that are stored, as far as they are known. */
	private final List<Sample> stored = new ArrayList<>();

	@BeforeAll
	static void startRedis() {
		server = RedisServer.start();
		factory = new LettuceConnectionFactory(new RedisStandaloneConfiguration(RedisServer.HOST, server.port()));
		factory.afterPropertiesSet();
		factory.start();
	}

	@AfterAll
	static void stopRedis() {
		factory.destroy();
		server.close();
	}

	@ParameterizedTest
	@MethodSource
	void everySequenceIsThatOfAList(Function<Path, CacheStore> store, String model, long seed) {
		try (InferenceFixture fixture = new InferenceFixture(this.directory, UnaryOperator.identity(), 1, store)) {
			fixture.standIn.varyAnswers();
			Random random = new Random(seed);
			for (int step = 0; step < STEPS; step++) {
				int calls = samplesAsked(fixture);
				int before = this.stored.size();
				InferenceRequest request = request(model, random);
				boolean noCache = request.cacheControl().noCache();
				InferenceResponse response = random.nextBoolean() ? fixture.api.infer(request)
						: fixture.api.inferAll(List.of(request)).get(0).orElseThrow();
				int end = request.samples().end();
				int asked = noCache ? end : Math.max(end - before, 0);
				assertThat(samplesAsked(fixture) - calls).isEqualTo(asked);
				assertThat(response.source()).isEqualTo((asked > 0) ? Source.PROVIDER : Source.CACHE);
				remember(fixture, model, noCache, before + asked, end);
				assertThat(response.samples())
					.isEqualTo(this.stored.subList(request.samples().first(), request.samples().end()));
				if (random.nextInt(10) == 0) {
					fixture.restart();
				}
			}
			assertThat(fixture.statistics().errors()).isZero();
		}
	}

	static Stream<Arguments> everySequenceIsThatOfAList() {
		List<Function<Path, CacheStore>> stores = List.of(InferenceFixture::sqlite,
				(directory) -> new FileCacheStore(new FileSettings(directory, 1_000_000, true), Clock.systemUTC()),
				(directory) -> new RedisCacheStore(factory,
						new RedisSettings(directory.toString(), Duration.ofSeconds(30), Duration.ofSeconds(10), true),
						new EntryCodec(1_000_000), Clock.systemUTC()));
		return stores.stream()
			.flatMap((store) -> Stream.of(InferenceFixture.MODEL, "claude-test")
				.flatMap((model) -> IntStream.range(0, 2).mapToObj((seed) -> Arguments.of(store, model, (long) seed))));
	}

	/**
	 * Read what is stored now: nothing that was there has changed, unless all was
	 * replaced.
	 */
	private void remember(InferenceFixture fixture, String model, boolean replaced, int added, int end) {
		List<Sample> before = List.copyOf(this.stored);
		int count = replaced ? end : added;
		List<InferenceResult> now = fixture.api.inferAll(IntStream.range(0, count)
			.mapToObj((i) -> builder(model).sample(i).cacheControl(CacheControl.DEFAULT.withOnlyIfCached()).build())
			.toList());
		this.stored.clear();
		now.forEach((result) -> this.stored.addAll(result.orElseThrow().samples()));
		assertThat(this.stored).doesNotHaveDuplicates();
		if (replaced) {
			assertThat(this.stored).doesNotContainAnyElementsOf(before);
			assertThat(fixture.api
				.inferAll(List
					.of(builder(model).sample(count).cacheControl(CacheControl.DEFAULT.withOnlyIfCached()).build()))
				.get(0)
				.succeeded()).isFalse();
		}
		else {
			assertThat(this.stored.subList(0, before.size())).isEqualTo(before);
		}
	}

	private static InferenceRequest request(String model, Random random) {
		InferenceRequest.Builder builder = builder(model);
		switch (random.nextInt(3)) {
			case 0 -> builder.n(1 + random.nextInt(MAX_SAMPLES));
			case 1 -> builder.sample(random.nextInt(MAX_SAMPLES));
			default -> {
				// The first one
			}
		}
		return builder
			.cacheControl((random.nextInt(5) == 0) ? CacheControl.DEFAULT.withNoCache() : CacheControl.DEFAULT)
			.build();
	}

	private static InferenceRequest.Builder builder(String model) {
		return InferenceRequest.builder(model).user("Tell me a joke.");
	}

	private static int samplesAsked(InferenceFixture fixture) {
		return fixture.standIn.requests().stream().mapToInt((request) -> request.json().path("n").asInt(1)).sum();
	}

}
