package io.github.llmcache.inference;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.github.llmcache.EmbeddingRequest;
import io.github.llmcache.EmbeddingResponse;
import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.MissExplanation;
import io.github.llmcache.ModerationRequest;
import io.github.llmcache.ModerationResponse;
import io.github.llmcache.Progress;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.inference.ObservedContext.Scope;
import io.github.llmcache.pricing.PriceTable;
import io.github.llmcache.provider.ProviderClient;
import io.github.llmcache.provider.ProviderRouter;
import org.jspecify.annotations.Nullable;

/**
 * The {@link InferenceApi} over providers and the cache.
 */
public final class DefaultInferenceApi implements InferenceApi, AutoCloseable {

	private final Namespaces namespaces;

	private final CallPlanner planner;

	private final CallAnswerer answerer;

	private final Responder responder;

	private final RequestAnswerer requests;

	private final RequestExplainer explainer;

	private final TextAnswerer texts;

	private final InferenceTasks tasks;

	private final InferenceObserver observer;

	/**
	 * Create the API.
	 * @param router finds the providers of requests
	 * @param client makes their calls
	 * @param cache keeps their answers
	 * @param prices tells what calls cost
	 * @param settings how calls are made and answers are kept
	 * @param clock the time
	 * @param observer is told what becomes of requests and calls
	 */
	public DefaultInferenceApi(ProviderRouter router, ProviderClient client, CacheManager cache, PriceTable prices,
			InferenceSettings settings, InstantSource clock, InferenceObserver observer) {
		this.observer = InferenceObserver.all(List.of(observer));
		this.namespaces = new Namespaces(settings.cache().resolver());
		this.planner = new CallPlanner(router, settings.cache());
		this.tasks = new InferenceTasks(InferenceExecutors.create(settings.threads()),
				InferenceExecutors.createForCallbacks(), this.observer::currentContext);
		ProviderCaller caller = new ProviderCaller(client, prices, new StoragePolicy(settings.storeRefusals()),
				settings.retry(), clock, this.observer);
		Misses misses = new Misses(cache, settings.showValues());
		this.responder = new Responder(cache, misses);
		this.answerer = new CallAnswerer(cache, this.responder, caller, this.tasks);
		this.requests = new RequestAnswerer(this.planner, this.answerer);
		this.explainer = new RequestExplainer(this.requests, cache);
		this.texts = new TextAnswerer(new TextPlanner(router, settings.cache()), cache,
				new TextCaller(caller, client, cache, prices, clock), this.tasks, misses);
	}

	@Override
	public InferenceResponse infer(InferenceRequest request) {
		return answer(this.namespaces.resolve(request));
	}

	private InferenceResponse answer(InferenceRequest request) {
		RequestObservation observation = this.observer.requestStarted(request);
		Scope scope = observation.open();
		long start = System.nanoTime();
		InferenceResponse response;
		try {
			response = this.requests.answer(request).withDuration(since(start));
		}
		catch (Throwable ex) {
			scope.close();
			this.observer.requestEnded(request, null, since(start));
			observation.ended(null, ex);
			throw ex;
		}
		scope.close();
		this.observer.requestEnded(request, response, response.duration());
		observation.ended(response, null);
		return response;
	}

	private static Duration since(long start) {
		return Duration.ofNanos(System.nanoTime() - start);
	}

	@Override
	public CompletableFuture<InferenceResponse> inferAsync(InferenceRequest request) {
		InferenceRequest resolved;
		try {
			resolved = this.namespaces.resolve(request);
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
		return InterruptingFuture.run(() -> answer(resolved), this.tasks);
	}

	@Override
	public List<InferenceResult> inferAll(List<InferenceRequest> requests, Progress progress) {
		List<InferenceRequest> asked = List.copyOf(requests);
		@Nullable InferenceResult[] results = new InferenceResult[asked.size()];
		new BulkRun(this.planner, this.answerer, this.responder, this.requests, this.tasks, this.observer,
				this.namespaces.resolveAll(asked), (index, result) -> results[index] = result, progress)
			.run();
		return this.namespaces.ofRequests(Arrays.stream(results).map(Objects::requireNonNull).toList(), asked);
	}

	@Override
	public void inferEach(Stream<InferenceRequest> requests, Consumer<? super InferenceResult> results) {
		Objects.requireNonNull(results, "'results' must not be null");
		ResolvedRequests resolved = new ResolvedRequests(requests.iterator(), this.namespaces, results);
		new BulkRun(this.planner, this.answerer, this.responder, this.requests, this.tasks, this.observer, resolved,
				resolved)
			.run();
	}

	@Override
	public MissExplanation explain(InferenceRequest request) {
		return this.explainer.explain(this.namespaces.resolve(request));
	}

	@Override
	public EmbeddingResponse embed(EmbeddingRequest request) {
		return this.texts.embed(this.namespaces.resolve(request));
	}

	@Override
	public ModerationResponse moderate(ModerationRequest request) {
		return this.texts.moderate(this.namespaces.resolve(request));
	}

	/**
	 * End what is running on other threads. Calls on threads of the application go on.
	 */
	@Override
	public void close() {
		this.tasks.close();
	}

}
