package io.github.llmcache.metrics;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.ProviderException;
import io.github.llmcache.cache.CacheObserver;
import io.github.llmcache.inference.CallDescription;
import io.github.llmcache.inference.CallObservation;
import io.github.llmcache.inference.InferenceObserver;
import io.github.llmcache.inference.ObservedContext;
import io.github.llmcache.inference.RequestObservation;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Makes an {@link Observation} of each request, of lookups and of each attempt of a call,
 * as {@link LlmCacheObservation} has them. A request is the parent of what is done for
 * it, whichever thread does it, and a call that of the HTTP request. Thread-safe.
 */
public class LlmCacheObservations implements InferenceObserver, CacheObserver {

	private static final RequestObservationConvention DEFAULT_REQUEST = new DefaultRequestObservationConvention();

	private static final LookupObservationConvention DEFAULT_LOOKUP = new DefaultLookupObservationConvention();

	private static final CallObservationConvention DEFAULT_CALL = new DefaultCallObservationConvention();

	private final ModelTags models = new ModelTags();

	private final ObservationRegistry registry;

	private final @Nullable RequestObservationConvention requests;

	private final @Nullable LookupObservationConvention lookups;

	private final @Nullable CallObservationConvention calls;

	/**
	 * Create the observations.
	 * @param registry where they are made
	 * @param requests the convention of requests, or {@code null} for the default
	 * @param lookups the convention of lookups, or {@code null} for the default
	 * @param calls the convention of calls, or {@code null} for the default
	 */
	public LlmCacheObservations(ObservationRegistry registry, @Nullable RequestObservationConvention requests,
			@Nullable LookupObservationConvention lookups, @Nullable CallObservationConvention calls) {
		this.registry = registry;
		this.requests = requests;
		this.lookups = lookups;
		this.calls = calls;
	}

	@Override
	public RequestObservation requestStarted(InferenceRequest request) {
		if (this.registry.isNoop()) {
			return RequestObservation.NONE;
		}
		RequestObservationContext context = new RequestObservationContext(request, this.models.find(request.model()));
		Observation observation = LlmCacheObservation.REQUEST.start(this.requests, DEFAULT_REQUEST, () -> context,
				this.registry);
		return observation.isNoop() ? RequestObservation.NONE : new ObservedRequest(observation, context);
	}

	@Override
	public CallObservation callStarted(CallDescription call) {
		if (this.registry.isNoop()) {
			return CallObservation.NONE;
		}
		CallObservationContext context = new CallObservationContext(call, this.models.add(call.model()));
		Observation observation = LlmCacheObservation.CALL.start(this.calls, DEFAULT_CALL, () -> context,
				this.registry);
		if (observation.isNoop()) {
			return CallObservation.NONE;
		}
		ObservedContext.Scope scope = open(observation);
		return (result, failure) -> {
			scope.close();
			if (result != null) {
				context.answered(result);
			}
			stop(observation, failure);
		};
	}

	@Override
	public ObservedContext currentContext() {
		Observation current = this.registry.getCurrentObservation();
		return (current != null) ? () -> open(current) : ObservedContext.NONE;
	}

	@Override
	public LookupObservation lookupsStarted(int count) {
		if (this.registry.isNoop()) {
			return LookupObservation.NONE;
		}
		LookupObservationContext context = new LookupObservationContext(count);
		Observation observation = LlmCacheObservation.LOOKUP.start(this.lookups, DEFAULT_LOOKUP, () -> context,
				this.registry);
		if (observation.isNoop()) {
			return LookupObservation.NONE;
		}
		ObservedContext.Scope scope = open(observation);
		return new LookupObservation() {

			@Override
			public void lookedUp(LookupResult result) {
				context.lookedUp(result);
			}

			@Override
			public void ended() {
				scope.close();
				observation.stop();
			}

		};
	}

	private ObservedContext.Scope open(Observation observation) {
		Observation.Scope before = this.registry.getCurrentObservationScope();
		try {
			return observation.openScope()::close;
		}
		catch (RuntimeException ex) {
			// Of a handler; what goes on is not to be taken for a part of this
			this.registry.setCurrentObservationScope(before);
			throw ex;
		}
	}

	private static void stop(Observation observation, @Nullable Throwable failure) {
		if (failure != null) {
			observation.error((failure instanceof ProviderException) ? failure : new UntoldFailure(failure));
		}
		observation.stop();
	}

	/**
	 * Stands for a failure whose message may tell what was asked or answered: it is of a
	 * tool, or explains a miss.
	 */
	private static final class UntoldFailure extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private UntoldFailure(Throwable failure) {
			super(failure.getClass().getName(), null, false, false);
		}

	}

	private final class ObservedRequest implements RequestObservation {

		private final Observation observation;

		private final RequestObservationContext context;

		private ObservedRequest(Observation observation, RequestObservationContext context) {
			this.observation = observation;
			this.context = context;
		}

		@Override
		public Scope open() {
			return LlmCacheObservations.this.open(this.observation);
		}

		@Override
		public void ended(@Nullable InferenceResponse response, @Nullable Throwable failure) {
			LlmCacheObservations observations = LlmCacheObservations.this;
			String model = this.context.getRequest().model();
			this.context.ended(response,
					(response != null) ? observations.models.add(model) : observations.models.find(model));
			stop(this.observation, failure);
		}

	}

}
