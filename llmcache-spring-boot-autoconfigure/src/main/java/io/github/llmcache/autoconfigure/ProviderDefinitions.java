package io.github.llmcache.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.github.llmcache.autoconfigure.LlmCacheProperties.Provider;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderPreset;
import io.github.llmcache.provider.ProviderProtocol;
import io.github.llmcache.provider.RateLimits;
import io.github.llmcache.provider.RateLimits.PerMinute;

import org.springframework.core.env.Environment;

/**
 * Creates the definitions of the providers: those with presets, and those that are
 * configured.
 */
final class ProviderDefinitions {

	private static final Provider UNCONFIGURED = new Provider(null, null, null, null, null, null, Map.of(), null, null,
			null, null, null, null, RateLimits.DEFAULT_FRACTION, Map.of());

	private ProviderDefinitions() {
	}

	static List<ProviderDefinition> create(Map<String, Provider> configured, List<ProviderProtocol> protocols,
			Environment environment) {
		Set<String> names = new LinkedHashSet<>();
		for (ProviderPreset preset : ProviderPreset.values()) {
			names.add(preset.providerName());
		}
		names.addAll(configured.keySet());
		List<ProviderDefinition> definitions = new ArrayList<>();
		for (String name : names) {
			checkCase(name);
			definitions.add(create(name, configured.getOrDefault(name, UNCONFIGURED), protocols, environment));
		}
		return definitions;
	}

	private static void checkCase(String name) {
		String lowerCase = name.toLowerCase(Locale.ROOT);
		if (!name.equals(lowerCase) && ProviderPreset.find(lowerCase).isPresent()) {
			throw new LlmCacheConfigurationException("There is no preset for a provider '" + name + "'.",
					"Write 'llmcache.providers." + lowerCase + "', or choose another name for a provider of your own.");
		}
	}

	private static ProviderDefinition create(String name, Provider provider, List<ProviderProtocol> protocols,
			Environment environment) {
		try {
			return ProviderDefinition.builder(name, protocols)
				.environment(environment::getProperty)
				.protocol(provider.protocol())
				.baseUrl(provider.baseUrl())
				.apiKey(provider.apiKey())
				.maxConcurrency(provider.maxConcurrency())
				.connectTimeout(provider.connectTimeout())
				.timeout(provider.timeout())
				.headers(provider.headers())
				.models(provider.models())
				.cacheIdentity(provider.cacheIdentity())
				.maxTokensParameter(provider.maxTokensParameter())
				.limits(limits(provider))
				.build();
		}
		catch (IllegalArgumentException ex) {
			throw new LlmCacheConfigurationException(
					"The provider '" + name + "' cannot be used: " + ex.getMessage() + ".",
					"Correct the properties below 'llmcache.providers." + name + "'.");
		}
	}

	private static RateLimits limits(Provider provider) {
		Map<String, PerMinute> models = new LinkedHashMap<>();
		provider.limits()
			.forEach((model, limits) -> models.put(model,
					new PerMinute(limits.requestsPerMinute(), limits.tokensPerMinute())));
		return new RateLimits(new PerMinute(provider.requestsPerMinute(), provider.tokensPerMinute()), models,
				provider.rateLimitFraction());
	}

}
