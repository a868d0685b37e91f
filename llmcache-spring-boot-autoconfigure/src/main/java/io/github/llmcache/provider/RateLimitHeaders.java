package io.github.llmcache.provider;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.llmcache.provider.RateLimitStatus.Remaining;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * Reads the headers in which providers report their limits. Nothing in them is trusted:
 * what makes no sense is left out.
 *
 * @see <a href="https://platform.openai.com/docs/guides/rate-limits">OpenAI: Rate limits
 * in headers</a>
 * @see <a href="https://platform.claude.com/docs/en/api/rate-limits">Anthropic: Rate
 * limits, response headers</a>
 */
final class RateLimitHeaders {

	private static final String OPENAI = "x-ratelimit-";

	private static final String ANTHROPIC = "anthropic-ratelimit-";

	private static final Pattern COUNT = Pattern.compile("[0-9]{1,12}");

	/** As OpenAI writes them: {@code 6m0s}, {@code 8.64s}, {@code 120ms}. */
	private static final Pattern DURATION = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ns|us|ms|s|m|h|d)");

	private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");

	private static final Map<String, Double> UNITS = Map.of("ns", 1e-9, "us", 1e-6, "ms", 1e-3, "s", 1.0, "m", 60.0,
			"h", 3600.0, "d", 86400.0);

	private static final double MAX_SECONDS = Duration.ofDays(366).toSeconds();

	private RateLimitHeaders() {
	}

	/**
	 * Read the headers.
	 * @param headers the headers of a response of whatever status
	 * @param clock the clock that a date is compared with if the response has none
	 * @return what they say
	 */
	static RateLimitStatus read(HttpHeaders headers, InstantSource clock) {
		Function<String, @Nullable Duration> instant = (value) -> untilInstant(value, headers, clock);
		Remaining requests = openAi(headers, "requests");
		Remaining tokens = openAi(headers, "tokens");
		return new RateLimitStatus((requests != null) ? requests : anthropic(headers, "requests", instant),
				(tokens != null) ? tokens : anthropic(headers, "tokens", instant),
				anthropic(headers, "input-tokens", instant), anthropic(headers, "output-tokens", instant));
	}

	private static @Nullable Remaining openAi(HttpHeaders headers, String what) {
		return remaining(headers, OPENAI + "limit-" + what, OPENAI + "remaining-" + what, OPENAI + "reset-" + what,
				RateLimitHeaders::duration);
	}

	private static @Nullable Remaining anthropic(HttpHeaders headers, String what,
			Function<String, @Nullable Duration> instant) {
		String name = ANTHROPIC + what;
		return remaining(headers, name + "-limit", name + "-remaining", name + "-reset", instant);
	}

	private static @Nullable Remaining remaining(HttpHeaders headers, String limitHeader, String remainingHeader,
			String resetHeader, Function<String, @Nullable Duration> untilFull) {
		Long limit = count(headers.getFirst(limitHeader));
		Long remaining = count(headers.getFirst(remainingHeader));
		if (limit == null || remaining == null || limit == 0) {
			return null;
		}
		String reset = headers.getFirst(resetHeader);
		return new Remaining(limit, Math.min(limit, remaining),
				(reset != null) ? untilFull.apply(reset.strip()) : null);
	}

	private static @Nullable Long count(@Nullable String value) {
		return (value != null && COUNT.matcher(value.strip()).matches()) ? Long.valueOf(value.strip()) : null;
	}

	private static @Nullable Duration duration(String value) {
		if (SECONDS.matcher(value).matches()) {
			return seconds(Double.parseDouble(value));
		}
		double sum = 0;
		int end = 0;
		Matcher matcher = DURATION.matcher(value);
		while (end < value.length() && matcher.find() && matcher.start() == end) {
			sum += Double.parseDouble(matcher.group(1)) * UNITS.getOrDefault(matcher.group(2), 0.0);
			end = matcher.end();
		}
		return (end > 0 && end == value.length()) ? seconds(sum) : null;
	}

	private static @Nullable Duration seconds(double seconds) {
		return (seconds <= MAX_SECONDS) ? Duration.ofNanos(Math.round(seconds * 1e9)) : null;
	}

	/**
	 * By the provider's own clock, if it says what that shows.
	 */
	private static @Nullable Duration untilInstant(String value, HttpHeaders headers, InstantSource clock) {
		try {
			Duration duration = Duration.between(now(headers, clock), Instant.parse(value));
			if (duration.isNegative()) {
				return Duration.ZERO;
			}
			return (duration.toSeconds() <= MAX_SECONDS) ? duration : null;
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	private static Instant now(HttpHeaders headers, InstantSource clock) {
		try {
			long date = headers.getDate();
			return (date != -1) ? Instant.ofEpochMilli(date) : clock.instant();
		}
		catch (IllegalArgumentException ex) {
			return clock.instant();
		}
	}

}
