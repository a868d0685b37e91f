package io.github.llmcache.faults.lifecycle;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMode;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.MissExplanation;
import io.github.llmcache.Progress;
import io.github.llmcache.cache.CacheSettings;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.DefaultCacheManager;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.MemorySettings;
import io.github.llmcache.cache.RetentionPolicy;
import io.github.llmcache.cache.file.FileCacheStore;
import io.github.llmcache.cache.file.FileSettings;
import io.github.llmcache.cache.redis.RedisCacheStore;
import io.github.llmcache.cache.redis.RedisSettings;
import io.github.llmcache.cache.sqlite.SqliteCacheStore;
import io.github.llmcache.cache.sqlite.SqliteSettings;
import io.github.llmcache.faults.Area;
import io.github.llmcache.faults.Scale;
import io.github.llmcache.faults.Survival;
import io.github.llmcache.inference.CacheDefaults;
import io.github.llmcache.inference.DefaultInferenceApi;
import io.github.llmcache.inference.InferenceObserver;
import io.github.llmcache.inference.InferenceSettings;
import io.github.llmcache.inference.RetrySettings;
import io.github.llmcache.pricing.PriceTable;
import io.github.llmcache.provider.ProviderClient;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderRouter;
import io.github.llmcache.provider.StandInProvider;
import io.github.llmcache.provider.openai.OpenAiChatProtocol;
import io.github.llmcache.testsupport.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A clock that somebody sets, ten years ahead, to 1970 and back, does no harm in the
 * middle of calls: entries without a time to live stay, those with one expire by what the
 * clock shows, and everything goes on.
 */
class ClockJumpTests {

	private static final int MAX_ENTRY_SIZE = 1_000_000;

	private static final int THREADS = 6;

	private static final int QUESTIONS = 200;

	private static final Duration YEARS = Duration.ofDays(3652);

	private static final Duration HOUR = Duration.ofHours(1);

	private final JumpingClock clock = new JumpingClock();

	private final Answers answers = new Answers(true);

	/** Says when its limits are there again as a time of day. */
	private final StandInProvider standIn = StandInProvider.start()
		.answer((request) -> this.answers.apply(request)
			.header("anthropic-ratelimit-requests-limit", "100000")
			.header("anthropic-ratelimit-requests-remaining", "99999")
			.header("anthropic-ratelimit-requests-reset", Instant.now().plusSeconds(1).toString()));

	private final ProviderClient client = new ProviderClient(RestClient::builder, ClientHttpRequestFactoryBuilder.jdk(),
			HttpClientSettings.defaults(), MAX_ENTRY_SIZE, this.clock);

	private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

	private final EntryCodec codec = new EntryCodec(MAX_ENTRY_SIZE);

	private final Queue<String> failures = new ConcurrentLinkedQueue<>();

	private final AtomicInteger calls = new AtomicInteger();

	private volatile boolean ending;

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	@AfterEach
	void stop() {
		this.ending = true;
		this.threads.shutdownNow();
		this.client.close();
		this.standIn.close();
		this.codec.close();
	}

	@Test
	void clockJumpsOverTheDatabase() throws Exception {
		jump("SQLite: clock set ahead and back in the middle of calls",
				new SqliteCacheStore(SqliteSettings.of(this.directory), this.codec));
	}

	@Test
	void clockJumpsOverTheFiles() throws Exception {
		jump("Files: clock set ahead and back in the middle of calls",
				new FileCacheStore(new FileSettings(this.directory, MAX_ENTRY_SIZE, true), this.clock));
	}

	@Test
	void clockJumpsOverRedis() throws Exception {
		try (RedisServer server = RedisServer.start()) {
			LettuceConnectionFactory factory = new LettuceConnectionFactory(
					new RedisStandaloneConfiguration(RedisServer.HOST, server.port()));
			factory.afterPropertiesSet();
			factory.start();
			try {
				jump("Redis: clock set ahead and back in the middle of calls",
						new RedisCacheStore(factory, new RedisSettings(RedisSettings.DEFAULT_KEY_PREFIX,
								Duration.ofSeconds(30), Duration.ofSeconds(10), true), this.codec, this.clock));
			}
			finally {
				factory.destroy();
			}
		}
	}

	@Test
	void entriesExpireByWhatTheClockShows() {
		try (DefaultCacheManager manager = manager(new SqliteCacheStore(SqliteSettings.of(this.directory), this.codec));
				DefaultInferenceApi inference = inference(manager)) {
			InferenceRequest forEver = Answers.request("for ever");
			InferenceRequest forAnHour = request("for an hour", CacheControl.DEFAULT.withTimeToLive(HOUR));
			assertThat(inference.infer(forEver).source()).isEqualTo(Source.PROVIDER);
			assertThat(inference.infer(forAnHour).source()).isEqualTo(Source.PROVIDER);
			this.clock.set(Duration.between(Instant.now(), Instant.EPOCH));
			assertThat(inference.infer(forEver).source()).isEqualTo(Source.CACHE);
			assertThat(inference.infer(forAnHour).source()).isEqualTo(Source.CACHE);
			assertThat(inference.explain(forAnHour).isHit()).isTrue();
			this.clock.set(YEARS);
			assertThat(inference.infer(forEver).source()).isEqualTo(Source.CACHE);
			assertThat(inference.infer(forAnHour).source()).isEqualTo(Source.PROVIDER);
			this.clock.set(Duration.ZERO);
			assertThat(inference.infer(forEver).source()).isEqualTo(Source.CACHE);
			assertThat(inference.infer(forAnHour).source()).isEqualTo(Source.CACHE);
		}
	}

	private void jump(String what, CacheStore store) throws Exception {
		int leastJumps = Scale.of(10_000, 1000);
		int jumps = 0;
		try (DefaultCacheManager manager = manager(store); DefaultInferenceApi inference = inference(manager)) {
			List<Future<?>> running = new ArrayList<>();
			for (int thread = 0; thread < THREADS; thread++) {
				running.add(this.threads.submit(() -> ask(inference)));
			}
			SplittableRandom random = new SplittableRandom();
			List<Duration> offsets = List.of(Duration.ZERO, YEARS, Duration.between(Instant.now(), Instant.EPOCH), HOUR,
					HOUR.negated());
			while (jumps < leastJumps || this.calls.get() < leastJumps) {
				jumps++;
				this.clock.set(offsets.get(random.nextInt(offsets.size())));
				LockSupport.parkNanos(random.nextInt(2_000_000));
			}
			this.ending = true;
			for (Future<?> ended : running) {
				ended.get();
			}
			this.clock.set(Duration.ZERO);
			List<String> lost = this.answers.lost(inference);
			Survival.of(Area.LIFECYCLE, what)
				.count("jumps", jumps)
				.count("calls", this.calls.get())
				.lost(lost.size())
				.wrong(this.answers.wrong())
				.thrown(this.failures.size())
				.record();
			assertThat(this.failures).isEmpty();
			assertThat(lost).isEmpty();
			assertThat(this.answers.wrong()).isZero();
			assertThat(this.answers.received()).isPositive();
			ModelStatistics counted = manager.statistics().total();
			assertThat(counted.errors()).as("%s", manager.health()).isZero();
			assertThat(manager.health().isUp()).isTrue();
			// Misses of a model that is not stored yet may be left out
			ModelStatistics stored = sum(manager.lifetimeStatistics());
			assertThat(stored.writes()).isEqualTo(counted.writes());
			assertThat(stored.hits()).isEqualTo(counted.hits());
			assertThat(stored.spentNanos()).isEqualTo(counted.spentNanos());
		}
	}

	private static ModelStatistics sum(List<DailyStatistics> days) {
		return days.stream().map(DailyStatistics::counters).reduce(ModelStatistics.NONE, ModelStatistics::plus);
	}

	private void ask(DefaultInferenceApi inference) {
		SplittableRandom random = new SplittableRandom();
		while (!this.ending) {
			String question = "question-" + random.nextInt(QUESTIONS);
			try {
				switch (random.nextInt(6)) {
					case 0 -> inference
						.infer(request("ttl-" + question, CacheControl.DEFAULT.withTimeToLive(Duration.ofMinutes(1))));
					case 1 -> inference.infer(request("age-" + question, CacheControl.DEFAULT.withMaxAge(HOUR)));
					case 2 -> explain(inference, request("age-" + question, CacheControl.DEFAULT.withMaxAge(HOUR)));
					case 3 -> askAll(inference);
					default -> this.answers.received(question, inference.infer(Answers.request(question)));
				}
				this.calls.incrementAndGet();
			}
			catch (Throwable ex) {
				this.failures.add(String.valueOf(ex));
			}
		}
	}

	private void explain(DefaultInferenceApi inference, InferenceRequest request) {
		MissExplanation explanation = inference.explain(request);
		if (explanation.reason().matches(".*[^a-z]-\\d.*")) {
			this.failures.add(explanation.reason());
		}
	}

	private void askAll(DefaultInferenceApi inference) {
		List<Duration> elapsed = new ArrayList<>(List.of(Duration.ZERO));
		Progress progress = (update) -> {
			if (update.elapsed().compareTo(elapsed.get(0)) < 0) {
				this.failures.add("time runs backwards: " + update.elapsed());
			}
			elapsed.set(0, update.elapsed());
		};
		List<InferenceResult> results = inference
			.inferAll(IntStream.range(0, 10).mapToObj((i) -> Answers.request("question-" + i)).toList(), progress);
		for (int i = 0; i < results.size(); i++) {
			this.answers.received("question-" + i, Objects.requireNonNull(results.get(i).response()));
		}
	}

	private static InferenceRequest request(String question, CacheControl cacheControl) {
		return InferenceRequest.builder(CachedApplication.MODEL).user(question).cacheControl(cacheControl).build();
	}

	private DefaultCacheManager manager(CacheStore store) {
		return new DefaultCacheManager(store, new CacheSettings(new MemorySettings(100_000, HOUR), MAX_ENTRY_SIZE,
				RetentionPolicy.UNLIMITED, true, Duration.ofMillis(5)), this.clock);
	}

	private DefaultInferenceApi inference(DefaultCacheManager manager) {
		ProviderDefinition provider = ProviderDefinition.builder("openai", List.of(new OpenAiChatProtocol()))
			.baseUrl(this.standIn.baseUrl().toString())
			.cacheIdentity("stand-in")
			.apiKey(StandInProvider.API_KEY)
			.maxConcurrency(CachedApplication.MAX_CONCURRENCY)
			.build();
		return new DefaultInferenceApi(new ProviderRouter(List.of(provider)), this.client, manager,
				PriceTable.builder().build(),
				new InferenceSettings(new CacheDefaults("", CacheMode.READ_WRITE), false,
						CachedApplication.MAX_CONCURRENCY,
						new RetrySettings(3, Duration.ofMillis(1), 2, Duration.ofMillis(5), Duration.ofSeconds(2))),
				this.clock, InferenceObserver.NONE);
	}

}
