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
 * @param namespace the part of the cache to use, or {@code null} for the configured one.
 * Namespaces share nothing
 */
public record CacheControl(boolean noCache, boolean noStore, boolean onlyIfCached, @Nullable Duration maxAge,
		@Nullable String namespace) {

	/** Answer from the cache if possible, store what was asked. */
	public static final CacheControl DEFAULT = new CacheControl(false, false, false, null, null);

	public CacheControl {
		if (noCache && onlyIfCached) {
			throw new IllegalArgumentException("'noCache' and 'onlyIfCached' exclude each other: "
					+ "the request could be answered neither by the cache nor by the provider");
		}
		if (maxAge != null && maxAge.isNegative()) {
			throw new IllegalArgumentException("'maxAge' must not be negative");
		}
	}

	/**
	 * Ask the provider even if there is an entry, and replace the entry: by as many
	 * samples as are wanted, those before a particular one included.
	 * @return a copy with {@code noCache}
	 */
	public CacheControl withNoCache() {
		return new CacheControl(true, this.noStore, this.onlyIfCached, this.maxAge, this.namespace);
	}

	/**
	 * Do not store the answer.
	 * @return a copy with {@code noStore}
	 */
	public CacheControl withNoStore() {
		return new CacheControl(this.noCache, true, this.onlyIfCached, this.maxAge, this.namespace);
	}

	/**
	 * Never ask the provider.
	 * @return a copy with {@code onlyIfCached}
	 */
	public CacheControl withOnlyIfCached() {
		return new CacheControl(this.noCache, this.noStore, true, this.maxAge, this.namespace);
	}

	/**
	 * Accept only entries that are younger.
	 * @param maxAge the age from which an entry is not accepted any more
	 * @return a copy with {@code maxAge}
	 */
	public CacheControl withMaxAge(Duration maxAge) {
		return new CacheControl(this.noCache, this.noStore, this.onlyIfCached, maxAge, this.namespace);
	}

	/**
	 * Use another part of the cache.
	 * @param namespace the namespace
	 * @return a copy with {@code namespace}
	 */
	public CacheControl withNamespace(String namespace) {
		return new CacheControl(this.noCache, this.noStore, this.onlyIfCached, this.maxAge, namespace);
	}

}
