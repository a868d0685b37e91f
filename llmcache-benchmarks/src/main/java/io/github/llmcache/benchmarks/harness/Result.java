package io.github.llmcache.benchmarks.harness;

/**
 * One line of the report.
 *
 * @param benchmark the name of the benchmark, and behind a slash which figure of it
 * @param variant what was measured
 * @param threads by how many threads at once
 * @param unit the unit of the figures
 * @param summary the figures
 */
public record Result(String benchmark, String variant, int threads, String unit, Summary summary) {

	/**
	 * Return whether another figure can be compared with this one.
	 * @param other the other one
	 * @return whether both are of the same measurement
	 */
	public boolean isPeer(Result other) {
		return other != this && this.benchmark.equals(other.benchmark) && this.unit.equals(other.unit);
	}

}
