package io.github.llmcache.test.autoconfigure;

import java.util.Locale;

import io.github.llmcache.CacheMode;
import org.jspecify.annotations.Nullable;

/**
 * What a run of tests records.
 */
enum Recording {

	/** Nothing. */
	OFF(CacheMode.REPLAY),

	/** The answers that are missing. */
	MISSING(CacheMode.READ_WRITE),

	/** All answers anew. */
	ALL(CacheMode.REFRESH);

	private final CacheMode mode;

	Recording(CacheMode mode) {
		this.mode = mode;
	}

	/**
	 * Find out what is recorded.
	 * @param value the value of the system property, or {@code null}
	 * @return what is recorded
	 * @throws IllegalArgumentException if the value is unknown
	 */
	static Recording of(@Nullable String value) {
		if (value == null) {
			return OFF;
		}
		return switch (value.strip().toLowerCase(Locale.ROOT)) {
			case "false" -> OFF;
			case "true", "" -> MISSING;
			case "refresh" -> ALL;
			default -> throw new IllegalArgumentException("The system property '" + AutoConfigureLlmCache.RECORD
					+ "' is '" + value + "'. Set it to 'true' to record the answers that are missing, to 'refresh' to "
					+ "record all anew, or leave it out to replay them.");
		};
	}

	/**
	 * Return the mode of a test.
	 * @param configured the mode that the test asks for
	 */
	CacheMode mode(CacheMode configured) {
		return (configured == CacheMode.REPLAY) ? this.mode : configured;
	}

}
