package io.github.llmcache.inference;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheManager.CacheLookup;
import io.github.llmcache.cache.CacheManager.CacheWrite;
import io.github.llmcache.cache.CacheRequest;
import io.github.llmcache.inference.TextCaller.Asked;
import org.jspecify.annotations.Nullable;

/**
 * One request with many texts: looks them up in groups, and asks for what is missing with
 * as few calls as possible. Used by one thread.
 */
final class TextRun {

	/** How many texts are looked up at once. */
	private static final int WINDOW = 1000;

	/** How often a text is waited for before it is asked for alone. */
	private static final int MAX_WAITS = 2;

	private final TextPlanner planner;

	private final CacheManager cache;

	private final TextCaller caller;

	private final InferenceTasks tasks;

	private final Misses missExceptions;

	private final TextFlights<InferenceCall.Identity, AnsweredText> flights;

	private final TextCall call;

	private final TextReader reader;

	private final @Nullable AnsweredText[] answers;

	private final Map<String, MissingText> missing = new LinkedHashMap<>();

	private final long endedBefore;

	private int misses;

	private @Nullable Long costNanos = 0L;

	private @Nullable Long savedNanos = 0L;

	TextRun(TextPlanner planner, CacheManager cache, TextCaller caller, InferenceTasks tasks, Misses misses,
			TextFlights<InferenceCall.Identity, AnsweredText> flights, TextCall call) {
		this.planner = planner;
		this.cache = cache;
		this.caller = caller;
		this.tasks = tasks;
		this.missExceptions = misses;
		this.flights = flights;
		this.call = call;
		this.reader = new TextReader(call.operation());
		this.answers = new AnsweredText[call.texts().size()];
		this.endedBefore = flights.ended();
	}

	TextTotals run() {
		for (int from = 0; from < this.answers.length; from += WINDOW) {
			lookUp(from, Math.min(from + WINDOW, this.answers.length));
		}
		if (!this.missing.isEmpty()) {
			if (this.call.cacheControl().onlyIfCached()) {
				throw miss();
			}
			ask();
			this.missing.values().forEach(this::settle);
		}
		return new TextTotals(Arrays.stream(this.answers).map(Objects::requireNonNull).toList(),
				this.answers.length - this.misses, this.misses, this.costNanos, this.savedNanos);
	}

	private CacheMissException miss() {
		CacheRequest first = this.missing.values().iterator().next().request();
		return this.missExceptions.of(this.missing.size() + " texts of " + this.call.request(), this.call.namespace(),
				this.call.cacheControl(), lookup(first));
	}

	private void lookUp(int from, int to) {
		List<String> texts = this.call.texts().subList(from, to);
		List<CacheRequest> requests = requests(texts);
		List<@Nullable AnsweredText> found = this.call.cacheControl().noCache() ? List.of() : this.cache.lookupAll(
				requests.stream().map(this::lookup).toList(), requests.stream().map((request) -> this.reader).toList());
		for (int i = 0; i < texts.size(); i++) {
			AnsweredText hit = found.isEmpty() ? null : found.get(i);
			if (hit != null) {
				this.answers[from + i] = hit;
				this.savedNanos = add(this.savedNanos, hit.costNanos());
			}
			else {
				CacheRequest request = requests.get(i);
				this.missing.computeIfAbsent(texts.get(i), (text) -> new MissingText(text, request))
					.positions()
					.add(from + i);
			}
		}
	}

	private List<CacheRequest> requests(List<String> texts) {
		List<CacheRequest> requests = new ArrayList<>(texts.size());
		Map<String, CacheRequest> known = new HashMap<>();
		for (String text : texts) {
			requests.add(known.computeIfAbsent(text, (unknown) -> this.planner.cacheRequest(this.call, unknown)));
		}
		return requests;
	}

	private CacheLookup lookup(CacheRequest request) {
		return new CacheLookup(request, this.call.cacheControl().maxAge());
	}

	/**
	 * Ask for what is missing: first for what nobody else is asking for, then wait for
	 * the others. What they do not get is asked for again, and in the end without them.
	 */
	private void ask() {
		List<MissingText> left = List.copyOf(this.missing.values());
		for (int waits = 0; waits < MAX_WAITS && !left.isEmpty(); waits++) {
			left = askTogether(left);
		}
		askAll(left);
	}

	private List<MissingText> askTogether(List<MissingText> texts) {
		List<MissingText> own = new ArrayList<>(texts.size());
		List<MissingText> others = new ArrayList<>();
		try {
			for (MissingText text : texts) {
				TextFlights<InferenceCall.Identity, AnsweredText>.Flight flight = this.flights.join(identity(text));
				text.join(flight);
				(flight.isLeader() ? own : others).add(text);
			}
			askAll(lookUpAgain(own));
		}
		finally {
			own.forEach(MissingText::leave);
		}
		Duration patience = this.caller.longestCall(this.call.provider());
		List<MissingText> left = new ArrayList<>();
		for (MissingText text : others) {
			AnsweredText answer = text.await(patience);
			if (answer != null) {
				coalesce(text, answer);
			}
			else {
				left.add(text);
			}
		}
		return left;
	}

	private InferenceCall.Identity identity(MissingText text) {
		CacheControl cacheControl = this.call.cacheControl();
		return new InferenceCall.Identity(text.request().key(), cacheControl.noCache(), cacheControl.noStore(),
				cacheControl.onlyIfCached(), null, CacheDefaults.isApart(cacheControl) ? text.request() : null);
	}

	/**
	 * Look up what somebody else may have stored since the first lookup.
	 */
	private List<MissingText> lookUpAgain(List<MissingText> texts) {
		if (this.call.cacheControl().noCache() || this.flights.ended() == this.endedBefore) {
			return texts;
		}
		List<MissingText> left = new ArrayList<>(texts.size());
		for (MissingText text : texts) {
			AnsweredText stored = this.cache.lookupAgain(lookup(text.request()), this.reader);
			if (stored != null) {
				coalesce(text, stored);
				text.complete(stored);
			}
			else {
				left.add(text);
			}
		}
		return left;
	}

	private void askAll(List<MissingText> texts) {
		TextSplitter splitter = TextSplitter.of(this.call.operation().limits(), this.call.textsPerCall(),
				this.caller.maxResponseBytes());
		List<Runnable> calls = new ArrayList<>();
		splitter.split(texts).forEach((ofCall) -> calls.add(() -> call(ofCall)));
		if (!calls.isEmpty()) {
			new ParallelCalls(this.tasks, this.call.provider().maxConcurrency(), calls).run();
		}
	}

	/**
	 * Runs on any thread, and saves at once, so that the failure of another call costs
	 * nothing.
	 */
	private void call(List<MissingText> texts) {
		List<Asked> asked = this.caller.call(this.call, texts.stream().map(MissingText::text).toList());
		if (!this.call.cacheControl().noStore()) {
			List<CacheWrite> writes = new ArrayList<>(texts.size());
			for (int i = 0; i < texts.size(); i++) {
				writes.add(new CacheWrite(texts.get(i).request(), List.of(asked.get(i).cached()), false,
						this.call.cacheControl().timeToLive()));
			}
			this.cache.saveAll(writes);
		}
		for (int i = 0; i < texts.size(); i++) {
			AnsweredText answer = asked.get(i).answer();
			texts.get(i).answer(answer, true);
			texts.get(i).complete(answer);
		}
	}

	private void coalesce(MissingText text, AnsweredText answer) {
		text.answer(answer, false);
		this.cache.recordCoalesced(this.call.namespace(), this.call.model(), answer.costNanos(), answer.tokens());
	}

	private void settle(MissingText text) {
		AnsweredText answer = Objects.requireNonNull(text.answer());
		boolean first = true;
		for (int position : text.positions()) {
			this.answers[position] = answer;
			if (first && text.isPaid()) {
				this.misses++;
				this.costNanos = add(this.costNanos, answer.costNanos());
			}
			else {
				this.savedNanos = add(this.savedNanos, answer.costNanos());
			}
			if (!first) {
				this.cache.recordCoalesced(this.call.namespace(), this.call.model(), answer.costNanos(),
						answer.tokens());
			}
			first = false;
		}
	}

	private static @Nullable Long add(@Nullable Long sum, @Nullable Long amount) {
		if (sum == null || amount == null) {
			return null;
		}
		// None is negative: what is has become too much to be true
		long added = sum + amount;
		return (added >= 0) ? Long.valueOf(added) : null;
	}

}
