package io.github.llmcache.cli;

import java.time.Duration;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import org.springframework.boot.convert.DurationStyle;

/**
 * Reads durations such as {@code 30d}. Unlike in properties they need a unit: what is
 * older than 30 milliseconds is not what anybody would delete.
 */
final class DurationConverter implements ITypeConverter<Duration> {

	@Override
	public Duration convert(String value) {
		try {
			Duration duration = value.matches("\\d+") ? null : DurationStyle.detectAndParse(value);
			if (duration != null && !duration.isNegative()) {
				return duration;
			}
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			// Explained below
		}
		throw new TypeConversionException("'" + value + "' is no time such as 90s, 15m, 12h or 30d");
	}

}
