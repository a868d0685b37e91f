package io.github.llmcache.inference;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import io.github.llmcache.InferenceException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.Progress;
import io.github.llmcache.inference.BatchItem.Indexed;
import org.jspecify.annotations.Nullable;

/**
 * The results of a run, each at the place of its request. Used by one thread at a time.
 */
final class BatchResults {

	private final Responder responder;

	private final @Nullable InferenceResult[] results;

	private final BulkRun.Tally tally;

	BatchResults(int requests, Responder responder) {
		this.responder = responder;
		this.results = new InferenceResult[requests];
		this.tally = new BulkRun.Tally(requests);
	}

	void hit(int index, InferenceRequest request, InferenceResponse response) {
		put(index, new InferenceResult(request, response, null));
	}

	void fail(int index, InferenceRequest request, Throwable failure) {
		put(index, new InferenceResult(request, null, BulkRun.known(failure)));
	}

	/**
	 * Give the requests of an item their responses. All but one get them for nothing.
	 * @param item the item
	 * @param received the answer
	 */
	void answer(BatchItem item, Pending received) {
		if (!item.settle()) {
			return;
		}
		List<InferenceCall> calls = item.calls().stream().map(Indexed::call).toList();
		List<@Nullable InferenceResponse> responses = this.responder.respondAll(received, calls);
		for (int i = 0; i < calls.size(); i++) {
			put(item.calls().get(i).index(), new InferenceResult(calls.get(i).request(), responses.get(i), null));
		}
	}

	void fail(BatchItem item, InferenceException failure) {
		if (item.settle()) {
			item.calls().forEach((indexed) -> fail(indexed.index(), indexed.call().request(), failure));
		}
	}

	private void put(int index, InferenceResult result) {
		this.results[index] = result;
		this.tally.add(result);
	}

	List<InferenceResult> all() {
		return Arrays.stream(this.results).map(Objects::requireNonNull).toList();
	}

	/**
	 * Return how far it has got.
	 * @param processed how many further requests providers say they have processed
	 * @return the state so far
	 */
	Progress.Update update(long processed) {
		Progress.Update update = this.tally.update();
		int completed = (int) Math.min(update.total(), update.completed() + processed);
		return new Progress.Update(update.total(), completed, update.hits(), update.misses(), update.failures(),
				update.spent(), update.saved(), update.elapsed());
	}

}
