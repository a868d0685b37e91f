package io.github.llmcache.inference;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
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
	public void requestEnded(InferenceRequest request, @Nullable InferenceResponse response, Duration duration) {
		tell((observer) -> observer.requestEnded(request, response, duration));
	}

	@Override
	public void callEnded(String provider, String model, @Nullable Throwable failure, Duration duration) {
		tell((observer) -> observer.callEnded(provider, model, failure, duration));
	}

	private void tell(Consumer<InferenceObserver> event) {
		for (InferenceObserver observer : this.observers) {
			try {
				event.accept(observer);
			}
			catch (RuntimeException ex) {
				if (this.failed.compareAndSet(false, true)) {
					// Not its message, which may quote what was asked
					logger.warn("An observer threw " + ex.getClass().getName() + " and should not: "
							+ observer.getClass().getName() + "; further ones are not logged");
				}
			}
		}
	}

}
