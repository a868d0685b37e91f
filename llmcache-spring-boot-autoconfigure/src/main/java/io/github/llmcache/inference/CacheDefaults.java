package io.github.llmcache.inference;

import java.util.List;
import java.util.Locale;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.CacheMode;
import io.github.llmcache.MissExplanation;
import io.github.llmcache.MissExplanation.Outcome;
import io.github.llmcache.NamespaceResolver;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the cache as far as requests do not say so themselves.
 *
 * @param namespace the namespace of requests that name none
 * @param mode the mode of requests that name none
 * @param resolver decides which namespace a request uses, whatever it names, or
 * {@code null}
 */
public record CacheDefaults(String namespace, CacheMode mode, @Nullable NamespaceResolver resolver) {

	/**
	 * Create defaults where requests use the namespace that they name.
	 * @param namespace the namespace of requests that name none
	 * @param mode the mode of requests that name none
	 */
	public CacheDefaults(String namespace, CacheMode mode) {
		this(namespace, mode, null);
	}

	/**
	 * Find out what a request asks of the cache, its mode included.
	 * @param model the model's id
	 * @param request describes the request, without what it says
	 * @param asked what the request itself says
	 * @return what it comes to: as the request says, restricted by the mode
	 * @throws CacheMissException if neither the cache nor the provider may answer
	 */
	CacheControl resolve(String model, Object request, CacheControl asked) {
		CacheMode mode = (asked.mode() != null) ? asked.mode() : this.mode;
		boolean withoutLookup = mode == CacheMode.REFRESH || mode == CacheMode.OFF;
		if (withoutLookup && asked.onlyIfCached()) {
			throw nobodyToAsk(model, request, "only the cache was to be asked", mode, "the cache");
		}
		if (mode == CacheMode.REPLAY && asked.noCache()) {
			throw nobodyToAsk(model, request, "only the provider was to be asked", mode, "a provider");
		}
		return switch (mode) {
			case READ_WRITE -> asked;
			case READ_ONLY -> asked.withNoStore();
			case REFRESH -> asked.withNoCache();
			case REPLAY -> asked.withOnlyIfCached().withMode(mode);
			case OFF -> asked.withNoCache().withNoStore().withMode(mode);
		};
	}

	private static CacheMissException nobodyToAsk(String model, Object request, String demand, CacheMode mode,
			String withheld) {
		String reason = demand + ", and mode '" + mode.name().toLowerCase(Locale.ROOT) + "' does not ask " + withheld;
		return new CacheMissException("No entry may answer " + request + ", because " + reason, new MissExplanation(
				model, Outcome.NOT_LOOKED_UP, "No entry may answer it, because " + reason + ".", 0, List.of()));
	}

	/**
	 * Return whether a request shares nothing with identical ones, not even a call that
	 * is under way.
	 * @param resolved what the request asks of the cache, its mode included
	 */
	static boolean isApart(CacheControl resolved) {
		return resolved.mode() == CacheMode.OFF;
	}

	/**
	 * Return whether misses of a request are failures to be explained. Who allows only
	 * the cache in another mode may just want to know whether there is an answer, and
	 * does not wait until all entries have been compared.
	 * @param resolved what the request asks of the cache, its mode included
	 */
	static boolean isExplained(CacheControl resolved) {
		return resolved.mode() == CacheMode.REPLAY;
	}

	String namespace(CacheControl asked) {
		return (asked.namespace() != null) ? asked.namespace() : this.namespace;
	}

}
