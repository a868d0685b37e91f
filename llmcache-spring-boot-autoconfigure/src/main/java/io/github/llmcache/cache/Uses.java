package io.github.llmcache.cache;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which entries have been used since somebody last asked, in bounded memory and without
 * their requests. When that was need not be known: what was used lately is young enough.
 * Thread-safe, and what has been recorded already costs one look.
 */
final class Uses {

	/** About 10 MB. Others count as not used. */
	static final int MAX_KEYS = 65_536;

	private final Runnable onMany;

	private volatile Map<CacheKey, Boolean> used = new ConcurrentHashMap<>();

	/**
	 * Create a record of uses.
	 * @param onMany is run, now and then again, while more than half of the space is
	 * taken
	 */
	Uses(Runnable onMany) {
		this.onMany = onMany;
	}

	/**
	 * Record a use.
	 * @param key the key of the entry, whose hash is known already
	 */
	void record(CacheKey key) {
		Map<CacheKey, Boolean> used = this.used;
		if (!used.containsKey(key)) {
			add(used, key);
		}
	}

	private void add(Map<CacheKey, Boolean> used, CacheKey key) {
		int size = used.size();
		if (size < MAX_KEYS) {
			used.put(key.detached(), Boolean.TRUE);
		}
		if (size >= MAX_KEYS / 2) {
			this.onMany.run();
		}
	}

	/**
	 * Return whether more than half of the space is taken.
	 * @return whether it is time to take them
	 */
	boolean areMany() {
		return this.used.size() >= MAX_KEYS / 2;
	}

	/**
	 * Return what has been used since the last time.
	 * @return the keys
	 */
	Set<CacheKey> take() {
		Map<CacheKey, Boolean> taken = this.used;
		if (taken.isEmpty()) {
			return Set.of();
		}
		this.used = new ConcurrentHashMap<>();
		return taken.keySet();
	}

}
