package io.github.llmcache;

import java.time.Instant;
import java.util.Objects;

/**
 * A batch at a provider.
 *
 * @param provider the configured name of the provider
 * @param id the provider's identifier of the batch
 * @param requests how many requests it holds whose results have not been fetched
 * @param createdAt when it was created
 */
public record ProviderBatch(String provider, String id, int requests, Instant createdAt) {

	public ProviderBatch {
		Objects.requireNonNull(provider, "'provider' must not be null");
		Objects.requireNonNull(id, "'id' must not be null");
		Objects.requireNonNull(createdAt, "'createdAt' must not be null");
	}

}
