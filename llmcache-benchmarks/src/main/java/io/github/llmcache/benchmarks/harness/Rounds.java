package io.github.llmcache.benchmarks.harness;

import java.util.ArrayList;
import java.util.List;

/**
 * Measures variants in turn, round after round, so that whatever else the machine does
 * meets all of them. Each round begins with another one.
 */
public final class Rounds {

	private final int warmUps;

	private final int rounds;

	/**
	 * Create rounds.
	 * @param warmUps how many rounds are not counted
	 * @param rounds how many rounds are counted
	 */
	public Rounds(int warmUps, int rounds) {
		this.warmUps = warmUps;
		this.rounds = rounds;
	}

	/**
	 * Return how many rounds are counted.
	 * @return their number
	 */
	public int count() {
		return this.rounds;
	}

	/**
	 * Measure.
	 * @param benchmark the name of what is measured
	 * @param unit the unit of the figures
	 * @param variants who is measured
	 * @return a result for each variant, in their order
	 * @throws Exception if measuring fails
	 */
	public List<Result> run(String benchmark, String unit, List<Variant> variants) throws Exception {
		double[][] figures = new double[variants.size()][this.rounds];
		for (int round = 0; round < this.warmUps + this.rounds; round++) {
			for (int turn = 0; turn < variants.size(); turn++) {
				int index = (round + turn) % variants.size();
				double figure = variants.get(index).measurement().measure(round);
				if (round >= this.warmUps) {
					figures[index][round - this.warmUps] = figure;
				}
			}
		}
		List<Result> results = new ArrayList<>();
		for (int i = 0; i < figures.length; i++) {
			Variant variant = variants.get(i);
			results.add(new Result(benchmark, variant.name(), variant.threads(), unit, Summary.of(figures[i])));
		}
		return results;
	}

}
