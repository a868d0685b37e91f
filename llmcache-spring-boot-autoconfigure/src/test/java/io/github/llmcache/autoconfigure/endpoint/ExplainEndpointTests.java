package io.github.llmcache.autoconfigure.endpoint;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Objects;

import javax.management.ObjectName;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.CacheMode;
import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.provider.StandInProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for explanations by the endpoint of a running application, over HTTP.
 */
class ExplainEndpointTests {

	private static final String EXPLAIN = "/actuator/llmcache/explain";

	private static final String ALLOWED = "llmcache.explain.endpoint=true";

	@TempDir
	Path directory;

	private final StandInProvider standIn = StandInProvider.start();

	private @Nullable ConfigurableApplicationContext application;

	@AfterEach
	void stop() {
		if (this.application != null) {
			this.application.close();
		}
		this.standIn.close();
	}

	@Test
	void namesWhatDiffersWithoutShowingIt() throws Exception {
		run(ALLOWED);
		infer("gpt-4o", "What is the secret of France?");
		HttpResponse<String> response = explain(
				"{\"model\":\"gpt-4o\",\"prompt\":\"What is the secret of Spain?\",\"temperature\":0}");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).doesNotContain("secret", "Spain", "France");
		JsonNode explanation = JsonMapper.shared().readTree(response.body());
		assertThat(explanation.path("outcome").stringValue()).isEqualTo("NOT_STORED");
		assertThat(explanation.path("model").stringValue()).isEqualTo("gpt-4o");
		assertThat(explanation.path("compared").intValue()).isOne();
		JsonNode differences = explanation.path("nearest").path(0).path("differences");
		assertThat(differences.valueStream().map((difference) -> difference.path("pointer").stringValue()))
			.containsExactlyInAnyOrder("/body/temperature", "/body/messages/0/content");
		assertThat(differences.valueStream().map((difference) -> difference.path("description").stringValue()))
			.contains("first difference at character 23 (29 / 28 characters)");
		assertThat(this.standIn.requestCount()).isOne();
	}

	@Test
	void showsValuesIfThatIsAllowed() throws Exception {
		run(ALLOWED, "llmcache.explain.show-values=true");
		infer("gpt-4o", "What is the secret of France?");
		assertThat(explain("{\"model\":\"gpt-4o\",\"prompt\":\"What is the secret of Spain?\"}").body())
			.contains("secret of France", "secret of Spain");
		InferenceRequest miss = InferenceRequest.builder("gpt-4o")
			.user("What is the secret of Spain?")
			.cacheControl(CacheControl.DEFAULT.withMode(CacheMode.REPLAY))
			.build();
		assertThatExceptionOfType(CacheMissException.class)
			.isThrownBy(() -> application().getBean(InferenceApi.class).infer(miss))
			.withMessageContaining("stored: \"What is the secret of France?\"");
	}

	@Test
	void hitIsExplainedAsWell() throws Exception {
		run(ALLOWED);
		infer("gpt-4o", "question");
		assertThat(JsonMapper.shared()
			.readTree(explain("{\"model\":\"gpt-4o\",\"prompt\":\"question\"}").body())
			.path("outcome")
			.stringValue()).isEqualTo("HIT");
	}

	@Test
	void whatIsWrongWithTheRequestIsSaid() throws Exception {
		run(ALLOWED);
		HttpResponse<String> response = explain("{\"model\":\"gpt-4o\",\"promt\":\"secret\"}");
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(JsonMapper.shared().readTree(response.body()).path("error").stringValue())
			.startsWith("'promt' is no member of the request.")
			.doesNotContain("secret");
		response = explain("{\"model\":\"nobody-has-this\",\"prompt\":\"secret\"}");
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body()).contains("nobody-has-this").doesNotContain("secret");
		assertThat(post(EXPLAIN, "{}").statusCode()).isEqualTo(400);
		assertThat(post(EXPLAIN, "{\"request\":{}}").statusCode()).isEqualTo(400);
		assertThat(post("/actuator/llmcache/other", "{\"request\":\"{}\"}").statusCode()).isEqualTo(404);
	}

	@Test
	void modelOfThatNameIsStillThere() throws Exception {
		run(ALLOWED, "llmcache.providers.openai.models=gpt*,explain");
		infer("explain", "question");
		HttpResponse<String> response = send(HttpRequest.newBuilder().GET(), EXPLAIN);
		assertThat(JsonMapper.shared().readTree(response.body()).path("entries").intValue()).isOne();
		assertThat(send(HttpRequest.newBuilder().DELETE(), EXPLAIN).body()).isEqualTo("{\"deleted\":1}");
	}

	@Test
	void isOffUnlessItIsAllowed() throws Exception {
		run();
		assertThat(explain("{\"model\":\"gpt-4o\",\"prompt\":\"question\"}").statusCode()).isEqualTo(405);
	}

	@Test
	void readingOnlyLeavesItOut() throws Exception {
		run(ALLOWED, "management.endpoint.llmcache.access=read-only");
		assertThat(explain("{\"model\":\"gpt-4o\",\"prompt\":\"question\"}").statusCode()).isEqualTo(405);
	}

	@Test
	void jmxHasTheOtherOperations() throws Exception {
		run(ALLOWED, "spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=llmcache",
				"management.endpoints.jmx.domain=explain.test");
		ObjectName name = new ObjectName("explain.test:type=Endpoint,name=Llmcache");
		assertThat(ManagementFactory.getPlatformMBeanServer().invoke(name, "cache", new Object[0], new String[0]))
			.asString()
			.contains("backend=sqlite");
	}

	private void run(String... properties) {
		this.application = new SpringApplicationBuilder(Application.class)
			.properties("server.port=0", "llmcache.directory=" + this.directory, "spring.flyway.enabled=false",
					"spring.jpa.open-in-view=false", "management.endpoints.web.exposure.include=llmcache",
					"llmcache.providers.openai.base-url=" + this.standIn.baseUrl(),
					"llmcache.providers.openai.models=gpt*",
					"llmcache.providers.openai.api-key=" + StandInProvider.API_KEY)
			.properties(properties)
			.run();
	}

	private ConfigurableApplicationContext application() {
		return Objects.requireNonNull(this.application);
	}

	private void infer(String model, String question) {
		application().getBean(InferenceApi.class).infer(InferenceRequest.builder(model).user(question).build());
	}

	private HttpResponse<String> explain(String request) throws Exception {
		return post(EXPLAIN, JsonMapper.shared().createObjectNode().put("request", request).toString());
	}

	private HttpResponse<String> post(String path, String body) throws Exception {
		return send(HttpRequest.newBuilder()
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body)), path);
	}

	private HttpResponse<String> send(HttpRequest.Builder request, String path) throws Exception {
		String port = application().getEnvironment().getProperty("local.server.port");
		return HttpClient.newHttpClient()
			.send(request.uri(URI.create("http://localhost:" + port + path)).build(),
					HttpResponse.BodyHandlers.ofString());
	}

	/**
	 * An application with the Actuator.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
