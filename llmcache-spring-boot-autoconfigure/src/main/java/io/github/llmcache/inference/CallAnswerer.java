package io.github.llmcache.inference;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.InferenceException;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.ProviderException;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheManager.CacheLookup;
import io.github.llmcache.cache.CacheManager.CacheWrite;
import io.github.llmcache.cache.CacheManager.EntryReader;
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

	private final ProviderCaller caller;

	private final SampleFetcher fetcher;

	CallAnswerer(CacheManager cache, ProviderCaller caller, InferenceTasks tasks) {
		this.cache = cache;
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
		Pending pending = askAndSave(call);
		return respond(call, draw(call, pending.drawn(), pending.unpaid()));
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
		Pending pending = askAndSave(call);
		Draw draw = draw(call, pending.drawn(), pending.unpaid());
		record(call, draw);
		return draw;
	}

	private Pending askAndSave(InferenceCall call) {
		Pending pending = ask(call, Thread.currentThread());
		try {
			save(List.of(pending));
		}
		finally {
			pending.complete();
		}
		pending.requireAnswer();
		return pending;
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
	 * @return what came of it, to be saved and completed
	 * @throws CacheMissException if the call allows only the cache
	 */
	Pending ask(InferenceCall call, Thread owner) {
		if (call.cacheControl().onlyIfCached()) {
			throw miss(call);
		}
		int failures = 0;
		while (true) {
			Joined<Pending> joined = this.flights.join(call.identity(), owner, this.caller.longestCalls(call));
			Pending other = joined.value();
			if (other == null) {
				return lead(call, joined.requireLead());
			}
			if (other.drawn().covers(call.samples())) {
				return Pending.found(call, other.drawn(), null, CallLease.NONE);
			}
			if (other.failure() instanceof ProviderException failure
					&& (!failure.isRetryable() || ++failures == SingleFlight.MAX_FAILURES)) {
				throw failure;
			}
		}
	}

	private static String samples(InferenceCall call) {
		return (call.samples().end() > 1) ? call.samples().end() + " samples of " : "";
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

	/**
	 * Create the exception for a call that allows only the cache.
	 * @param call the call
	 * @return the exception; the caller throws it
	 */
	static CacheMissException miss(InferenceCall call) {
		// Not the key, which has not been computed: a miss needs none
		return new CacheMissException("No entry for " + samples(call) + call.request() + " in namespace '"
				+ call.cacheRequest().namespace() + "', and only the cache was to be asked");
	}

	/**
	 * Take an answer that the provider has given in another way than to a call.
	 * @param call the call that it answers
	 * @param answer the answer
	 * @return the samples, to be saved
	 */
	Pending receive(InferenceCall call, CallAnswer answer) {
		this.cache.recordSpent(call.request().model(), answer.cached().costNanos());
		CacheControl cacheControl = call.cacheControl();
		// Whatever others have stored meanwhile is not lost, unless it is not wanted
		SampleLog log = new SampleLog(this.cache, call, !cacheControl.noCache() && cacheControl.maxAge() == null);
		log.add(answer);
		Drawn drawn = new Drawn(0, log.parts());
		return new Pending(call, drawn, drawn.asked(), null, log, null, CallLease.NONE);
	}

	/**
	 * Take an answer once more, after it has been paid for and saved.
	 * @param call the call that it answers
	 * @param answer the answer
	 * @return the samples
	 */
	static Pending receiveAgain(InferenceCall call, CallAnswer answer) {
		return Pending.found(call, new Drawn(0, List.of(Part.asked(answer))), null, CallLease.NONE);
	}

	private Pending askProvider(InferenceCall call, @Nullable Drawn stored, boolean append, Lead<Pending> lead,
			CallLease lease) {
		Drawn before = (stored != null && stored.end() >= call.held()) ? stored : new Drawn(call.held(), List.of());
		SampleLog log = new SampleLog(this.cache, call, append);
		InferenceException failure = null;
		try {
			this.fetcher.fetch(call, call.samples().end() - before.end(), (answer) -> {
				this.cache.recordSpent(call.request().model(), answer.cached().costNanos());
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

	/**
	 * Make the responses to calls for samples of the same request. Each sample that was
	 * asked for is paid by the first of them that wants it, or by the first of all if
	 * none does.
	 * @param pending what was asked for
	 * @param calls the calls
	 * @return their responses, {@code null} for those whose samples are not there
	 */
	List<@Nullable InferenceResponse> respondAll(Pending pending, List<InferenceCall> calls) {
		BitSet unpaid = (BitSet) pending.unpaid().clone();
		BitSet unwanted = (BitSet) unpaid.clone();
		calls.forEach((call) -> unwanted.clear(call.samples().first(), call.samples().end()));
		List<@Nullable InferenceResponse> responses = new ArrayList<>(calls.size());
		for (InferenceCall call : calls) {
			if (!pending.drawn().covers(call.samples())) {
				responses.add(null);
				continue;
			}
			BitSet paid = unpaid.get(0, call.samples().end());
			paid.clear(0, call.samples().first());
			paid.or(unwanted);
			unwanted.clear();
			unpaid.andNot(paid);
			responses.add(respond(call, draw(call, pending.drawn(), paid)));
		}
		return responses;
	}

	/**
	 * Make the response to a call of what others asked for.
	 * @param call the call
	 * @param drawn the samples, which cover those of the call
	 * @return the response
	 */
	InferenceResponse coalesce(InferenceCall call, Drawn drawn) {
		return respond(call, draw(call, drawn, new BitSet()));
	}

	private InferenceResponse respond(InferenceCall call, Draw draw) {
		record(call, draw);
		return ResponseReader.compose(call, draw.source(), draw.samples(), draw.samples(), draw.paid());
	}

	private static Draw draw(InferenceCall call, Drawn drawn, BitSet paid) {
		return new Draw(drawn.samples(call.samples(), paid), drawn.samples(paid),
				paid.isEmpty() ? Source.COALESCED : Source.PROVIDER);
	}

	private void record(InferenceCall call, Draw draw) {
		List<DrawnSample> replayed = ResponseReader.replayed(draw.samples());
		Long savedNanos = ResponseReader.costNanos(replayed);
		long tokens = replayed.stream().mapToLong((sample) -> sample.usage().totalTokens()).sum();
		if (draw.source() == Source.COALESCED) {
			this.cache.recordCoalesced(call.request().model(), savedNanos, tokens);
		}
		else if (!replayed.isEmpty()) {
			this.cache.recordReplayed(call.request().model(), savedNanos, tokens);
		}
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
	 * The samples of a call.
	 *
	 * @param samples the samples in the order of their indices
	 * @param paid what was paid for them, other samples included
	 * @param source where they come from
	 */
	record Draw(List<DrawnSample> samples, List<DrawnSample> paid, Source source) {
	}

	/**
	 * Samples on their way to their caller.
	 *
	 * @param call the call
	 * @param drawn the samples
	 * @param unpaid the indices of those that the provider was asked for
	 * @param failure why there are fewer than are wanted, or {@code null}
	 * @param log what is to be stored, or {@code null} if the provider was not asked
	 * @param lead the flight to end once that is saved, or {@code null} if it was
	 * another's
	 * @param lease what keeps other processes from making the call until then
	 */
	record Pending(InferenceCall call, Drawn drawn, BitSet unpaid, @Nullable InferenceException failure,
			@Nullable SampleLog log, @Nullable Lead<Pending> lead, CallLease lease) {

		private static Pending asked(InferenceCall call, Drawn drawn, @Nullable InferenceException failure,
				SampleLog log, Lead<Pending> lead, CallLease lease) {
			return new Pending(call, drawn, drawn.asked(), failure, log, lead, lease);
		}

		private static Pending found(InferenceCall call, Drawn drawn, @Nullable Lead<Pending> lead, CallLease lease) {
			return new Pending(call, drawn, new BitSet(), null, null, lead, lease);
		}

		private @Nullable CacheWrite write() {
			return (this.log != null) ? this.log.takeUnsaved() : null;
		}

		void complete() {
			if (this.lead != null) {
				this.lead.complete(this);
			}
			this.lease.close();
		}

		private void requireAnswer() {
			if (this.failure != null) {
				throw this.failure;
			}
		}

	}

}
