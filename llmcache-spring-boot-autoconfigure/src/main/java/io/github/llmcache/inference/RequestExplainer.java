package io.github.llmcache.inference;

import java.util.List;

import io.github.llmcache.CacheMissException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.MissExplanation;
import io.github.llmcache.MissExplanation.Outcome;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheManager.Found;

/**
 * Explains what becomes of requests, without asking anybody but the cache. Thread-safe.
 */
final class RequestExplainer {

	private final RequestAnswerer requests;

	private final CacheManager cache;

	RequestExplainer(RequestAnswerer requests, CacheManager cache) {
		this.requests = requests;
		this.cache = cache;
	}

	MissExplanation explain(InferenceRequest request) {
		InferenceCall call;
		try {
			call = this.requests.firstCall(request);
		}
		catch (CacheMissException ex) {
			if (ex.explanation() == null) {
				throw ex;
			}
			return ex.explanation();
		}
		if (call.cacheControl().noCache()) {
			return Misses.notLookedUp(request.model(), call.wire().stateful() ? Misses.STATEFUL
					: "The request or its mode has the provider asked, whatever is stored.");
		}
		MissExplanation explanation = this.cache.explain(call.lookup());
		return (explanation.isHit() && !isReadable(call)) ? unreadable(explanation) : explanation;
	}

	/**
	 * Whether a response says what it has to is known only here.
	 */
	private boolean isReadable(InferenceCall call) {
		Found<Drawn> found = this.cache.lookupSamples(call.lookup(), ResponseReader.samplesOf(call));
		return found.value() != null || !found.stale();
	}

	private static MissExplanation unreadable(MissExplanation explanation) {
		return new MissExplanation(explanation.model(), Outcome.UNREADABLE,
				"Its entry holds a response that cannot be read.", explanation.compared(), List.of());
	}

}
