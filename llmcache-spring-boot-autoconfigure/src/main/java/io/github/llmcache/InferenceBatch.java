package io.github.llmcache;

import java.util.List;

/**
 * Requests that were submitted to {@link BatchInferenceApi}. Nothing happens to them in
 * the background: their results are fetched when somebody {@linkplain #await() waits} or
 * {@linkplain #poll() asks} for them. An application that ends before that, and then
 * submits the same requests, finds their batches again.
 * <p>
 * Thread-safe.
 */
public interface InferenceBatch {

	/**
	 * Return the batches that have requests of this, and whose results have not been
	 * fetched. They may hold requests of others too.
	 * @return the batches; empty if all is answered
	 */
	List<ProviderBatch> batches();

	/**
	 * Ask the providers once how their batches get on, and fetch the results of those
	 * that have ended.
	 * @return whether every request has a result
	 * @throws InferenceCancelledException if the calling thread is interrupted
	 */
	boolean poll();

	/**
	 * Wait until every request has a result.
	 * @return the results, in the order of the requests
	 * @throws InferenceCancelledException if the calling thread is interrupted; the
	 * batches go on
	 */
	default List<InferenceResult> await() {
		return await(Progress.NONE);
	}

	/**
	 * Wait until every request has a result, and tell how it gets on.
	 * @param progress told whenever a provider was asked, and at the end
	 * @return the results, in the order of the requests
	 * @throws InferenceCancelledException if the calling thread is interrupted; the
	 * batches go on
	 */
	List<InferenceResult> await(Progress progress);

	/**
	 * Ask the providers to cancel the batches, also for others whose requests they hold.
	 * What was answered by then is kept and paid for; the rest become failures, for which
	 * {@link #await()} still has to be called.
	 * @throws ProviderException if a provider does not do it; the others have been asked
	 */
	void cancel();

}
