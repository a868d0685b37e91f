package io.github.llmcache.benchmarks.harness;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import tools.jackson.databind.json.JsonMapper;

/**
 * Writes results as a table or as JSON.
 */
public final class Report {

	private static final JsonMapper mapper = new JsonMapper();

	private Report() {
	}

	/**
	 * Write a table.
	 * @param results the results
	 * @return its lines
	 */
	public static List<String> table(List<Result> results) {
		List<String[]> rows = new ArrayList<>();
		rows.add(new String[] { "benchmark", "variant", "threads", "median", "min", "max", "unit", "ratio" });
		for (Result result : results) {
			Summary summary = result.summary();
			rows.add(new String[] { result.benchmark(), result.variant(), Integer.toString(result.threads()),
					number(summary.median()), number(summary.min()), number(summary.max()), result.unit(),
					comparison(result, results) });
		}
		int[] widths = new int[rows.get(0).length];
		for (String[] row : rows) {
			for (int i = 0; i < row.length; i++) {
				widths[i] = Math.max(widths[i], row[i].length());
			}
		}
		return rows.stream().map((row) -> line(row, widths)).toList();
	}

	private static String line(String[] row, int[] widths) {
		StringBuilder line = new StringBuilder();
		for (int i = 0; i < row.length; i++) {
			boolean figure = i >= 2 && i <= 5;
			String padding = " ".repeat(widths[i] - row[i].length());
			line.append(figure ? padding + row[i] : row[i] + padding).append("  ");
		}
		return line.toString().stripTrailing();
	}

	/**
	 * Compare with the first one that has as many threads; the first one itself with the
	 * first of all.
	 */
	private static String comparison(Result result, List<Result> results) {
		List<Result> group = results.stream().filter((other) -> other == result || result.isPeer(other)).toList();
		Result base = group.stream().filter((other) -> other.threads() == result.threads()).findFirst().orElseThrow();
		if (base == result) {
			base = group.get(0);
		}
		return (base != result)
				? String.format(Locale.ROOT, "%.2f of %s", ratio(result, base), name(base, result.threads())) : "";
	}

	private static String name(Result peer, int threads) {
		return (peer.threads() != threads)
				? peer.variant() + ", " + peer.threads() + ((peer.threads() == 1) ? " thread" : " threads")
				: peer.variant();
	}

	/**
	 * Write JSON.
	 * @param results the results
	 * @return one object a line for each result, with its ratio to each of its peers
	 */
	public static List<String> json(List<Result> results) {
		return results.stream().map((result) -> mapper.writeValueAsString(object(result, results))).toList();
	}

	private static Map<String, Object> object(Result result, List<Result> results) {
		Map<String, Object> ratios = new LinkedHashMap<>();
		results.stream()
			.filter(result::isPeer)
			.filter((peer) -> peer.summary().median() != 0)
			.forEach((peer) -> ratios.put(name(peer, result.threads()), ratio(result, peer)));
		Map<String, Object> object = new LinkedHashMap<>();
		object.put("benchmark", result.benchmark());
		object.put("variant", result.variant());
		object.put("threads", result.threads());
		object.put("value", result.summary().median());
		object.put("unit", result.unit());
		object.put("min", result.summary().min());
		object.put("max", result.summary().max());
		object.put("ratio", Collections.unmodifiableMap(ratios));
		return object;
	}

	private static double ratio(Result result, Result peer) {
		return result.summary().median() / peer.summary().median();
	}

	private static String number(double value) {
		double magnitude = Math.abs(value);
		String format = (magnitude >= 1000) ? "%,.0f"
				: (magnitude >= 100) ? "%.0f" : (magnitude >= 10) ? "%.1f" : "%.2f";
		return String.format(Locale.ROOT, format, value);
	}

}
