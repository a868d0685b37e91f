package io.github.llmcache.provider;

import java.net.URI;
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
		check(!provider.isBlank(), "llmcache.providers has a provider without a name");
		this.provider = provider;
	}

	void baseUrl(URI baseUrl) {
		String property = property("base-url");
		check("http".equalsIgnoreCase(baseUrl.getScheme()) || "https".equalsIgnoreCase(baseUrl.getScheme()),
				property + " must start with http:// or https://");
		// Not quoted in any message: user information and query can hold a key
		check(baseUrl.getHost() != null, property
				+ " must have a host of ASCII letters, digits, '-' and '.' (an internationalised one in its xn-- form)");
		check(baseUrl.getPort() <= MAX_PORT, property + " must have a port up to " + MAX_PORT);
		check(baseUrl.getRawUserInfo() == null,
				property + " must not contain a user or password: set " + property("api-key") + " or headers");
		check(baseUrl.getRawQuery() == null && baseUrl.getRawFragment() == null,
				property + " must not contain a query or fragment");
	}

	void apiKey(@Nullable String apiKey) {
		check(apiKey == null || API_KEY.matcher(apiKey).matches(),
				property("api-key") + " must not contain spaces, line breaks or characters other than ASCII");
	}

	void headers(Map<String, String> headers) {
		String property = property("headers");
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

	void models(List<String> models) {
		models.forEach((pattern) -> check(isPattern(pattern),
				property("models") + " must hold ids, or prefixes followed by one '*', not " + Text.quote(pattern)));
	}

	void positive(String property, int value) {
		check(value > 0, property(property) + " must be positive");
	}

	void positive(String property, Duration value) {
		check(!value.isNegative() && !value.isZero(), property(property) + " must be positive");
	}

	void notBlank(String property, @Nullable String value) {
		check(value == null || !value.isBlank(), property(property) + " must not be blank");
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

	private static void check(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

}
