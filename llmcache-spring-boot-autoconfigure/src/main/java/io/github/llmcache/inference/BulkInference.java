package io.github.llmcache.inference;

import java.time.InstantSource;
import java.util.List;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.Progress;

/**
 * Answers many requests.
 */
final class BulkInference {

	private final CallPlanner planner;

	private final CallAnswerer answerer;

	private final InferenceTasks tasks;

	private final InstantSource clock;

	BulkInference(CallPlanner planner, CallAnswerer answerer, InferenceTasks tasks, InstantSource clock) {
		this.planner = planner;
		this.answerer = answerer;
		this.tasks = tasks;
		this.clock = clock;
	}

	List<InferenceResult> inferAll(List<InferenceRequest> requests, Progress progress) {
		return new BulkRun(this.planner, this.answerer, this.tasks, this.clock, requests, progress).run();
	}

}
