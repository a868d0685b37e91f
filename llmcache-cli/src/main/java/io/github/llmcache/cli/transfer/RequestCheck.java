package io.github.llmcache.cli.transfer;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheKeyHasher;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cache.StoredRequest;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;

/**
 * Whether an entry answers the request that is kept beside it, which cannot be known if
 * secrets were redacted in it.
 */
final class RequestCheck {

	private final CacheKeyHasher hasher = new CacheKeyHasher();

	/**
	 * Compare a key with that of a request.
	 * @param key the key of an entry
	 * @param namespace the namespace of the entry
	 * @param request what is said to have been asked
	 * @return what is wrong, or {@code null} if nothing is
	 */
	@Nullable String problem(CacheKey key, String namespace, RequestRecord request) {
		try {
			StoredRequest stored = StoredRequest.parse(request.json());
			CacheKey actual = stored.redacted() ? key : stored.toRequest(key.model(), "", this.hasher).key();
			if (!actual.matches(key.toBytes())) {
				return "the key is not that of the request";
			}
			if (actual.fingerprint() != key.fingerprint()) {
				return "the fingerprint is not that of the request";
			}
			return stored.namespace().equals(namespace) ? null : "the namespace is not that of the request";
		}
		catch (UnreadableEntryException | ArithmeticException | IllegalArgumentException ex) {
			return "the request is none that a key can be computed of";
		}
	}

}
