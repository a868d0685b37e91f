package io.github.llmcache.actuate.endpoint;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.llmcache.cache.EntryFilter;
import io.github.llmcache.cache.EntryOrder;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;

/**
 * What the page asks for, as it was sent: nothing of it has been looked at yet, and all
 * of it may be {@code null}.
 *
 * @param model the model's id
 * @param namespace the namespace
 * @param olderThan the age from which entries are meant, such as {@code 30d}
 * @param newerThan the age up to which entries are meant
 * @param finishReason the name of the first sample's finish reason
 * @param key the first hexadecimal digits of the key
 * @param order which entries come first, such as {@code newest}
 * @param limit how many entries to list at most
 */
record UiQuery(@Nullable String model, @Nullable String namespace, @Nullable String olderThan,
		@Nullable String newerThan, @Nullable String finishReason, @Nullable String key, @Nullable String order,
		@Nullable String limit) {

	private static final Pattern KEY_PREFIX = Pattern.compile("[0-9a-fA-F]{4,64}");

	private static final Pattern LIMIT = Pattern.compile("[0-9]{1,3}");

	private static final int DEFAULT_LIMIT = 50;

	private static final int MAX_LIMIT = 500;

	/**
	 * Return which entries are meant, but for their keys.
	 * @return the filter
	 * @throws IllegalArgumentException if that is not clear. The message says what is
	 * expected, and quotes nothing
	 */
	EntryFilter filter() {
		return new EntryFilter(this.model, this.namespace, duration("olderThan", this.olderThan),
				duration("newerThan", this.newerThan), null, this.finishReason, null, false);
	}

	/**
	 * Return how the key begins.
	 * @return the digits in lower case, or none
	 * @throws IllegalArgumentException if those are no digits, too few or too many
	 */
	String keyPrefix() {
		if (this.key == null) {
			return "";
		}
		if (!KEY_PREFIX.matcher(this.key).matches()) {
			throw new IllegalArgumentException("'key' has to be the first 4 to 64 hexadecimal digits of a key");
		}
		return this.key.toLowerCase(Locale.ROOT);
	}

	/**
	 * Return which entries come first.
	 * @return the order
	 * @throws IllegalArgumentException if there is no such order
	 */
	EntryOrder entryOrder() {
		if (this.order == null) {
			return EntryOrder.NEWEST;
		}
		return Arrays.stream(EntryOrder.values())
			.filter((candidate) -> name(candidate).equals(this.order))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("'order' has to be one of "
					+ Arrays.stream(EntryOrder.values()).map(UiQuery::name).collect(Collectors.joining(", "))));
	}

	private static String name(EntryOrder order) {
		return order.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * Return how many entries to list at most.
	 * @return the number
	 * @throws IllegalArgumentException if it is none, or out of range
	 */
	int entryLimit() {
		if (this.limit == null) {
			return DEFAULT_LIMIT;
		}
		int number = LIMIT.matcher(this.limit).matches() ? Integer.parseInt(this.limit) : 0;
		if (number < 1 || number > MAX_LIMIT) {
			throw new IllegalArgumentException("'limit' has to be a number from 1 to " + MAX_LIMIT);
		}
		return number;
	}

	private static @Nullable Duration duration(String name, @Nullable String text) {
		if (text == null) {
			return null;
		}
		try {
			return DurationStyle.detectAndParse(text);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("'" + name + "' has to be a duration such as 30d, 12h or PT1H");
		}
	}

}
