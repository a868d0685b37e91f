package io.github.llmcache.inference;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

import io.github.llmcache.CacheMissException;
import io.github.llmcache.InferenceException;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.ProviderException;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheManager.Found;
import io.github.llmcache.cache.CallLease;
import io.github.llmcache.inference.SingleFlight.Joined;
import io.github.llmcache.inference.SingleFlight.Lead;
import org.jspecify.annotations.Nullable;

/**
 * Answers calls: from the cache, together with an identical call, or by the provider,
 * which is asked for no more samples than are missing. Thread-safe.
 */
final class CallAnswerer {

	private final SingleFlight<InferenceCall.Identity, Pending> flights = new SingleFlight<>();

	private final CacheManager cache;

	private final Responder responder;

	private final ProviderCaller caller;

	private final SampleFetcher fetcher;

	CallAnswerer(CacheManager cache, Responder responder, ProviderCaller caller, InferenceTasks tasks) {
		this.cache = cache;
		this.responder = responder;
		this.caller = caller;
		this.fetcher = new SampleFetcher(caller, tasks);
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
		return this.responder.respond(askAndSave(call));
	}

	/**
	 * Draw the samples of a call, for somebody who chooses among them.
	 * @param call the call
	 * @return the samples, in the order of their indices; those that are worth storing
	 * are stored
	 */
	Draw draw(InferenceCall call) {
		Drawn hit = call.cacheControl().noCache() ? null
				: this.cache.lookup(call.lookup(), ResponseReader.samplesOf(call));
		if (hit != null) {
			return new Draw(hit.samples(call.samples(), new BitSet()), List.of(), Source.CACHE);
		}
		return this.responder.draw(askAndSave(call));
	}

	private Pending askAndSave(InferenceCall call) {
		Pending pending = ask(call, Thread.currentThread());
		try {
			this.responder.save(List.of(pending));
		}
		finally {
			pending.complete();
		}
		pending.requireAnswer();
		return pending;
	}

	/**
	 * Ask the provider for what the cache does not have, or wait for somebody who does
	 * already.
	 * @param call the call, which has been looked up
	 * @param owner the thread that will save and complete what is returned
	 * @return what came of it, to be saved and completed
	 * @throws CacheMissException if the call allows only the cache
	 */
	Pending ask(InferenceCall call, Thread owner) {
		if (call.cacheControl().onlyIfCached()) {
			throw this.responder.miss(call);
		}
		int failures = 0;
		while (true) {
			Joined<Pending> joined = this.flights.join(call.identity(), owner, this.caller.longestCalls(call));
			Pending other = joined.value();
			if (other == null) {
				Lead<Pending> lead = joined.requireLead();
				Pending pending = lead(call, lead);
				lead.leaveToOwner();
				return pending;
			}
			if (call.accepts(other.drawn())) {
				return Pending.found(call, other.drawn(), null, CallLease.NONE);
			}
			if (other.failure() instanceof ProviderException failure
					&& (!failure.isRetryable() || ++failures == SingleFlight.MAX_FAILURES)) {
				throw failure;
			}
		}
	}

	private Pending lead(InferenceCall call, Lead<Pending> lead) {
		CallLease lease = CallLease.NONE;
		try {
			if (call.cacheControl().noCache()) {
				return askProvider(call, null, call.held() > 0, lead, lease);
			}
			lease = waitForLease(call);
			// The flight of another, here or elsewhere, may have ended since the lookup
			Found<Drawn> found = this.cache.lookupSamples(call.lookup(), ResponseReader.samplesOf(call));
			Drawn stored = found.value();
			if (stored != null && stored.covers(call.samples())) {
				return Pending.found(call, stored, lead, lease);
			}
			// Without a lease another process may store as well, and neither must lose
			boolean append = stored != null || call.held() > 0 || lease == CallLease.NONE;
			return askProvider(call, stored, append && !found.stale(), lead, lease);
		}
		catch (Throwable ex) {
			lease.close();
			lead.fail(ex);
			throw ex;
		}
	}

	private Pending askProvider(InferenceCall call, @Nullable Drawn stored, boolean append, Lead<Pending> lead,
			CallLease lease) {
		Drawn before = (stored != null && stored.end() >= call.held()) ? stored : new Drawn(call.held(), List.of());
		SampleLog log = new SampleLog(this.cache, call, append);
		InferenceException failure = null;
		try {
			this.fetcher.fetch(call, call.samples().end() - before.end(), (answer) -> {
				this.cache.recordSpent(call.cacheRequest().namespace(), call.request().model(),
						answer.cached().costNanos(), answer.inputTokens(), answer.outputTokens());
				log.add(answer);
			});
		}
		catch (InferenceException ex) {
			failure = ex;
		}
		catch (Throwable ex) {
			log.save();
			throw ex;
		}
		List<Part> asked = log.parts();
		if (failure != null && asked.isEmpty()) {
			throw failure;
		}
		List<Part> parts = new ArrayList<>(before.parts());
		parts.addAll(asked);
		return Pending.asked(call, new Drawn(before.first(), parts), failure, log, lead, lease);
	}

	/**
	 * Wait until no other process makes the same call, for as long as it can take.
	 */
	private CallLease waitForLease(InferenceCall call) {
		LeaseWait wait = new LeaseWait(this.caller.longestCalls(call));
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

}
