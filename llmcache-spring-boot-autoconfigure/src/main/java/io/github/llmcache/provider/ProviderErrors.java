package io.github.llmcache.provider;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.llmcache.AuthenticationException;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.OverloadedException;
import io.github.llmcache.ProviderError;
import io.github.llmcache.ProviderException;
import io.github.llmcache.ProviderTimeoutException;
import io.github.llmcache.ProviderUnavailableException;
import io.github.llmcache.QuotaExceededException;
import io.github.llmcache.RateLimitException;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a provider says of an error into the exception for it.
 * <p>
 * Whatever comes from the provider is kept out of exception messages, unless it is a
 * short word such as {@code rate_limit_error}. The provider's key, and the keys in its
 * configured headers, are kept out of everything.
 */
public final class ProviderErrors {

	/**
	 * The type that {@link ProviderProtocol#readError} gives an error without one that is
	 * about the prompt being held back by a filter, which OpenRouter reports with status
	 * 403.
	 */
	public static final String MODERATION = "moderation";

	private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.:-]{1,64}");

	private static final Pattern STATUS = Pattern.compile("[45][0-9]{2}");

	private static final int MAX_MESSAGE_LENGTH = 8192;

	private static final String MASK = "***";

	/** Of a header that is not named after one, what is shorter is taken for none. */
	private static final int MIN_UNNAMED_SECRET = 16;

	/** The least of a secret that is shown by somebody who shortens it. */
	private static final int SHOWN = 5;

	/** What stands for that which is left out. */
	private static final String SHORTENED = "*\u2022\u2026";

	/**
	 * The status that goes with a type or code of an error. Types of Anthropic as in its
	 * SDK's {@code ErrorType}; types and codes of OpenAI as in its API's guide to error
	 * codes and as compatible servers send them; types of Google as in its APIs' guide to
	 * errors.
	 */
	private static final Map<String, Integer> STATUS_BY_WORD = Map.ofEntries(Map.entry("authentication_error", 401),
			Map.entry("invalid_api_key", 401), Map.entry("permission_error", 403), Map.entry("permission_denied", 403),
			Map.entry("invalid_request_error", 400), Map.entry("badrequesterror", 400),
			Map.entry("context_length_exceeded", 400), Map.entry("not_found_error", 404),
			Map.entry("model_not_found", 404), Map.entry("notfounderror", 404), Map.entry("request_too_large", 413),
			Map.entry("rate_limit_error", 429), Map.entry("rate_limit_exceeded", 429), Map.entry("requests", 429),
			Map.entry("tokens", 429), Map.entry("timeout_error", 504), Map.entry("timeout", 504),
			Map.entry("api_error", 500), Map.entry("server_error", 500), Map.entry("internal_server_error", 500),
			Map.entry("internalservererror", 500), Map.entry("invalid_argument", 400),
			Map.entry("failed_precondition", 400), Map.entry("unauthenticated", 401), Map.entry("not_found", 404),
			Map.entry("resource_exhausted", 429), Map.entry("internal", 500), Map.entry("unavailable", 503),
			Map.entry("deadline_exceeded", 504));

	private ProviderErrors() {
	}

	/**
	 * Create the exception for an error response, or for an error in a response with a
	 * success status.
	 * @param provider the provider that it came from
	 * @param status the status of the response; {@code null} or a success status if only
	 * the body says that it is an error
	 * @param body what the body says
	 * @param requestId the provider's identifier of the call from the headers, or
	 * {@code null} to use that of the body
	 * @param retryAfter how long the headers ask to wait, or {@code null} to use what the
	 * body asks for
	 * @return the exception; the caller throws it
	 */
	public static ProviderException from(ProviderDefinition provider, @Nullable Integer status,
			ProviderProtocol.ErrorBody body, @Nullable String requestId, @Nullable Duration retryAfter) {
		Kind kind = kind(status, body);
		List<String> secrets = secrets(provider);
		ProviderError error = new ProviderError(provider.name(), kind.summary, status, word(body.type(), secrets),
				word(body.code(), secrets), mask(body.message(), secrets),
				word((requestId != null) ? requestId : body.requestId(), secrets),
				(retryAfter != null) ? retryAfter : body.retryAfter());
		return kind.constructor.create(error, null);
	}

	/**
	 * Create the exception for the requests of a batch that the provider has given up as
	 * a whole.
	 * @param provider the provider
	 * @param body what it says of the reason
	 * @return the exception; the caller throws it
	 */
	public static ProviderException batchFailed(ProviderDefinition provider, ProviderProtocol.ErrorBody body) {
		List<String> secrets = secrets(provider);
		boolean tooMany = lowerCase(body.code()).equals("token_limit_exceeded");
		Kind kind = tooMany ? Kind.RATE_LIMIT : kind(400, body);
		return kind.constructor.create(new ProviderError(provider.name(),
				tooMany ? "too much is waiting in its batches" : "it failed the batch as a whole", null,
				word(body.type(), secrets), word(body.code(), secrets), mask(body.message(), secrets), null, null),
				null);
	}

	/**
	 * Create the exception for a request that a protocol has no form for.
	 * @param provider the provider that the request is for
	 * @param reason what it has no form for, without content of the request
	 * @return the exception; the caller throws it
	 */
	public static InvalidRequestException invalidRequest(ProviderDefinition provider, String reason) {
		return new InvalidRequestException(ProviderError.of(provider.name(), reason), null);
	}

	/**
	 * Create the exception for a response body that is not what the protocol describes.
	 * @param provider the provider that it came from
	 * @param reason what is wrong with it, without content of the response
	 * @return the exception; the caller throws it
	 */
	public static MalformedResponseException malformed(ProviderDefinition provider, String reason) {
		return new MalformedResponseException(ProviderError.of(provider.name(), reason), null);
	}

	/**
	 * Return an identifier that the provider gave, unless it gives a key away.
	 * @param provider the provider that it came from
	 * @param requestId the identifier
	 * @return the identifier, or {@code null}
	 */
	public static @Nullable String requestId(ProviderDefinition provider, @Nullable String requestId) {
		return word(requestId, secrets(provider));
	}

	private static Kind kind(@Nullable Integer status, ProviderProtocol.ErrorBody body) {
		String type = lowerCase(body.type());
		String code = lowerCase(body.code());
		if (isOutOfCredit(type) || isOutOfCredit(code)) {
			return Kind.QUOTA;
		}
		if (isOverloaded(type) || isOverloaded(code)) {
			return Kind.OVERLOADED;
		}
		if (type.equals(MODERATION)) {
			return Kind.INVALID_REQUEST;
		}
		if (code.equals("api_key_invalid")) {
			// Google, with status 400
			return Kind.AUTHENTICATION;
		}
		if (status != null && (status < 200 || status > 299)) {
			return kind(status);
		}
		return kindInSuccess(type, code);
	}

	private static Kind kind(int status) {
		return switch (status) {
			case 401, 403 -> Kind.AUTHENTICATION;
			case 400, 404, 405, 413, 415, 422 -> Kind.INVALID_REQUEST;
			case 402 -> Kind.QUOTA;
			case 408 -> Kind.TIMEOUT;
			case 409, 425 -> Kind.UNAVAILABLE;
			case 429 -> Kind.RATE_LIMIT;
			case 503, 529 -> Kind.OVERLOADED;
			default -> {
				if (status >= 500 && status <= 599) {
					yield Kind.UNAVAILABLE;
				}
				yield (status >= 300 && status <= 399) ? Kind.REDIRECT : Kind.OTHER;
			}
		};
	}

	private static Kind kindInSuccess(String type, String code) {
		for (String word : List.of(code, type)) {
			if (STATUS.matcher(word).matches()) {
				return kind(Integer.parseInt(word));
			}
			Integer status = STATUS_BY_WORD.get(word);
			if (status != null) {
				return kind(status);
			}
		}
		return Kind.OTHER;
	}

	private static boolean isOutOfCredit(String word) {
		return word.equals("insufficient_quota") || word.equals("insufficient_balance")
				|| word.equals("insufficient_credits") || word.startsWith("billing_");
	}

	private static boolean isOverloaded(String word) {
		return word.equals("overloaded_error") || word.equals("overloaded") || word.equals("engine_overloaded");
	}

	private static String lowerCase(@Nullable String word) {
		return (word != null) ? word.toLowerCase(Locale.ROOT) : "";
	}

	private static @Nullable String word(@Nullable String word, List<String> secrets) {
		if (word == null || !WORD.matcher(word).matches() || secrets.stream().anyMatch(word::contains)) {
			return null;
		}
		return word;
	}

	private static @Nullable String mask(@Nullable String message, List<String> secrets) {
		if (message == null) {
			return null;
		}
		String masked = message;
		for (String secret : secrets) {
			masked = maskParts(masked.replace(secret, MASK), secret);
		}
		return (masked.length() > MAX_MESSAGE_LENGTH) ? masked.substring(0, MAX_MESSAGE_LENGTH) : masked;
	}

	/**
	 * Mask what is left of a secret that the provider itself has shortened, such as
	 * {@code sk-ab******yz}.
	 */
	private static String maskParts(String message, String secret) {
		if (secret.length() < MIN_UNNAMED_SECRET) {
			return message;
		}
		String begin = secret.substring(0, SHOWN);
		StringBuilder masked = new StringBuilder();
		int copied = 0;
		for (int i = message.indexOf(begin); i >= 0; i = message.indexOf(begin, copied)) {
			// Some of what it begins with can be spaces
			int end = i + SHOWN;
			boolean shortened = false;
			while (end < message.length() && !Character.isWhitespace(message.charAt(end))) {
				shortened |= SHORTENED.indexOf(message.charAt(end)) >= 0;
				end++;
			}
			masked.append(message, copied, i).append(shortened ? MASK : message.substring(i, end));
			copied = end;
		}
		return masked.append(message, copied, message.length()).toString();
	}

	/**
	 * Return the secrets, the longest first: one that contains another is masked whole.
	 */
	private static List<String> secrets(ProviderDefinition provider) {
		Set<String> secrets = new HashSet<>();
		if (provider.apiKey() != null) {
			secrets.add(provider.apiKey());
		}
		provider.headers().forEach((name, value) -> addSecrets(name.toLowerCase(Locale.ROOT), value, secrets));
		secrets.removeIf(String::isBlank);
		// A part of an error that is JSON is told as JSON
		Set<String> escaped = new HashSet<>();
		secrets.forEach((secret) -> escaped.add(secret.replace("\\", "\\\\").replace("\"", "\\\"")));
		secrets.addAll(escaped);
		List<String> sorted = new ArrayList<>(secrets);
		sorted.sort(Comparator.comparingInt(String::length).reversed());
		return sorted;
	}

	private static void addSecrets(String headerName, String value, Set<String> secrets) {
		boolean secret = isSecret(headerName);
		if (secret) {
			// Without the scheme of an Authorization header
			secrets.add(value.substring(value.lastIndexOf(' ') + 1));
		}
		// Each of several cookies, and what is in a header of any name
		for (String part : value.split("[\\s;,=]+")) {
			if (part.length() >= MIN_UNNAMED_SECRET) {
				secrets.add(part);
			}
		}
		if (headerName.endsWith("authorization") && value.toLowerCase(Locale.ROOT).startsWith("basic ")) {
			addPassword(value.substring(value.lastIndexOf(' ') + 1), secrets);
		}
	}

	private static void addPassword(String credentials, Set<String> secrets) {
		try {
			String decoded = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
			secrets.add(decoded.substring(decoded.indexOf(':') + 1));
		}
		catch (IllegalArgumentException ex) {
			// Not what it says that it is, and masked as it is
		}
	}

	private static boolean isSecret(String headerName) {
		return headerName.contains("auth") || headerName.contains("key") || headerName.contains("token")
				|| headerName.contains("secret") || headerName.contains("cookie") || headerName.contains("pass")
				|| headerName.contains("credential");
	}

	private enum Kind {

		AUTHENTICATION("it does not accept the API key, or the key may not do this", AuthenticationException::new),

		INVALID_REQUEST("it rejected the request", InvalidRequestException::new),

		QUOTA("the account has no credit left", QuotaExceededException::new),

		RATE_LIMIT("it allows no more requests for the moment", RateLimitException::new),

		OVERLOADED("it is overloaded", OverloadedException::new),

		TIMEOUT("it gave up waiting for the request or its answer", ProviderTimeoutException::new),

		UNAVAILABLE("it failed on its side", ProviderUnavailableException::new),

		REDIRECT("it answered with a redirect, which is not followed: check the base URL", ProviderException::new),

		OTHER("it answered with an error", ProviderException::new);

		private final String summary;

		private final Constructor constructor;

		Kind(String summary, Constructor constructor) {
			this.summary = summary;
			this.constructor = constructor;
		}

	}

	private interface Constructor {

		ProviderException create(ProviderError error, @Nullable Throwable cause);

	}

}
