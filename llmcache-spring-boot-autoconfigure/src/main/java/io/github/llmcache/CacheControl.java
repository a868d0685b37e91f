package io.github.llmcache;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What one request asks of the cache, in the terms of HTTP's {@code Cache-Control}.
 *
 * @param noCache do not answer from the cache: ask the provider and store its answer
 * @param noStore do not store the answer
 * @param onlyIfCached do not ask the provider: a miss is a {@link CacheMissException}
 * @param maxAge the age from which an entry is not accepted any more, or {@code null} for
 * any age
 * @param timeToLive how long the answer may be used once it is stored, or {@code null}
 * for as long as is configured
 * @param namespace the part of the cache to use, or {@code null} for the configured one.
 * Namespaces share nothing
 * @param mode what the cache is used for, or {@code null} for the configured mode. What
 * is said here besides restricts it further
 */
public record CacheControl(boolean noCache, boolean noStore, boolean onlyIfCached, @Nullable Duration maxAge,
		@Nullable Duration timeToLive, @Nullable String namespace, @Nullable CacheMode mode) {

	/** Answer from the cache if possible, store what was asked. */
	public static final CacheControl DEFAULT = new CacheControl(false, false, false, null, null, null, null);

	public CacheControl {
		if (noCache && onlyIfCached) {
			throw new IllegalArgumentException("'noCache' and 'onlyIfCached' exclude each other: "
					+ "the request could be answered neither by the cache nor by the provider");
		}
		if (maxAge != null && maxAge.isNegative()) {
			throw new IllegalArgumentException("'maxAge' must not be negative");
		}
		if (timeToLive != null && (timeToLive.isZero() || timeToLive.isNegative())) {
			throw new IllegalArgumentException("'timeToLive' must be positive");
		}
	}

	/**
	 * Ask the provider even if there is an entry, and replace the entry: by as many
	 * samples as are wanted, those before a particular one included.
	 * @return a copy with {@code noCache}
	 */
	public CacheControl withNoCache() {
		return new CacheControl(true, this.noStore, this.onlyIfCached, this.maxAge, this.timeToLive, this.namespace,
				this.mode);
	}

	/**
	 * Do not store the answer.
	 * @return a copy with {@code noStore}
	 */
	public CacheControl withNoStore() {
		return new CacheControl(this.noCache, true, this.onlyIfCached, this.maxAge, this.timeToLive, this.namespace,
				this.mode);
	}

	/**
	 * Never ask the provider.
	 * @return a copy with {@code onlyIfCached}
	 */
	public CacheControl withOnlyIfCached() {
		return new CacheControl(this.noCache, this.noStore, true, this.maxAge, this.timeToLive, this.namespace,
				this.mode);
	}

	/**
	 * Accept only entries that are younger.
	 * @param maxAge the age from which an entry is not accepted any more
	 * @return a copy with {@code maxAge}
	 */
	public CacheControl withMaxAge(Duration maxAge) {
		return new CacheControl(this.noCache, this.noStore, this.onlyIfCached, maxAge, this.timeToLive, this.namespace,
				this.mode);
	}

	/**
	 * Use another part of the cache.
	 * @param namespace the namespace
	 * @return a copy with {@code namespace}
	 */
	public CacheControl withNamespace(String namespace) {
		return new CacheControl(this.noCache, this.noStore, this.onlyIfCached, this.maxAge, this.timeToLive, namespace,
				this.mode);
	}

	/**
	 * Use the answer only for so long once it is stored, whatever is configured.
	 * @param timeToLive how long
	 * @return a copy with {@code timeToLive}
	 */
	public CacheControl withTimeToLive(Duration timeToLive) {
		return new CacheControl(this.noCache, this.noStore, this.onlyIfCached, this.maxAge, timeToLive, this.namespace,
				this.mode);
	}

	/**
	 * Use the cache in another mode than the configured one.
	 * @param mode the mode
	 * @return a copy with {@code mode}
	 */
	public CacheControl withMode(CacheMode mode) {
		return new CacheControl(this.noCache, this.noStore, this.onlyIfCached, this.maxAge, this.timeToLive,
				this.namespace, mode);
	}

}
