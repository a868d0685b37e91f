package io.github.llmcache;

/**
 * Too few of a model's answers were accepted by the {@link Validity} of a request. They
 * are stored all the same, so that the next attempt costs only what it asks for beyond
 * them.
 */
public class InvalidSamplesException extends InferenceException {

	private static final long serialVersionUID = 1L;

	private final int wanted;

	private final int valid;

	/**
	 * Create an exception.
	 * @param wanted how many valid answers were wanted
	 * @param valid how many there were
	 * @param candidates how many answers were checked
	 */
	public InvalidSamplesException(int wanted, int valid, int candidates) {
		super("Only " + valid + " of the " + wanted + " answers that are wanted are valid, of " + candidates
				+ " that were checked");
		this.wanted = wanted;
		this.valid = valid;
	}

	/**
	 * Return how many valid answers were wanted.
	 * @return the number of answers
	 */
	public int getWanted() {
		return this.wanted;
	}

	/**
	 * Return how many valid answers there were.
	 * @return the number of answers
	 */
	public int getValid() {
		return this.valid;
	}

}
