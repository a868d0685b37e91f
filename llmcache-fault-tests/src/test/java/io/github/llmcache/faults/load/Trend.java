package io.github.llmcache.faults.load;

import java.util.List;
import java.util.Locale;

/**
 * Whether something has stayed as it was: what it would have grown by between its first
 * and its last value if it had grown by the same in each second, which is the slope of
 * the line that fits best, and what is tolerated of that.
 *
 * @param what what was measured
 * @param unit its unit
 * @param first the mean of the first third of the values
 * @param last the mean of the last third
 * @param growth by how much it has grown, by the line
 * @param tolerance by how much it may
 */
record Trend(String what, String unit, double first, double last, double growth, double tolerance) {

	/**
	 * Judge values.
	 * @param what what was measured
	 * @param unit its unit
	 * @param values the values, in the order of their times
	 * @param absolute by how much they may grow
	 * @param relative by what part of their mean they may grow besides
	 * @return the trend
	 */
	static Trend of(String what, String unit, List<Value> values, double absolute, double relative) {
		double mean = mean(values);
		int third = Math.max(1, values.size() / 3);
		double first = mean(values.subList(0, Math.min(third, values.size())));
		double last = mean(values.subList(Math.max(0, values.size() - third), values.size()));
		return new Trend(what, unit, first, last, growth(values, mean), absolute + relative * mean);
	}

	private static double mean(List<Value> values) {
		return values.stream().mapToDouble(Value::value).average().orElse(0);
	}

	private static double growth(List<Value> values, double mean) {
		double center = values.stream().mapToDouble(Value::seconds).average().orElse(0);
		double product = 0;
		double square = 0;
		for (Value value : values) {
			double distance = value.seconds() - center;
			product += distance * (value.value() - mean);
			square += distance * distance;
		}
		return (square > 0) ? product / square * (values.get(values.size() - 1).seconds() - values.get(0).seconds())
				: 0;
	}

	boolean isFlat() {
		return this.growth <= this.tolerance;
	}

	@Override
	public String toString() {
		return String.format(Locale.ROOT, "| %s | %,.0f %s | %,.0f %s | %+,.1f %s | %,.0f %s | %s |", this.what,
				this.first, this.unit, this.last, this.unit, this.growth, this.unit, this.tolerance, this.unit,
				isFlat() ? "yes" : "**no**");
	}

	/**
	 * A value at a time.
	 */
	record Value(double seconds, double value) {
	}

}
