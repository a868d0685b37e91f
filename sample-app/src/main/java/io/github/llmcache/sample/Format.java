package io.github.llmcache.sample;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * How numbers are shown on the console.
 */
final class Format {

	private Format() {
	}

	static String number(long number) {
		return String.format(Locale.US, "%,d", number);
	}

	static String dollars(@Nullable BigDecimal dollars) {
		return (dollars != null) ? String.format(Locale.US, "$%,.4f", dollars) : "unknown";
	}

	static String time(Duration time) {
		if (time.compareTo(Duration.ofSeconds(1)) < 0) {
			return time.toMillis() + " ms";
		}
		if (time.compareTo(Duration.ofMinutes(1)) < 0) {
			return String.format(Locale.US, "%.2f s", time.toMillis() / 1000.0);
		}
		return String.format(Locale.US, "%d min %02d s", time.toMinutes(), time.toSecondsPart());
	}

}
