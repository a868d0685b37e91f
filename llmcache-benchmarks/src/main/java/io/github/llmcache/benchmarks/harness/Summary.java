package io.github.llmcache.benchmarks.harness;

import java.util.Arrays;

/**
 * What the repetitions of one measurement say.
 *
 * @param median the median
 * @param min the smallest value
 * @param max the largest value
 */
public record Summary(double median, double min, double max) {

	/**
	 * Summarize values.
	 * @param values the values, at least one
	 * @return the summary
	 */
	public static Summary of(double... values) {
		if (values.length == 0) {
			throw new IllegalArgumentException("There is nothing to summarize");
		}
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		int middle = sorted.length / 2;
		double median = (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
		return new Summary(median, sorted[0], sorted[sorted.length - 1]);
	}

	/**
	 * Return the value that a share of all values does not exceed.
	 * @param values the values, at least one; sorted by this method
	 * @param length how many of the values count
	 * @param percent the share
	 * @return the percentile, by the nearest rank
	 */
	public static long percentile(long[] values, int length, double percent) {
		Arrays.sort(values, 0, length);
		int rank = (int) Math.ceil(percent / 100 * length);
		return values[Math.max(rank, 1) - 1];
	}

}
