package io.github.llmcache;

/**
 * The model went on calling tools for as many turns as it was allowed. What it answered
 * by then is stored: the same request with a higher bound goes on where this one ended.
 */
public class ToolTurnsExceededException extends InferenceException {

	private static final long serialVersionUID = 1L;

	private final int maxTurns;

	public ToolTurnsExceededException(int maxTurns) {
		super("The model still calls tools in the last of the " + maxTurns + " turns that it has");
		this.maxTurns = maxTurns;
	}

	/**
	 * Return how many turns the model had.
	 * @return the {@link ToolUse#maxTurns() most turns} of the request
	 */
	public int getMaxTurns() {
		return this.maxTurns;
	}

}
