package io.github.llmcache.inference;

import java.util.Locale;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.CacheMode;

/**
 * What is asked of the cache as far as requests do not say so themselves.
 *
 * @param namespace the namespace of requests that name none
 * @param mode the mode of requests that name none
 */
public record CacheDefaults(String namespace, CacheMode mode) {

	/**
	 * Find out what a request asks of the cache, its mode included.
	 * @param request describes the request, without what it says
	 * @param asked what the request itself says
	 * @return what it comes to: as the request says, restricted by the mode
	 * @throws CacheMissException if neither the cache nor the provider may answer
	 */
	CacheControl resolve(Object request, CacheControl asked) {
		CacheMode mode = (asked.mode() != null) ? asked.mode() : this.mode;
		return switch (mode) {
			case READ_WRITE -> asked;
			case READ_ONLY -> asked.withNoStore();
			case REFRESH -> withoutLookup(request, asked, mode);
			case REPLAY -> withoutProvider(request, asked, mode);
			case OFF -> withoutLookup(request, asked, mode).withNoStore().withMode(mode);
		};
	}

	private static CacheControl withoutLookup(Object request, CacheControl asked, CacheMode mode) {
		if (asked.onlyIfCached()) {
			throw nobodyToAsk(request, "only the cache was to be asked", "the cache", mode);
		}
		return asked.withNoCache();
	}

	private static CacheControl withoutProvider(Object request, CacheControl asked, CacheMode mode) {
		if (asked.noCache()) {
			throw nobodyToAsk(request, "only the provider was to be asked", "a provider", mode);
		}
		return asked.withOnlyIfCached();
	}

	private static CacheMissException nobodyToAsk(Object request, String demand, String withheld, CacheMode mode) {
		return new CacheMissException("No entry may answer " + request + ", because " + demand + ", and mode '"
				+ mode.name().toLowerCase(Locale.ROOT) + "' does not ask " + withheld);
	}

	/**
	 * Return whether a request shares nothing with identical ones, not even a call that
	 * is under way.
	 * @param resolved what the request asks of the cache, its mode included
	 */
	static boolean isApart(CacheControl resolved) {
		return resolved.mode() == CacheMode.OFF;
	}

	String namespace(CacheControl asked) {
		return (asked.namespace() != null) ? asked.namespace() : this.namespace;
	}

}
