package io.github.llmcache;

import java.util.List;

/**
 * Tools that are run when the model calls them, and how often it may.
 * <p>
 * Each turn of the model has an entry of its own, whose key holds the results before it.
 * So tools run again when a request is answered from the cache, and a tool that gives
 * another result than before, such as the time, makes a miss of every turn after it.
 * <p>
 * The tools of one turn run one after the other, on the thread that answers the request.
 * If a tool fails, or the model calls one that there is not, that is its result, for the
 * model to deal with. A turn in which the model calls a tool that is left to the caller,
 * or in which its answer was cut off, is returned as it is, and nothing of it is run.
 * From the second turn on the model decides whether it calls a tool, even if it had to in
 * the first: otherwise it would never answer.
 *
 * @param callbacks the tools, each with another name
 * @param maxTurns the most answers of the model, the last one included. If it still calls
 * tools in that, the request fails with a {@link ToolTurnsExceededException}
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

	/**
	 * Return whether a tool of this name is run.
	 * @param tool the tool
	 * @return whether one of the callbacks has its name
	 */
	boolean runs(Tool tool) {
		return this.callbacks.stream().anyMatch((callback) -> callback.tool().name().equals(tool.name()));
	}

}
