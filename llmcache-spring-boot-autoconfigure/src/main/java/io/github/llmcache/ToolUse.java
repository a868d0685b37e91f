package io.github.llmcache;

import java.util.List;

/**
 * Tools that are run when the model calls them, and how often it may.
 *
 * @param callbacks the tools, each with another name
 * @param maxTurns the most answers of the model, the last one included
 */
public record ToolUse(List<ToolCallback> callbacks, int maxTurns) {

	/** The most turns unless said otherwise. */
	public static final int DEFAULT_MAX_TURNS = 10;

	public ToolUse {
		callbacks = List.copyOf(callbacks);
		if (maxTurns < 1) {
			throw new IllegalArgumentException("'maxTurns' must be at least 1");
		}
		long names = callbacks.stream().map((callback) -> callback.tool().name()).distinct().count();
		if (callbacks.isEmpty() || names != callbacks.size()) {
			throw new IllegalArgumentException("There must be at least one tool, and each with another name");
		}
	}

}
