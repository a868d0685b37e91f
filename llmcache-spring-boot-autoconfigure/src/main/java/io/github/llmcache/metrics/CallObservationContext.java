package io.github.llmcache.metrics;

import io.github.llmcache.inference.CallDescription;
import io.github.llmcache.inference.CallObservation.CallResult;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

/**
 * {@link SenderContext} of a {@linkplain LlmCacheObservation#CALL call} of a provider. It
 * sends no headers: the HTTP request within it does.
 */
public final class CallObservationContext extends SenderContext<CallDescription> {

	private final CallDescription call;

	private final String modelTag;

	private @Nullable CallResult result;

	/**
	 * Create the context.
	 * @param call the call
	 * @param modelTag what stands for its model where only so many may be told apart
	 */
	public CallObservationContext(CallDescription call, String modelTag) {
		super((carrier, key, value) -> {
		}, Kind.CLIENT);
		this.call = call;
		this.modelTag = modelTag;
		setCarrier(call);
		setRemoteServiceName(call.provider());
	}

	/**
	 * Return the call.
	 * @return the call
	 */
	public CallDescription getCall() {
		return this.call;
	}

	/**
	 * Return what stands for the model where only so many may be told apart.
	 * @return the model's id, or {@code (other)}
	 */
	public String getModelTag() {
		return this.modelTag;
	}

	/**
	 * Return what was answered.
	 * @return the result, or {@code null} if there is none yet or the call failed
	 */
	public @Nullable CallResult getResult() {
		return this.result;
	}

	void answered(CallResult result) {
		this.result = result;
	}

}
