package io.github.llmcache.cli;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.EntryBrowser;
import org.jspecify.annotations.Nullable;

/**
 * The first digits of a key, by which somebody names an entry.
 *
 * @param digits the digits
 */
record KeyPrefix(String digits) {

	private static final int FEWEST = 4;

	/** Enough to see that there are too many. */
	private static final int CANDIDATES = 10;

	private static final Pattern DIGITS = Pattern.compile("[0-9a-fA-F]{" + FEWEST + "," + 2 * CacheKey.LENGTH + "}");

	/**
	 * Check that this can be the beginning of a key.
	 * @throws CliException if it is none
	 */
	void check() {
		if (!DIGITS.matcher(this.digits).matches()) {
			throw CliException.usage("A key is " + FEWEST + " to " + 2 * CacheKey.LENGTH
					+ " hexadecimal digits, as 'llmcache list' shows them");
		}
	}

	/**
	 * Find the entry that is meant.
	 * @param browser looks into the cache
	 * @param model the model, or {@code null} for any
	 * @return its key
	 * @throws CliException if there is none, or more than one
	 */
	CacheKey find(EntryBrowser browser, @Nullable String model) {
		List<CacheKey> keys = browser.keys(this.digits, model, CANDIDATES + 1);
		if (keys.isEmpty()) {
			throw new CliException("There is no entry whose key begins with " + this.digits);
		}
		if (keys.size() > 1) {
			String candidates = keys.stream()
				.limit(CANDIDATES)
				.map((key) -> key.hex().substring(0, Math.max(EntryTable.KEY_DIGITS, this.digits.length())) + " ("
						+ key.model() + ")")
				.collect(Collectors.joining(", "));
			throw new CliException("Several keys begin with " + this.digits + ": " + candidates
					+ ((keys.size() > CANDIDATES) ? " and more" : ""));
		}
		return keys.get(0);
	}

}
