package io.github.llmcache.cache;

/**
 * Is told what becomes of lookups and of entries. It is told so on the threads that use
 * the cache: implementations are thread-safe, quick, and throw nothing. Exceptions are
 * ignored but for a warning, for a cache must not fail because somebody counts.
 */
public interface CacheObserver {

	/** Does nothing. */
	CacheObserver NONE = new CacheObserver() {
	};

	/**
	 * Lookups begin: a single one, or several that are made together.
	 * @param count how many
	 * @return is told of each of them, and when all have ended, on the same thread
	 */
	default LookupObservation lookupsStarted(int count) {
		return LookupObservation.NONE;
	}

	/**
	 * An entry has been stored, or responses have been added to one.
	 * @param model the model's id
	 * @param bytes the size of the responses as the provider sent them, in bytes
	 */
	default void entryStored(String model, long bytes) {
	}

	/**
	 * Is told what becomes of lookups that have begun.
	 */
	interface LookupObservation {

		/** Does nothing. */
		LookupObservation NONE = (result) -> {
		};

		/**
		 * One of the lookups has ended.
		 * @param result how
		 */
		void lookedUp(LookupResult result);

		/**
		 * All lookups have ended. Comes last, and once, even if not all of them have been
		 * told of.
		 */
		default void ended() {
		}

	}

	/**
	 * How a lookup has ended.
	 */
	enum LookupResult {

		/** The answer was in memory. */
		MEMORY_HIT,

		/** The answer was in the store. */
		STORE_HIT,

		/** There is no answer that can be used. */
		MISS

	}

}
