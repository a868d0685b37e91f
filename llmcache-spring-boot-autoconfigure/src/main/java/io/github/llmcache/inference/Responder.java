package io.github.llmcache.inference;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheManager.CacheLookup;
import io.github.llmcache.cache.CacheManager.CacheWrite;
import io.github.llmcache.cache.CacheManager.EntryReader;
import io.github.llmcache.cache.CallLease;
import org.jspecify.annotations.Nullable;

/**
 * Makes responses of samples that are there already, wherever they come from, and stores
 * those that are worth it. Thread-safe.
 */
final class Responder {

	private final CacheManager cache;

	private final Misses misses;

	Responder(CacheManager cache, Misses misses) {
		this.cache = cache;
		this.misses = misses;
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
	 * Take an answer that the provider has given in another way than to a call.
	 * @param call the call that it answers
	 * @param answer the answer
	 * @return the samples, to be saved
	 */
	Pending receive(InferenceCall call, CallAnswer answer) {
		this.cache.recordSpent(call.cacheRequest().namespace(), call.request().model(), answer.cached().costNanos(),
				answer.inputTokens(), answer.outputTokens());
		CacheControl cacheControl = call.cacheControl();
		// Whatever others have stored meanwhile is not lost, unless it is not wanted
		SampleLog log = new SampleLog(this.cache, call, !cacheControl.noCache() && cacheControl.maxAge() == null);
		log.add(answer);
		return Pending.asked(call, new Drawn(0, log.parts()), null, log, null, CallLease.NONE);
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

	/**
	 * Make the response to the call that samples are for.
	 * @param pending the samples
	 * @return the response
	 */
	InferenceResponse respond(Pending pending) {
		return compose(pending.call(), draw(pending));
	}

	/**
	 * Draw the samples of the call that they are for, for somebody who chooses among
	 * them.
	 * @param pending the samples
	 * @return the samples, in the order of their indices
	 */
	Draw draw(Pending pending) {
		return draw(pending.call(), pending.drawn(), pending.unpaid());
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
			responses.add(compose(call, draw(call, pending.drawn(), paid)));
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
		return compose(call, draw(call, drawn, new BitSet()));
	}

	private static InferenceResponse compose(InferenceCall call, Draw draw) {
		return ResponseReader.compose(call, draw.source(), draw.samples(), draw.samples(), draw.paid());
	}

	private Draw draw(InferenceCall call, Drawn drawn, BitSet paid) {
		Draw draw = new Draw(drawn.samples(call.samples(), paid), drawn.samples(paid),
				paid.isEmpty() ? Source.COALESCED : Source.PROVIDER);
		record(call, draw);
		return draw;
	}

	private void record(InferenceCall call, Draw draw) {
		List<DrawnSample> replayed = ResponseReader.replayed(draw.samples());
		Long savedNanos = ResponseReader.costNanos(replayed);
		long tokens = replayed.stream().mapToLong((sample) -> sample.usage().totalTokens()).sum();
		if (draw.source() == Source.COALESCED) {
			this.cache.recordCoalesced(call.cacheRequest().namespace(), call.request().model(), savedNanos, tokens);
		}
		else if (!replayed.isEmpty()) {
			this.cache.recordReplayed(call.cacheRequest().namespace(), call.request().model(), savedNanos, tokens);
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
	 * Create the exception for a call that allows only the cache.
	 * @param call the call
	 * @return the exception; the caller throws it
	 */
	CacheMissException miss(InferenceCall call) {
		return this.misses.of(call);
	}

}
