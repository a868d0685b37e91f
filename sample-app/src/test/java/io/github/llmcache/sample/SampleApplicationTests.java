package io.github.llmcache.sample;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The whole application, started with an empty cache against the stand-in.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "sample.stand-in=true")
@DirtiesContext
class SampleApplicationTests {

	@TempDir
	static Path directory;

	private final HttpClient client = HttpClient.newHttpClient();

	private final JsonMapper jsonMapper = new JsonMapper();

	@LocalServerPort
	private int port;

	@Autowired
	private InferenceApi inference;

	@Autowired
	private QuestionsRun run;

	@Autowired
	private StandInProvider standIn;

	@DynamicPropertySource
	static void cache(DynamicPropertyRegistry registry) {
		registry.add("llmcache.directory", () -> directory.toString());
	}

	@Test
	void asksTheProviderTheFirstTimeAndTheCacheTheSecondTime() {
		int questions = Questions.load().size();
		assertThat(questions).isGreaterThanOrEqualTo(200);
		List<RunSummary> runs = this.run.summaries();
		assertThat(runs).hasSize(2);
		RunSummary first = runs.get(0);
		RunSummary second = runs.get(1);
		assertThat(first).extracting(RunSummary::hits, RunSummary::misses, RunSummary::failures)
			.containsExactly(0, questions, 0);
		assertThat(first.providerCalls()).isEqualTo(questions);
		assertThat(second).extracting(RunSummary::hits, RunSummary::misses, RunSummary::failures)
			.containsExactly(questions, 0, 0);
		assertThat(second.providerCalls()).isZero();
		assertThat(first.spent()).isPositive();
		assertThat(first.saved()).isZero();
		assertThat(second.spent()).isZero();
		assertThat(second.saved()).isEqualByComparingTo(first.spent());
	}

	@Test
	void asksNoProviderWhenItIsStartedAgain() {
		try (ConfigurableApplicationContext again = new SpringApplicationBuilder(SampleApplication.class)
			.run("--sample.stand-in=true", "--llmcache.directory=" + directory, "--server.port=0")) {
			StandInProvider standInOfAgain = again.getBean(StandInProvider.class);
			assertThat(standInOfAgain.url()).isNotEqualTo(this.standIn.url());
			assertThat(again.getBean(QuestionsRun.class).summaries()).hasSize(2).allSatisfy((summary) -> {
				assertThat(summary.hits()).isEqualTo(Questions.load().size());
				assertThat(summary.providerCalls()).isZero();
				assertThat(summary.spent()).isZero();
			});
			assertThat(standInOfAgain.calls()).isZero();
		}
	}

	@Test
	void answersTheSameQuestionFromTheCache() throws Exception {
		JsonNode first = json(get("/ask?q=" + encode("What is a cache, née safe place?")));
		JsonNode second = json(get("/ask?q=" + encode("What is a cache, née safe place?")));
		assertThat(first.path("cached").asBoolean(true)).isFalse();
		assertThat(first.path("cost").decimalValue()).isPositive();
		assertThat(first.path("milliseconds").asDouble()).isGreaterThan(100);
		assertThat(first.path("text").asString()).contains("née safe place");
		assertThat(second.path("cached").asBoolean()).isTrue();
		assertThat(second.path("cost").decimalValue()).isZero();
		assertThat(second.path("savedCost").decimalValue()).isEqualByComparingTo(first.path("cost").decimalValue());
		assertThat(second.path("text")).isEqualTo(first.path("text"));
		assertThat(second.path("model").asString()).isEqualTo(StandInProvider.MODEL);
	}

	@Test
	void sharesItsEntriesWithWhoeverUsesTheApi() throws Exception {
		String question = "Who else asks this?";
		InferenceResponse response = this.inference.infer(Questions.request(StandInProvider.MODEL, question));
		JsonNode answer = json(get("/ask?q=" + encode(question)));
		assertThat(answer.path("cached").asBoolean()).isTrue();
		assertThat(answer.path("text").asString()).isEqualTo(response.text());
	}

	@Test
	void listsTheQuestionsAskedLatestFirst() throws Exception {
		get("/ask?q=" + encode("What is listed?"));
		get("/ask?q=" + encode("What is listed?"));
		JsonNode questions = json(get("/questions"));
		assertThat(questions.size()).isGreaterThanOrEqualTo(2);
		assertThat(questions.get(0).path("question").asString()).isEqualTo("What is listed?");
		assertThat(questions.get(0).path("cached").asBoolean()).isTrue();
		assertThat(questions.get(0).path("model").asString()).isEqualTo(StandInProvider.MODEL);
		assertThat(questions.get(0).path("askedAt").asString()).isNotEmpty();
		assertThat(questions.get(1).path("cached").asBoolean(true)).isFalse();
	}

	@Test
	void showsStatisticsWithoutWhatWasAsked() throws Exception {
		HttpResponse<String> response = get("/actuator/llmcache");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).contains(StandInProvider.MODEL)
			.doesNotContain("This is a stand-in's answer")
			.doesNotContain(Questions.load());
	}

	@Test
	void hasThePageOfTheCache() throws Exception {
		HttpResponse<String> response = get("/actuator/llmcache/ui");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
	}

	@Test
	void isReady() throws Exception {
		assertThat(json(get("/actuator/health")).path("status").asString()).isEqualTo("UP");
	}

	@Test
	void rejectsAModelThatNoProviderHas() throws Exception {
		HttpResponse<String> response = get("/ask?q=hello&model=nobody-has-this");
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
		assertThat(json(response).path("detail").asString()).contains("nobody-has-this");
		assertThat(response.body()).doesNotContain("\tat ").doesNotContain("Exception");
	}

	private HttpResponse<String> get(String path) throws IOException, InterruptedException {
		URI uri = URI.create("http://127.0.0.1:" + this.port + path);
		return this.client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
	}

	private JsonNode json(HttpResponse<String> response) {
		return this.jsonMapper.readTree(response.body());
	}

	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

}
