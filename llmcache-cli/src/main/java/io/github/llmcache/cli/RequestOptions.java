package io.github.llmcache.cli;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.CacheMode;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.MissExplanation;
import io.github.llmcache.actuate.endpoint.InferenceRequestReader;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.inference.CacheDefaults;
import io.github.llmcache.inference.DefaultInferenceApi;
import io.github.llmcache.inference.InferenceObserver;
import io.github.llmcache.inference.InferenceSettings;
import io.github.llmcache.inference.RetrySettings;
import io.github.llmcache.pricing.PriceTable;
import io.github.llmcache.provider.ProviderClient;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderPreset;
import io.github.llmcache.provider.ProviderProtocol;
import io.github.llmcache.provider.ProviderRouter;
import io.github.llmcache.provider.anthropic.AnthropicMessagesProtocol;
import io.github.llmcache.provider.gemini.GeminiProtocol;
import io.github.llmcache.provider.openai.OpenAiChatProtocol;
import io.github.llmcache.provider.openai.OpenAiCompletionsProtocol;
import io.github.llmcache.provider.openai.OpenAiResponsesProtocol;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.web.client.RestClient;

/**
 * Options that say how an application would ask: to whom, and under which name.
 */
final class RequestOptions {

	/** Of calls, which are never made. */
	private static final RetrySettings NO_RETRY = new RetrySettings(1, Duration.ZERO, 1, Duration.ZERO, Duration.ZERO);

	private static final String OWN_PROVIDER = "own";

	@Option(names = { "-p", "--provider" }, paramLabel = "NAME",
			description = "The provider. Default: the one that the model's id or the request names")
	private @Nullable String provider;

	@Option(names = { "-n", "--namespace" }, paramLabel = "NAMESPACE", defaultValue = "",
			description = "The namespace of requests that name none, as llmcache.namespace of the application")
	private String namespace = "";

	@Option(names = "--base-url", paramLabel = "URL", description = "The URL of an endpoint of one's own")
	private @Nullable String baseUrl;

	@Option(names = "--cache-identity", paramLabel = "NAME",
			description = "The endpoint's name in keys, as llmcache.providers.<name>.cache-identity")
	private @Nullable String cacheIdentity;

	@Option(names = "--protocol", paramLabel = "NAME",
			description = "The endpoint's protocol, as llmcache.providers.<name>.protocol. "
					+ "Default: that of the provider, or else openai")
	private @Nullable String protocol;

	/**
	 * Explain what becomes of a request.
	 * @param json the request
	 * @param cache the cache
	 * @param clock the clock
	 * @return the explanation
	 * @throws CliException if it is no request
	 */
	MissExplanation explain(String json, CacheManager cache, Clock clock) {
		WireRequestFile wire = WireRequestFile.parse(json, this.namespace);
		if (wire != null) {
			return wire.explain(cache);
		}
		InferenceRequest request;
		try {
			request = new InferenceRequestReader().read(json);
		}
		catch (IllegalArgumentException ex) {
			throw new CliException("This is no request: " + ex.getMessage());
		}
		if (this.provider != null || isOwn()) {
			request = request.toBuilder().provider(providerName()).build();
		}
		InferenceSettings settings = new InferenceSettings(new CacheDefaults(this.namespace, CacheMode.READ_WRITE),
				false, 1, NO_RETRY);
		try (ProviderClient client = new ProviderClient(RestClient::builder, ClientHttpRequestFactoryBuilder.jdk(),
				HttpClientSettings.defaults(), 1, clock);
				DefaultInferenceApi inference = new DefaultInferenceApi(new ProviderRouter(providers()), client, cache,
						PriceTable.builder().bundled(false).build(), settings, clock, InferenceObserver.NONE)) {
			return inference.explain(request);
		}
	}

	private boolean isOwn() {
		return this.baseUrl != null || this.cacheIdentity != null || this.protocol != null;
	}

	private String providerName() {
		return (this.provider != null) ? this.provider : OWN_PROVIDER;
	}

	private List<ProviderDefinition> providers() {
		List<ProviderProtocol> protocols = List.of(new OpenAiChatProtocol(), new AnthropicMessagesProtocol(),
				new GeminiProtocol(), new OpenAiResponsesProtocol(), new OpenAiCompletionsProtocol());
		List<ProviderDefinition> providers = new ArrayList<>();
		for (ProviderPreset preset : ProviderPreset.values()) {
			String name = preset.providerName();
			providers.add((isOwn() && name.equals(this.provider)) ? own(name, protocols)
					: ProviderDefinition.builder(name, protocols).build());
		}
		if (isOwn() && ProviderPreset.find(providerName()).isEmpty()) {
			providers.add(own(providerName(), protocols));
		}
		return providers;
	}

	private ProviderDefinition own(String name, List<ProviderProtocol> protocols) {
		boolean preset = ProviderPreset.find(name).isPresent();
		try {
			return ProviderDefinition.builder(name, protocols)
				.protocol((this.protocol == null && !preset) ? "openai" : this.protocol)
				.baseUrl((this.baseUrl == null && !preset) ? "http://localhost" : this.baseUrl)
				.cacheIdentity(this.cacheIdentity)
				.build();
		}
		catch (IllegalArgumentException ex) {
			throw CliException.usage("The endpoint cannot be used: " + ex.getMessage());
		}
	}

}
