package io.github.llmcache.inference;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;

import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InferenceException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.Progress;
import io.github.llmcache.SampleRange;
import io.github.llmcache.inference.InferenceCall.Identity;
import io.github.llmcache.inference.ObservedContext.Scope;
import org.jspecify.annotations.Nullable;

/**
 * One call with many requests. The calling thread plans, looks up and saves in groups and
 * tells the progress; other threads ask the providers.
 */
final class BulkRun {

	/** How many requests are planned and looked up at once. */
	private static final int WINDOW = 1000;

	/**
	 * How many requests are under way at once, duplicates included, which wait for one
	 * call.
	 */
	private static final int MAX_UNDER_WAY = 16 * WINDOW;

	private final Thread coordinator = Thread.currentThread();

	private final CallPlanner planner;

	private final CallAnswerer answerer;

	private final Responder responder;

	private final RequestAnswerer composites;

	private final InferenceTasks tasks;

	private final InferenceObserver observer;

	private final Iterator<InferenceRequest> requests;

	private final Results results;

	/** Whether what was asked before is known for the whole run, and so kept. */
	private final boolean remembering;

	private final Progress progress;

	private final Tally tally;

	/** Of the requests that are under way. */
	private final Map<Integer, RequestObservation> observations = new HashMap<>();

	private final Map<Identity, Group> groups = new HashMap<>();

	private final Map<String, Lane> lanes = new HashMap<>();

	private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();

	private final Object closing = new Object();

	private boolean closed;

	private int next;

	/**
	 * Create a run over requests whose number is known.
	 */
	BulkRun(CallPlanner planner, CallAnswerer answerer, Responder responder, RequestAnswerer composites,
			InferenceTasks tasks, InferenceObserver observer, List<InferenceRequest> requests, Results results,
			Progress progress) {
		this(planner, answerer, responder, composites, tasks, observer, requests.iterator(), results, true, progress,
				requests.size());
	}

	/**
	 * Create a run over any number of requests, which remembers none of them.
	 */
	BulkRun(CallPlanner planner, CallAnswerer answerer, Responder responder, RequestAnswerer composites,
			InferenceTasks tasks, InferenceObserver observer, Iterator<InferenceRequest> requests, Results results) {
		this(planner, answerer, responder, composites, tasks, observer, requests, results, false, Progress.NONE,
				Integer.MAX_VALUE);
	}

	private BulkRun(CallPlanner planner, CallAnswerer answerer, Responder responder, RequestAnswerer composites,
			InferenceTasks tasks, InferenceObserver observer, Iterator<InferenceRequest> requests, Results results,
			boolean remembering, Progress progress, int total) {
		this.planner = planner;
		this.answerer = answerer;
		this.responder = responder;
		this.composites = composites;
		this.tasks = tasks;
		this.observer = observer;
		this.requests = requests;
		this.results = results;
		this.remembering = remembering;
		this.progress = progress;
		this.tally = new Tally(total);
	}

	void run() {
		try {
			while (true) {
				if (isTimeToLookUp()) {
					lookUpNextWindow();
				}
				this.progress.update(this.tally.update());
				if (isComplete()) {
					return;
				}
				collect();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InferenceCancelledException("Interrupted after " + this.tally.completed() + " of many requests",
					ex);
		}
		finally {
			close();
		}
	}

	private boolean isComplete() {
		return this.tally.completed() == this.next && !this.requests.hasNext();
	}

	private boolean isTimeToLookUp() {
		return waiting() < WINDOW && this.observations.size() < MAX_UNDER_WAY && this.requests.hasNext();
	}

	private int waiting() {
		return this.lanes.values().stream().mapToInt((lane) -> lane.waiting.size()).sum();
	}

	private void lookUpNextWindow() {
		List<Indexed> asked = new ArrayList<>();
		List<Indexed> lookedUp = new ArrayList<>();
		for (int i = 0; i < WINDOW && this.requests.hasNext(); i++) {
			InferenceRequest request = Objects.requireNonNull(this.requests.next(), "A request must not be null");
			int index = this.next++;
			this.observations.put(index, this.observer.requestStarted(request));
			try {
				InferenceCall call = this.planner.plan(request);
				boolean apart = call.cacheControl().noCache() || RequestAnswerer.isComposite(request);
				(apart ? asked : lookedUp).add(new Indexed(index, call));
			}
			catch (Exception ex) {
				settle(index, failure(request, ex), Duration.ZERO);
			}
		}
		long start = System.nanoTime();
		List<@Nullable InferenceResponse> hits = this.responder
			.lookupAll(lookedUp.stream().map(Indexed::call).toList());
		Duration lookup = since(start);
		for (int i = 0; i < lookedUp.size(); i++) {
			Indexed indexed = lookedUp.get(i);
			InferenceResponse hit = hits.get(i);
			if (hit != null) {
				settle(indexed.index(), new InferenceResult(indexed.call().request(), hit.withDuration(lookup), null),
						lookup);
			}
			else {
				asked.add(indexed);
			}
		}
		askAll(asked);
	}

	private static Duration since(long start) {
		return Duration.ofNanos(System.nanoTime() - start);
	}

	private void askAll(List<Indexed> asked) {
		Set<Group> groups = new LinkedHashSet<>();
		for (Indexed indexed : asked) {
			if (indexed.isComposite()) {
				enqueue(indexed);
				continue;
			}
			Group group = this.groups.computeIfAbsent(indexed.call().question(), (question) -> new Group());
			if (!settleFromGroup(indexed, group)) {
				group.add(indexed);
				groups.add(group);
			}
		}
		groups.forEach(this::askNext);
	}

	/**
	 * Ask for what the waiting members of a group want, all of it together, unless the
	 * group is asking already.
	 */
	private void askNext(Group group) {
		if (group.asking.isEmpty() && !group.waiting.isEmpty()) {
			enqueue(group.next());
		}
	}

	/**
	 * Settle a request with what its group has got before.
	 */
	private boolean settleFromGroup(Indexed indexed, Group group) {
		InferenceCall call = indexed.call();
		if (group.drawn != null && call.accepts(group.drawn)) {
			InferenceResponse response = this.responder.coalesce(call, group.drawn).withDuration(group.duration);
			settle(indexed.index(), new InferenceResult(call.request(), response, null), Duration.ZERO);
			return true;
		}
		if (group.failure != null) {
			settle(indexed.index(), failure(call.request(), group.failure), Duration.ZERO);
			return true;
		}
		return false;
	}

	private void enqueue(Indexed indexed) {
		Lane lane = this.lanes.computeIfAbsent(indexed.call().provider().name(),
				(name) -> new Lane(indexed.call().provider().maxConcurrency()));
		lane.waiting.add(indexed);
		fill(lane);
	}

	private void fill(Lane lane) {
		while (lane.running.size() < lane.capacity && !lane.waiting.isEmpty()) {
			Indexed indexed = lane.waiting.remove();
			ObservedContext context = Objects.requireNonNull(this.observations.get(indexed.index()));
			try {
				lane.running.put(indexed.index(), this.tasks.submit(() -> answer(indexed, context)));
			}
			catch (RuntimeException ex) {
				this.outcomes.add(Outcome.failed(indexed, ex, Duration.ZERO));
				return;
			}
		}
	}

	/**
	 * Runs on a thread of the executor.
	 */
	private void answer(Indexed indexed, ObservedContext context) {
		Scope scope = context.open();
		long start = System.nanoTime();
		Outcome outcome;
		try {
			this.tasks.requireOpen();
			if (indexed.isComposite()) {
				InferenceResponse response = this.composites.answer(indexed.call().request());
				outcome = new Outcome(indexed, null, response, null, since(start));
			}
			else {
				Pending pending = this.answerer.ask(indexed.call(), this.coordinator);
				outcome = new Outcome(indexed, pending, null, pending.failure(), since(start));
			}
		}
		catch (Throwable ex) {
			outcome = Outcome.failed(indexed, ex, since(start));
		}
		finally {
			scope.close();
		}
		synchronized (this.closing) {
			if (!this.closed) {
				this.outcomes.add(outcome);
				return;
			}
		}
		finish(List.of(outcome));
	}

	/**
	 * Take what has been answered; waits for it unless there is more to look up.
	 */
	private void collect() throws InterruptedException {
		List<Outcome> collected = new ArrayList<>();
		if (!isTimeToLookUp()) {
			collected.add(this.outcomes.take());
		}
		this.outcomes.drainTo(collected);
		for (Outcome outcome : collected) {
			Lane lane = this.lanes.get(outcome.indexed().call().provider().name());
			if (lane != null) {
				lane.running.remove(outcome.indexed().index());
				fill(lane);
			}
		}
		finish(collected);
		collected.forEach(this::settle);
	}

	private void finish(List<Outcome> finished) {
		List<Pending> pending = finished.stream().map(Outcome::pending).filter(Objects::nonNull).toList();
		try {
			this.responder.save(pending);
		}
		finally {
			pending.forEach(Pending::complete);
		}
	}

	private void settle(Outcome outcome) {
		Identity question = outcome.indexed().call().question();
		Group group = this.groups.get(question);
		if (outcome.indexed().isComposite() || group == null) {
			settle(outcome.indexed(), outcome, outcome.response());
			return;
		}
		Pending pending = outcome.pending();
		List<Indexed> answered = group.answered(outcome);
		List<InferenceCall> calls = answered.stream().map(Indexed::call).toList();
		List<@Nullable InferenceResponse> responses = (pending != null) ? this.responder.respondAll(pending, calls)
				: Collections.nCopies(calls.size(), null);
		for (int i = 0; i < responses.size(); i++) {
			settle(answered.get(i), outcome, responses.get(i));
		}
		group.waiting.removeIf((waiting) -> pending != null && waiting.call().accepts(pending.drawn())
				&& settleFromGroup(waiting, group));
		askNext(group);
		if (group.isSettled()) {
			this.groups.remove(question);
			if (this.remembering && question.alone() == null) {
				this.groups.put(question.detached(), group);
			}
		}
	}

	private void settle(Indexed indexed, Outcome outcome, @Nullable InferenceResponse response) {
		InferenceRequest request = indexed.call().request();
		settle(indexed.index(),
				(response != null) ? new InferenceResult(request, response.withDuration(outcome.duration()), null)
						: failure(request, outcome.failure()),
				outcome.duration());
	}

	private void settle(int index, InferenceResult result, Duration duration) {
		this.tally.add(result);
		this.observer.requestEnded(result.request(), result.response(), duration);
		ended(index, result.response(), result.failure());
		this.results.accept(index, result);
	}

	private void ended(int index, @Nullable InferenceResponse response, @Nullable Throwable failure) {
		RequestObservation observation = this.observations.remove(index);
		if (observation != null) {
			observation.ended(response, failure);
		}
	}

	private static InferenceResult failure(InferenceRequest request, @Nullable Throwable failure) {
		return new InferenceResult(request, null, known(failure));
	}

	/**
	 * Return a failure as one that callers know.
	 */
	static InferenceException known(@Nullable Throwable failure) {
		return (failure instanceof InferenceException known) ? known : new InferenceException(
				"The request failed unexpectedly: " + ((failure != null) ? failure.getClass().getName() : "unknown"),
				failure);
	}

	/**
	 * Ends what is still running. What has been answered by then is saved, and nobody
	 * else is left waiting for it.
	 */
	private void close() {
		synchronized (this.closing) {
			this.closed = true;
		}
		this.lanes.values().forEach((lane) -> lane.running.values().forEach((running) -> running.cancel(true)));
		List<Outcome> left = new ArrayList<>();
		this.outcomes.drainTo(left);
		finish(left);
		for (Integer index : List.copyOf(this.observations.keySet())) {
			ended(index, null, new InferenceCancelledException("The requests were given up", null));
		}
	}

	/**
	 * Takes results, in the thread that runs.
	 */
	@FunctionalInterface
	interface Results {

		void accept(int index, InferenceResult result);

	}

	/**
	 * A call with the index of its request.
	 */
	private record Indexed(int index, InferenceCall call) {

		private boolean isComposite() {
			return RequestAnswerer.isComposite(this.call.request());
		}

	}

	/**
	 * What came of asking: samples, which may have to be saved, the response to a
	 * composite request, or a failure, perhaps after some of the samples.
	 */
	private record Outcome(Indexed indexed, @Nullable Pending pending, @Nullable InferenceResponse response,
			@Nullable Throwable failure, Duration duration) {

		private static Outcome failed(Indexed indexed, Throwable failure, Duration duration) {
			return new Outcome(indexed, null, null, failure, duration);
		}

	}

	/**
	 * Requests that ask the same, for the same samples or others: one call is made for
	 * all of them, and what it gets is shared.
	 */
	private static final class Group {

		private final List<Indexed> waiting = new ArrayList<>();

		private List<Indexed> asking = List.of();

		private SampleRange range = SampleRange.FIRST;

		private @Nullable Drawn drawn;

		private @Nullable Throwable failure;

		private Duration duration = Duration.ZERO;

		private boolean isSettled() {
			return this.asking.isEmpty() && this.waiting.isEmpty();
		}

		private void add(Indexed indexed) {
			SampleRange wanted = indexed.call().samples();
			boolean asked = !this.asking.isEmpty() && indexed.call().cacheControl().maxAge() == null
					&& this.range.first() <= wanted.first() && wanted.end() <= this.range.end();
			(asked ? this.asking : this.waiting).add(indexed);
		}

		/**
		 * Return the call for all that is waited for.
		 */
		private Indexed next() {
			int first = Integer.MAX_VALUE;
			int end = 0;
			for (Indexed indexed : this.waiting) {
				first = Math.min(first, indexed.call().samples().first());
				end = Math.max(end, indexed.call().samples().end());
			}
			this.range = new SampleRange(first, end - first);
			this.asking = new ArrayList<>(this.waiting);
			this.waiting.clear();
			// Who accepts the least decides what is added to, and then all accept it
			Indexed leader = Collections.min(this.asking,
					Comparator.comparing((indexed) -> indexed.call().cacheControl().maxAge(),
							Comparator.nullsLast(Comparator.naturalOrder())));
			return new Indexed(leader.index(), leader.call().withSamples(this.range));
		}

		/**
		 * Take what came of asking.
		 * @return those who asked for it
		 */
		private List<Indexed> answered(Outcome outcome) {
			List<Indexed> answered = this.asking;
			this.asking = List.of();
			this.drawn = (outcome.pending() != null) ? outcome.pending().drawn() : null;
			this.failure = outcome.failure();
			this.duration = outcome.duration();
			return answered;
		}

	}

	/**
	 * The calls of one provider.
	 */
	private static final class Lane {

		private final int capacity;

		private final Deque<Indexed> waiting = new ArrayDeque<>();

		private final Map<Integer, Future<?>> running = new HashMap<>();

		private Lane(int capacity) {
			this.capacity = capacity;
		}

	}

	/**
	 * The state that the progress is told.
	 */
	static final class Tally {

		private final int total;

		/** Not a time of day, to which clocks are set back. */
		private final long start = System.nanoTime();

		private int hits;

		private int misses;

		private int failures;

		private BigDecimal spent = BigDecimal.ZERO;

		private BigDecimal saved = BigDecimal.ZERO;

		Tally(int total) {
			this.total = total;
		}

		void add(InferenceResult result) {
			InferenceResponse response = result.response();
			if (response == null) {
				this.failures++;
				return;
			}
			if (response.source() == Source.PROVIDER) {
				this.misses++;
			}
			else {
				this.hits++;
			}
			this.spent = add(this.spent, response.cost());
			this.saved = add(this.saved, response.savedCost());
		}

		private static BigDecimal add(BigDecimal sum, @Nullable BigDecimal amount) {
			return (amount != null) ? sum.add(amount) : sum;
		}

		private int completed() {
			return this.hits + this.misses + this.failures;
		}

		Progress.Update update() {
			return new Progress.Update(this.total, completed(), this.hits, this.misses, this.failures, this.spent,
					this.saved, since(this.start));
		}

	}

}
