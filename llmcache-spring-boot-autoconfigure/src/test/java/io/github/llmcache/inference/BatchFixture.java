package io.github.llmcache.inference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.llmcache.CacheMode;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.NamespaceResolver;
import io.github.llmcache.cache.CacheSettings;
import io.github.llmcache.cache.DefaultCacheManager;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.MemorySettings;
import io.github.llmcache.cache.sqlite.SqliteCacheStore;
import io.github.llmcache.cache.sqlite.SqliteSettings;
import io.github.llmcache.pricing.ModelPrice;
import io.github.llmcache.pricing.PriceTable;
import io.github.llmcache.pricing.TokenPrices;
import io.github.llmcache.provider.ProviderClient;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderDefinitionBuilder;
import io.github.llmcache.provider.ProviderProtocol;
import io.github.llmcache.provider.ProviderRouter;
import io.github.llmcache.provider.StandInBatches;
import io.github.llmcache.provider.StandInProvider;
import io.github.llmcache.provider.anthropic.AnthropicMessagesProtocol;
import io.github.llmcache.provider.openai.OpenAiChatProtocol;
import io.github.llmcache.provider.openai.OpenAiCompletionsProtocol;
import io.github.llmcache.provider.openai.OpenAiResponsesProtocol;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.web.client.RestClient;

/**
 * {@link DefaultBatchInferenceApi} and {@link DefaultInferenceApi} with all that they
 * need: a stand-in that speaks the protocols of OpenAI and Anthropic over HTTP, and a
 * cache in SQLite with a journal beside it.
 */
final class BatchFixture implements AutoCloseable {

	static final String MODEL = "gpt-test";

	static final String CLAUDE = "claude-test";

	static final int MAX_ENTRY_SIZE = 20_000;

	final StandInBatches batches = new StandInBatches();

	final StandInProvider standIn = StandInProvider.start().answer(this.batches);

	/** By how much the clock is fast. */
	volatile Duration fast = Duration.ZERO;

	private final Path directory;

	private final List<ProviderProtocol> protocols;

	private final String protocol;

	private CacheMode mode = CacheMode.READ_WRITE;

	private @Nullable NamespaceResolver namespaces;

	DefaultCacheManager cache;

	DefaultBatchInferenceApi api;

	DefaultInferenceApi online;

	private ProviderClient client;

	BatchFixture(Path directory) {
		this(directory, "openai");
	}

	/**
	 * Create a fixture.
	 * @param directory where everything is kept
	 * @param protocol the protocol of the provider {@code openai}
	 */
	BatchFixture(Path directory, String protocol) {
		this(directory, List.of(new OpenAiChatProtocol(), new OpenAiResponsesProtocol(),
				new OpenAiCompletionsProtocol(), new AnthropicMessagesProtocol()), protocol);
	}

	BatchFixture(Path directory, List<ProviderProtocol> protocols) {
		this(directory, protocols, "openai");
	}

	private BatchFixture(Path directory, List<ProviderProtocol> protocols, String protocol) {
		this.directory = directory;
		this.protocols = protocols;
		this.protocol = protocol;
		this.client = client();
		this.cache = cache();
		this.api = api();
		this.online = online();
	}

	/**
	 * Start anew on the same directory, as another process would.
	 */
	void restart() {
		closeApis();
		this.client = client();
		this.cache = cache();
		this.api = api();
		this.online = online();
	}

	/**
	 * Start anew on the same directory, in another mode.
	 */
	void restart(CacheMode mode) {
		this.mode = mode;
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
				HttpClientSettings.defaults(), MAX_ENTRY_SIZE, Clock.systemUTC());
	}

	private DefaultCacheManager cache() {
		return new DefaultCacheManager(
				new SqliteCacheStore(SqliteSettings.of(this.directory), new EntryCodec(MAX_ENTRY_SIZE)),
				new CacheSettings(MemorySettings.OFF, MAX_ENTRY_SIZE), Clock.systemUTC());
	}

	DefaultBatchInferenceApi api() {
		return new DefaultBatchInferenceApi(router(), this.client, this.cache, prices(), settings(),
				new BatchSettings(this::journal, Duration.ofMillis(5), Duration.ofMillis(20)),
				() -> Clock.systemUTC().instant().plus(this.fast));
	}

	private DefaultInferenceApi online() {
		return new DefaultInferenceApi(router(), this.client, this.cache, prices(), settings(), Clock.systemUTC(),
				InferenceObserver.NONE);
	}

	private InferenceSettings settings() {
		return new InferenceSettings(new CacheDefaults("", this.mode, this.namespaces), false, 32,
				new RetrySettings(3, Duration.ofMillis(1), 2, Duration.ofMillis(5), Duration.ofSeconds(2)));
	}

	private static PriceTable prices() {
		ModelPrice price = ModelPrice.of(BigDecimal.valueOf(2), BigDecimal.valueOf(10))
			.withBatch(TokenPrices.of(BigDecimal.valueOf(1), BigDecimal.valueOf(5)));
		return PriceTable.builder().price(MODEL, price).price(CLAUDE, price).build();
	}

	private ProviderRouter router() {
		List<ProviderDefinition> definitions = new ArrayList<>(
				List.of(definition("openai", "gpt*").protocol(this.protocol).build()));
		if (this.protocols.size() > 1) {
			definitions.add(definition("anthropic", "claude*").build());
		}
		return new ProviderRouter(definitions);
	}

	private ProviderDefinitionBuilder definition(String name, String models) {
		return ProviderDefinition.builder(name, this.protocols)
			.baseUrl(this.standIn.baseUrl().toString())
			.cacheIdentity(name)
			.apiKey(StandInProvider.API_KEY)
			.models(List.of(models))
			.timeout(Duration.ofMinutes(1));
	}

	Path journal() {
		return this.directory.resolve("batches");
	}

	/**
	 * Return the files of the journal, but for those of the locks.
	 */
	List<Path> journalFiles() {
		if (!Files.exists(journal())) {
			return List.of();
		}
		try (Stream<Path> files = Files.list(journal())) {
			return new ArrayList<>(files.filter((file) -> !file.toString().endsWith(".lock")).toList());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static List<InferenceRequest> requests(int count) {
		return requests(MODEL, count);
	}

	static List<InferenceRequest> requests(String model, int count) {
		return IntStream.range(0, count).mapToObj((i) -> builder(model, "Question " + i).build()).toList();
	}

	static InferenceRequest.Builder builder(String model, String question) {
		return InferenceRequest.builder(model).user(question);
	}

	private void closeApis() {
		this.api.close();
		this.online.close();
		this.client.close();
		this.cache.close();
	}

	@Override
	public void close() {
		closeApis();
		this.standIn.close();
	}

}
