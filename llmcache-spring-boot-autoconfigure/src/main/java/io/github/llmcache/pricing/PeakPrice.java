package io.github.llmcache.pricing;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What a model costs at the times of the week at which its provider is busy.
 *
 * @param days the days
 * @param hours the hours of these days
 * @param prices the prices
 */
public record PeakPrice(Set<DayOfWeek> days, List<Hours> hours, TokenPrices prices) {

	public PeakPrice {
		Objects.requireNonNull(prices, "'prices' must not be null");
		days = Set.copyOf(days);
		hours = List.copyOf(hours);
	}

	boolean contains(Instant time) {
		OffsetDateTime utc = time.atOffset(ZoneOffset.UTC);
		int hour = utc.getHour();
		return this.days.contains(utc.getDayOfWeek())
				&& this.hours.stream().anyMatch((hours) -> hours.from() <= hour && hour < hours.to());
	}

	/**
	 * Hours of a day, in UTC.
	 *
	 * @param from the first hour
	 * @param to the hour after the last one
	 */
	public record Hours(int from, int to) {

		public Hours {
			if (from < 0 || to > 24 || from >= to) {
				throw new IllegalArgumentException("'from' and 'to' must be hours of a day, in this order");
			}
		}

	}

}
