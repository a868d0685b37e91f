package io.github.llmcache.inference;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what it is told, and throws an exception if that is wanted. Thread-safe.
 */
final class RecordingObserver implements InferenceObserver {

	private final List<EndedRequest> requests = Collections.synchronizedList(new ArrayList<>());

	private final List<EndedCall> calls = Collections.synchronizedList(new ArrayList<>());

	private volatile boolean failing;

	@Override
	public void requestEnded(InferenceRequest request, @Nullable InferenceResponse response, Duration duration) {
		this.requests.add(new EndedRequest(request.model(), (response != null) ? response.source() : null, duration));
		if (this.failing) {
			throw new IllegalStateException("Cannot keep what Hello was answered with");
		}
	}

	@Override
	public void callEnded(String provider, String model, @Nullable Throwable failure, Duration duration) {
		this.calls.add(new EndedCall(provider, model, failure, duration));
		if (this.failing) {
			throw new NoSuchMethodError("Cannot keep what Hello was answered with");
		}
	}

	void fail() {
		this.failing = true;
	}

	List<EndedRequest> requests() {
		synchronized (this.requests) {
			return List.copyOf(this.requests);
		}
	}

	List<EndedCall> calls() {
		synchronized (this.calls) {
			return List.copyOf(this.calls);
		}
	}

	void clear() {
		this.requests.clear();
		this.calls.clear();
	}

	static String failureType(EndedCall call) {
		return (call.failure() != null) ? call.failure().getClass().getSimpleName() : "none";
	}

	record EndedRequest(String model, @Nullable Source source, Duration duration) {
	}

	record EndedCall(String provider, String model, @Nullable Throwable failure, Duration duration) {
	}

}
