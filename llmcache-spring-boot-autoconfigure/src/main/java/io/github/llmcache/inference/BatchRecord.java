package io.github.llmcache.inference;

import java.time.Instant;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a batch while it is under way.
 *
 * @param id our own identifier of it
 * @param provider the configured name of the provider
 * @param createdAt when it was about to be created
 * @param batchId the provider's identifier of it, or {@code null} if it is not known
 * whether it was created
 * @param requests how many requests it holds
 * @param keys the keys of those requests whose results have not been fetched, in
 * hexadecimal
 */
record BatchRecord(String id, String provider, Instant createdAt, @Nullable String batchId, int requests,
		List<String> keys) {

	BatchRecord {
		keys = List.copyOf(keys);
	}

	BatchRecord withBatchId(String batchId) {
		return new BatchRecord(this.id, this.provider, this.createdAt, batchId, this.requests, this.keys);
	}

	BatchRecord without(Set<String> keys) {
		return new BatchRecord(this.id, this.provider, this.createdAt, this.batchId, this.requests,
				this.keys.stream().filter((key) -> !keys.contains(key)).toList());
	}

}
