package io.github.llmcache.inference;

import java.util.BitSet;

import io.github.llmcache.InferenceException;
import io.github.llmcache.cache.CacheManager.CacheWrite;
import io.github.llmcache.cache.CallLease;
import io.github.llmcache.inference.SingleFlight.Lead;
import org.jspecify.annotations.Nullable;

/**
 * Samples on their way to their caller.
 *
 * @param call the call
 * @param drawn the samples
 * @param unpaid the indices of those that the provider was asked for
 * @param failure why there are fewer than are wanted, or {@code null}
 * @param log what is to be stored, or {@code null} if the provider was not asked
 * @param lead the flight to end once that is saved, or {@code null} if it was another's
 * @param lease what keeps other processes from making the call until then
 */
record Pending(InferenceCall call, Drawn drawn, BitSet unpaid, @Nullable InferenceException failure,
		@Nullable SampleLog log, @Nullable Lead<Pending> lead, CallLease lease) {

	/**
	 * Create samples of which some were asked for.
	 */
	static Pending asked(InferenceCall call, Drawn drawn, @Nullable InferenceException failure, SampleLog log,
			@Nullable Lead<Pending> lead, CallLease lease) {
		return new Pending(call, drawn, drawn.asked(), failure, log, lead, lease);
	}

	/**
	 * Create samples for which nobody pays.
	 */
	static Pending found(InferenceCall call, Drawn drawn, @Nullable Lead<Pending> lead, CallLease lease) {
		return new Pending(call, drawn, new BitSet(), null, null, lead, lease);
	}

	/**
	 * Return what is to be stored, once.
	 * @return what has not been stored yet, or {@code null} if there is nothing
	 */
	@Nullable CacheWrite write() {
		return (this.log != null) ? this.log.takeUnsaved() : null;
	}

	/**
	 * Let those go on who wait for the samples.
	 */
	void complete() {
		if (this.lead != null) {
			this.lead.complete(this);
		}
		this.lease.close();
	}

	void requireAnswer() {
		if (this.failure != null) {
			throw this.failure;
		}
	}

}
