package io.github.llmcache.provider;

import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A configured provider.
 *
 * @param name the name under which it is configured
 * @param protocol the protocol that it speaks
 * @param baseUrl the URL below which its operations are
 * @param apiKey the key, or {@code null} if there is none; blank is none. Never part of a
 * cache key, a log line or an exception
 * @param apiKeyRequired whether it cannot be asked without a key
 * @param maxConcurrency the most calls at the same time
 * @param connectTimeout the most time to connect
 * @param timeout the most time from sending a request to the end of its response
 * @param headers headers to send with every request; they go before those of the protocol
 * @param models patterns of the models that it answers for: an id, or a prefix followed
 * by {@code *}
 * @param cacheIdentity the identity of its endpoint in cache keys, or {@code null} for
 * its normalised base URL
 * @param maxTokensParameter the name under which it wants the most tokens to answer
 * @param limits how much it may be asked
 */
public record ProviderDefinition(String name, ProviderProtocol protocol, URI baseUrl, @Nullable String apiKey,
		boolean apiKeyRequired, int maxConcurrency, Duration connectTimeout, Duration timeout,
		Map<String, String> headers, List<String> models, @Nullable String cacheIdentity, String maxTokensParameter,
		RateLimits limits) {

	public ProviderDefinition {
		Objects.requireNonNull(name, "'name' must not be null");
		Objects.requireNonNull(protocol, "'protocol' must not be null");
		Objects.requireNonNull(baseUrl, "'baseUrl' must not be null");
		Objects.requireNonNull(connectTimeout, "'connectTimeout' must not be null");
		Objects.requireNonNull(timeout, "'timeout' must not be null");
		Objects.requireNonNull(maxTokensParameter, "'maxTokensParameter' must not be null");
		Objects.requireNonNull(limits, "'limits' must not be null");
		apiKey = (apiKey != null && !apiKey.isBlank()) ? apiKey : null;
		headers = Map.copyOf(headers);
		models = List.copyOf(models);
		ProviderValidation validation = new ProviderValidation(name);
		validation.baseUrl(baseUrl);
		validation.apiKey(apiKey);
		validation.positive("max-concurrency", maxConcurrency);
		validation.positive("connect-timeout", connectTimeout);
		validation.positive("timeout", timeout);
		validation.headers(headers);
		validation.models(models);
		validation.notBlank("cache-identity", cacheIdentity);
		validation.notBlank("max-tokens-parameter", maxTokensParameter);
		limits.validate(validation);
	}

	/**
	 * Return the name of a property of a provider, for messages.
	 */
	static String property(String provider, String property) {
		return "llmcache.providers." + provider + "." + property;
	}

	String property(String property) {
		return property(this.name, property);
	}

	/**
	 * Return what tells this provider's endpoint from others in cache keys.
	 * @return the configured identity, or else the normalised base URL
	 */
	public String endpointIdentity() {
		return (this.cacheIdentity != null) ? this.cacheIdentity : EndpointIdentity.of(this.baseUrl);
	}

	/**
	 * Describe the provider without its key and headers.
	 */
	@Override
	public String toString() {
		return "ProviderDefinition[name=" + this.name + ", protocol=" + this.protocol.name() + ", baseUrl="
				+ this.baseUrl + "]";
	}

	/**
	 * Start the definition of a provider: with the values of the preset of that name, if
	 * there is one.
	 * @param name the name under which the provider is configured
	 * @param protocols the protocols to choose from
	 * @return a builder
	 */
	public static ProviderDefinitionBuilder builder(String name, Collection<? extends ProviderProtocol> protocols) {
		return new ProviderDefinitionBuilder(name, protocols);
	}

}
