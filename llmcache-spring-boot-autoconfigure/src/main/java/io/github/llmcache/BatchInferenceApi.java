package io.github.llmcache;

import java.util.List;

/**
 * Answers requests by the batch APIs of providers: for about half the price, within a
 * day.
 * <p>
 * It shares its entries with {@link InferenceApi}: what is cached is not sent, and what a
 * batch answers is a hit for both. A batch that is under way survives the application:
 * ask for the same requests again, in this or another process on the same directory, and
 * those that are in a batch are waited for there, and only the others are sent. Nothing
 * is paid for twice. What is remembered of batches is in a folder of
 * {@code llmcache.directory}, whatever the backend is, and also if nothing is cached.
 * <p>
 * A request whose {@link CacheControl} asks for a new answer gets that of a batch which
 * is under way, if it is in one. {@link InferenceApi} does not wait for batches: what it
 * is asked meanwhile, it asks the provider.
 * <p>
 * Thread-safe.
 */
public interface BatchInferenceApi {

	/**
	 * Answer many requests: what is cached at once, the others in as few batches as their
	 * providers allow. Waits for them. Duplicates are asked once. One request's failure
	 * does not affect the others; those that failed or expired are asked again by the
	 * next call.
	 * @param requests the requests
	 * @return their results, in the order of the requests
	 * @throws InferenceCancelledException if the calling thread is interrupted; the
	 * batches go on, and another call waits for them
	 */
	default List<InferenceResult> inferAll(List<InferenceRequest> requests) {
		return inferAll(requests, Progress.NONE);
	}

	/**
	 * Answer many requests and tell how it gets on.
	 * @param requests the requests
	 * @param progress told after each group of lookups, whenever a provider has been
	 * asked how a batch gets on, and at the end. While a batch is under way, what its
	 * provider says it has processed counts as completed; whether that has failed, and
	 * what it cost, is known when the batch has ended
	 * @return their results, in the order of the requests
	 * @throws InferenceCancelledException if the calling thread is interrupted; the
	 * batches go on, and another call waits for them
	 * @see #inferAll(List)
	 */
	default List<InferenceResult> inferAll(List<InferenceRequest> requests, Progress progress) {
		return submit(requests, progress).await(progress);
	}

	/**
	 * Look up requests and send what is not cached, without waiting for the answers.
	 * @param requests the requests
	 * @return what becomes of them
	 * @throws InferenceCancelledException if the calling thread is interrupted; batches
	 * that were created by then go on, and another call finds them
	 */
	default InferenceBatch submit(List<InferenceRequest> requests) {
		return submit(requests, Progress.NONE);
	}

	/**
	 * Look up requests and send what is not cached, without waiting for the answers.
	 * @param requests the requests
	 * @param progress told after each group of lookups
	 * @return what becomes of them
	 * @throws InferenceCancelledException if the calling thread is interrupted; batches
	 * that were created by then go on, and another call finds them
	 */
	InferenceBatch submit(List<InferenceRequest> requests, Progress progress);

	/**
	 * Return the batches of all applications on this directory that have results which
	 * nobody has fetched. Asks no provider.
	 * @return the batches, the oldest first
	 * @throws InferenceException if the record of them cannot be read
	 */
	List<ProviderBatch> underWay();

	/**
	 * Ask a provider to cancel a batch. What it has answered by then is kept and paid
	 * for; whoever waits for the rest gets failures.
	 * @param batch the batch
	 * @throws ProviderException if the provider does not do it
	 * @throws UnknownProviderException if its provider is not configured
	 */
	void cancel(ProviderBatch batch);

}
