package io.github.llmcache.benchmarks.contender;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.llmcache.CacheMissException;
import io.github.llmcache.CacheMode;
import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.benchmarks.workload.Exchange;
import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheManager.CacheLookup;
import io.github.llmcache.cache.CacheManager.CacheWrite;
import io.github.llmcache.cache.CacheManager.EntryReader;
import io.github.llmcache.cache.CacheKeyHasher;
import io.github.llmcache.cache.CacheRequest;
import io.github.llmcache.cache.CacheSettings;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.DefaultCacheManager;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.MemorySettings;
import io.github.llmcache.cache.Retention;
import io.github.llmcache.cache.file.FileCacheStore;
import io.github.llmcache.cache.file.FileSettings;
import io.github.llmcache.cache.redis.RedisCacheStore;
import io.github.llmcache.cache.redis.RedisSettings;
import io.github.llmcache.cache.sqlite.SqliteCacheStore;
import io.github.llmcache.cache.sqlite.SqliteSettings;
import io.github.llmcache.inference.CacheDefaults;
import io.github.llmcache.inference.DefaultInferenceApi;
import io.github.llmcache.inference.InferenceSettings;
import io.github.llmcache.inference.InferenceObserver;
import io.github.llmcache.inference.RetrySettings;
import io.github.llmcache.pricing.ModelPrice;
import io.github.llmcache.pricing.PriceTable;
import io.github.llmcache.provider.ProviderAnswer;
import io.github.llmcache.provider.ProviderClient;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderRouter;
import io.github.llmcache.provider.WireRequest;
import io.github.llmcache.provider.openai.OpenAiChatProtocol;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.web.client.RestClient;

/**
 * llmcache as the auto-configuration assembles it, with a provider that is never asked.
 */
public final class LlmCache implements Contender {

	/** The name of the provider, and the identity of its endpoint. */
	public static final String PROVIDER = "bench";

	private static final int MAX_ENTRY_SIZE = 16 * 1024 * 1024;

	private static final int INPUT_TOKENS = 1000;

	private static final int OUTPUT_TOKENS = 500;

	private static final long COST_NANOS = 4_500_000;

	private static final Instant CREATED_AT = Instant.parse("2026-01-02T03:04:05.678Z");

	private final ProviderRouter router = new ProviderRouter(
			List.of(ProviderDefinition.builder(PROVIDER, List.of(new OpenAiChatProtocol()))
				.protocol("openai")
				.baseUrl("http://localhost:9/v1")
				.cacheIdentity(PROVIDER)
				.models(List.of("*"))
				.build()));

	private final CacheKeyHasher hasher = new CacheKeyHasher();

	private final String name;

	private final CacheStore store;

	private final DefaultCacheManager manager;

	private final ProviderClient client;

	private final DefaultInferenceApi api;

	/**
	 * Create an instance that keeps requests beside their entries.
	 * @param directory where the databases are
	 */
	public LlmCache(Path directory) {
		this(SqliteSettings.of(directory));
	}

	private LlmCache(SqliteSettings settings) {
		this("llmcache", sqlite(settings), new CacheSettings(MemorySettings.OFF, MAX_ENTRY_SIZE));
	}

	private LlmCache(String name, CacheStore store, CacheSettings settings) {
		this.name = name;
		Clock clock = Clock.systemUTC();
		this.store = store;
		this.manager = new DefaultCacheManager(this.store, settings, clock);
		this.client = new ProviderClient(RestClient::builder, ClientHttpRequestFactoryBuilder.jdk(),
				HttpClientSettings.defaults(), MAX_ENTRY_SIZE, clock);
		PriceTable prices = PriceTable.builder()
			.price("bench-model-0", ModelPrice.of(BigDecimal.ONE, BigDecimal.TEN))
			.build();
		this.api = new DefaultInferenceApi(this.router, this.client, this.manager, prices,
				new InferenceSettings(new CacheDefaults("", CacheMode.READ_WRITE), false, 16,
						new RetrySettings(1, Duration.ofMillis(1), 2, Duration.ofMillis(1), Duration.ofMillis(1))),
				clock, InferenceObserver.NONE);
	}

	/**
	 * Create an instance that keeps no requests.
	 * @param directory where the databases are
	 * @return the instance
	 */
	public static LlmCache withoutRequests(Path directory) {
		SqliteSettings defaults = SqliteSettings.of(directory);
		return new LlmCache(new SqliteSettings(defaults.directory(), defaults.synchronous(), defaults.busyTimeout(),
				defaults.readers(), defaults.mmapSize(), defaults.maxOpenFiles(), false));
	}

	/**
	 * Create an instance with a first level in memory that is large enough for
	 * everything.
	 * @param directory where the databases are
	 * @return the instance
	 */
	public static LlmCache withMemory(Path directory) {
		return new LlmCache("llmcache (memory)", sqlite(SqliteSettings.of(directory)),
				new CacheSettings(new MemorySettings(Long.MAX_VALUE, Duration.ofDays(1)), MAX_ENTRY_SIZE));
	}

	/**
	 * Create an instance that is maintained, as an application's is.
	 * @param directory where the databases are
	 * @param retention how long, and how much, is kept of each model
	 * @return the instance
	 */
	public static LlmCache maintained(Path directory, Retention retention) {
		return new LlmCache("llmcache", sqlite(SqliteSettings.of(directory)), new CacheSettings(MemorySettings.OFF,
				MAX_ENTRY_SIZE, (model) -> retention, true, Duration.ofSeconds(30)));
	}

	/**
	 * Create an instance that keeps entries in files.
	 * @param directory where the files are
	 * @return the instance
	 */
	public static LlmCache withFiles(Path directory) {
		return new LlmCache("llmcache (file)",
				new FileCacheStore(new FileSettings(directory, MAX_ENTRY_SIZE, true), Clock.systemUTC()),
				new CacheSettings(MemorySettings.OFF, MAX_ENTRY_SIZE));
	}

	/**
	 * Create an instance that keeps entries in Redis.
	 * @param connections the connection to Redis
	 * @return the instance
	 */
	public static LlmCache withRedis(RedisConnectionFactory connections) {
		return new LlmCache(
				"llmcache (redis)", new RedisCacheStore(connections, RedisSettings.defaults(),
						new EntryCodec(MAX_ENTRY_SIZE), Clock.systemUTC()),
				new CacheSettings(MemorySettings.OFF, MAX_ENTRY_SIZE));
	}

	private static SqliteCacheStore sqlite(SqliteSettings settings) {
		return new SqliteCacheStore(settings, new EntryCodec(MAX_ENTRY_SIZE));
	}

	@Override
	public String name() {
		return this.name;
	}

	public InferenceApi api() {
		return this.api;
	}

	public CacheManager manager() {
		return this.manager;
	}

	public CacheStore cacheStore() {
		return this.store;
	}

	/**
	 * Map a request to the wire, as the API does it before it looks up.
	 * @param request the request
	 * @return the request as the cache sees it; its key is not computed yet
	 */
	public CacheRequest plan(InferenceRequest request) {
		ProviderDefinition provider = this.router.route(request.model(), request.provider());
		WireRequest wire = provider.protocol().write(request, provider);
		return new CacheRequest("", provider.endpointIdentity(), wire.operation(), request.model(), wire.body(),
				wire.messagesMember(), this.hasher);
	}

	/**
	 * Return what is saved for an exchange.
	 * @param exchange the request and its response
	 * @return what to give to {@link CacheManager#saveAll(List)}
	 */
	public CacheWrite write(Exchange exchange) {
		return new CacheWrite(plan(exchange.request()), response(exchange.body()));
	}

	/**
	 * Return a response as it is kept.
	 * @param body its body
	 * @return the response
	 */
	public static CachedResponse response(byte[] body) {
		return new CachedResponse(body, 1, INPUT_TOKENS, OUTPUT_TOKENS, COST_NANOS, "STOP", CREATED_AT,
				Duration.ofMillis(1234), "req_0123456789abcdef");
	}

	@Override
	public void store(List<Exchange> exchanges) {
		this.manager.saveAll(exchanges.stream().map(this::write).toList());
		checkSaved();
	}

	/**
	 * Make sure that everything has been saved: the cache manager only counts and logs
	 * what has not.
	 */
	public void checkSaved() {
		if (this.manager.statistics().total().errors() > 0) {
			throw new IllegalStateException("llmcache could not save: " + this.manager.health());
		}
	}

	/**
	 * Look up as an application does, where a miss is an exception.
	 */
	@Override
	public Session open() {
		return (request) -> {
			try {
				return this.api.infer(request);
			}
			catch (CacheMissException ex) {
				return null;
			}
		};
	}

	/**
	 * Look up below the API: the request is mapped and hashed, the response is read, and
	 * a miss is nothing but a miss.
	 * @return a contender with the same entries
	 */
	public Contender lookups() {
		return new Contender() {

			@Override
			public String name() {
				return LlmCache.this.name() + " (lookup)";
			}

			@Override
			public void store(List<Exchange> exchanges) {
				// They are there
			}

			@Override
			public Session open() {
				return LlmCache.this::lookup;
			}

			@Override
			public void close() {
				// The other one is closed
			}

		};
	}

	/**
	 * Look up a request.
	 * @param request the request
	 * @return what its entry says, or {@code null} on a miss
	 */
	public @Nullable ProviderAnswer lookup(InferenceRequest request) {
		return this.manager.lookup(new CacheLookup(plan(request), null), reader());
	}

	/**
	 * Return what reads entries.
	 * @return the reader
	 */
	public EntryReader<ProviderAnswer> reader() {
		ProviderDefinition provider = this.router.providers().get(0);
		return new EntryReader<>() {

			@Override
			public Class<ProviderAnswer> type() {
				return ProviderAnswer.class;
			}

			@Override
			public ProviderAnswer read(CacheEntry entry) {
				return provider.protocol().read(entry.responses().get(0).body(), provider);
			}

		};
	}

	@Override
	public void close() {
		this.api.close();
		this.client.close();
		this.manager.close();
	}

}
