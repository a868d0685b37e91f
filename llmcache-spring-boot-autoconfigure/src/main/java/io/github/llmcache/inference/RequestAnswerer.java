package io.github.llmcache.inference;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;

/**
 * Answers requests, those included that take several calls. Thread-safe.
 */
final class RequestAnswerer {

	private final CallPlanner planner;

	private final CallAnswerer answerer;

	RequestAnswerer(CallPlanner planner, CallAnswerer answerer) {
		this.planner = planner;
		this.answerer = answerer;
	}

	/**
	 * Return whether what a request asks next depends on what was answered before.
	 * @param request the request
	 * @return whether the request has to be answered by {@link #answer}, and not as one
	 * call
	 */
	static boolean isComposite(InferenceRequest request) {
		return request.toolUse() != null || request.validity() != null;
	}

	/**
	 * Plan the first call that a request takes.
	 * @param request the request
	 * @return the call
	 */
	InferenceCall firstCall(InferenceRequest request) {
		if (request.toolUse() != null) {
			return this.planner.plan(new ToolLoop(request, request.toolUse(), this::answer).nextTurn());
		}
		InferenceCall call = this.planner.plan(request);
		return (request.validity() != null)
				? new ValidSamples(this.answerer, request.validity(), request.samples()).firstCall(call) : call;
	}

	InferenceResponse answer(InferenceRequest request) {
		if (request.toolUse() != null) {
			return new ToolLoop(request, request.toolUse(), this::answer).run();
		}
		if (request.validity() != null) {
			return new ValidSamples(this.answerer, request.validity(), request.samples())
				.answer(this.planner.plan(request));
		}
		return this.answerer.answer(this.planner.plan(request));
	}

}
