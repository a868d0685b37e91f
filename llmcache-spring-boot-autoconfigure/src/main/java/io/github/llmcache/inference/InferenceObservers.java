package io.github.llmcache.inference;

import java.time.Duration;
import java.util.List;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import org.jspecify.annotations.Nullable;

/**
 * Tells several observers.
 *
 * @param observers the observers in order
 */
record InferenceObservers(List<InferenceObserver> observers) implements InferenceObserver {

	@Override
	public void requestEnded(InferenceRequest request, @Nullable InferenceResponse response, Duration duration) {
		this.observers.forEach((observer) -> observer.requestEnded(request, response, duration));
	}

	@Override
	public void callEnded(String provider, String model, @Nullable Throwable failure, Duration duration) {
		this.observers.forEach((observer) -> observer.callEnded(provider, model, failure, duration));
	}

}
