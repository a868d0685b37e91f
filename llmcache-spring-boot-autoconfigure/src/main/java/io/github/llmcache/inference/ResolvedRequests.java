package io.github.llmcache.inference;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResult;

/**
 * Writes into any number of requests which namespace they use, as they are taken, and
 * passes on their results as those of the requests that came in. Used by one thread, the
 * caller's.
 */
final class ResolvedRequests implements Iterator<InferenceRequest>, BulkRun.Results {

	/** Of the requests that are under way, those that were changed. */
	private final Map<Integer, InferenceRequest> changed = new HashMap<>();

	private final Iterator<InferenceRequest> requests;

	private final Namespaces namespaces;

	private final Consumer<? super InferenceResult> results;

	private int next;

	ResolvedRequests(Iterator<InferenceRequest> requests, Namespaces namespaces,
			Consumer<? super InferenceResult> results) {
		this.requests = requests;
		this.namespaces = namespaces;
		this.results = results;
	}

	@Override
	public boolean hasNext() {
		return this.requests.hasNext();
	}

	@Override
	public InferenceRequest next() {
		InferenceRequest request = Objects.requireNonNull(this.requests.next(), "A request must not be null");
		InferenceRequest resolved = this.namespaces.resolve(request);
		if (resolved != request) {
			this.changed.put(this.next, request);
		}
		this.next++;
		return resolved;
	}

	@Override
	public void accept(int index, InferenceResult result) {
		InferenceRequest request = this.changed.remove(index);
		this.results
			.accept((request != null) ? new InferenceResult(request, result.response(), result.failure()) : result);
	}

}
