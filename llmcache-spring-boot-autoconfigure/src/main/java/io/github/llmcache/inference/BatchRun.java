package io.github.llmcache.inference;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import io.github.llmcache.InferenceBatch;
import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InferenceException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.Progress;
import io.github.llmcache.ProviderBatch;
import io.github.llmcache.ProviderError;
import io.github.llmcache.ProviderException;
import org.jspecify.annotations.Nullable;

/**
 * Requests that are answered by the cache and by batches. Thread-safe: results are made
 * by one thread at a time, whoever waits.
 */
final class BatchRun implements InferenceBatch {

	/** How many requests are planned and looked up at once. */
	private static final int WINDOW = 1000;

	private final Lock lock = new ReentrantLock();

	private final List<BatchPart> parts = new CopyOnWriteArrayList<>();

	private final Map<Asked, BatchItem> items = new LinkedHashMap<>();

	private final CallPlanner planner;

	private final Responder responder;

	private final BatchCollector collector;

	private final BatchCancellation cancellation;

	private final InstantSource clock;

	private final CountDownLatch closed;

	private final Namespaces namespaces;

	private final List<InferenceRequest> asked;

	/** The same with the namespaces that they use. */
	private final List<InferenceRequest> requests;

	private final BatchResults results;

	BatchRun(CallPlanner planner, Responder responder, BatchCollector collector, BatchCancellation cancellation,
			InstantSource clock, CountDownLatch closed, Namespaces namespaces, List<InferenceRequest> requests) {
		this.planner = planner;
		this.responder = responder;
		this.collector = collector;
		this.cancellation = cancellation;
		this.clock = clock;
		this.closed = closed;
		this.namespaces = namespaces;
		this.asked = List.copyOf(requests);
		this.requests = namespaces.resolveAll(this.asked);
		this.results = new BatchResults(requests.size(), responder);
	}

	/**
	 * Answer what the cache can answer, and submit the rest.
	 * @param submitter submits it
	 * @param progress is told of each group of lookups
	 */
	void start(BatchSubmitter submitter, Progress progress) {
		for (int from = 0; from < this.requests.size(); from += WINDOW) {
			lookUp(from, Math.min(from + WINDOW, this.requests.size()));
			progress.update(this.results.update(0));
		}
		if (!this.items.isEmpty()) {
			submitter.submit(this.items.values(), this.results, this.parts::add);
			this.items.clear();
		}
	}

	private void lookUp(int from, int to) {
		List<BatchItem.Indexed> asked = new ArrayList<>();
		List<BatchItem.Indexed> lookedUp = new ArrayList<>();
		for (int index = from; index < to; index++) {
			InferenceRequest request = this.requests.get(index);
			try {
				InferenceCall call = this.planner.plan(request);
				requireOneAnswer(call);
				(call.cacheControl().noCache() ? asked : lookedUp).add(new BatchItem.Indexed(index, call));
			}
			catch (RuntimeException ex) {
				this.results.fail(index, request, ex);
			}
		}
		List<@Nullable InferenceResponse> hits = this.responder
			.lookupAll(lookedUp.stream().map(BatchItem.Indexed::call).toList());
		for (int i = 0; i < lookedUp.size(); i++) {
			BatchItem.Indexed indexed = lookedUp.get(i);
			InferenceResponse hit = hits.get(i);
			if (hit != null) {
				this.results.hit(indexed.index(), indexed.call().request(), hit);
			}
			else {
				asked.add(indexed);
			}
		}
		asked.forEach(this::ask);
	}

	/**
	 * Refuse what one answer of a batch cannot answer.
	 */
	private static void requireOneAnswer(InferenceCall call) {
		String reason = null;
		if (RequestAnswerer.isComposite(call.request())) {
			reason = "a request with tools that are run, or with a predicate for its answers, takes several calls";
		}
		else if (call.wire().stateful()) {
			reason = "a request that leans on what the provider keeps cannot wait in a batch";
		}
		if (reason != null) {
			throw invalid(call, reason);
		}
	}

	private static InvalidRequestException invalid(InferenceCall call, String reason) {
		return new InvalidRequestException(
				ProviderError.of(call.provider().name(), reason + "; ask it with InferenceApi instead"), null);
	}

	private void ask(BatchItem.Indexed indexed) {
		InferenceCall call = indexed.call();
		if (call.cacheControl().onlyIfCached()) {
			this.results.fail(indexed.index(), call.request(), this.responder.miss(call));
			return;
		}
		if (call.samples().end() > 1) {
			this.results.fail(indexed.index(), call.request(),
					invalid(call, "a batch answers each request once, and not all of these samples are stored"));
			return;
		}
		try {
			BatchCreator.protocol(call.provider());
		}
		catch (ProviderException ex) {
			this.results.fail(indexed.index(), call.request(), ex);
			return;
		}
		BatchItem item = new BatchItem(call);
		this.items.computeIfAbsent(new Asked(call.provider().name(), item.key()), (asked) -> item)
			.add(indexed.index(), call);
	}

	@Override
	public List<ProviderBatch> batches() {
		return this.parts.stream().map(BatchPart::describe).toList();
	}

	@Override
	public boolean poll() {
		return locked(() -> {
			this.parts.forEach(this::poll);
			return this.parts.isEmpty();
		});
	}

	@Override
	public List<InferenceResult> await(Progress progress) {
		return locked(() -> {
			progress.update(update());
			while (!this.parts.isEmpty()) {
				Instant now = this.clock.instant();
				this.parts.forEach((part) -> part.adjust(now));
				BatchPart next = this.parts.stream().min(Comparator.comparing(BatchPart::due)).orElseThrow();
				pause(next);
				poll(next);
				progress.update(update());
			}
			return this.namespaces.ofRequests(this.results.all(), this.asked);
		});
	}

	private Progress.Update update() {
		return this.results.update(this.parts.stream().mapToLong(BatchPart::processed).sum());
	}

	private void poll(BatchPart part) {
		if (this.collector.poll(part, this.results)) {
			this.parts.remove(part);
		}
	}

	private void pause(BatchPart part) throws InterruptedException {
		Duration pause = Duration.between(this.clock.instant(), part.due());
		if (this.closed.await(TimeUnit.NANOSECONDS.convert(pause), TimeUnit.NANOSECONDS)) {
			throw new InferenceCancelledException("BatchInferenceApi is closed", null);
		}
	}

	private <T> T locked(Action<T> action) {
		try {
			this.lock.lockInterruptibly();
			try {
				return action.run();
			}
			finally {
				this.lock.unlock();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InferenceCancelledException("Interrupted while waiting for batches, which go on", ex);
		}
	}

	@Override
	public void cancel() {
		InferenceException failure = null;
		for (BatchPart part : this.parts) {
			try {
				this.cancellation.cancel(part.provider(), part.batchId());
			}
			catch (InferenceException ex) {
				failure = ex;
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

	/**
	 * What is sent once.
	 */
	private record Asked(String provider, String key) {
	}

	private interface Action<T> {

		T run() throws InterruptedException;

	}

}
