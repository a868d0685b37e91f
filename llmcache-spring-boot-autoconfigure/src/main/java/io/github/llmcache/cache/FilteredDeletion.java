package io.github.llmcache.cache;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import io.github.llmcache.cache.CacheStore.StoreSize;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Deletes the entries that a filter means, in portions, and gives their space back.
 */
final class FilteredDeletion {

	/** How many entries are deleted at once: in some milliseconds. */
	private static final int PORTION = 256;

	private static final Log logger = LogFactory.getLog(CacheManager.class);

	private static final int LONGEST_CONDITION = 200;

	private final CacheStore store;

	private final StoreGuard guard;

	private final InstantSource clock;

	FilteredDeletion(CacheStore store, StoreGuard guard, InstantSource clock) {
		this.store = store;
		this.guard = guard;
		this.clock = clock;
	}

	/**
	 * Delete entries.
	 * @param filter which ones
	 * @param forgetting is told what has been deleted
	 * @return how many there were
	 * @throws CacheStoreException if the store fails
	 */
	long delete(EntryFilter filter, Forgetting forgetting) {
		long deleted = deleteMatching(filter, forgetting);
		logger.info("Deleted " + deleted + " entries: " + describe(filter));
		return deleted;
	}

	private static String describe(EntryFilter filter) {
		List<String> conditions = new ArrayList<>();
		addCondition(conditions, "model", filter.model());
		addCondition(conditions, "namespace", filter.namespace());
		addCondition(conditions, "older than", filter.olderThan());
		addCondition(conditions, "newer than", filter.newerThan());
		addCondition(conditions, "unused for", filter.unusedFor());
		addCondition(conditions, "finish reason", filter.finishReason());
		addCondition(conditions, "key", (filter.key() != null) ? "one" : null);
		addCondition(conditions, "expired", filter.expired() ? "only" : null);
		return conditions.isEmpty() ? "all" : String.join(", ", conditions);
	}

	/**
	 * What is asked for is from outside, and must not look like another line of the log.
	 */
	private static void addCondition(List<String> conditions, String name, @Nullable Object value) {
		if (value != null) {
			conditions.add(name + " " + PlainText.of(value.toString(), LONGEST_CONDITION));
		}
	}

	private long deleteMatching(EntryFilter filter, Forgetting forgetting) {
		String model = filter.model();
		String namespace = filter.namespace();
		if (model != null && filter.equals(EntryFilter.ofModel(model))) {
			return deleteModel(model, forgetting);
		}
		if (filter.equals(EntryFilter.ALL)) {
			return models().stream().mapToLong((each) -> deleteModel(each, forgetting)).sum();
		}
		if (namespace != null && filter.equals(EntryFilter.ofNamespace(namespace))) {
			return deleteNamespace(namespace, forgetting);
		}
		return deleteOneByOne(filter, forgetting);
	}

	private long deleteModel(String model, Forgetting forgetting) {
		try {
			long deleted = this.store.deleteModel(model);
			reclaim(model);
			return deleted;
		}
		finally {
			forgetting.forget(model, null);
		}
	}

	private long deleteNamespace(String namespace, Forgetting forgetting) {
		try {
			long deleted = this.store.deleteNamespace(namespace);
			models().forEach(this::reclaim);
			return deleted;
		}
		finally {
			forgetting.forget(null, null);
		}
	}

	private List<String> models() {
		return this.store.size().stream().map(StoreSize::model).toList();
	}

	private long deleteOneByOne(EntryFilter filter, Forgetting forgetting) {
		Predicate<EntryDetails> matches = new EntryMatch(filter, this.clock.instant());
		Portion portion = new Portion(this.store, forgetting);
		this.store.inspect(filter.model(), (details) -> {
			if (matches.test(details)) {
				portion.add(details.key());
			}
		});
		portion.delete();
		portion.deleted.keySet().forEach(this::reclaim);
		return portion.deleted.values().stream().mapToLong(Long::longValue).sum();
	}

	/**
	 * The entries are gone, even if their space is not.
	 */
	private void reclaim(String model) {
		this.guard.maintain(model, () -> {
			this.store.reclaim(model);
			return true;
		});
	}

	/**
	 * Forgets what has been deleted.
	 */
	@FunctionalInterface
	interface Forgetting {

		/**
		 * Forget entries.
		 * @param model their model, or {@code null} for all models
		 * @param fingerprints the fingerprints of their keys, or {@code null} for all
		 */
		void forget(@Nullable String model, @Nullable Set<Long> fingerprints);

	}

	/**
	 * What is deleted together.
	 */
	private static final class Portion {

		private final Map<String, Long> deleted = new HashMap<>();

		private final List<CacheKey> keys = new ArrayList<>();

		private final CacheStore store;

		private final Forgetting forgetting;

		private Portion(CacheStore store, Forgetting forgetting) {
			this.store = store;
			this.forgetting = forgetting;
		}

		private void add(CacheKey key) {
			if (!this.keys.isEmpty()
					&& (this.keys.size() == PORTION || !this.keys.get(0).model().equals(key.model()))) {
				delete();
			}
			this.keys.add(key);
		}

		private void delete() {
			if (this.keys.isEmpty()) {
				return;
			}
			String model = this.keys.get(0).model();
			Set<Long> fingerprints = new HashSet<>();
			this.keys.forEach((key) -> fingerprints.add(key.fingerprint()));
			try {
				this.deleted.merge(model, this.store.deleteAll(this.keys), Long::sum);
			}
			finally {
				this.forgetting.forget(model, fingerprints);
			}
			this.keys.clear();
		}

	}

}
