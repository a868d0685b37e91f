package io.github.llmcache.provider;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

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
 */
public record ProviderDefinition(String name, ProviderProtocol protocol, URI baseUrl, @Nullable String apiKey,
		boolean apiKeyRequired, int maxConcurrency, Duration connectTimeout, Duration timeout,
		Map<String, String> headers, List<String> models, @Nullable String cacheIdentity, String maxTokensParameter) {

	/**
	 * The most calls at the same time unless configured: calls take seconds, so 16 keep a
	 * provider busy, while the lowest paid rate limits and a server of one's own can
	 * still take them.
	 */
	public static final int DEFAULT_MAX_CONCURRENCY = 16;

	/** The most time to connect unless configured. */
	public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

	/**
	 * The most time for a call unless configured: long answers take minutes, and nothing
	 * is received before the last word of them is there.
	 */
	public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);

	private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

	/** What a header value may hold: no line breaks, so that it stays one header. */
	private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7E\\t]*");

	private static final Pattern API_KEY = Pattern.compile("[\\x21-\\x7E]+");

	private static final Set<String> RESERVED_HEADERS = caseInsensitive(Set.of("Accept", "Connection", "Content-Length",
			"Content-Type", "Expect", "Host", "Transfer-Encoding", "Upgrade"));

	public ProviderDefinition {
		Objects.requireNonNull(name, "'name' must not be null");
		Objects.requireNonNull(protocol, "'protocol' must not be null");
		Objects.requireNonNull(baseUrl, "'baseUrl' must not be null");
		Objects.requireNonNull(connectTimeout, "'connectTimeout' must not be null");
		Objects.requireNonNull(timeout, "'timeout' must not be null");
		Objects.requireNonNull(maxTokensParameter, "'maxTokensParameter' must not be null");
		apiKey = (apiKey != null && !apiKey.isBlank()) ? apiKey : null;
		headers = Map.copyOf(headers);
		models = List.copyOf(models);
		check(!name.isBlank(), "llmcache.providers has a provider without a name");
		checkBaseUrl(name, baseUrl);
		check(apiKey == null || API_KEY.matcher(apiKey).matches(),
				property(name, "api-key") + " must not contain spaces, line breaks or characters other than ASCII");
		check(maxConcurrency > 0, property(name, "max-concurrency") + " must be positive");
		check(isPositive(connectTimeout), property(name, "connect-timeout") + " must be positive");
		check(isPositive(timeout), property(name, "timeout") + " must be positive");
		checkHeaders(name, headers);
		models.forEach((pattern) -> check(isPattern(pattern), property(name, "models")
				+ " must hold ids, or prefixes followed by one '*', not " + Text.quote(pattern)));
		check(cacheIdentity == null || !cacheIdentity.isBlank(),
				property(name, "cache-identity") + " must not be blank");
		check(!maxTokensParameter.isBlank(), property(name, "max-tokens-parameter") + " must not be blank");
	}

	private static void checkBaseUrl(String name, URI baseUrl) {
		String property = property(name, "base-url");
		check("http".equalsIgnoreCase(baseUrl.getScheme()) || "https".equalsIgnoreCase(baseUrl.getScheme()),
				property + " must start with http:// or https://");
		// Not quoted in any message: user information and query can hold a key
		check(baseUrl.getHost() != null, property
				+ " must have a host of ASCII letters, digits, '-' and '.' (an internationalised one in its xn-- form)");
		check(baseUrl.getPort() <= 65535, property + " must have a port up to 65535");
		check(baseUrl.getRawUserInfo() == null,
				property + " must not contain a user or password: set " + property(name, "api-key") + " or headers");
		check(baseUrl.getRawQuery() == null && baseUrl.getRawFragment() == null,
				property + " must not contain a query or fragment");
	}

	private static void checkHeaders(String name, Map<String, String> headers) {
		String property = property(name, "headers");
		headers.forEach((header, value) -> {
			check(HEADER_NAME.matcher(header).matches(),
					property + " must hold names of headers, not " + Text.quote(header));
			check(!RESERVED_HEADERS.contains(header),
					property + " must not contain " + header + ", which is set for you");
			check(HEADER_VALUE.matcher(value).matches(), property + "." + header
					+ " must not contain line breaks, control characters or characters other than ASCII");
		});
		check(caseInsensitive(headers.keySet()).size() == headers.size(),
				property + " must not contain a header twice in different case");
	}

	private static Set<String> caseInsensitive(Collection<String> names) {
		Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
		set.addAll(names);
		return set;
	}

	private static boolean isPattern(String pattern) {
		int star = pattern.indexOf('*');
		return !pattern.isBlank() && (star == -1 || star == pattern.length() - 1);
	}

	private static boolean isPositive(Duration duration) {
		return !duration.isNegative() && !duration.isZero();
	}

	private static void check(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

	private static String property(String provider, String property) {
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
	public static Builder builder(String name, Collection<? extends ProviderProtocol> protocols) {
		return new Builder(name, protocols);
	}

	/**
	 * Builds a definition. Every setter takes {@code null}, which keeps the preset's
	 * value or the default.
	 */
	public static final class Builder {

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

		private Builder(String name, Collection<? extends ProviderProtocol> protocols) {
			this.name = name;
			this.protocols = List.copyOf(protocols);
			this.preset = ProviderPreset.find(name).orElse(null);
		}

		/**
		 * Set the name of the protocol.
		 * @param protocol the name of one of the protocols
		 * @return this builder
		 */
		public Builder protocol(@Nullable String protocol) {
			this.protocol = protocol;
			return this;
		}

		/**
		 * Set the URL below which the operations are. With a URL of one's own, the key of
		 * a preset becomes optional: there may be a server behind it that wants none.
		 * @param baseUrl the URL
		 * @return this builder
		 */
		public Builder baseUrl(@Nullable String baseUrl) {
			this.baseUrl = baseUrl;
			return this;
		}

		/**
		 * Set the key. Blank is the same as {@code null}, and white space around it is
		 * not part of it.
		 * @param apiKey the key
		 * @return this builder
		 */
		public Builder apiKey(@Nullable String apiKey) {
			this.apiKey = stripToNull(apiKey);
			return this;
		}

		/**
		 * Set where to look up the preset's environment variables for a key that is not
		 * set.
		 * @param environment returns the value of a variable, or {@code null}
		 * @return this builder
		 */
		public Builder environment(Function<String, @Nullable String> environment) {
			this.environment = environment;
			return this;
		}

		/**
		 * Set the most calls at the same time.
		 * @param maxConcurrency the number of calls
		 * @return this builder
		 */
		public Builder maxConcurrency(@Nullable Integer maxConcurrency) {
			this.maxConcurrency = maxConcurrency;
			return this;
		}

		/**
		 * Set the most time to connect.
		 * @param connectTimeout the time
		 * @return this builder
		 */
		public Builder connectTimeout(@Nullable Duration connectTimeout) {
			this.connectTimeout = connectTimeout;
			return this;
		}

		/**
		 * Set the most time from sending a request to the end of its response.
		 * @param timeout the time
		 * @return this builder
		 */
		public Builder timeout(@Nullable Duration timeout) {
			this.timeout = timeout;
			return this;
		}

		/**
		 * Set headers to send with every request.
		 * @param headers the headers
		 * @return this builder
		 */
		public Builder headers(@Nullable Map<String, String> headers) {
			this.headers = (headers != null) ? headers : Map.of();
			return this;
		}

		/**
		 * Set the patterns of the models that the provider answers for. An empty list
		 * takes away those of the preset.
		 * @param models the patterns
		 * @return this builder
		 */
		public Builder models(@Nullable List<String> models) {
			this.models = models;
			return this;
		}

		/**
		 * Set the identity of the endpoint in cache keys.
		 * @param cacheIdentity the identity
		 * @return this builder
		 */
		public Builder cacheIdentity(@Nullable String cacheIdentity) {
			this.cacheIdentity = cacheIdentity;
			return this;
		}

		/**
		 * Set the name under which the provider wants the most tokens to answer.
		 * @param maxTokensParameter the name
		 * @return this builder
		 */
		public Builder maxTokensParameter(@Nullable String maxTokensParameter) {
			this.maxTokensParameter = maxTokensParameter;
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
					resolveHeaders(key), resolveModels(), this.cacheIdentity, resolveMaxTokensParameter());
		}

		private ProviderProtocol resolveProtocol() {
			String wanted = this.protocol;
			if (wanted == null && this.preset != null) {
				wanted = this.preset.protocol();
			}
			List<String> known = this.protocols.stream().map(ProviderProtocol::name).sorted().toList();
			for (ProviderProtocol candidate : this.protocols) {
				if (candidate.name().equals(wanted)) {
					return candidate;
				}
			}
			String property = property(this.name, "protocol");
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
					throw new IllegalArgumentException(property(this.name, "base-url") + " is not a URL");
				}
			}
			if (this.preset != null) {
				return this.preset.baseUrl();
			}
			throw new IllegalArgumentException(
					property(this.name, "base-url") + " must be set, because there is no preset of that name");
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
			if (key == null || keyHeader == null || caseInsensitive(this.headers.keySet()).contains(keyHeader)) {
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

}
