package io.github.llmcache.provider;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link ProviderDefinition}. Every setter takes {@code null}, which keeps the
 * preset's value or the default.
 */
public final class ProviderDefinitionBuilder {

	/**
	 * The most calls at the same time unless configured: calls take seconds, so 16 keep a
	 * provider busy, while the lowest paid rate limits and a server of one's own can
	 * still take them.
	 */
	private static final int DEFAULT_MAX_CONCURRENCY = 16;

	/** The most time to connect unless configured. */
	private static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

	/**
	 * The most time for a call unless configured: long answers take minutes, and nothing
	 * is received before the last word of them is there.
	 */
	private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);

	private final String name;

	private final Collection<? extends ProviderProtocol> protocols;

	private final @Nullable ProviderPreset preset;

	private @Nullable String protocol;

	private @Nullable String baseUrl;

	private @Nullable String apiKey;

	private Function<String, @Nullable String> environment = (variable) -> null;

	private @Nullable Integer maxConcurrency;

	private @Nullable Duration connectTimeout;

	private @Nullable Duration timeout;

	private Map<String, String> headers = Map.of();

	private @Nullable List<String> models;

	private @Nullable String cacheIdentity;

	private @Nullable String maxTokensParameter;

	private RateLimits limits = RateLimits.NONE;

	ProviderDefinitionBuilder(String name, Collection<? extends ProviderProtocol> protocols) {
		this.name = name;
		this.protocols = List.copyOf(protocols);
		this.preset = ProviderPreset.find(name).orElse(null);
	}

	/**
	 * Set the name of the protocol.
	 * @param protocol the name of one of the protocols
	 * @return this builder
	 */
	public ProviderDefinitionBuilder protocol(@Nullable String protocol) {
		this.protocol = protocol;
		return this;
	}

	/**
	 * Set the URL below which the operations are. With a URL of one's own, the key of a
	 * preset becomes optional: there may be a server behind it that wants none.
	 * @param baseUrl the URL
	 * @return this builder
	 */
	public ProviderDefinitionBuilder baseUrl(@Nullable String baseUrl) {
		this.baseUrl = baseUrl;
		return this;
	}

	/**
	 * Set the key. Blank is the same as {@code null}, and white space around it is not
	 * part of it.
	 * @param apiKey the key
	 * @return this builder
	 */
	public ProviderDefinitionBuilder apiKey(@Nullable String apiKey) {
		this.apiKey = stripToNull(apiKey);
		return this;
	}

	/**
	 * Set where to look up the preset's environment variables for a key that is not set.
	 * @param environment returns the value of a variable, or {@code null}
	 * @return this builder
	 */
	public ProviderDefinitionBuilder environment(Function<String, @Nullable String> environment) {
		this.environment = environment;
		return this;
	}

	/**
	 * Set the most calls at the same time.
	 * @param maxConcurrency the number of calls
	 * @return this builder
	 */
	public ProviderDefinitionBuilder maxConcurrency(@Nullable Integer maxConcurrency) {
		this.maxConcurrency = maxConcurrency;
		return this;
	}

	/**
	 * Set the most time to connect.
	 * @param connectTimeout the time
	 * @return this builder
	 */
	public ProviderDefinitionBuilder connectTimeout(@Nullable Duration connectTimeout) {
		this.connectTimeout = connectTimeout;
		return this;
	}

	/**
	 * Set the most time from sending a request to the end of its response.
	 * @param timeout the time
	 * @return this builder
	 */
	public ProviderDefinitionBuilder timeout(@Nullable Duration timeout) {
		this.timeout = timeout;
		return this;
	}

	/**
	 * Set headers to send with every request.
	 * @param headers the headers
	 * @return this builder
	 */
	public ProviderDefinitionBuilder headers(@Nullable Map<String, String> headers) {
		this.headers = (headers != null) ? headers : Map.of();
		return this;
	}

	/**
	 * Set the patterns of the models that the provider answers for. An empty list takes
	 * away those of the preset.
	 * @param models the patterns
	 * @return this builder
	 */
	public ProviderDefinitionBuilder models(@Nullable List<String> models) {
		this.models = models;
		return this;
	}

	/**
	 * Set the identity of the endpoint in cache keys.
	 * @param cacheIdentity the identity
	 * @return this builder
	 */
	public ProviderDefinitionBuilder cacheIdentity(@Nullable String cacheIdentity) {
		this.cacheIdentity = cacheIdentity;
		return this;
	}

	/**
	 * Set the name under which the provider wants the most tokens to answer.
	 * @param maxTokensParameter the name
	 * @return this builder
	 */
	public ProviderDefinitionBuilder maxTokensParameter(@Nullable String maxTokensParameter) {
		this.maxTokensParameter = maxTokensParameter;
		return this;
	}

	/**
	 * Set how much the provider may be asked.
	 * @param limits the limits
	 * @return this builder
	 */
	public ProviderDefinitionBuilder limits(@Nullable RateLimits limits) {
		this.limits = orElse(limits, RateLimits.NONE);
		return this;
	}

	/**
	 * Build the definition.
	 * @return the definition
	 * @throws IllegalArgumentException if a value is missing or cannot be used; the
	 * message names the property
	 */
	public ProviderDefinition build() {
		String key = resolveApiKey();
		boolean keyRequired = this.preset != null && this.preset.isApiKeyRequired() && this.baseUrl == null;
		return new ProviderDefinition(this.name, resolveProtocol(), resolveBaseUrl(), key, keyRequired,
				orElse(this.maxConcurrency, DEFAULT_MAX_CONCURRENCY),
				orElse(this.connectTimeout, DEFAULT_CONNECT_TIMEOUT), orElse(this.timeout, DEFAULT_TIMEOUT),
				resolveHeaders(key), resolveModels(), this.cacheIdentity, resolveMaxTokensParameter(), this.limits);
	}

	private ProviderProtocol resolveProtocol() {
		String wanted = this.protocol;
		if (wanted == null && this.preset != null) {
			wanted = this.preset.protocol();
		}
		for (ProviderProtocol candidate : this.protocols) {
			if (candidate.name().equals(wanted)) {
				return candidate;
			}
		}
		String property = ProviderDefinition.property(this.name, "protocol");
		List<String> known = this.protocols.stream().map(ProviderProtocol::name).sorted().toList();
		throw new IllegalArgumentException((wanted != null)
				? property + " must be one of " + String.join(", ", known) + ", not " + Text.quote(wanted)
				: property + " must be set, to one of " + String.join(", ", known)
						+ ", because there is no preset of that name");
	}

	private URI resolveBaseUrl() {
		if (this.baseUrl != null) {
			try {
				return new URI(this.baseUrl.strip());
			}
			catch (URISyntaxException ex) {
				// The cause would quote the URL, and that can hold a key
				throw new IllegalArgumentException(
						ProviderDefinition.property(this.name, "base-url") + " is not a URL");
			}
		}
		if (this.preset != null) {
			return this.preset.baseUrl();
		}
		throw new IllegalArgumentException(ProviderDefinition.property(this.name, "base-url")
				+ " must be set, because there is no preset of that name");
	}

	private @Nullable String resolveApiKey() {
		if (this.apiKey != null || this.preset == null) {
			return this.apiKey;
		}
		for (String variable : this.preset.apiKeyVariables()) {
			String value = stripToNull(this.environment.apply(variable));
			if (value != null) {
				return value;
			}
		}
		return null;
	}

	private Map<String, String> resolveHeaders(@Nullable String key) {
		String keyHeader = (this.preset != null) ? this.preset.apiKeyHeader() : null;
		if (key == null || keyHeader == null
				|| ProviderValidation.caseInsensitive(this.headers.keySet()).contains(keyHeader)) {
			return this.headers;
		}
		Map<String, String> resolved = new LinkedHashMap<>(this.headers);
		resolved.put(keyHeader, key);
		return resolved;
	}

	private List<String> resolveModels() {
		if (this.models != null) {
			return this.models;
		}
		return (this.preset != null) ? this.preset.models() : List.of();
	}

	private String resolveMaxTokensParameter() {
		if (this.maxTokensParameter != null) {
			return this.maxTokensParameter;
		}
		return (this.preset != null) ? this.preset.maxTokensParameter() : "max_tokens";
	}

	private static <T> T orElse(@Nullable T value, T other) {
		return (value != null) ? value : other;
	}

	private static @Nullable String stripToNull(@Nullable String value) {
		return (value != null && !value.isBlank()) ? value.strip() : null;
	}

}
