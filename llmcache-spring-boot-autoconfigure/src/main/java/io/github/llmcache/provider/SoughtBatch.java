package io.github.llmcache.provider;

import java.time.Instant;
import java.util.Set;

/**
 * A batch of which it is not known whether it was created.
 *
 * @param id our own identifier of it
 * @param since when it was about to be created, by our clock
 * @param requests how many requests it would hold
 * @param others the provider's identifiers of batches that it is not
 */
public record SoughtBatch(String id, Instant since, int requests, Set<String> others) {

	public SoughtBatch {
		others = Set.copyOf(others);
	}

}
