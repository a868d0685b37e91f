package io.github.llmcache.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

import io.github.llmcache.benchmarks.harness.Result;

/**
 * A bound that a figure should keep.
 *
 * @param name what is expected
 * @param figure where the figure comes from
 * @param bound the bound
 * @param atLeast whether the figure should not be below the bound; otherwise it should
 * not be above
 */
record Expectation(String name, Figure figure, double bound, boolean atLeast) {

	static Expectation atLeast(double bound, String name, Figure figure) {
		return new Expectation(name, figure, bound, true);
	}

	static Expectation atMost(double bound, String name, Figure figure) {
		return new Expectation(name, figure, bound, false);
	}

	/**
	 * Return what became of it.
	 * @param results the results of a run
	 * @return a line, empty if the run has not measured it
	 */
	String describe(List<Result> results) {
		OptionalDouble value = this.figure.find(results);
		if (value.isEmpty()) {
			return "";
		}
		boolean met = this.atLeast ? value.getAsDouble() >= this.bound : value.getAsDouble() <= this.bound;
		return String.format(Locale.ROOT, "%s: %,.2f, at %s %,.2f (%s)", this.name, value.getAsDouble(),
				this.atLeast ? "least" : "most", this.bound, met ? "met" : "missed");
	}

	/**
	 * Finds a figure among results.
	 */
	@FunctionalInterface
	interface Figure {

		/**
		 * Find it.
		 * @param results the results of a run
		 * @return the figure, if it has been measured
		 */
		OptionalDouble find(List<Result> results);

		/**
		 * Find a median.
		 * @param benchmark the name of the benchmark
		 * @param variant the name of the variant
		 * @param threads by how many threads
		 * @return the figure
		 */
		static Figure of(String benchmark, String variant, int threads) {
			return (results) -> results.stream()
				.filter((result) -> result.benchmark().equals(benchmark) && result.variant().equals(variant)
						&& result.threads() == threads)
				.mapToDouble((result) -> result.summary().median())
				.findFirst();
		}

		static Figure of(String benchmark, String variant) {
			return of(benchmark, variant, 1);
		}

		/**
		 * Divide by another one.
		 * @param divisor the other one
		 * @return the ratio, if both have been measured
		 */
		default Figure per(Figure divisor) {
			return (results) -> {
				OptionalDouble value = find(results);
				OptionalDouble base = divisor.find(results);
				return (value.isPresent() && base.isPresent())
						? OptionalDouble.of(value.getAsDouble() / base.getAsDouble()) : OptionalDouble.empty();
			};
		}

	}

}
