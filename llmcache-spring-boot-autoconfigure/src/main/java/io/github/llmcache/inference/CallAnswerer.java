package io.github.llmcache.inference;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.github.llmcache.CacheMissException;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheManager.CacheLookup;
import io.github.llmcache.cache.CacheManager.CacheWrite;
import io.github.llmcache.cache.CacheManager.EntryReader;
import io.github.llmcache.cache.CacheStatistics;
import io.github.llmcache.cache.CallLease;
import io.github.llmcache.inference.SingleFlight.Joined;
import io.github.llmcache.inference.SingleFlight.Lead;
import org.jspecify.annotations.Nullable;

/**
 * Answers calls: from the cache, together with an identical call, or by the provider.
 * Thread-safe.
 */
final class CallAnswerer {

	private final SingleFlight<InferenceCall.Identity, InferenceResponse> flights = new SingleFlight<>();

	private final CacheManager cache;

	private final ProviderCaller caller;

	CallAnswerer(CacheManager cache, ProviderCaller caller) {
		this.cache = cache;
		this.caller = caller;
	}

	/**
	 * Answer a call.
	 * @param call the call
	 * @return the response; if it is worth storing, it is stored
	 */
	InferenceResponse answer(InferenceCall call) {
		InferenceResponse hit = call.cacheControl().noCache() ? null
				: ResponseReader.to(call, this.cache.lookup(call.lookup(), ResponseReader.of(call)));
		if (hit != null) {
			return hit;
		}
		Pending pending = ask(call, Thread.currentThread());
		try {
			save(List.of(pending));
		}
		finally {
			pending.complete();
		}
		return pending.response();
	}

	/**
	 * Look up many calls at once.
	 * @param calls the calls
	 * @return the responses of those that are in the cache, {@code null} for the others
	 */
	List<@Nullable InferenceResponse> lookupAll(List<InferenceCall> calls) {
		List<CacheLookup> lookups = calls.stream().map(InferenceCall::lookup).toList();
		List<EntryReader<InferenceResponse>> readers = calls.stream().map(ResponseReader::of).toList();
		List<@Nullable InferenceResponse> found = this.cache.lookupAll(lookups, readers);
		List<@Nullable InferenceResponse> responses = new ArrayList<>(found.size());
		for (int i = 0; i < found.size(); i++) {
			responses.add(ResponseReader.to(calls.get(i), found.get(i)));
		}
		return responses;
	}

	/**
	 * Ask the provider for what the cache does not have, or wait for somebody who does
	 * already.
	 * @param call the call, which has been looked up
	 * @param owner the thread that will save and complete what is returned
	 * @return the response, to be saved and completed
	 * @throws CacheMissException if the call allows only the cache
	 */
	Pending ask(InferenceCall call, Thread owner) {
		if (call.cacheControl().onlyIfCached()) {
			// Not the key, which has not been computed: a miss needs none
			throw new CacheMissException("No entry for " + call.request() + " in namespace '"
					+ call.cacheRequest().namespace() + "', and only the cache was to be asked");
		}
		Joined<InferenceResponse> joined = this.flights.join(call.identity(), owner,
				this.caller.longestCall(call.provider()));
		if (joined.value() != null) {
			return new Pending(call, null, CallLease.NONE, coalesce(call, joined.value()));
		}
		Lead<InferenceResponse> lead = joined.requireLead();
		try {
			return lead(call, lead);
		}
		catch (Throwable ex) {
			lead.fail(ex);
			throw ex;
		}
	}

	private Pending lead(InferenceCall call, Lead<InferenceResponse> lead) {
		if (call.cacheControl().noCache()) {
			return new Pending(call, lead, CallLease.NONE, callProvider(call));
		}
		CallLease lease = waitForLease(call);
		try {
			// The flight of another, here or elsewhere, may have ended since the lookup
			InferenceResponse stored = this.cache.lookupAgain(call.lookup(), ResponseReader.of(call));
			return (stored != null) ? new Pending(call, lead, lease, coalesce(call, stored))
					: new Pending(call, lead, lease, callProvider(call));
		}
		catch (Throwable ex) {
			lease.close();
			throw ex;
		}
	}

	/**
	 * Wait until no other process makes the same call, for as long as one call takes.
	 */
	private CallLease waitForLease(InferenceCall call) {
		LeaseWait wait = new LeaseWait(this.caller.longestCall(call.provider()));
		CallLease lease = tryLease(call);
		while (lease == null && wait.pause()) {
			lease = tryLease(call);
		}
		return (lease != null) ? lease : CallLease.NONE;
	}

	private @Nullable CallLease tryLease(InferenceCall call) {
		// What is not stored is of no use to other processes
		return call.cacheControl().noStore() ? CallLease.NONE : this.cache.tryLease(call.cacheRequest());
	}

	private CallAnswer callProvider(InferenceCall call) {
		CallAnswer answer = this.caller.call(call);
		this.cache.recordSpent(call.request().model(), answer.cached().costNanos());
		return answer;
	}

	/**
	 * Answer a call with what an identical one got.
	 * @param call the call
	 * @param response the response of the identical one
	 * @return the response of the call
	 */
	InferenceResponse coalesce(InferenceCall call, InferenceResponse response) {
		InferenceResponse shared = ResponseReader.share(response, Source.COALESCED);
		BigDecimal saved = shared.savedCost();
		this.cache.recordCoalesced(call.request().model(), (saved != null) ? CacheStatistics.nanos(saved) : null,
				shared.usage().totalTokens());
		return shared;
	}

	/**
	 * Save what is worth it.
	 * @param pending what was asked for
	 */
	void save(List<Pending> pending) {
		List<CacheWrite> writes = pending.stream().map(Pending::write).filter(Objects::nonNull).toList();
		if (!writes.isEmpty()) {
			this.cache.saveAll(writes);
		}
	}

	/**
	 * A response on its way to its caller.
	 *
	 * @param call the call
	 * @param response the response
	 * @param answer what the provider answered, or {@code null} if it was not asked
	 * @param lead the flight to end once the answer is saved, or {@code null} if it was
	 * another's
	 * @param lease what keeps other processes from making the call until then
	 */
	record Pending(InferenceCall call, InferenceResponse response, @Nullable CallAnswer answer,
			@Nullable Lead<InferenceResponse> lead, CallLease lease) {

		Pending(InferenceCall call, @Nullable Lead<InferenceResponse> lead, CallLease lease,
				InferenceResponse response) {
			this(call, response, null, lead, lease);
		}

		Pending(InferenceCall call, @Nullable Lead<InferenceResponse> lead, CallLease lease, CallAnswer answer) {
			this(call, answer.response(), answer, lead, lease);
		}

		private @Nullable CacheWrite write() {
			if (this.answer == null || !this.answer.storable() || this.call.cacheControl().noStore()) {
				return null;
			}
			return new CacheWrite(this.call.cacheRequest(), this.answer.cached());
		}

		void complete() {
			if (this.lead != null) {
				this.lead.complete(this.response);
			}
			this.lease.close();
		}

	}

}
