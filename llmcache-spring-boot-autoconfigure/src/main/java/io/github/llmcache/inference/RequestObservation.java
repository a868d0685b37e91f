package io.github.llmcache.inference;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import org.jspecify.annotations.Nullable;

/**
 * What an observer does about one request from its beginning to its end. It may be
 * {@linkplain #open() opened} by several threads at the same time. Thread-safe.
 */
public interface RequestObservation extends ObservedContext {

	/** Does nothing. */
	RequestObservation NONE = new RequestObservation() {
	};

	@Override
	default Scope open() {
		return Scope.NONE;
	}

	/**
	 * The request has been answered, or has failed. Comes once.
	 * @param response the response, or {@code null} if the request failed
	 * @param failure why it failed, or {@code null} if it was answered. Its message may
	 * come from a tool of the application
	 * @see InferenceObserver#requestStarted(InferenceRequest)
	 */
	default void ended(@Nullable InferenceResponse response, @Nullable Throwable failure) {
	}

}
