package io.github.llmcache.inference;

import io.github.llmcache.provider.BatchClient;
import io.github.llmcache.provider.BatchProtocol;
import io.github.llmcache.provider.BatchStatus.State;
import io.github.llmcache.provider.ProviderDefinition;

/**
 * Cancels batches. Thread-safe.
 *
 * @param client the client
 * @param retries how often it is tried
 */
record BatchCancellation(BatchClient client, ProviderRetries retries) {

	/**
	 * Ask to cancel a batch, unless it has ended.
	 * @param provider the provider
	 * @param batchId the provider's identifier of the batch
	 */
	void cancel(ProviderDefinition provider, String batchId) {
		BatchProtocol protocol = BatchCreator.protocol(provider);
		this.retries.execute(provider, () -> {
			if (protocol.status(this.client, provider, batchId).state() == State.UNDER_WAY) {
				protocol.cancel(this.client, provider, batchId);
			}
			return true;
		});
	}

}
