package io.github.llmcache.provider;

import java.net.URI;
import java.time.Duration;
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
 * @param apiKey the key, or {@code null} if there is none. Never part of a cache key, a
 * log line or an exception
 * @param apiKeyRequired whether it cannot be asked without a key
 * @param maxConcurrency the most calls at the same time
 * @param connectTimeout the most time to connect
 * @param timeout the most time from sending a request to the end of its response
 * @param headers headers to send with every request
 * @param models patterns of the models that it answers for: an id, or a prefix followed
 * by {@code *}
 * @param cacheIdentity the identity of its endpoint in cache keys, or {@code null} for
 * its normalised base URL
 * @param maxTokensParameter the name under which it wants the most tokens to answer
 */
public record ProviderDefinition(String name, ProviderProtocol protocol, URI baseUrl, @Nullable String apiKey,
		boolean apiKeyRequired, int maxConcurrency, Duration connectTimeout, Duration timeout,
		Map<String, String> headers, List<String> models, @Nullable String cacheIdentity, String maxTokensParameter) {

	public ProviderDefinition {
		Objects.requireNonNull(name, "'name' must not be null");
		Objects.requireNonNull(protocol, "'protocol' must not be null");
		Objects.requireNonNull(baseUrl, "'baseUrl' must not be null");
		Objects.requireNonNull(connectTimeout, "'connectTimeout' must not be null");
		Objects.requireNonNull(timeout, "'timeout' must not be null");
		Objects.requireNonNull(maxTokensParameter, "'maxTokensParameter' must not be null");
		headers = Map.copyOf(headers);
		models = List.copyOf(models);
	}

	/**
	 * Describe the provider without its key and headers.
	 */
	@Override
	public String toString() {
		return "ProviderDefinition[name=" + this.name + ", protocol=" + this.protocol.name() + ", baseUrl="
				+ this.baseUrl + "]";
	}

}
