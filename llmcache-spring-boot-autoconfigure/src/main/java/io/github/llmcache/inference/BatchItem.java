package io.github.llmcache.inference;

import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.provider.ProviderDefinition;

/**
 * The requests of a run that ask a provider the same, for which one item of a batch is
 * enough. Used by one thread at a time.
 */
final class BatchItem {

	private final String key;

	private final List<Indexed> calls = new ArrayList<>();

	private boolean settled;

	BatchItem(InferenceCall call) {
		this.key = call.cacheRequest().key().hex();
	}

	void add(int index, InferenceCall call) {
		this.calls.add(new Indexed(index, call));
	}

	/**
	 * Return the key of the requests, by which providers know the item too.
	 */
	String key() {
		return this.key;
	}

	List<Indexed> calls() {
		return this.calls;
	}

	/**
	 * Return the call whose demands on the cache decide: the answer is stored if any
	 * request allows it.
	 */
	InferenceCall call() {
		return this.calls.stream()
			.map(Indexed::call)
			.filter((call) -> !call.cacheControl().noStore())
			.findFirst()
			.orElseGet(() -> this.calls.get(0).call());
	}

	ProviderDefinition provider() {
		return this.calls.get(0).call().provider();
	}

	/**
	 * Note that the requests have their results.
	 * @return whether they had none before
	 */
	boolean settle() {
		boolean first = !this.settled;
		this.settled = true;
		return first;
	}

	boolean isSettled() {
		return this.settled;
	}

	/**
	 * A call with the index of its request.
	 */
	record Indexed(int index, InferenceCall call) {
	}

}
