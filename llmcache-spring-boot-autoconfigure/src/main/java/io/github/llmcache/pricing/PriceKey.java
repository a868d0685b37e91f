package io.github.llmcache.pricing;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Whose price it is.
 *
 * @param provider the provider, or {@code null} for any
 * @param model the model
 */
record PriceKey(@Nullable String provider, String model) {

	/**
	 * Read a name that somebody wrote down. A model id may contain a slash itself, so
	 * {@code a/b} is the model {@code b} of the provider {@code a} as well as the model
	 * {@code a/b} of any provider.
	 * @param name the name
	 * @return the keys that it stands for
	 */
	static List<PriceKey> parse(String name) {
		PriceKey any = new PriceKey(null, name);
		int slash = name.indexOf('/');
		return (slash > 0 && slash < name.length() - 1)
				? List.of(new PriceKey(name.substring(0, slash), name.substring(slash + 1)), any) : List.of(any);
	}

}
