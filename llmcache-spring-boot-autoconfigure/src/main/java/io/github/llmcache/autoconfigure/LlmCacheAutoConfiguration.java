package io.github.llmcache.autoconfigure;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.BatchInferenceApi;
import io.github.llmcache.CacheMode;
import io.github.llmcache.InferenceApi;
import io.github.llmcache.NamespaceResolver;
import io.github.llmcache.autoconfigure.LlmCacheProperties.Batch;
import io.github.llmcache.autoconfigure.LlmCacheProperties.Memory;
import io.github.llmcache.autoconfigure.LlmCacheProperties.Retry;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheObserver;
import io.github.llmcache.cache.CacheSettings;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.DefaultCacheManager;
import io.github.llmcache.cache.MemorySettings;
import io.github.llmcache.cache.RetentionPolicy;
import io.github.llmcache.cache.encryption.EncryptionKeys;
import io.github.llmcache.cache.encryption.StoreEncryption;
import io.github.llmcache.inference.BatchSettings;
import io.github.llmcache.inference.CacheDefaults;
import io.github.llmcache.inference.DefaultBatchInferenceApi;
import io.github.llmcache.inference.DefaultInferenceApi;
import io.github.llmcache.inference.InferenceObserver;
import io.github.llmcache.inference.InferenceSettings;
import io.github.llmcache.inference.RetrySettings;
import io.github.llmcache.pricing.PriceTable;
import io.github.llmcache.provider.ProviderClient;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderProtocol;
import io.github.llmcache.provider.ProviderRouter;
import io.github.llmcache.provider.anthropic.AnthropicMessagesProtocol;
import io.github.llmcache.provider.gemini.GeminiProtocol;
import io.github.llmcache.provider.openai.OpenAiChatProtocol;
import io.github.llmcache.provider.openai.OpenAiCompletionsProtocol;
import io.github.llmcache.provider.openai.OpenAiResponsesProtocol;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientBuilderConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.web.client.RestClient;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of {@link InferenceApi},
 * {@link BatchInferenceApi} and their {@link CacheManager}.
 */
@AutoConfiguration(after = RestClientAutoConfiguration.class)
@EnableConfigurationProperties(LlmCacheProperties.class)
@Import({ SqliteStoreConfiguration.class, FileStoreConfiguration.class, RedisStoreConfiguration.class,
		MissingStoreConfiguration.class, TranscriptConfiguration.class, SanitizingConfiguration.class })
public final class LlmCacheAutoConfiguration {

	private static final Log logger = LogFactory.getLog(LlmCacheAutoConfiguration.class);

	private static final int MAX_PLATFORM_THREADS = 512;

	private final LlmCacheProperties properties;

	private final Clock clock = Clock.systemUTC();

	LlmCacheAutoConfiguration(LlmCacheProperties properties) {
		this.properties = properties;
	}

	@Bean
	@ConditionalOnMissingBean
	RetentionPolicy llmCacheRetentionPolicy() {
		return new ConfiguredRetention(this.properties);
	}

	@Bean
	@ConditionalOnMissingBean
	StoreEncryption llmCacheStoreEncryption(ObjectProvider<EncryptionKeys> keys) {
		return new StoreEncryption(keys.getIfAvailable(this.properties.encryption()::keys),
				this.properties.maxEntrySize().toBytes(), this.clock);
	}

	@Bean
	@ConditionalOnMissingBean
	CacheManager llmCacheManager(ObjectProvider<CacheStore> store, StoreEncryption encryption,
			RetentionPolicy retention, ObjectProvider<CacheObserver> observers,
			ObjectProvider<NamespaceResolver> namespaces) {
		Memory memory = this.properties.memory();
		return new DefaultCacheManager(
				this.properties.enabled() ? EncryptionAtStart.over(store.getObject(), encryption) : null,
				new CacheSettings(new MemorySettings(memory.maximumSize().toBytes(), memory.timeToLive()),
						this.properties.maxEntrySize().toBytes(), retention, Upkeep.isWanted(this.properties),
						this.properties.maintenance().interval(), namespaces.getIfAvailable() != null,
						this.properties.redaction().toRedaction()),
				this.clock, observers.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean
	ProviderRouter llmCacheProviderRouter(ObjectProvider<ProviderProtocol> customProtocols, Environment environment) {
		List<ProviderProtocol> protocols = new ArrayList<>(
				List.of(new OpenAiChatProtocol(), new AnthropicMessagesProtocol(), new GeminiProtocol()));
		protocols.addAll(List.of(new OpenAiResponsesProtocol(), new OpenAiCompletionsProtocol()));
		protocols.addAll(customProtocols.orderedStream().toList());
		return new ProviderRouter(ProviderDefinitions.create(this.properties.providers(), protocols, environment));
	}

	@Bean
	@ConditionalOnMissingBean
	ProviderClient llmCacheProviderClient(ObjectProvider<RestClient.Builder> restClientBuilder,
			ObjectProvider<RestClientBuilderConfigurer> restClientBuilderConfigurer,
			ObjectProvider<HttpClientSettings> httpClientSettings,
			ObjectProvider<ClientHttpRequestFactoryBuilder<?>> requestFactoryBuilder) {
		return new ProviderClient(
				() -> restClientBuilder.getIfUnique(() -> newBuilder(restClientBuilderConfigurer.getIfUnique())),
				jdk(requestFactoryBuilder), httpClientSettings.getIfUnique(HttpClientSettings::defaults),
				(int) this.properties.maxEntrySize().toBytes(), this.clock);
	}

	/**
	 * The builder if the application has none, or several for purposes of its own.
	 */
	private static RestClient.Builder newBuilder(@Nullable RestClientBuilderConfigurer configurer) {
		RestClient.Builder builder = RestClient.builder();
		return (configurer != null) ? configurer.configure(builder) : builder;
	}

	/**
	 * The JDK's client is the one whose calls end when their thread is interrupted. The
	 * application's builder of it is used if it has one, with what it has customized.
	 */
	private static JdkClientHttpRequestFactoryBuilder jdk(
			ObjectProvider<ClientHttpRequestFactoryBuilder<?>> requestFactoryBuilder) {
		return (requestFactoryBuilder.getIfUnique() instanceof JdkClientHttpRequestFactoryBuilder jdk) ? jdk
				: ClientHttpRequestFactoryBuilder.jdk();
	}

	@Bean
	@ConditionalOnMissingBean
	PriceTable llmCachePriceTable() {
		return PriceTables.create(this.properties.prices(), this.properties.providers());
	}

	@Bean
	@ConditionalOnMissingBean(InferenceApi.class)
	DefaultInferenceApi inferenceApi(ProviderRouter router, ProviderClient client, CacheManager cacheManager,
			PriceTable prices, ObjectProvider<InferenceObserver> observers,
			ObjectProvider<NamespaceResolver> namespaces) {
		logger.debug("Mode of the cache: " + mode());
		return new DefaultInferenceApi(router, client, cacheManager, prices,
				settings(router.providers(), namespaces.getIfAvailable()), this.clock,
				InferenceObserver.all(observers.orderedStream().toList()));
	}

	@Bean
	@ConditionalOnMissingBean(BatchInferenceApi.class)
	DefaultBatchInferenceApi batchInferenceApi(ProviderRouter router, ProviderClient client, CacheManager cacheManager,
			PriceTable prices, Environment environment, ObjectProvider<NamespaceResolver> namespaces) {
		Batch batch = this.properties.batch();
		BatchSettings batches = new BatchSettings(
				() -> CacheDirectory.resolve(this.properties.directory(), environment).resolve("batches"),
				batch.pollInterval(), batch.maxPollInterval());
		return new DefaultBatchInferenceApi(router, client, cacheManager, prices,
				settings(router.providers(), namespaces.getIfAvailable()), batches, this.clock);
	}

	private CacheMode mode() {
		return this.properties.enabled() ? this.properties.mode() : CacheMode.OFF;
	}

	private InferenceSettings settings(List<ProviderDefinition> providers, @Nullable NamespaceResolver namespaces) {
		Retry retry = this.properties.retry();
		int threads = 0;
		for (ProviderDefinition provider : providers) {
			threads += provider.maxConcurrency();
		}
		return new InferenceSettings(
				new CacheDefaults(this.properties.namespace(), mode(), namespaces), this.properties.storeRefusals(),
				Math.max(1, Math.min(threads, MAX_PLATFORM_THREADS)), new RetrySettings(retry.maxAttempts(),
						retry.initialInterval(), retry.multiplier(), retry.maxInterval(), retry.maxRetryAfter()),
				this.properties.explain().showValues());
	}

}
