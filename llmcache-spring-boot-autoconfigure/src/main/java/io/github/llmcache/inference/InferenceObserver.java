package io.github.llmcache.inference;

import java.time.Duration;
import java.util.List;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import org.jspecify.annotations.Nullable;

/**
 * Is told what becomes of requests and of calls of providers. It is told so on the
 * threads that answer: implementations are thread-safe, do not block for long, and throw
 * nothing. Exceptions are ignored but for a warning, for the answers have been paid for.
 */
public interface InferenceObserver {

	/** Does nothing. */
	InferenceObserver NONE = new InferenceObserver() {
	};

	/**
	 * A request begins. The turns of one with tools are not told apart.
	 * @param request the request
	 * @return is told when it ends, and opened by the threads that answer it
	 */
	default RequestObservation requestStarted(InferenceRequest request) {
		return RequestObservation.NONE;
	}

	/**
	 * A request has been answered, or has failed. The turns of one with tools are not
	 * told apart.
	 * @param request the request
	 * @param response the response, or {@code null} if the request failed
	 * @param duration how long the request took
	 */
	default void requestEnded(InferenceRequest request, @Nullable InferenceResponse response, Duration duration) {
	}

	/**
	 * The number of calls that wait for their turn at a provider changes: for a free
	 * call, or because of its rate limits.
	 * @param provider the configured name of the provider
	 * @param change 1 or -1
	 */
	default void waitingChanged(String provider, int change) {
	}

	/**
	 * One attempt of a call begins, after it has waited for its turn.
	 * @param call the call
	 * @return is told when it ends, by the same thread
	 */
	default CallObservation callStarted(CallDescription call) {
		return CallObservation.NONE;
	}

	/**
	 * One attempt of a call has ended. What was waited before it, for a free call or
	 * because an earlier attempt failed, does not count.
	 * @param provider the configured name of the provider
	 * @param model the model's id
	 * @param failure why it failed, or {@code null} if it was answered
	 * @param duration how long the attempt took
	 */
	default void callEnded(String provider, String model, @Nullable Throwable failure, Duration duration) {
	}

	/**
	 * Return what is current for the calling thread, whose work others are about to take
	 * over.
	 * @return is opened by each of these threads while it does so
	 */
	default ObservedContext currentContext() {
		return ObservedContext.NONE;
	}

	/**
	 * Combine observers.
	 * @param observers the observers in the order in which they are told
	 * @return an observer that tells them all, whatever one of them throws
	 */
	static InferenceObserver all(List<InferenceObserver> observers) {
		List<InferenceObserver> others = observers.stream().filter((observer) -> observer != NONE).toList();
		return others.isEmpty() ? NONE : new InferenceObservers(others);
	}

}
