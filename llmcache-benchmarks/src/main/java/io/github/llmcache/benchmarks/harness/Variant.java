package io.github.llmcache.benchmarks.harness;

/**
 * One of those that are measured against each other.
 *
 * @param name its name
 * @param threads by how many threads at once it is used
 * @param measurement measures it once
 */
public record Variant(String name, int threads, Measurement measurement) {

	/**
	 * Create a variant that is used by one thread.
	 * @param name its name
	 * @param measurement measures it once
	 */
	public Variant(String name, Measurement measurement) {
		this(name, 1, measurement);
	}

	/**
	 * Measures once.
	 */
	@FunctionalInterface
	public interface Measurement {

		/**
		 * Measure.
		 * @param round the number of the round; everybody is given the same work in it
		 * @return the figure
		 * @throws Exception if that fails
		 */
		double measure(int round) throws Exception;

	}

}
