package io.github.llmcache.autoconfigure.endpoint;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.TestEntries;
import io.github.llmcache.provider.StandInProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what the endpoint of a running application answers the web page, over HTTP,
 * if the page may not show what was asked and answered.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UiEndpointTests {

	private static final String UI = "/actuator/llmcache/ui";

	private static final String OVERVIEW = UI + "/data/overview";

	private static final String ENTRIES = UI + "/data/entries";

	private static final String ODD_MODEL = "odd/model?&#%25 \u00e9+";

	@TempDir
	static Path directory;

	private final StandInProvider standIn = StandInProvider.start();

	private UiApplication application;

	@BeforeAll
	void start() {
		this.application = UiApplication.run(directory, this.standIn, "llmcache.memory.maximum-size=0");
	}

	@AfterAll
	void stop() {
		this.application.close();
		this.standIn.close();
	}

	@BeforeEach
	void empty() {
		CacheStore store = store();
		store.size().forEach((size) -> store.deleteModel(size.model()));
	}

	@ParameterizedTest
	@CsvSource({ "'', text/html;charset=UTF-8", "/index.html, text/html;charset=UTF-8",
			"/app.js, text/javascript;charset=UTF-8", "/style.css, text/css;charset=UTF-8",
			"/icon.svg, image/svg+xml" })
	void servesThePageAndItsFiles(String path, String type) throws Exception {
		HttpResponse<String> response = get(UI + path);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).hasValue(type);
		assertThat(response.body()).isNotBlank();
		UiApplication.assertHeaders(response);
		HttpResponse<String> head = this.application
			.send(HttpRequest.newBuilder().method("HEAD", HttpRequest.BodyPublishers.noBody()), UI + path);
		assertThat(head.statusCode()).isEqualTo(200);
		assertThat(head.headers().firstValue("Content-Type")).hasValue(type);
		assertThat(head.body()).isEmpty();
		UiApplication.assertHeaders(head);
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "*/*",
			"text/css,*/*;q=0.1", "application/json" })
	void servesWhatBrowsersAskFor(String accept) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder().header("Accept", accept).GET();
		assertThat(this.application.send(request.copy(), UI + "/style.css").statusCode()).isEqualTo(200);
		HttpResponse<String> overview = this.application.send(request, OVERVIEW);
		assertThat(overview.statusCode()).isEqualTo(200);
		assertThat(overview.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/")
			.endsWith("json");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "//" })
	void slashesAtTheEndChangeNothing(String end) throws Exception {
		assertThat(get(OVERVIEW + end).statusCode()).isEqualTo(200);
	}

	@Test
	void pageWithASlashAtTheEndHasItsFiles() throws Exception {
		assertThat(get(UI + "/").body()).contains("src=\"ui/app.js\"");
		assertThat(get(UI + "/ui/app.js").body()).isEqualTo(get(UI + "/app.js").body()).contains("import");
		assertThat(get(UI + "/ui").statusCode()).isEqualTo(404);
		assertThat(get(UI + "/ui/ui/app.js").statusCode()).isEqualTo(404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/other.js", "/app.js/more", "/INDEX.HTML", "/%2e%2e%2fapp.js", "/..%5capp.js",
			"/app.js%00", "/data", "/data/other", "/data/overview/more", "/data/entries/x/y", "/data/app.js",
			"/data/entries/0000", "/data/entries/zz", "/..", "/../ui/app.js", "/." })
	void whatIsNotThereIsNotFound(String path) throws Exception {
		String response = this.application.raw(UI + path);
		assertThat(response).matches("(?s)HTTP/1.1 (404|400) .*").doesNotContain("use strict");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/other.js", "/data/other", "/data/entries/0000" })
	void notFoundHasTheHeadersToo(String path) throws Exception {
		HttpResponse<String> response = get(UI + path);
		assertThat(response.statusCode()).isEqualTo(404);
		UiApplication.assertHeaders(response);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "//", "/;x=y", ";x=y" })
	void pathsThatComeToThePageHaveItsHeaders(String path) throws Exception {
		String response = this.application.raw(UI + path);
		assertThat(response).startsWith("HTTP/1.1 200 ").contains("Content-Security-Policy: default-src 'none'");
	}

	@Test
	void veryLongPathsAndParametersAreHarmless() throws Exception {
		assertThat(this.application.raw(UI + "/" + "a".repeat(6000))).startsWith("HTTP/1.1 404 ");
		assertThat(this.application.raw(UI + "/a".repeat(2000))).startsWith("HTTP/1.1 404 ");
		assertThat(get(ENTRIES + "?model=" + "a".repeat(6000)).body()).startsWith("{\"matching\":0,");
		assertThat(get(ENTRIES + "?order=" + "a".repeat(6000)).body()).hasSizeLessThan(200);
	}

	@Test
	void noParameterTakesThePlaceOfThePath() throws Exception {
		assertThat(get("/actuator/llmcache/gpt-4o?path=ui").statusCode()).isEqualTo(404);
		assertThat(get("/actuator/llmcache/gpt-4o?path=ui,data,overview").statusCode()).isEqualTo(404);
		assertThat(get("/actuator/llmcache/gpt-4o?path=ui&path=data&path=overview").statusCode()).isEqualTo(404);
	}

	@Test
	void othersAreNotThePages() throws Exception {
		this.application.ask("gpt-4o", "question");
		JsonNode model = this.application.json("/actuator/llmcache/gpt-4o");
		assertThat(model.path("entries").intValue()).isOne();
		assertThat(get("/actuator/llmcache/unknown").statusCode()).isEqualTo(404);
		assertThat(this.application
			.send(HttpRequest.newBuilder()
				.header("Content-Type", "application/json")
				.POST(HttpRequest.BodyPublishers.ofString("{\"request\":\"{}\"}")), "/actuator/llmcache/explain")
			.statusCode()).isEqualTo(404);
	}

	@Test
	void modelBelowUiIsOnlyDescribedWithTheOthers() throws Exception {
		this.application.ask("ui/x", "question");
		assertThat(get("/actuator/llmcache/ui/x").statusCode()).isEqualTo(404);
		assertThat(this.application.json("/actuator/llmcache").path("models").path("ui/x").path("entries").intValue())
			.isOne();
		assertThat(this.application.json(ENTRIES + "?model=ui/x").path("matching").intValue()).isOne();
	}

	@Test
	void overviewSaysWhatIsCountedAndStored() throws Exception {
		this.application.ask("gpt-4o", "question");
		this.application.ask("gpt-4o", "question");
		HttpResponse<String> response = get(OVERVIEW);
		UiApplication.assertHeaders(response);
		JsonNode overview = this.application.json(OVERVIEW);
		JsonNode cache = this.application.json("/actuator/llmcache");
		for (String same : List.of("backend", "since", "failure", "total", "models", "lifetime")) {
			assertThat(overview.path(same)).as(same).isEqualTo(cache.path(same)).isNotNull();
		}
		assertThat(Instant.parse(overview.path("now").stringValue())).isAfter(overview.path("since").stringValue());
		JsonNode day = overview.path("days")
			.valueStream()
			.filter((candidate) -> candidate.path("model").stringValue().equals("gpt-4o"))
			.findFirst()
			.orElseThrow();
		assertThat(day.path("day").stringValue()).isEqualTo(overview.path("lifetime").path("since").stringValue());
		assertThat(day.path("hits").intValue()).isPositive();
		assertThat(day.path("misses").intValue()).isPositive();
		assertThat(day.path("writes").intValue()).isPositive();
		assertThat(day.path("spent").decimalValue()).isPositive();
		assertThat(day.path("saved").decimalValue()).isPositive();
		assertThat(overview.path("capabilities").toString())
			.isEqualTo("{\"content\":false,\"explain\":false,\"values\":false,\"deletion\":true}");
	}

	@Test
	void entriesAreFoundByWhatIsSaidOfThem() throws Exception {
		CacheEntry old = put(entry("gpt-4o", 1, Duration.ofDays(40), "STOP", 5_000_000L));
		CacheEntry young = put(entry("gpt-4o", 2, Duration.ofHours(1), "LENGTH", null));
		CacheEntry odd = put(entry(ODD_MODEL, 3, Duration.ofDays(2), "STOP", 1L));
		assertThat(keys("")).containsExactly(young.key().hex(), odd.key().hex(), old.key().hex());
		assertThat(keys("?model=gpt-4o")).containsExactly(young.key().hex(), old.key().hex());
		assertThat(keys("?model=odd/model%3F%26%23%2525%20%C3%A9%2B")).containsExactly(odd.key().hex());
		assertThat(keys("?namespace=")).hasSize(3);
		assertThat(keys("?namespace=none")).isEmpty();
		assertThat(keys("?olderThan=30d")).containsExactly(old.key().hex());
		assertThat(keys("?newerThan=PT2H")).containsExactly(young.key().hex());
		assertThat(keys("?olderThan=1d&newerThan=3d")).containsExactly(odd.key().hex());
		assertThat(keys("?finishReason=length")).containsExactly(young.key().hex());
		assertThat(keys("?key=" + odd.key().hex().substring(0, 4))).containsExactly(odd.key().hex());
		assertThat(keys("?key=" + odd.key().hex().toUpperCase(Locale.ROOT))).containsExactly(odd.key().hex());
		assertThat(keys("?model=gpt-4o&key=" + odd.key().hex().substring(0, 8))).isEmpty();
		assertThat(keys("?order=oldest")).containsExactly(old.key().hex(), odd.key().hex(), young.key().hex());
		assertThat(keys("?order=costliest&limit=1")).containsExactly(old.key().hex());
		assertThat(keys("?order=least-recently-used&limit=1")).containsExactly(old.key().hex());
		assertThat(keys("?order=largest")).hasSize(3);
	}

	@Test
	void entriesAreSummedUpBeyondTheLimit() throws Exception {
		CacheEntry entry = put(entry("gpt-4o", 1, Duration.ofDays(40), "STOP", 5_000_000L));
		put(entry("gpt-4o", 2, Duration.ofDays(41), "STOP", 6_000_000L));
		JsonNode found = this.application.json(ENTRIES + "?limit=1");
		assertThat(found.path("matching").intValue()).isEqualTo(2);
		assertThat(found.path("cost").decimalValue()).isEqualByComparingTo("0.011");
		assertThat(found.path("entries").size()).isOne();
		JsonNode first = found.path("entries").path(0);
		assertThat(found.path("bytes").longValue()).isGreaterThan(first.path("bytes").longValue());
		assertThat(first.path("key").stringValue()).isEqualTo(entry.key().hex());
		assertThat(first.path("model").stringValue()).isEqualTo("gpt-4o");
		assertThat(first.path("namespace").stringValue()).isEmpty();
		assertThat(Instant.parse(first.path("createdAt").stringValue())).isEqualTo(entry.createdAt());
		assertThat(first.path("expiresAt").isNull()).isTrue();
		assertThat(Instant.parse(first.path("lastUsed").stringValue())).isAfterOrEqualTo(entry.createdAt());
		assertThat(first.path("samples").intValue()).isOne();
		assertThat(first.path("cost").decimalValue()).isEqualByComparingTo("0.005");
		assertThat(first.path("finishReason").stringValue()).isEqualTo("STOP");
		assertThat(first.path("readable").booleanValue()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "olderThan=, 'olderThan'", "olderThan=soon, 'olderThan'", "olderThan=-1d, 'olderThan'",
			"newerThan=99999999999999999999d, 'newerThan'", "newerThan=9999999999999999d, 'newerThan'",
			"order=, 'order'", "order=NEWEST, 'order'", "order=least_recently_used, 'order'", "limit=, 'limit'",
			"limit=0, 'limit'", "limit=501, 'limit'", "limit=-1, 'limit'", "limit=1e2, 'limit'",
			"limit=99999999999, 'limit'", "limit=5&limit=6, 'limit'", "key=, 'key'", "key=abc, 'key'",
			"key=xyzx, 'key'", "key=%00000, 'key'" })
	void whatIsWrongWithAParameterIsSaid(String query, String name) throws Exception {
		HttpResponse<String> response = get(ENTRIES + "?" + query);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
		assertThat(response.body()).startsWith("{\"error\":\"'" + name.replace("'", "") + "'");
		UiApplication.assertHeaders(response);
	}

	@Test
	void oneEntryIsDescribedWithoutWhatItSays() throws Exception {
		String answer = this.application.ask("gpt-4o", "secret question");
		String key = keys("").get(0);
		HttpResponse<String> response = get(ENTRIES + "/" + key);
		UiApplication.assertHeaders(response);
		assertThat(response.body()).doesNotContain("secret", answer, StandInProvider.API_KEY);
		JsonNode entry = this.application.json(ENTRIES + "/" + key);
		JsonNode listed = this.application.json(ENTRIES).path("entries").path(0);
		listed.forEachEntry((name, value) -> assertThat(entry.path(name)).as(name).isEqualTo(value));
		assertThat(entry.path("endpoint").stringValue()).isNotBlank();
		assertThat(entry.path("operation").stringValue()).isEqualTo("chat/completions");
		assertThat(entry.has("content")).isTrue();
		assertThat(entry.path("content").isNull()).isTrue();
		assertThat(get(ENTRIES + "/" + key + "?model=gpt-4o").statusCode()).isEqualTo(200);
		assertThat(get(ENTRIES + "/" + key + "?model=other").statusCode()).isEqualTo(404);
		assertThat(get(ENTRIES + "/" + "0".repeat(64)).statusCode()).isEqualTo(404);
	}

	@Test
	void pageDeletesWithTheOperationThatThereIs() throws Exception {
		this.application.ask("gpt-4o", "question");
		String key = keys("").get(0);
		assertThat(
				this.application.send(HttpRequest.newBuilder().DELETE(), "/actuator/llmcache?model=gpt-4o&key=" + key)
					.body())
			.isEqualTo("{\"deleted\":1}");
		assertThat(keys("")).isEmpty();
	}

	private static CacheEntry entry(String model, int seed, Duration age, String finishReason,
			@Nullable Long costNanos) {
		CacheKey key = TestEntries.key(model, seed);
		Instant createdAt = Instant.ofEpochMilli(Instant.now().minus(age).toEpochMilli());
		return new CacheEntry(key, "", List.of(new CachedResponse("{}".getBytes(StandardCharsets.UTF_8), 1, 1, 1,
				costNanos, finishReason, createdAt, Duration.ZERO, null)), null, null);
	}

	private CacheEntry put(CacheEntry entry) {
		store().putAll(List.of(entry));
		return entry;
	}

	private CacheStore store() {
		return this.application.context().getBean(CacheStore.class);
	}

	private List<String> keys(String query) throws Exception {
		HttpResponse<String> response = get(ENTRIES + query);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return this.application.json(ENTRIES + query)
			.path("entries")
			.valueStream()
			.map((entry) -> entry.path("key").stringValue())
			.toList();
	}

	private HttpResponse<String> get(String path) throws Exception {
		return this.application.get(path);
	}

}
