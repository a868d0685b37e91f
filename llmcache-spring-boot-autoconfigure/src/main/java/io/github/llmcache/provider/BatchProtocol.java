package io.github.llmcache.provider;

import java.util.List;

import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.ProviderException;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a provider takes many requests at once and answers them later, for less. Holds no
 * state, and is thread-safe. Calls the provider only through the client that it is given,
 * and throws what the client throws.
 */
public interface BatchProtocol {

	/**
	 * Return what a batch may hold, and how it is written.
	 * @return the format
	 */
	BatchFormat format();

	/**
	 * Map a request to the item of a batch. Does no I/O.
	 * @param customId what the result of the request will be known by
	 * @param request the request
	 * @return the item
	 */
	ObjectNode item(String customId, WireRequest request);

	/**
	 * Hand over what a batch is to hold, as far as that is done before it is created and
	 * costs nothing.
	 * @param client the client
	 * @param provider the provider
	 * @param batch the batch
	 * @return what {@link #create} needs to find it; may be empty
	 */
	String stage(BatchClient client, ProviderDefinition provider, BatchUpload batch);

	/**
	 * Create a batch. From then on it costs.
	 * @param client the client
	 * @param provider the provider
	 * @param batch the batch
	 * @param staged what {@link #stage} has returned
	 * @return the provider's identifier of the batch
	 */
	String create(BatchClient client, ProviderDefinition provider, BatchUpload batch, String staged);

	/**
	 * Find out whether a batch was created of which nobody has heard the answer.
	 * @param client the client
	 * @param provider the provider
	 * @param sought what is known of it
	 * @return the identifiers of the batches that it can be; if there are several, the
	 * provider does not tell which
	 */
	List<String> find(BatchClient client, ProviderDefinition provider, SoughtBatch sought);

	/**
	 * Ask how a batch gets on.
	 * @param client the client
	 * @param provider the provider
	 * @param batchId the provider's identifier of the batch
	 * @return its state
	 */
	BatchStatus status(BatchClient client, ProviderDefinition provider, String batchId);

	/**
	 * Ask to cancel a batch. What has been answered by then is kept.
	 * @param client the client
	 * @param provider the provider
	 * @param batchId the provider's identifier of the batch
	 */
	void cancel(BatchClient client, ProviderDefinition provider, String batchId);

	/**
	 * Read a line of a file of results. Does no I/O.
	 * @param line the line
	 * @param provider the provider that it came from
	 * @return the result
	 * @throws MalformedResponseException if the line is not what the protocol describes
	 * @throws ProviderException never for a request that failed: that is a result
	 */
	BatchResult readResult(byte[] line, ProviderDefinition provider);

}
