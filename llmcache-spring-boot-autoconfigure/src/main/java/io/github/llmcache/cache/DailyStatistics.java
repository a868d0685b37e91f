package io.github.llmcache.cache;

import java.time.LocalDate;
import java.util.regex.Pattern;

import io.github.llmcache.cache.CacheStatistics.ModelStatistics;

/**
 * What was counted of a model in a namespace on one day, by all processes that used the
 * store.
 *
 * @param namespace the name under which the namespace is counted: its own, or
 * {@link #SHARED}. Ask {@link #isOf} of which namespace this is
 * @param model the model's id
 * @param day the day in UTC
 * @param counters the counters
 */
public record DailyStatistics(String namespace, String model, LocalDate day, ModelStatistics counters) {

	/**
	 * Instead of a namespace: what belongs to no single one, such as evictions, and what
	 * is of more namespaces than are counted apart.
	 */
	public static final String SHARED = "(shared)";

	private static final Pattern LIKE_SHARED = Pattern.compile("\\(+shared\\)+");

	/**
	 * Create statistics of the namespace without a name.
	 * @param model the model's id
	 * @param day the day in UTC
	 * @param counters the counters
	 */
	public DailyStatistics(String model, LocalDate day, ModelStatistics counters) {
		this("", model, day, counters);
	}

	/**
	 * Return whether this was counted of a namespace.
	 * @param namespace the namespace
	 * @return whether it was counted of this one and no other
	 */
	public boolean isOf(String namespace) {
		return this.namespace.equals(nameOf(namespace));
	}

	/**
	 * Return the name under which a namespace is counted. Whoever may choose his
	 * namespace must not get what others share.
	 */
	static String nameOf(String namespace) {
		return LIKE_SHARED.matcher(namespace).matches() ? "(" + namespace + ")" : namespace;
	}

}
