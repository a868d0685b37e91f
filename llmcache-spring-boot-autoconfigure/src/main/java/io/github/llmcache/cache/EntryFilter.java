package io.github.llmcache.cache;

import java.time.Duration;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Which entries are meant: those of which everything is true that is not {@code null}.
 *
 * @param model the model's id, or {@code null}
 * @param namespace the namespace, or {@code null}
 * @param olderThan the age from which entries are meant, or {@code null}
 * @param newerThan the age up to which entries are meant, or {@code null}
 * @param unusedFor for how long they have not been used, or {@code null}. Uses are only
 * known of models that are bounded
 * @param finishReason the name of the first sample's finish reason, or {@code null}
 * @param key the key in hexadecimal, or {@code null}
 * @param expired whether only entries are meant that have expired
 */
public record EntryFilter(@Nullable String model, @Nullable String namespace, @Nullable Duration olderThan,
		@Nullable Duration newerThan, @Nullable Duration unusedFor, @Nullable String finishReason, @Nullable String key,
		boolean expired) {

	/** All entries. */
	public static final EntryFilter ALL = ofModel(null);

	private static final Pattern KEY = Pattern.compile("[0-9a-fA-F]{" + 2 * CacheKey.LENGTH + "}");

	public EntryFilter {
		requireNotNegative("olderThan", olderThan);
		requireNotNegative("newerThan", newerThan);
		requireNotNegative("unusedFor", unusedFor);
		if (key != null && !KEY.matcher(key).matches()) {
			throw new IllegalArgumentException("'key' must be " + 2 * CacheKey.LENGTH + " hexadecimal digits");
		}
	}

	/**
	 * Create a filter of entries of any age, expired or not.
	 * @param model the model's id, or {@code null}
	 * @param namespace the namespace, or {@code null}
	 * @param olderThan the age from which entries are meant, or {@code null}
	 * @param unusedFor for how long they have not been used, or {@code null}
	 * @param finishReason the name of the first sample's finish reason, or {@code null}
	 * @param key the key in hexadecimal, or {@code null}
	 */
	public EntryFilter(@Nullable String model, @Nullable String namespace, @Nullable Duration olderThan,
			@Nullable Duration unusedFor, @Nullable String finishReason, @Nullable String key) {
		this(model, namespace, olderThan, null, unusedFor, finishReason, key, false);
	}

	/**
	 * Create a filter of all entries of a model.
	 * @param model the model's id, or {@code null} for all models
	 * @return the filter
	 */
	public static EntryFilter ofModel(@Nullable String model) {
		return new EntryFilter(model, null, null, null, null, null);
	}

	/**
	 * Create a filter of all entries of a namespace.
	 * @param namespace the namespace
	 * @return the filter
	 */
	public static EntryFilter ofNamespace(String namespace) {
		return new EntryFilter(null, namespace, null, null, null, null);
	}

	private static void requireNotNegative(String name, @Nullable Duration duration) {
		if (duration != null && duration.isNegative()) {
			throw new IllegalArgumentException("'" + name + "' must not be negative");
		}
	}

}
