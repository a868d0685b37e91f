package io.github.llmcache.cache;

import java.time.Duration;

/**
 * Writes durations for people.
 */
final class Durations {

	private static final long DAY = 24 * 60 * 60;

	private static final long HOUR = 60 * 60;

	private static final long MINUTE = 60;

	private Durations() {
	}

	/**
	 * Describe a duration in its largest unit and the next one.
	 * @param duration the duration
	 * @return the description, such as {@code 2 hours 3 minutes}
	 */
	static String describe(Duration duration) {
		long seconds = Math.max(duration.getSeconds(), 0);
		if (seconds >= DAY) {
			return describe(seconds / DAY, "day", seconds % DAY / HOUR, "hour");
		}
		if (seconds >= HOUR) {
			return describe(seconds / HOUR, "hour", seconds % HOUR / MINUTE, "minute");
		}
		if (seconds >= MINUTE) {
			return describe(seconds / MINUTE, "minute", seconds % MINUTE, "second");
		}
		if (seconds > 0) {
			return count(seconds, "second");
		}
		return count(Math.max(duration.getNano(), 0) / 1_000_000, "millisecond");
	}

	private static String describe(long count, String unit, long rest, String nextUnit) {
		return (rest > 0) ? count(count, unit) + " " + count(rest, nextUnit) : count(count, unit);
	}

	private static String count(long count, String unit) {
		return count + " " + unit + ((count != 1) ? "s" : "");
	}

}
