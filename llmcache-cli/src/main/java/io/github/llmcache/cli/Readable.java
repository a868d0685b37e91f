package io.github.llmcache.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

import io.github.llmcache.cache.CacheStatistics;

/**
 * Numbers as people read them.
 */
final class Readable {

	private static final String[] UNITS = { "B", "KB", "MB", "GB", "TB", "PB", "EB" };

	private Readable() {
	}

	static String number(long number) {
		return String.format(Locale.ROOT, "%,d", number);
	}

	/**
	 * Count something.
	 * @param number how many
	 * @param one what one of them is called
	 * @param many what several of them are called
	 */
	static String count(long number, String one, String many) {
		return number(number) + " " + ((number == 1) ? one : many);
	}

	static String entries(long number) {
		return count(number, "entry", "entries");
	}

	/**
	 * Return a size in steps of 1024, as {@code ls -h} has it.
	 */
	static String bytes(long bytes) {
		double value = bytes;
		int unit = 0;
		while (Math.abs(value) >= 999.5 && unit < UNITS.length - 1) {
			value /= 1024;
			unit++;
		}
		boolean whole = unit == 0 || Math.abs(value) >= 9.95;
		return String.format(Locale.ROOT, whole ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
	}

	/**
	 * Return US dollars: cents, and more digits of what is less than ten cents.
	 * @param nanos billionths of a US dollar
	 */
	static String dollars(long nanos) {
		BigDecimal dollars = CacheStatistics.dollars(nanos);
		boolean small = nanos != 0 && dollars.abs().compareTo(new BigDecimal("0.10")) < 0;
		BigDecimal rounded = dollars.setScale(small ? 4 : 2, RoundingMode.HALF_UP);
		if (small && rounded.signum() == 0) {
			return "<$0.0001";
		}
		return String.format(Locale.ROOT, small ? "$%,.4f" : "$%,.2f", rounded);
	}

	/**
	 * Return a share in percent.
	 * @param part the part
	 * @param whole the whole; of nothing there is no share
	 */
	static String percent(long part, long whole) {
		return (whole > 0) ? String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole) : "-";
	}

	static String age(Instant since, Instant now) {
		Duration age = Duration.between(since, now);
		return age.isNegative() ? "in the future" : time(age);
	}

	/**
	 * Return a time in its largest unit, or two of them if they matter.
	 */
	static String time(Duration time) {
		long seconds = time.toSeconds();
		if (seconds < 60) {
			return seconds + " s";
		}
		if (seconds < 3600) {
			return "%d min %02d s".formatted(seconds / 60, seconds % 60);
		}
		if (seconds < 86_400) {
			return "%d h %02d min".formatted(seconds / 3600, seconds % 3600 / 60);
		}
		return Readable.number(seconds / 86_400) + " d";
	}

}
