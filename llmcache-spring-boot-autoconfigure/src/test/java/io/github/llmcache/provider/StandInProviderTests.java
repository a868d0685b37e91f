package io.github.llmcache.provider;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link StandInProvider}, which other tests rely on.
 */
class StandInProviderTests {

	private static final String OPENAI = """
			{"model":"m","messages":[{"role":"user","content":"Hi %s"}]}""";

	private final StandInProvider standIn = StandInProvider.start();

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	@AfterEach
	void close() {
		this.standIn.close();
	}

	@Test
	void sameRequestIsAnsweredAlike() throws Exception {
		String first = post(OPENAI.formatted("a")).body();
		assertThat(post(OPENAI.formatted("a")).body()).isEqualTo(first);
		assertThat(post(OPENAI.formatted("b")).body()).isNotEqualTo(first);
		JsonNode json = StandInProvider.JSON.readTree(first);
		assertThat(json.at("/choices/0/message/content").stringValue()).startsWith("Answer ");
		assertThat(json.at("/choices/0/finish_reason").stringValue()).isEqualTo("stop");
		assertThat(json.at("/usage/completion_tokens").intValue()).isEqualTo(12);
		assertThat(this.standIn.requestCount()).isEqualTo(3);
	}

	@Test
	void answersCanVary() throws Exception {
		this.standIn.varyAnswers();
		assertThat(post(OPENAI.formatted("a")).body()).isNotEqualTo(post(OPENAI.formatted("a")).body());
	}

	@Test
	void choicesAreDistinctAndShareOneUsage() throws Exception {
		JsonNode json = StandInProvider.JSON.readTree(post("""
				{"model":"m","n":3,"max_tokens":5,"messages":[{"role":"user","content":"Hi"}]}""").body());
		assertThat(json.path("choices")).hasSize(3);
		assertThat(json.path("choices").findValuesAsString("content")).doesNotHaveDuplicates();
		assertThat(json.at("/choices/2/finish_reason").stringValue()).isEqualTo("length");
		assertThat(json.at("/usage/completion_tokens").intValue()).isEqualTo(15);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "[]", "{", "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
			"{\"model\":\"m\",\"messages\":[]}",
			"{\"model\":\"m\",\"messages\":[{\"role\":\"robot\",\"content\":\"\"}]}",
			"{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}]}" })
	void requestThatTheProviderWouldRefuseIsRefused(String body) throws Exception {
		assertThat(post(body).statusCode()).isEqualTo(400);
	}

	@Test
	void keyIsAskedFor() throws Exception {
		HttpRequest.Builder request = request("/chat/completions", OPENAI).setHeader("Authorization", "Bearer wrong");
		assertThat(send(request).statusCode()).isEqualTo(401);
		this.standIn.acceptAnyKey();
		assertThat(send(request).statusCode()).isEqualTo(200);
	}

	@Test
	void anthropicIsCheckedAsWell() throws Exception {
		String body = """
				{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""";
		assertThat(send(request("/messages", body)).statusCode()).isEqualTo(401);
		assertThat(send(request("/messages", body).header("x-api-key", StandInProvider.API_KEY)).body())
			.contains("anthropic-version");
		HttpResponse<String> response = send(request("/messages", body).header("x-api-key", StandInProvider.API_KEY)
			.header("anthropic-version", "2023-06-01"));
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).contains("\"stop_reason\":\"max_tokens\"", "\"output_tokens\":9");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"{'contents': [{'role': 'user', 'parts': [{'text': 'Hi'}]}], 'max_tokens': 5} | Unknown name \"max_tokens\"",
			"{'contents': [{'role': 'user', 'parts': [{'text': 'Hi', 'type': 'text'}]}]} | contents.parts.type",
			"{'contents': []} | contents is not specified",
			"{'contents': [{'role': 'assistant', 'parts': [{'text': 'Hi'}]}]} | valid role",
			"{'contents': [{'role': 'user', 'parts': []}]} | must not be empty",
			"{'contents': [{'role': 'user', 'parts': [{'text': 'Hi', 'inlineData': {}}]}]} | oneof",
			"{'contents': [{'role': 'user', 'parts': [{'text': 'Hi'}]}], 'generationConfig': {'n': 5}} | generationConfig.n",
			"{'contents': [{'role': 'model', 'parts': [{'functionCall': {'name': 'x'}}]}]} | thought_signature",
			"{'contents': [{'role': 'user', 'parts': [{'functionResponse': {'name': 'x', 'response': {}}}]}]} | number of" })
	void geminiIsCheckedAsWell(String body, String problem) throws Exception {
		HttpResponse<String> refused = send(request("/models/gemini-3-pro:generateContent", body.replace('\'', '"'))
			.header("x-goog-api-key", StandInProvider.API_KEY));
		assertThat(refused.statusCode()).isEqualTo(400);
		assertThat(StandInProvider.JSON.readTree(refused.body()).at("/error/message").stringValue()).contains(problem);
	}

	@Test
	void geminiAnswersWhatItsReferenceHas() throws Exception {
		String body = """
				{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":5}}""";
		assertThat(send(request("/models/gemini-3-pro:generateContent", body)).body()).contains("API_KEY_INVALID");
		this.standIn.acceptAnyKey();
		assertThat(send(request("/models/a/b:generateContent", body)).statusCode()).isEqualTo(404);
		assertThat(send(request("/models/gemini-3-pro:generateContent?key=x", body)).statusCode()).isEqualTo(404);
		HttpResponse<String> response = send(request("/models/gemini-3-pro:generateContent", body));
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).contains("\"finishReason\":\"MAX_TOKENS\"", "\"candidatesTokenCount\":5");
	}

	@Test
	void repliesComeInTheirOrder() throws Exception {
		this.standIn.answer((request) -> request.text().contains("special") ? Reply.status(418) : null)
			.enqueue(Reply.rateLimited("1"), Reply.html(502));
		assertThat(post(OPENAI).statusCode()).isEqualTo(429);
		assertThat(post(OPENAI).statusCode()).isEqualTo(502);
		assertThat(post(OPENAI).statusCode()).isEqualTo(200);
		assertThat(post(OPENAI.formatted("special")).statusCode()).isEqualTo(418);
		this.standIn.reset();
		assertThat(this.standIn.requests()).isEmpty();
		assertThat(post(OPENAI.formatted("special")).statusCode()).isEqualTo(200);
	}

	@Test
	void replyWaitsForALatch() throws Exception {
		CountDownLatch latch = new CountDownLatch(1);
		this.standIn.enqueue(Reply.ok("{}").after(latch));
		CompletableFuture<HttpResponse<String>> slow = this.client
			.sendAsync(request("/chat/completions", OPENAI).build(), HttpResponse.BodyHandlers.ofString());
		await().until(() -> this.standIn.inFlight() == 1);
		assertThat(post(OPENAI).statusCode()).isEqualTo(200);
		assertThat(slow).isNotDone();
		assertThat(this.standIn.maxInFlight()).isEqualTo(2);
		latch.countDown();
		assertThat(slow.get().body()).isEqualTo("{}");
	}

	private HttpResponse<String> post(String body) throws IOException, InterruptedException {
		return send(request("/chat/completions", body));
	}

	private HttpRequest.Builder request(String operation, String body) {
		return HttpRequest.newBuilder(URI.create(this.standIn.baseUrl() + operation))
			.header("Content-Type", "application/json")
			.header("Authorization", "Bearer " + StandInProvider.API_KEY)
			.POST(HttpRequest.BodyPublishers.ofString(body));
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
		return this.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

}
