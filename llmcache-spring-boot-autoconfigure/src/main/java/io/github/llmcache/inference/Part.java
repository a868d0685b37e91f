package io.github.llmcache.inference;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import io.github.llmcache.Sample;
import io.github.llmcache.Usage;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.provider.ProviderAnswer;
import org.jspecify.annotations.Nullable;

/**
 * One response of a provider among those that hold the samples of a request.
 *
 * @param cached the response as it is stored
 * @param samples its samples, none if it has not been read
 * @param usage what the call took
 * @param asked whether the provider was asked for it now
 */
record Part(CachedResponse cached, List<Sample> samples, Usage usage, boolean asked) {

	/**
	 * Return a part of which nothing but the number of its samples is needed.
	 * @param cached the stored response
	 * @return the part
	 */
	static Part unread(CachedResponse cached) {
		return new Part(cached, List.of(), Usage.NONE, false);
	}

	/**
	 * Return a part that was stored.
	 * @param cached the stored response
	 * @param answer what it says
	 * @return the part
	 * @throws UnreadableEntryException if it says something else than when it was stored
	 */
	static Part stored(CachedResponse cached, ProviderAnswer answer) throws UnreadableEntryException {
		List<Sample> samples = StoragePolicy.stored(answer.samples(), cached.samples());
		if (samples == null) {
			throw new UnreadableEntryException("The stored response does not have " + cached.samples() + " samples",
					null);
		}
		return new Part(cached, samples, (answer.usage() != null) ? answer.usage() : Usage.NONE, false);
	}

	/**
	 * Return what was asked for, as far as it is worth storing if any of it is.
	 * @param answer what the provider answered
	 * @return the part, which has taken all that the call took
	 */
	static Part asked(CallAnswer answer) {
		return new Part(answer.cached(), answer.kept(), answer.response().usage(), true);
	}

	/**
	 * Return the rest of what was asked for.
	 * @param answer what the provider answered
	 * @return the part, or {@code null} if nothing is left
	 */
	static @Nullable Part rest(CallAnswer answer) {
		List<Sample> rest = new ArrayList<>(answer.response().samples());
		if (rest.size() == answer.kept().size()) {
			return null;
		}
		// Two of them may say the same
		Set<Sample> kept = Collections.newSetFromMap(new IdentityHashMap<>());
		kept.addAll(answer.kept());
		rest.removeIf(kept::contains);
		CachedResponse cached = answer.cached();
		return new Part(new CachedResponse(cached.body(), rest.size(), 0, 0, 0L, cached.finishReason(),
				cached.createdAt(), Duration.ZERO, cached.requestId()), rest, Usage.NONE, true);
	}

	boolean isRead() {
		return !this.samples.isEmpty();
	}

	int size() {
		return this.cached.samples();
	}

}
