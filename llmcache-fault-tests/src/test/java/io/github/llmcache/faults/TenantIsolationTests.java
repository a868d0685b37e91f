package io.github.llmcache.faults;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.llmcache.CacheMode;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.MissExplanation;
import io.github.llmcache.cache.CacheSettings;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.DefaultCacheManager;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.EntryFilter;
import io.github.llmcache.cache.MemorySettings;
import io.github.llmcache.cache.RetentionPolicy;
import io.github.llmcache.cache.SecretRedaction;
import io.github.llmcache.cache.file.FileCacheStore;
import io.github.llmcache.cache.file.FileSettings;
import io.github.llmcache.cache.redis.RedisCacheStore;
import io.github.llmcache.cache.redis.RedisSettings;
import io.github.llmcache.cache.sqlite.SqliteCacheStore;
import io.github.llmcache.cache.sqlite.SqliteSettings;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tenants with names that were chosen to get at each other ask the same questions at the
 * same time, on two instances of one cache, while they delete what is theirs. The
 * provider answers each call differently, so that an answer tells whose it is.
 */
class TenantIsolationTests {

	private static final List<String> HOSTILE = List.of("", " ", "a", "A", "aa", "a/", "a/b", "a:", "a:b", "*", "?",
			"[a]", "%", "_", "'", "' OR 1=1 --", "\"", "\\", "\\u0000", "\0", "a\0", "a\nb", "\ud800", "\ufffd",
			"e\u0301", "\u00e9", "..", "../a", "{a}", "(shared)", "((shared))", "null", "n".repeat(900));

	private static final List<String> MODELS = List.of("gpt-a", "gpt-b");

	private static final int THREADS = 8;

	private static final int QUESTIONS = 4;

	private static final int STEPS = Scale.of(400, 25);

	private static final int MAX_ENTRY_SIZE = 100_000;

	@TempDir
	private Path directory;

	/** The tenant of a thread, as a security context has it. */
	private final ThreadLocal<String> tenant = new ThreadLocal<>();

	private final Map<String, Tenant> tenants = new ConcurrentHashMap<>();

	/** Who has got an answer, by the answer. */
	private final Map<String, Set<String>> readers = new ConcurrentHashMap<>();

	private final LongAdder deletions = new LongAdder();

	private final LongAdder thrown = new LongAdder();

	private final LongAdder hints = new LongAdder();

	@Test
	void tenantsOfSqliteShareNothing() throws Exception {
		tenantsShareNothing("SQLite", () -> new SqliteCacheStore(SqliteSettings.of(this.directory), codec()));
	}

	@Test
	void tenantsOfFilesShareNothing() throws Exception {
		tenantsShareNothing("Files",
				() -> new FileCacheStore(new FileSettings(this.directory, MAX_ENTRY_SIZE, true), Clock.systemUTC()));
	}

	@Test
	void tenantsOfRedisShareNothing() throws Exception {
		try (RedisServer server = RedisServer.start()) {
			LettuceConnectionFactory factory = new LettuceConnectionFactory(
					new RedisStandaloneConfiguration(RedisServer.HOST, server.port()));
			factory.afterPropertiesSet();
			factory.start();
			try {
				tenantsShareNothing("Redis",
						() -> new RedisCacheStore(factory,
								new RedisSettings("tenants:", Duration.ofSeconds(30), Duration.ofSeconds(10), true),
								codec(), Clock.systemUTC()));
			}
			finally {
				factory.destroy();
			}
		}
	}

	private static EntryCodec codec() {
		return new EntryCodec(MAX_ENTRY_SIZE);
	}

	private void tenantsShareNothing(String backend, Supplier<CacheStore> stores) throws Exception {
		long lost;
		try (StandInProvider provider = StandInProvider.start().varyAnswers()) {
			try (Instance one = new Instance(provider, stores.get());
					Instance other = new Instance(provider, stores.get())) {
				callAll(List.of(one, other));
				lost = miscounted(
						(name) -> one.cache.statistics(name).total().plus(other.cache.statistics(name).total()));
			}
			try (CacheStore store = stores.get()) {
				List<DailyStatistics> stored = store.statistics();
				lost += miscounted((name) -> stored.stream()
					.filter((each) -> each.isOf(name))
					.map(DailyStatistics::counters)
					.reduce(ModelStatistics.NONE, ModelStatistics::plus));
			}
		}
		long wrong = this.readers.values().stream().filter((readers) -> readers.size() > 1).count() + this.hints.sum();
		Survival.of(Area.SECURITY, backend + ": tenants ask the same questions, and delete what is theirs")
			.count("tenants", HOSTILE.size())
			.count("answers", this.tenants.values().stream().mapToLong(Tenant::answers).sum())
			.count("deletions", this.deletions.sum())
			.lost(lost)
			.wrong(wrong)
			.thrown(this.thrown.sum())
			.record();
		assertThat(this.thrown.sum()).isZero();
		assertThat(wrong).isZero();
		assertThat(lost).isZero();
		assertThat(this.tenants).hasSize(HOSTILE.size());
		assertThat(this.tenants.values()).allSatisfy((tenant) -> assertThat(tenant.answers()).isPositive());
	}

	private void callAll(List<Instance> instances) throws Exception {
		HOSTILE.forEach((name) -> this.tenants.put(name, new Tenant()));
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		try {
			List<Callable<Void>> calls = new ArrayList<>();
			for (int thread = 0; thread < THREADS; thread++) {
				SplittableRandom random = new SplittableRandom(thread);
				Instance instance = instances.get(thread % instances.size());
				calls.add(() -> {
					// Nobody is left out, however short the suite is
					HOSTILE.forEach((name) -> step(instance, name, random, 0));
					for (int step = 0; step < STEPS; step++) {
						step(instance, HOSTILE.get(random.nextInt(HOSTILE.size())), random, random.nextInt(20));
					}
					return null;
				});
			}
			for (Future<Void> call : threads.invokeAll(calls)) {
				call.get();
			}
		}
		finally {
			threads.shutdown();
		}
	}

	private void step(Instance instance, String name, SplittableRandom random, int action) {
		this.tenant.set(name);
		InferenceRequest request = request(random.nextInt(MODELS.size()), random.nextInt(QUESTIONS));
		try {
			switch (action) {
				case 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 -> note(name, instance.api.infer(request));
				case 10, 11, 12 -> note(name, instance.api.inferAsync(request).join());
				case 13, 14, 15,
						16 ->
					instance.api.inferAll(requests())
						.stream()
						.map(InferenceResult::orElseThrow)
						.forEach((response) -> note(name, response));
				case 17 -> explain(instance, name, request);
				case 18 -> delete(instance, EntryFilter.ofNamespace(name));
				default -> delete(instance, new EntryFilter(request.model(), name, Duration.ZERO, null, null, null));
			}
		}
		catch (RuntimeException ex) {
			this.thrown.increment();
		}
	}

	private static InferenceRequest request(int model, int question) {
		return InferenceRequest.builder(MODELS.get(model)).user("Question " + question).build();
	}

	private static List<InferenceRequest> requests() {
		List<InferenceRequest> requests = new ArrayList<>();
		for (int question = 0; question < QUESTIONS; question++) {
			requests.add(request(question % MODELS.size(), question));
		}
		return requests;
	}

	private void note(String name, InferenceResponse response) {
		this.readers.computeIfAbsent(response.text(), (answer) -> ConcurrentHashMap.newKeySet()).add(name);
		Objects.requireNonNull(this.tenants.get(name)).note(response);
	}

	/**
	 * Nobody has more entries of a model than there are questions.
	 */
	private void explain(Instance instance, String name, InferenceRequest request) {
		MissExplanation explanation = instance.api.explain(request);
		if (explanation.compared() > QUESTIONS || explanation.nearest()
			.stream()
			.flatMap((near) -> near.differences().stream())
			.anyMatch((difference) -> difference.pointer().equals("/namespace"))) {
			this.hints.increment();
		}
	}

	private void delete(Instance instance, EntryFilter filter) {
		instance.cache.delete(filter);
		this.deletions.increment();
	}

	private long miscounted(Function<String, ModelStatistics> statistics) {
		long wrong = 0;
		for (Map.Entry<String, Tenant> each : this.tenants.entrySet()) {
			wrong += each.getValue().difference(statistics.apply(each.getKey()));
		}
		return wrong;
	}

	/**
	 * What a tenant has got, as he has seen it himself.
	 */
	private static final class Tenant {

		private final Map<InferenceResponse.Source, LongAdder> answers = new HashMap<>();

		private final LongAdder paidTokens = new LongAdder();

		private final LongAdder savedTokens = new LongAdder();

		private Tenant() {
			for (InferenceResponse.Source source : InferenceResponse.Source.values()) {
				this.answers.put(source, new LongAdder());
			}
		}

		private void note(InferenceResponse response) {
			Objects.requireNonNull(this.answers.get(response.source())).increment();
			boolean paid = response.source() == InferenceResponse.Source.PROVIDER;
			(paid ? this.paidTokens : this.savedTokens).add(response.usage().totalTokens());
		}

		private long of(InferenceResponse.Source source) {
			return Objects.requireNonNull(this.answers.get(source)).sum();
		}

		private long answers() {
			return this.answers.values().stream().mapToLong(LongAdder::sum).sum();
		}

		private long difference(ModelStatistics counted) {
			long hits = of(InferenceResponse.Source.CACHE);
			long calls = of(InferenceResponse.Source.PROVIDER);
			long coalesced = of(InferenceResponse.Source.COALESCED);
			return Math.abs(counted.hits() - hits) + Math.abs(counted.misses() - calls - coalesced)
					+ Math.abs(counted.coalesced() - coalesced) + Math.abs(counted.writes() - calls)
					+ Math.abs(counted.inputTokens() + counted.outputTokens() - this.paidTokens.sum())
					+ Math.abs(counted.savedTokens() - this.savedTokens.sum()) + counted.errors();
		}

	}

	/**
	 * An application as one of several that use a cache.
	 */
	private final class Instance implements AutoCloseable {

		private final ProviderClient client = new ProviderClient(RestClient::builder,
				ClientHttpRequestFactoryBuilder.jdk(), HttpClientSettings.defaults(), MAX_ENTRY_SIZE,
				Clock.systemUTC());

		private final DefaultCacheManager cache;

		private final DefaultInferenceApi api;

		private Instance(StandInProvider provider, CacheStore store) {
			this.cache = new DefaultCacheManager(store,
					new CacheSettings(new MemorySettings(1_000_000, Duration.ofSeconds(1)), MAX_ENTRY_SIZE,
							RetentionPolicy.UNLIMITED, true, Duration.ofMinutes(1), true, SecretRedaction.NONE),
					Clock.systemUTC());
			ProviderDefinition definition = ProviderDefinition.builder("openai", List.of(new OpenAiChatProtocol()))
				.baseUrl(provider.baseUrl().toString())
				.apiKey(StandInProvider.API_KEY)
				.models(List.of("gpt*"))
				.maxConcurrency(8)
				.timeout(Duration.ofMinutes(2))
				.build();
			CacheDefaults defaults = new CacheDefaults("", CacheMode.READ_WRITE,
					(requested) -> Objects.requireNonNull(TenantIsolationTests.this.tenant.get()));
			this.api = new DefaultInferenceApi(new ProviderRouter(List.of(definition)), this.client, this.cache,
					PriceTable.builder().build(),
					new InferenceSettings(defaults, false, 8,
							new RetrySettings(3, Duration.ofMillis(1), 2, Duration.ofMillis(5), Duration.ofSeconds(2))),
					Clock.systemUTC(), InferenceObserver.NONE);
		}

		@Override
		public void close() {
			this.api.close();
			this.client.close();
			this.cache.close();
		}

	}

}
