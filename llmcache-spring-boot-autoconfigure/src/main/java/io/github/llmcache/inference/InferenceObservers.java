package io.github.llmcache.inference;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.inference.ObservedContext.Scope;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Tells observers, and lets what one of them throws be nobody else's failure: the answers
 * have been paid for. Thread-safe.
 */
final class InferenceObservers implements InferenceObserver {

	private static final Log logger = LogFactory.getLog(InferenceObservers.class);

	private final AtomicBoolean failed = new AtomicBoolean();

	private final List<InferenceObserver> observers;

	/**
	 * Create an instance.
	 * @param observers the observers in the order in which they are told
	 */
	InferenceObservers(List<InferenceObserver> observers) {
		this.observers = List.copyOf(observers);
	}

	@Override
	public RequestObservation requestStarted(InferenceRequest request) {
		List<RequestObservation> started = collect((observer) -> observer.requestStarted(request),
				RequestObservation.NONE);
		return started.isEmpty() ? RequestObservation.NONE : new ObservedRequest(started);
	}

	@Override
	public void requestEnded(InferenceRequest request, @Nullable InferenceResponse response, Duration duration) {
		tell((observer) -> observer.requestEnded(request, response, duration));
	}

	@Override
	public void waitingChanged(String provider, int change) {
		tell((observer) -> observer.waitingChanged(provider, change));
	}

	@Override
	public CallObservation callStarted(CallDescription call) {
		List<CallObservation> started = collect((observer) -> observer.callStarted(call), CallObservation.NONE);
		return started.isEmpty() ? CallObservation.NONE
				: (result, failure) -> tellReversed(started, (observation) -> observation.ended(result, failure));
	}

	@Override
	public ObservedContext currentContext() {
		List<ObservedContext> contexts = collect(InferenceObserver::currentContext, ObservedContext.NONE);
		return contexts.isEmpty() ? ObservedContext.NONE : () -> open(contexts);
	}

	@Override
	public void callEnded(String provider, String model, @Nullable Throwable failure, Duration duration) {
		tell((observer) -> observer.callEnded(provider, model, failure, duration));
	}

	private <T> List<T> collect(Function<InferenceObserver, T> event, T none) {
		List<T> collected = new ArrayList<>(this.observers.size());
		tell((observer) -> {
			T value = event.apply(observer);
			if (value != none) {
				collected.add(value);
			}
		});
		return collected;
	}

	private Scope open(List<? extends ObservedContext> contexts) {
		List<Scope> scopes = new ArrayList<>(contexts.size());
		contexts.forEach((context) -> attempt(context, () -> scopes.add(context.open())));
		return () -> tellReversed(scopes, Scope::close);
	}

	private void tell(Consumer<InferenceObserver> event) {
		this.observers.forEach((observer) -> attempt(observer, () -> event.accept(observer)));
	}

	/**
	 * What was begun last is ended first.
	 */
	private <T> void tellReversed(List<T> told, Consumer<T> event) {
		for (int i = told.size() - 1; i >= 0; i--) {
			T last = told.get(i);
			attempt(last, () -> event.accept(last));
		}
	}

	private void attempt(Object told, Runnable event) {
		try {
			event.run();
		}
		catch (Exception | LinkageError ex) {
			// The latter of a tracer whose libraries do not go together
			if (this.failed.compareAndSet(false, true)) {
				// Not its message, which may quote what was asked
				logger.warn("An observer threw " + ex.getClass().getName() + " and should not: "
						+ told.getClass().getName() + "; further ones are not logged");
			}
		}
	}

	private final class ObservedRequest implements RequestObservation {

		private final List<RequestObservation> observations;

		private ObservedRequest(List<RequestObservation> observations) {
			this.observations = observations;
		}

		@Override
		public Scope open() {
			return InferenceObservers.this.open(this.observations);
		}

		@Override
		public void ended(@Nullable InferenceResponse response, @Nullable Throwable failure) {
			tellReversed(this.observations, (observation) -> observation.ended(response, failure));
		}

	}

}
