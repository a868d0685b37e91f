package io.github.llmcache.inference;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import io.github.llmcache.CacheMode;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.NamespaceResolver;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.CacheSettings;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.DefaultCacheManager;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.MemorySettings;
import io.github.llmcache.cache.RetentionPolicy;
import io.github.llmcache.cache.SecretRedaction;
import io.github.llmcache.cache.sqlite.SqliteCacheStore;
import io.github.llmcache.cache.sqlite.SqliteSettings;
import io.github.llmcache.pricing.ModelPrice;
import io.github.llmcache.pricing.PriceTable;
import io.github.llmcache.provider.ProviderClient;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderDefinitionBuilder;
import io.github.llmcache.provider.ProviderProtocol;
import io.github.llmcache.provider.ProviderRouter;
import io.github.llmcache.provider.StandInProvider;
import io.github.llmcache.provider.anthropic.AnthropicMessagesProtocol;
import io.github.llmcache.provider.gemini.GeminiProtocol;
import io.github.llmcache.provider.openai.OpenAiChatProtocol;
import io.github.llmcache.provider.openai.OpenAiCompletionsProtocol;
import io.github.llmcache.provider.openai.OpenAiResponsesProtocol;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.web.client.RestClient;

/**
 * {@link DefaultInferenceApi} with all that it needs: a stand-in that speaks the
 * protocols of OpenAI, Anthropic and Google over HTTP, and a cache in SQLite.
 */
final class InferenceFixture implements AutoCloseable {

	static final String MODEL = "gpt-test";

	static final int MAX_CONCURRENCY = 4;

	/** The most threads where there are no virtual ones. */
	static final int THREADS = 32;

	private static final List<ProviderProtocol> PROTOCOLS = List.of(new OpenAiChatProtocol(),
			new AnthropicMessagesProtocol(), new GeminiProtocol(), new OpenAiResponsesProtocol(),
			new OpenAiCompletionsProtocol());

	final StandInProvider standIn = StandInProvider.start();

	/** Keeps everything that it is told. */
	final RecordingObserver observer = new RecordingObserver();

	private final Path directory;

	private final UnaryOperator<ProviderDefinitionBuilder> provider;

	private final int maxAttempts;

	private final MemorySettings memory;

	private final Function<Path, CacheStore> stores;

	private CacheMode mode = CacheMode.READ_WRITE;

	private boolean showValues;

	private @Nullable NamespaceResolver namespaces;

	DefaultCacheManager cache;

	DefaultInferenceApi api;

	private ProviderClient client;

	InferenceFixture(Path directory) {
		this(directory, UnaryOperator.identity(), 3);
	}

	InferenceFixture(Path directory, UnaryOperator<ProviderDefinitionBuilder> provider, int maxAttempts) {
		this(directory, provider, maxAttempts, MemorySettings.OFF, InferenceFixture::sqlite);
	}

	InferenceFixture(Path directory, UnaryOperator<ProviderDefinitionBuilder> provider, int maxAttempts,
			MemorySettings memory) {
		this(directory, provider, maxAttempts, memory, InferenceFixture::sqlite);
	}

	InferenceFixture(Path directory, UnaryOperator<ProviderDefinitionBuilder> provider, int maxAttempts,
			Function<Path, CacheStore> stores) {
		this(directory, provider, maxAttempts, MemorySettings.OFF, stores);
	}

	private InferenceFixture(Path directory, UnaryOperator<ProviderDefinitionBuilder> provider, int maxAttempts,
			MemorySettings memory, Function<Path, CacheStore> stores) {
		this.stores = stores;
		this.directory = directory;
		this.provider = provider;
		this.maxAttempts = maxAttempts;
		this.memory = memory;
		this.client = client();
		this.cache = cache();
		this.api = api();
	}

	/**
	 * Start anew on the same directory, as another process would.
	 */
	void restart() {
		closeApi();
		this.client = client();
		this.cache = cache();
		this.api = api();
	}

	/**
	 * Start anew on the same directory, in another mode.
	 */
	void restart(CacheMode mode) {
		this.mode = mode;
		restart();
	}

	/**
	 * Start anew on the same directory, with messages of misses that show values.
	 */
	void showValues() {
		this.showValues = true;
		restart();
	}

	/**
	 * Start anew on the same directory, with namespaces that are decided for requests.
	 */
	void resolveNamespaces(NamespaceResolver namespaces) {
		this.namespaces = namespaces;
		restart();
	}

	private static ProviderClient client() {
		return new ProviderClient(RestClient::builder, ClientHttpRequestFactoryBuilder.jdk(),
				HttpClientSettings.defaults(), 1_000_000, Clock.systemUTC());
	}

	private DefaultCacheManager cache() {
		return new DefaultCacheManager(
				this.stores.apply(this.directory), new CacheSettings(this.memory, 1_000_000, RetentionPolicy.UNLIMITED,
						false, Duration.ofMinutes(1), this.namespaces != null, SecretRedaction.NONE),
				Clock.systemUTC());
	}

	static CacheStore sqlite(Path directory) {
		return new SqliteCacheStore(SqliteSettings.of(directory), new EntryCodec(1_000_000));
	}

	private DefaultInferenceApi api() {
		ProviderDefinition openai = this.provider
			.apply(definition("openai").models(List.of("gpt*", "text-embedding*", "omni-moderation*")))
			.build();
		ProviderDefinition anthropic = definition("anthropic").build();
		ProviderDefinition gemini = definition("gemini").build();
		PriceTable prices = PriceTable.builder()
			.price(MODEL, ModelPrice.of(BigDecimal.valueOf(1), BigDecimal.valueOf(10)))
			.price("claude-test", ModelPrice.of(BigDecimal.valueOf(1), BigDecimal.valueOf(10)))
			.build();
		RetrySettings retry = new RetrySettings(this.maxAttempts, Duration.ofMillis(1), 2, Duration.ofMillis(5),
				Duration.ofSeconds(2));
		return new DefaultInferenceApi(new ProviderRouter(List.of(openai, anthropic, gemini)), this.client, this.cache,
				prices, new InferenceSettings(new CacheDefaults("", this.mode, this.namespaces), false, THREADS, retry,
						this.showValues),
				Clock.systemUTC(), this.observer);
	}

	private ProviderDefinitionBuilder definition(String name) {
		return ProviderDefinition.builder(name, PROTOCOLS)
			.baseUrl(this.standIn.baseUrl().toString())
			.cacheIdentity(name)
			.apiKey(StandInProvider.API_KEY)
			.maxConcurrency(MAX_CONCURRENCY)
			.timeout(Duration.ofMinutes(1));
	}

	ModelStatistics statistics() {
		return this.cache.statistics().total();
	}

	static InferenceRequest request(String question) {
		return builder(question).build();
	}

	static InferenceRequest.Builder builder(String question) {
		return InferenceRequest.builder(MODEL).user(question);
	}

	private void closeApi() {
		this.api.close();
		this.client.close();
		this.cache.close();
	}

	@Override
	public void close() {
		closeApi();
		this.standIn.close();
	}

}
