package io.github.llmcache.autoconfigure.endpoint;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;

import javax.management.ObjectName;

import io.github.llmcache.actuate.endpoint.LlmCacheEndpointWebExtension;
import io.github.llmcache.actuate.endpoint.LlmCacheUi;
import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.TestEntries;
import io.github.llmcache.provider.StandInProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the web page's part of the endpoint of applications that are configured in
 * one way or another, over HTTP.
 */
@ExtendWith(OutputCaptureExtension.class)
class UiSettingsTests {

	private static final String DATA = "/actuator/llmcache/ui/data/";

	@TempDir
	Path directory;

	private final StandInProvider standIn = StandInProvider.start();

	private @Nullable UiApplication application;

	@AfterEach
	void stop() {
		if (this.application != null) {
			this.application.close();
		}
		this.standIn.close();
	}

	@Test
	void contentIsShownIfThatIsAllowed() throws Exception {
		UiApplication application = run("llmcache.ui.show-content=true",
				"spring.jackson.property-naming-strategy=" + "SNAKE_CASE");
		String markup = "<script>alert(1)</script><!-- \u0000 \u2028 </pre>";
		String answer = application.ask("gpt-4o", markup);
		String key = key(application);
		HttpResponse<String> response = application.get(DATA + "entries/" + key);
		UiApplication.assertHeaders(response);
		assertThat(response.headers().firstValue("Content-Type").orElseThrow()).endsWith("json");
		JsonNode entry = application.json(DATA + "entries/" + key);
		assertThat(entry.path("finishReason").stringValue()).isEqualTo("STOP");
		JsonNode content = entry.path("content");
		assertThat(content.path("truncated").booleanValue()).isFalse();
		assertThat(content.path("request").stringValue()).contains("<script>alert(1)</script>")
			.contains("\n  \"model\" : \"gpt-4o\"");
		assertThat(content.path("responses").size()).isOne();
		assertThat(content.path("responses").path(0).stringValue()).contains(answer);
		assertThat(content.path("sections").path(0).path("kind").stringValue()).isEqualTo("CALL");
		assertThat(content.path("sections").path(0).path("heading").stringValue()).isNotBlank();
		assertThat(application.json(DATA + "overview").path("capabilities").path("content").booleanValue()).isTrue();
	}

	@Test
	void contentIsCutAndMayBeAnything() throws Exception {
		UiApplication application = run("llmcache.ui.show-content=true");
		String half = "\ud83d";
		List<String> bodies = List.of("{\"a\":[1.50e2,1E999999999,0.10,-0,null,true],\"a\":\"\\ud83d\"}", "no JSON",
				"{} and more", "{\"open\":", "", "[".repeat(5000), "\"" + "x".repeat(199_998) + "\\ud83d\\ude00\"",
				"{\"o\":".repeat(400) + "[" + "{\"a\":1},".repeat(100_000) + "1]" + "}".repeat(400));
		CacheEntry entry = new CacheEntry(TestEntries.key("odd" + half, 1), half,
				bodies.stream().map(UiSettingsTests::response).toList(), null, TestEntries.request("{\"body\":7}"));
		application.context().getBean(CacheStore.class).putAll(List.of(entry));
		HttpResponse<String> response = application.get(DATA + "entries/" + entry.key().hex());
		assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
		CacheEntry better = new CacheEntry(entry.key(), half, entry.responses(), null, TestEntries
			.request("{\"namespace\":\"\\ud83d\",\"endpoint\":\"\\ud83d\",\"operation\":\"o\",\"body\":{\"n\":1.50}}"));
		application.context().getBean(CacheStore.class).putAll(List.of(better));
		JsonNode read = application.json(DATA + "entries/" + entry.key().hex());
		JsonNode content = read.path("content");
		assertThat(read.path("endpoint").stringValue()).isEqualTo("?");
		assertThat(content.path("request").stringValue()).isEqualTo("{\n  \"n\" : 1.50\n}");
		JsonNode responses = content.path("responses");
		assertThat(responses.path(0).stringValue())
			.isEqualTo("{\n  \"a\" : [ 1.50e2, 1E999999999, 0.10, -0, null, true ],\n  \"a\" : \"?\"\n}");
		for (int i = 1; i < 6; i++) {
			assertThat(responses.path(i).stringValue()).isEqualTo(bodies.get(i));
		}
		assertThat(responses.path(6).stringValue()).hasSize(200_000).endsWith("x?");
		assertThat(responses.path(7).stringValue()).hasSize(200_000);
		assertThat(content.path("truncated").booleanValue()).isTrue();
	}

	@Test
	void entryThatCannotBeReadIsSaidToBeThere() throws Exception {
		UiApplication application = run("llmcache.backend=file", "llmcache.ui.show-content=true");
		application.ask("gpt-4o", "question");
		String key = key(application);
		Files.walkFileTree(this.directory, new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
				if (file.getFileName().toString().contains(key.substring(4, 60))) {
					Files.writeString(file, "{\n  \"llmcache\": 1,\n  \"secret garbage");
				}
				return FileVisitResult.CONTINUE;
			}

		});
		JsonNode entry = application.json(DATA + "entries?model=gpt-4o").path("entries").path(0);
		assertThat(entry.path("key").stringValue()).isEqualTo(key);
		assertThat(entry.path("readable").booleanValue()).isFalse();
		assertThat(entry.path("createdAt").isNull()).isTrue();
		HttpResponse<String> response = application.get(DATA + "entries/" + key + "?model=gpt-4o");
		assertThat(response.statusCode()).isEqualTo(422);
		assertThat(response.body()).startsWith("{\"error\":\"").doesNotContain("secret");
	}

	@Test
	void storeThatFailsIsUnavailable() throws Exception {
		UiApplication application = run("llmcache.backend=redis", "spring.data.redis.url=redis://localhost:1");
		assertThat(application.get("/actuator/llmcache/ui").statusCode()).isEqualTo(200);
		JsonNode overview = application.json(DATA + "overview");
		assertThat(overview.path("failure").stringValue()).isNotBlank();
		assertThat(overview.path("days").isEmpty()).isTrue();
		for (String path : List.of("entries", "entries/" + "0".repeat(64))) {
			HttpResponse<String> response = application.get(DATA + path);
			assertThat(response.statusCode()).isEqualTo(503);
			assertThat(response.body()).startsWith("{\"error\":\"");
			UiApplication.assertHeaders(response);
		}
	}

	@Test
	void pageIsThereWithoutACache() throws Exception {
		UiApplication application = run("llmcache.enabled=false");
		assertThat(application.get("/actuator/llmcache/ui").statusCode()).isEqualTo(200);
		assertThat(application.json(DATA + "overview").path("backend").stringValue()).isEqualTo("none");
		assertThat(application.get(DATA + "entries").body())
			.isEqualTo("{\"matching\":0,\"bytes\":0,\"cost\":0,\"entries\":[]}");
		assertThat(application.get(DATA + "entries/" + "0".repeat(64)).statusCode()).isEqualTo(404);
	}

	@Test
	void readingOnlyLeavesOutDeletionAndExplaining() throws Exception {
		UiApplication application = run("management.endpoint.llmcache.access=read-only",
				"llmcache.explain.endpoint=true");
		assertThat(application.json(DATA + "overview").path("capabilities").toString())
			.isEqualTo("{\"content\":false,\"explain\":false,\"values\":false,\"deletion\":false}");
		HttpResponse<String> deletion = application.send(HttpRequest.newBuilder().DELETE(),
				"/actuator/llmcache?model=gpt-4o");
		assertThat(deletion.statusCode()).isEqualTo(405);
		UiApplication.assertHeaders(deletion);
		assertThat(explain(application).statusCode()).isEqualTo(405);
		assertThat(application.get("/actuator/llmcache/ui").statusCode()).isEqualTo(200);
	}

	@Test
	void explainingIsThereIfItIsAllowed() throws Exception {
		UiApplication application = run("llmcache.explain.endpoint=true", "llmcache.explain.show-values=true",
				"spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=llmcache",
				"management.endpoints.jmx.domain=ui.test");
		assertThat(application.json(DATA + "overview").path("capabilities").toString())
			.isEqualTo("{\"content\":false,\"explain\":true,\"values\":true,\"deletion\":true}");
		assertThat(explain(application).statusCode()).isEqualTo(200);
		ObjectName name = new ObjectName("ui.test:type=Endpoint,name=Llmcache");
		assertThat(ManagementFactory.getPlatformMBeanServer().getMBeanInfo(name).getOperations())
			.extracting((operation) -> operation.getName())
			.containsExactlyInAnyOrder("cache", "model", "deleteModel", "delete");
	}

	@Test
	void daysThatNobodyLooksAtAreLeftOut() throws Exception {
		UiApplication application = run();
		LocalDate today = LocalDate.now(ZoneOffset.UTC);
		ModelStatistics counted = new ModelStatistics(1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
		application.context()
			.getBean(CacheStore.class)
			.addStatistics(Stream.of(364, 1000)
				.map((days) -> new DailyStatistics("old", today.minusDays(days), counted))
				.toList());
		assertThat(application.json(DATA + "overview").path("days").valueStream())
			.filteredOn((day) -> day.path("model").stringValue().equals("old"))
			.singleElement()
			.extracting((day) -> day.path("day").stringValue())
			.isEqualTo(today.minusDays(364).toString());
	}

	@Test
	void explanationIsNamedAsThePageReadsIt() throws Exception {
		UiApplication application = run("llmcache.explain.endpoint=true",
				"spring.jackson.property-naming-strategy=" + "SNAKE_CASE");
		application.ask("gpt-4o", "question");
		assertThat(explain(application).body()).contains("\"createdAt\":\"").doesNotContain("created_at");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/manage/cache", "/cache" })
	void pathIsThatOfTheEndpoint(String path) throws Exception {
		String base = path.startsWith("/manage") ? "/manage" : "/";
		UiApplication application = run("management.endpoints.web.base-path=" + base,
				"management.endpoints.web.path-mapping.llmcache=cache", "server.servlet.context-path=/context",
				"spring.mvc.servlet.path=/servlet");
		HttpResponse<String> response = application.get("/context/servlet" + path + "/ui");
		assertThat(response.statusCode()).isEqualTo(200);
		UiApplication.assertHeaders(response);
		assertThat(application.get("/context/servlet" + path + "/ui/data/overview").statusCode()).isEqualTo(200);
		assertThat(application.get("/context/servlet/other").headers().map())
			.doesNotContainKey("Content-Security-Policy");
	}

	@Test
	void portIsThatOfTheEndpoint() throws Exception {
		UiApplication application = run("management.server.port=0", "management.server.base-path=/own",
				"spring.mvc.servlet.path=/servlet", "llmcache.ui.show-content=true");
		HttpResponse<String> response = application.get("/own/actuator/llmcache/ui");
		assertThat(response.statusCode()).isEqualTo(200);
		UiApplication.assertHeaders(response);
		response = application.get("/own/actuator/llmcache/ui/data/entries/" + "0".repeat(64));
		assertThat(response.statusCode()).isEqualTo(404);
		UiApplication.assertHeaders(response);
		assertThat(application.get("/own/actuator/llmcache/ui/data/entries").body()).startsWith("{\"matching\":0");
		assertThat(application.raw("/servlet/actuator/llmcache/ui")).startsWith("HTTP/1.1 404 ")
			.doesNotContain("Content-Security-Policy");
	}

	@Test
	void isNotThereUnlessItIsWanted(CapturedOutput output) throws Exception {
		UiApplication application = run("llmcache.ui.enabled=false");
		assertThat(application.get("/actuator/llmcache/ui").statusCode()).isEqualTo(404);
		HttpResponse<String> cache = application.get("/actuator/llmcache");
		assertThat(cache.statusCode()).isEqualTo(200);
		assertThat(cache.headers().map()).doesNotContainKey("Content-Security-Policy");
		assertThat(application.context().getBeanDefinitionNames()).noneMatch((name) -> name.contains("Ui"));
		assertThat(application.context().getBeanNamesForType(LlmCacheEndpointWebExtension.class)).isEmpty();
		assertThat(output).doesNotContain("llmcache.ui");
	}

	@Test
	void isWarnedAboutIfTheEndpointIsNotExposed(CapturedOutput output) throws Exception {
		UiApplication application = run("management.endpoints.web.exposure.include=health", "spring.jmx.enabled=true",
				"management.endpoints.jmx.exposure.include=llmcache");
		assertThat(application.get("/actuator/llmcache/ui").statusCode()).isEqualTo(404);
		assertThat(output.toString().lines().filter((line) -> line.contains("llmcache.ui.enabled"))).singleElement()
			.asString()
			.contains("WARN", "management.endpoints.web.exposure.include");
		assertThat(application.context().getBeanNamesForType(LlmCacheUi.class)).isEmpty();
	}

	@Test
	void nothingIsLoggedOtherwise(CapturedOutput output) throws Exception {
		UiApplication application = run("llmcache.ui.show-content=true");
		application.ask("gpt-4o", "secret question");
		application.get(DATA + "entries/" + key(application));
		assertThat(output).doesNotContain("llmcache.ui", "secret");
	}

	private UiApplication run(String... properties) {
		UiApplication application = UiApplication.run(this.directory, this.standIn, properties);
		this.application = application;
		return application;
	}

	private static String key(UiApplication application) throws Exception {
		return application.json(DATA + "entries").path("entries").path(0).path("key").stringValue();
	}

	private static HttpResponse<String> explain(UiApplication application) throws Exception {
		return application.send(
				HttpRequest.newBuilder()
					.header("Content-Type", "application/json")
					.header("Accept", "application/json")
					.POST(HttpRequest.BodyPublishers
						.ofString("{\"request\":\"{\\\"model\\\":\\\"gpt-4o\\\",\\\"prompt\\\":\\\"x\\\"}\"}")),
				"/actuator/llmcache/explain");
	}

	private static CachedResponse response(String body) {
		return new CachedResponse(body.getBytes(StandardCharsets.UTF_8), 1, 1, 1, null, "STOP", TestEntries.CREATED_AT,
				Duration.ZERO, null);
	}

}
