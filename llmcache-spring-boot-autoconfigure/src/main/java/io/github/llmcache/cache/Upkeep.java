package io.github.llmcache.cache;

import io.github.llmcache.cache.CacheStore.StoredAmount;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What has to be known of a model to keep it in order. Thread-safe.
 */
final class Upkeep {

	private final String model;

	private final Growth growth = new Growth();

	private final Expiration expiration;

	private final Uses uses;

	private volatile @Nullable Bounds bounds;

	private volatile boolean reclaimable;

	Upkeep(String model, Expiration expiration, Uses uses, Retention retention) {
		this.model = model;
		this.expiration = expiration;
		this.uses = uses;
		keep(retention);
	}

	String model() {
		return this.model;
	}

	Growth growth() {
		return this.growth;
	}

	Expiration expiration() {
		return this.expiration;
	}

	/**
	 * Return how much is kept.
	 * @return the bounds, or {@code null} if there are none
	 */
	@Nullable Bounds bounds() {
		return this.bounds;
	}

	/**
	 * Return whether there may be space to give back.
	 * @return whether entries have been deleted
	 */
	boolean isReclaimable() {
		return this.reclaimable;
	}

	void setReclaimable(boolean reclaimable) {
		this.reclaimable = reclaimable;
	}

	/**
	 * Set what is kept.
	 * @param retention how much
	 */
	void keep(Retention retention) {
		this.bounds = retention.isBounded() ? Bounds.of(retention) : null;
	}

	/**
	 * Note that an entry was used, if that decides what is kept.
	 * @param key its key, whose hash is known already
	 */
	void used(CacheKey key) {
		if (this.bounds != null) {
			this.uses.record(key);
		}
	}

	/**
	 * Note what has been saved.
	 * @param written how much
	 * @param expiresAt when the first of it expires, or {@code null} for never
	 * @return whether room may have to be made
	 */
	boolean saved(StoredAmount written, @Nullable Instant expiresAt) {
		if (expiresAt != null) {
			this.expiration.saved(expiresAt);
		}
		return this.growth.add(written) && this.bounds != null;
	}

}
