package io.github.llmcache.autoconfigure.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the dashboard and the operator's guide name is there, and the guide leaves nothing
 * out.
 */
class ScrapeTests {

	private static final Path DOCS = Path.of("..", "docs");

	private static final Pattern SERIES = Pattern.compile("\\b(?:llmcache|cache|gen_ai)_[a-z_]+\\b");

	private static final Pattern NAME = Pattern.compile("`((?:llmcache|cache|gen_ai)\\.[a-z_.]+)`");

	@TempDir
	static Path directory;

	private static ScrapedApplication scraped;

	@BeforeAll
	static void run() {
		scraped = ScrapedApplication.run(directory);
	}

	@Test
	void everySeriesOfTheDashboardIsThere() throws IOException {
		List<String> expressions = expressions();
		assertThat(expressions).hasSizeGreaterThan(20);
		for (String expression : expressions) {
			Matcher series = SERIES.matcher(expression);
			assertThat(series.find()).as(expression).isTrue();
			do {
				assertThat(scraped.samples()).as(expression).contains(series.group());
			}
			while (series.find());
		}
	}

	private static List<String> expressions() throws IOException {
		JsonNode dashboard = JsonMapper.shared()
			.readTree(Files.readString(DOCS.resolve("grafana").resolve("llmcache.json")));
		List<String> expressions = new ArrayList<>();
		dashboard.path("panels")
			.forEach((panel) -> panel.path("targets")
				.forEach((target) -> expressions.add(target.path("expr").stringValue())));
		dashboard.path("templating").path("list").forEach((variable) -> {
			if (variable.path("type").stringValue().equals("query")) {
				expressions.add(variable.path("definition").stringValue());
			}
		});
		return expressions;
	}

	@Test
	void everyMeterIsInTheGuideAndNoOther() throws IOException {
		Set<String> told = new TreeSet<>();
		Files.readAllLines(DOCS.resolve("operations.md"))
			.stream()
			.dropWhile((line) -> !line.equals("## Meters"))
			.skip(1)
			.takeWhile((line) -> !line.startsWith("## "))
			.filter((line) -> line.startsWith("| `"))
			.forEach((line) -> {
				Matcher name = NAME.matcher(line.substring(0, line.indexOf('|', 1)));
				while (name.find()) {
					told.add(name.group(1));
				}
			});
		Set<String> there = new TreeSet<>(scraped.meters());
		there.removeIf((name) -> !name.matches("(llmcache|cache|gen_ai)\\..*"));
		assertThat(told).isEqualTo(there);
	}

	@Test
	void nothingIsCountedTwice() {
		assertThat(scraped.samples()).doesNotContain("llmcache_request_seconds_count", "llmcache_lookup_seconds_count",
				"llmcache_request_active_seconds_count");
		assertThat(scraped.text()).contains("llmcache_lookups_seconds_count{result=\"memory_hit\"} ",
				"llmcache_breaker_state{state=\"closed\"} 1.0", "llmcache_provider_active{provider=\"openai\"} 0.0",
				"llmcache_provider_waiting{provider=\"openai\"} 0.0",
				"llmcache_provider_calls_seconds_count{model=\"gpt-4o-mini\",outcome=\"overloaded\",provider=\"openai\"} 1",
				"llmcache_provider_calls_seconds_count{model=\"gpt-4o-mini\",outcome=\"success\",provider=\"openai\"} 1",
				"llmcache_stored_entries{model=\"gpt-4o-mini\"} 1.0", "llmcache_store_up 1.0");
	}

	@Test
	void nothingOfWhatWasAskedIsToldOrTheKeyToAskIt() {
		assertThat(scraped.text()).doesNotContain("Hello", "sk-stand-in");
	}

}
