package io.github.llmcache.provider;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Checks what a provider is configured with. Messages name the property, and quote
 * nothing that can hold a key.
 */
final class ProviderValidation {

	private static final int MAX_PORT = 65535;

	private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

	/** What a header value may hold: no line breaks, so that it stays one header. */
	private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7E\\t]*");

	private static final Pattern API_KEY = Pattern.compile("[\\x21-\\x7E]+");

	private static final Set<String> RESERVED_HEADERS = caseInsensitive(Set.of("Accept", "Connection", "Content-Length",
			"Content-Type", "Expect", "Host", "Transfer-Encoding", "Upgrade"));

	private final String provider;

	/**
	 * Create the validation of a provider.
	 * @param provider the name of the provider
	 * @throws IllegalArgumentException if the name is blank
	 */
	ProviderValidation(String provider) {
		if (provider.isBlank()) {
			throw new IllegalArgumentException("llmcache.providers has a provider without a name");
		}
		this.provider = provider;
	}

	void baseUrl(URI baseUrl) {
		check("http".equalsIgnoreCase(baseUrl.getScheme()) || "https".equalsIgnoreCase(baseUrl.getScheme()), "base-url",
				"must start with http:// or https://");
		check(StandardCharsets.UTF_8.newEncoder().canEncode(baseUrl.toString()), "base-url",
				"must not hold half a character (a lone surrogate)");
		// Not quoted in any message: user information and query can hold a key
		check(baseUrl.getHost() != null, "base-url",
				"must have a host of ASCII letters, digits, '-' and '.' (an internationalised one in its xn-- form)");
		check(baseUrl.getPort() <= MAX_PORT, "base-url", "must have a port up to " + MAX_PORT);
		if (baseUrl.getRawUserInfo() != null) {
			throw invalid("base-url",
					"must not contain a user or password: set " + property("api-key") + " or headers");
		}
		check(baseUrl.getRawQuery() == null && baseUrl.getRawFragment() == null, "base-url",
				"must not contain a query or fragment");
	}

	void apiKey(@Nullable String apiKey) {
		check(apiKey == null || API_KEY.matcher(apiKey).matches(), "api-key",
				"must not contain spaces, line breaks or characters other than ASCII");
	}

	void headers(Map<String, String> headers) {
		for (Map.Entry<String, String> header : headers.entrySet()) {
			header(header.getKey(), header.getValue());
		}
		check(caseInsensitive(headers.keySet()).size() == headers.size(), "headers",
				"must not contain a header twice in different case");
	}

	private void header(String name, String value) {
		if (!HEADER_NAME.matcher(name).matches()) {
			throw invalid("headers", "must hold names of headers, not " + Text.quote(name));
		}
		if (RESERVED_HEADERS.contains(name)) {
			throw invalid("headers", "must not contain " + name + ", which is set for you");
		}
		if (!HEADER_VALUE.matcher(value).matches()) {
			throw invalid("headers." + name,
					"must not contain line breaks, control characters or characters other than ASCII");
		}
	}

	void models(List<String> models) {
		for (String pattern : models) {
			if (!isPattern(pattern)) {
				throw invalid("models", "must hold ids, or prefixes followed by one '*', not " + Text.quote(pattern));
			}
		}
	}

	void positive(String property, int value) {
		check(value > 0, property, "must be positive");
	}

	void limits(String prefix, RateLimits.PerMinute limits) {
		positive(prefix + "requests-per-minute", (limits.requests() != null) ? limits.requests() : 1);
		positive(prefix + "tokens-per-minute", (limits.tokens() != null) ? limits.tokens() : 1);
	}

	void fraction(String property, double value, double least) {
		check(value >= least && value <= 1, property, "must be from " + least + " to 1");
	}

	void positive(String property, Duration value) {
		check(!value.isNegative() && !value.isZero(), property, "must be positive");
	}

	void notBlank(String property, @Nullable String value) {
		check(value == null || !value.isBlank(), property, "must not be blank");
	}

	static Set<String> caseInsensitive(Collection<String> names) {
		Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
		set.addAll(names);
		return set;
	}

	private static boolean isPattern(String pattern) {
		int star = pattern.indexOf('*');
		return !pattern.isBlank() && (star == -1 || star == pattern.length() - 1);
	}

	private String property(String property) {
		return ProviderDefinition.property(this.provider, property);
	}

	/**
	 * The message is put together only if there is one: every provider is checked when an
	 * application starts.
	 */
	private void check(boolean condition, String property, String requirement) {
		if (!condition) {
			throw invalid(property, requirement);
		}
	}

	private IllegalArgumentException invalid(String property, String requirement) {
		return new IllegalArgumentException(property(property) + " " + requirement);
	}

}
