package io.github.llmcache;

/**
 * Which of a request's answers are wanted. Answers that a model gives to the same request
 * differ; the cache keeps them in the order in which they were made, so that each has an
 * index that stays.
 *
 * @param first the index of the first answer, from 0
 * @param count the number of answers, at least 1
 */
public record SampleRange(int first, int count) {

	/** The most samples of one request: no entry of the cache holds more responses. */
	public static final int MAX_SAMPLES = 4096;

	/** The first answer. */
	public static final SampleRange FIRST = new SampleRange(0, 1);

	public SampleRange {
		if (first < 0) {
			throw new IllegalArgumentException("The index of a sample must not be negative");
		}
		if (count < 1) {
			throw new IllegalArgumentException("At least one sample must be asked for");
		}
		if (count > MAX_SAMPLES || first > MAX_SAMPLES - count) {
			throw new IllegalArgumentException("No more than " + MAX_SAMPLES + " samples can be asked for");
		}
	}

	/**
	 * Return the index after the last answer.
	 * @return the number of answers that have to be there
	 */
	public int end() {
		return this.first + this.count;
	}

}
