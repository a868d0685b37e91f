package io.github.llmcache.provider;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * What the headers of a response say to a client. Nothing in them is trusted.
 */
final class ResponseHeaders {

	/** The provider's own first, then those of what stands in front of it. */
	private static final List<String> REQUEST_ID_HEADERS = List.of("x-request-id", "request-id", "x-amzn-requestid",
			"x-generation-id", "cf-ray");

	private static final Pattern NOT_IN_REQUEST_IDS = Pattern.compile("[^A-Za-z0-9_.:-]");

	private static final int MAX_REQUEST_ID_LENGTH = 64;

	private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");

	private ResponseHeaders() {
	}

	/**
	 * Return the provider's identifier of the call.
	 * @param headers the headers
	 * @return the identifier without characters that do not belong in one, or
	 * {@code null} if there is none
	 */
	static @Nullable String requestId(HttpHeaders headers) {
		for (String name : REQUEST_ID_HEADERS) {
			String value = headers.getFirst(name);
			if (value == null) {
				continue;
			}
			String id = NOT_IN_REQUEST_IDS.matcher(value).replaceAll("");
			if (!id.isEmpty()) {
				return (id.length() > MAX_REQUEST_ID_LENGTH) ? id.substring(0, MAX_REQUEST_ID_LENGTH) : id;
			}
		}
		return null;
	}

	/**
	 * Return how long the provider asks to wait.
	 * @param headers the headers
	 * @param clock the clock that a date is compared with
	 * @return the time, or {@code null} if it does not say, or not in a form that is
	 * known
	 */
	static @Nullable Duration retryAfter(HttpHeaders headers, Clock clock) {
		// OpenAI's, and more precise
		Duration millis = number(headers.getFirst("retry-after-ms"), 1_000_000);
		if (millis != null) {
			return millis;
		}
		Duration seconds = number(headers.getFirst(HttpHeaders.RETRY_AFTER), 1_000_000_000);
		return (seconds != null) ? seconds : date(headers, clock.instant());
	}

	private static @Nullable Duration number(@Nullable String value, long nanos) {
		if (value == null || !NUMBER.matcher(value.strip()).matches()) {
			return null;
		}
		return Duration.ofNanos(new BigDecimal(value.strip()).multiply(BigDecimal.valueOf(nanos)).longValue());
	}

	private static @Nullable Duration date(HttpHeaders headers, Instant now) {
		try {
			ZonedDateTime date = headers.getFirstZonedDateTime(HttpHeaders.RETRY_AFTER);
			if (date == null) {
				return null;
			}
			Duration duration = Duration.between(now, date.toInstant());
			return duration.isNegative() ? Duration.ZERO : duration;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	/**
	 * Return whether the body can be JSON. Some servers do not say what it is.
	 * @param headers the headers
	 * @return whether the content type is JSON, or is not given
	 */
	static boolean isJson(HttpHeaders headers) {
		String value = headers.getFirst(HttpHeaders.CONTENT_TYPE);
		if (value == null || value.isBlank()) {
			return true;
		}
		int end = value.indexOf(';');
		String type = ((end != -1) ? value.substring(0, end) : value).strip().toLowerCase(Locale.ROOT);
		return type.equals("application/json") || type.equals("text/json") || type.endsWith("+json");
	}

}
