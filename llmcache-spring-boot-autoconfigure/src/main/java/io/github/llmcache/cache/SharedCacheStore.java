package io.github.llmcache.cache;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A store through which several processes also agree on who makes a call, and tell each
 * other what they have changed. Both are attempts: a call may be made twice and a message
 * be lost, if the store or a process fails.
 */
public interface SharedCacheStore extends CacheStore {

	/**
	 * Try to become the only process that makes the call for a key. Does not wait for
	 * others.
	 * @param key the key
	 * @return the lease, {@link CallLease#NONE} if this process holds it already, or
	 * {@code null} if another process does
	 * @throws CacheStoreException if the store fails
	 */
	@Nullable CallLease tryLease(CacheKey key);

	/**
	 * Be told what other processes change. Called at most once, before the store is used
	 * for the first time.
	 * @param listener is told; must not block
	 */
	void onChange(ChangeListener listener);

	/**
	 * Return whether the store is used at all.
	 * @return the state of the circuit breaker, or {@code null} if there is none
	 */
	default @Nullable BreakerState breakerState() {
		return null;
	}

	/**
	 * Is told what other processes have changed.
	 */
	interface ChangeListener {

		/**
		 * Entries have been replaced, added to or deleted.
		 * @param model the model's id
		 * @param fingerprints the fingerprints of their keys
		 */
		void entriesChanged(String model, Set<Long> fingerprints);

		/**
		 * Any entry may have been changed.
		 * @param model the model's id, or {@code null} for all models
		 */
		void allChanged(@Nullable String model);

	}

}
