package io.github.llmcache.sample;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.github.llmcache.InferenceException;
import io.github.llmcache.InferenceResult;

/**
 * What the sample says on the console.
 */
class ConsoleReport {

	private static final List<String> COLUMNS = List.of("", "requests", "hits", "misses", "failed", "provider calls",
			"time", "spent", "saved");

	private final PrintStream out;

	ConsoleReport(PrintStream out) {
		this.out = out;
	}

	void introduce(ModelChoice choice, int questions) {
		this.out.println();
		choice.reason().lines().forEach((line) -> this.out.println("  " + line));
		this.out.println("  %s questions, asked twice:".formatted(Format.number(questions)));
		this.out.println();
	}

	void runs(List<RunSummary> runs) {
		List<List<String>> rows = new ArrayList<>();
		rows.add(COLUMNS);
		for (RunSummary run : runs) {
			rows.add(List.of(run.name(), Format.number(run.requests()), Format.number(run.hits()),
					Format.number(run.misses()), Format.number(run.failures()), Format.number(run.providerCalls()),
					Format.time(run.time()), Format.dollars(run.spent()), Format.dollars(run.saved())));
		}
		this.out.println();
		rows.forEach((row) -> this.out.println(line(row, rows)));
		this.out.println();
	}

	private static String line(List<String> row, List<List<String>> rows) {
		StringBuilder line = new StringBuilder();
		for (int column = 0; column < row.size(); column++) {
			int index = column;
			int width = rows.stream().mapToInt((each) -> each.get(index).length()).max().orElseThrow();
			String padding = " ".repeat(width - row.get(column).length());
			line.append("  ").append((column == 0) ? row.get(column) + padding : padding + row.get(column));
		}
		return line.toString();
	}

	/**
	 * Tell why requests have failed, each reason once.
	 * @param results the results
	 */
	void failures(List<InferenceResult> results) {
		Map<String, Long> reasons = results.stream()
			.map(InferenceResult::failure)
			.filter(Objects::nonNull)
			.map(ConsoleReport::describe)
			.collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
		reasons.forEach((reason, count) -> this.out.println("  %s failed: %s".formatted(Format.number(count), reason)));
		if (!reasons.isEmpty()) {
			this.out.println();
		}
	}

	private static String describe(InferenceException failure) {
		return failure.getClass().getSimpleName() + ": " + failure.getMessage();
	}

	void unfinished(String timeLimit) {
		this.out.println();
		this.out.println("  Not finished within %s ('sample.time-limit'): stopped. What was answered is in the cache."
			.formatted(timeLimit));
		this.out.println();
	}

	void inviteTo(String url) {
		this.out.println("  Start it again: the answers are still there. Or ask something:");
		this.out.println();
		this.out.println("    curl '%s/ask?q=Why+is+the+sky+blue%%3F'".formatted(url));
		this.out.println("    curl '%s/questions'".formatted(url));
		this.out.println("    curl '%s/actuator/llmcache'".formatted(url));
		this.out.println();
	}

}
