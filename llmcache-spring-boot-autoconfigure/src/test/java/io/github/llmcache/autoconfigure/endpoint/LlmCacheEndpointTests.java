package io.github.llmcache.autoconfigure.endpoint;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.LocalDate;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.provider.StandInProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LlmCacheEndpointAutoConfiguration}: the endpoint of a running
 * application, over HTTP.
 */
class LlmCacheEndpointTests {

	private static final String SLASHED_MODEL = "meta-llama/Llama-3.3-70B";

	@TempDir
	Path directory;

	private final StandInProvider standIn = StandInProvider.start();

	private ConfigurableApplicationContext application;

	@BeforeEach
	void start() {
		this.application = run("management.endpoints.web.exposure.include=llmcache,health,metrics");
	}

	private ConfigurableApplicationContext run(String... properties) {
		return new SpringApplicationBuilder(Application.class)
			.properties("server.port=0", "llmcache.directory=" + this.directory, "spring.flyway.enabled=false",
					"spring.jpa.open-in-view=false", "management.endpoint.health.show-details=always",
					"llmcache.providers.openai.base-url=" + this.standIn.baseUrl(),
					"llmcache.providers.openai.models=gpt*,meta-llama/*",
					"llmcache.providers.openai.api-key=" + StandInProvider.API_KEY,
					"llmcache.prices.models.[gpt-4o].input=1", "llmcache.prices.models.[gpt-4o].output=1")
			.properties(properties)
			.run();
	}

	@AfterEach
	void stop() {
		this.application.close();
		this.standIn.close();
	}

	@Test
	void showsTotalsAndModelsButNoContent() throws Exception {
		ask("gpt-4o", "secret question");
		String answer = ask("gpt-4o", "secret question");
		ask(SLASHED_MODEL, "other question");
		HttpResponse<String> response = get("/actuator/llmcache");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).doesNotContain("secret", answer, StandInProvider.API_KEY);
		JsonNode cache = JsonMapper.shared().readTree(response.body());
		assertThat(cache.path("backend").stringValue()).isEqualTo("sqlite");
		JsonNode total = cache.path("total");
		assertThat(total.path("hits").intValue()).isOne();
		assertThat(total.path("misses").intValue()).isEqualTo(2);
		assertThat(total.path("writes").intValue()).isEqualTo(2);
		assertThat(total.path("entries").intValue()).isEqualTo(2);
		assertThat(total.path("bytes").longValue()).isPositive();
		JsonNode model = cache.path("models").path("gpt-4o");
		assertThat(model.path("hitRatio").doubleValue()).isEqualTo(0.5);
		assertThat(model.path("spent").decimalValue()).isPositive();
		assertThat(model.path("saved").decimalValue()).isEqualTo(model.path("spent").decimalValue());
		assertThat(model.path("stored").decimalValue()).isEqualTo(model.path("spent").decimalValue());
		assertThat(cache.path("models").path(SLASHED_MODEL).path("unpricedCalls").intValue()).isOne();
	}

	@Test
	void showsOneModelWhoseIdHasSlashes() throws Exception {
		ask(SLASHED_MODEL, "question");
		HttpResponse<String> response = get("/actuator/llmcache/" + SLASHED_MODEL);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(JsonMapper.shared().readTree(response.body()).path("entries").intValue()).isOne();
		assertThat(get("/actuator/llmcache/unknown").statusCode()).isEqualTo(404);
	}

	@Test
	void deletesOneModel() throws Exception {
		ask("gpt-4o", "question");
		ask(SLASHED_MODEL, "question");
		HttpResponse<String> response = delete("/actuator/llmcache/" + SLASHED_MODEL);
		assertThat(response.body()).isEqualTo("{\"deleted\":1}");
		ask("gpt-4o", "question");
		ask(SLASHED_MODEL, "question");
		assertThat(this.standIn.requestCount()).isEqualTo(3);
	}

	@Test
	void deletesWhatIsAskedFor() throws Exception {
		ask("gpt-4o", "question");
		ask(SLASHED_MODEL, "question");
		assertThat(delete("/actuator/llmcache?olderThan=30d").body()).isEqualTo("{\"deleted\":0}");
		assertThat(delete("/actuator/llmcache?unusedFor=1h&finishReason=STOP").body()).isEqualTo("{\"deleted\":0}");
		assertThat(delete("/actuator/llmcache?namespace=none").body()).isEqualTo("{\"deleted\":0}");
		assertThat(delete("/actuator/llmcache?key=" + "0".repeat(64)).body()).isEqualTo("{\"deleted\":0}");
		assertThat(delete("/actuator/llmcache?model=" + SLASHED_MODEL + "&olderThan=0s&finishReason=stop").body())
			.isEqualTo("{\"deleted\":1}");
		assertThat(delete("/actuator/llmcache?model=gpt-4o").body()).isEqualTo("{\"deleted\":1}");
		ask("gpt-4o", "question");
		ask(SLASHED_MODEL, "question");
		assertThat(this.standIn.requestCount()).isEqualTo(4);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "?", "?other=1", "?olderThan=", "?olderThan=soon", "?olderThan=-1d",
			"?unusedFor=99999999999999999999d", "?key=abc", "?model=gpt-4o&olderThan=", "?model=gpt-4o&unusedFor=",
			"?model=gpt-4o&key=" })
	void deletesNothingIfItIsNotClearWhat(String query) throws Exception {
		ask("gpt-4o", "question");
		HttpResponse<String> response = delete("/actuator/llmcache" + query);
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(get("/actuator/llmcache/gpt-4o").body()).contains("\"entries\":1");
	}

	@Test
	void showsWhatWasCountedBeforeTheApplicationStarted() throws Exception {
		ask("gpt-4o", "question");
		ask("gpt-4o", "question");
		this.application.close();
		start();
		ask("gpt-4o", "question");
		JsonNode cache = JsonMapper.shared().readTree(get("/actuator/llmcache").body());
		assertThat(cache.path("total").path("hits").intValue()).isOne();
		JsonNode lifetime = cache.path("lifetime");
		assertThat(lifetime.path("total").path("hits").intValue()).isEqualTo(2);
		assertThat(lifetime.path("models").path("gpt-4o").path("writes").intValue()).isOne();
		assertThat(lifetime.path("models").path("gpt-4o").path("inputTokens").intValue()).isPositive();
		assertThat(lifetime.path("models").path("gpt-4o").path("spent").decimalValue()).isPositive();
		assertThat(LocalDate.parse(lifetime.path("since").stringValue())).isNotNull();
		assertThat(lifetime.path("failure").isNull()).isTrue();
	}

	@Test
	void accessIsUpToTheApplication() throws Exception {
		this.application.close();
		this.application = run("management.endpoints.web.exposure.include=llmcache",
				"management.endpoint.llmcache.access=read-only");
		assertThat(get("/actuator/llmcache").statusCode()).isEqualTo(200);
		assertThat(delete("/actuator/llmcache/gpt-4o").statusCode()).isEqualTo(405);
	}

	@Test
	void isNotExposedByDefault() throws Exception {
		this.application.close();
		this.application = run();
		assertThat(get("/actuator/llmcache").statusCode()).isEqualTo(404);
	}

	@Test
	void healthAndMetersAreThere() throws Exception {
		ask("gpt-4o", "question");
		ask("gpt-4o", "question");
		JsonNode health = JsonMapper.shared().readTree(get("/actuator/health").body());
		assertThat(health.path("components").path("llmCache").path("status").stringValue()).isEqualTo("UP");
		JsonNode hits = JsonMapper.shared()
			.readTree(get("/actuator/metrics/cache.gets?tag=cache:llmcache&tag=result:hit").body());
		assertThat(hits.path("measurements").get(0).path("value").doubleValue()).isEqualTo(1);
		JsonNode saved = JsonMapper.shared().readTree(get("/actuator/metrics/llmcache.saved").body());
		assertThat(saved.path("baseUnit").stringValue()).isEqualTo("dollars");
		assertThat(saved.path("measurements").get(0).path("value").doubleValue()).isPositive();
		assertThat(count("llmcache.requests?tag=model:gpt-4o&tag=result:hit")).isOne();
		assertThat(count("llmcache.requests?tag=model:gpt-4o&tag=result:miss")).isOne();
		assertThat(count("llmcache.provider.calls?tag=provider:openai&tag=model:gpt-4o&tag=outcome:success")).isOne();
	}

	private double count(String timer) throws Exception {
		JsonNode measurement = JsonMapper.shared()
			.readTree(get("/actuator/metrics/" + timer).body())
			.path("measurements")
			.get(0);
		assertThat(measurement.path("statistic").stringValue()).isEqualTo("COUNT");
		return measurement.path("value").doubleValue();
	}

	private String ask(String model, String question) {
		InferenceRequest request = InferenceRequest.builder(model).user(question).build();
		return this.application.getBean(InferenceApi.class).infer(request).text();
	}

	private HttpResponse<String> get(String path) throws Exception {
		return send(HttpRequest.newBuilder().GET(), path);
	}

	private HttpResponse<String> delete(String path) throws Exception {
		return send(HttpRequest.newBuilder().DELETE(), path);
	}

	private HttpResponse<String> send(HttpRequest.Builder request, String path) throws Exception {
		String port = this.application.getEnvironment().getProperty("local.server.port");
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
