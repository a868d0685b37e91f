package io.github.llmcache.sample;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StandInProviderTests {

	private static final String PATH = "/v1/chat/completions";

	@AutoClose
	private final StandInProvider standIn = StandInProvider.start();

	private final HttpClient client = HttpClient.newHttpClient();

	private final JsonMapper jsonMapper = new JsonMapper();

	@Test
	void answersAsOpenAiDoes() throws Exception {
		HttpResponse<String> response = post(body("Why is the sky blue?"));
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
		assertThat(response.headers().firstValue("x-request-id")).isPresent();
		JsonNode completion = json(response);
		assertThat(completion.path("id").asString()).startsWith("chatcmpl-");
		assertThat(completion.path("object").asString()).isEqualTo("chat.completion");
		assertThat(completion.path("created").asLong()).isPositive();
		assertThat(completion.path("model").asString()).isEqualTo("stand-in");
		JsonNode choice = completion.path("choices").get(0);
		assertThat(choice.path("index").asInt()).isZero();
		assertThat(choice.path("finish_reason").asString()).isEqualTo("stop");
		assertThat(choice.path("message").path("role").asString()).isEqualTo("assistant");
		assertThat(choice.path("message").path("content").asString())
			.startsWith("This is a stand-in's answer to: Why is the sky blue?");
		JsonNode usage = completion.path("usage");
		// As OpenAI counts: 3 for the answer's frame, 3 for the message's, "user", and 6
		assertThat(usage.path("prompt_tokens").asInt()).isEqualTo(13);
		assertThat(usage.path("completion_tokens").asInt()).isGreaterThan(20);
		assertThat(usage.path("total_tokens").asInt())
			.isEqualTo(usage.path("prompt_tokens").asInt() + usage.path("completion_tokens").asInt());
	}

	@Test
	void answersTheSameQuestionTheSameAndOthersDifferently() throws Exception {
		String first = content(post(body("Why?")));
		assertThat(content(post(body("Why?")))).isEqualTo(first);
		assertThat(content(post(body("How?")))).isNotEqualTo(first);
		assertThat(this.standIn.calls()).isEqualTo(3);
	}

	@Test
	void takesItsTime() throws Exception {
		post(body("Let it load its encoding"));
		long start = System.nanoTime();
		post(body("Why?"));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(149));
	}

	@Test
	void stopsAtTheMostTokens() throws Exception {
		JsonNode completion = json(
				post("""
						{"model": "stand-in", "max_completion_tokens": 7, "messages": [{"role": "user", "content": "Why?"}]}"""));
		assertThat(completion.path("choices").get(0).path("finish_reason").asString()).isEqualTo("length");
		assertThat(completion.path("usage").path("completion_tokens").asInt()).isEqualTo(7);
		assertThat(content(completion)).isNotEmpty().hasSizeLessThan(40);
	}

	@Test
	void answersManyAtOnce() throws Exception {
		post(body("Let it load its encoding"));
		List<CompletableFuture<HttpResponse<String>>> responses = IntStream.range(0, 48)
			.mapToObj((number) -> this.client.sendAsync(
					request(PATH).POST(BodyPublishers.ofString(body("What is " + number + "?"))).build(),
					BodyHandlers.ofString()))
			.toList();
		CompletableFuture.anyOf(responses.toArray(CompletableFuture[]::new)).get();
		// One after the other, only the next one would have begun when the first has
		// ended
		assertThat(this.standIn.calls()).isGreaterThan(4);
		for (int number = 0; number < responses.size(); number++) {
			assertThat(content(responses.get(number).get())).contains("What is " + number + "?");
		}
		assertThat(this.standIn.calls()).isEqualTo(49);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "no JSON", "{", "{} {}", "[]", "null", "{}", "{\"model\": \"stand-in\"}",
			"{\"model\": 1, \"messages\": [{\"role\": \"user\", \"content\": \"Why?\"}]}",
			"{\"model\": \"stand-in\", \"messages\": []}", "{\"model\": \"stand-in\", \"messages\": [1]}",
			"{\"model\": \"stand-in\", \"messages\": [{\"role\": \"user\"}]}",
			"{\"model\": \"stand-in\", \"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"image_url\"}]}]}",
			"{\"model\": \"stand-in\", \"stream\": true, \"messages\": [{\"role\": \"user\", \"content\": \"Why?\"}]}",
			"{\"model\": \"stand-in\", \"n\": 2, \"messages\": [{\"role\": \"user\", \"content\": \"Why?\"}]}",
			"{\"model\": \"stand-in\", \"max_tokens\": 0, \"messages\": [{\"role\": \"user\", \"content\": \"Why?\"}]}",
			"{\"model\": \"stand-in\", \"tools\": [], \"messages\": [{\"role\": \"user\", \"content\": \"Why?\"}]}" })
	void rejectsWhatIsNotARequest(String body) throws Exception {
		HttpResponse<String> response = post(body);
		assertThat(response.statusCode()).isEqualTo(400);
		JsonNode error = json(response).path("error");
		assertThat(error.path("message").asString()).isNotEmpty();
		assertThat(error.path("type").asString()).isEqualTo("invalid_request_error");
		assertThat(error.path("code").asString()).isNotEmpty();
	}

	@Test
	void doesNotHaveOtherModels() throws Exception {
		HttpResponse<String> response = post("""
				{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Why?"}]}""");
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(json(response).path("error").path("code").asString()).isEqualTo("model_not_found");
	}

	@Test
	void rejectsABodyThatIsTooLarge() throws Exception {
		assertThat(post(body("a".repeat(2 * 1024 * 1024))).statusCode()).isEqualTo(413);
	}

	@Test
	void hasNoOtherPath() throws Exception {
		HttpResponse<String> response = send(request("/v1/models").GET());
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(json(response).path("error").path("message").asString()).contains(PATH);
		assertThat(this.standIn.calls()).isZero();
	}

	@Test
	void acceptsNoOtherMethod() throws Exception {
		HttpResponse<String> response = send(request(PATH).GET());
		assertThat(response.statusCode()).isEqualTo(405);
		assertThat(response.headers().firstValue("Allow")).contains("POST");
		assertThat(this.standIn.calls()).isZero();
	}

	@Test
	void listensNoLongerThanItIsOpen() {
		this.standIn.close();
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> post(body("Why?")));
	}

	private HttpResponse<String> post(String body) throws IOException, InterruptedException {
		return send(request(PATH).POST(BodyPublishers.ofString(body)));
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(this.standIn.url() + path));
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
		return this.client.send(request.build(), BodyHandlers.ofString());
	}

	private JsonNode json(HttpResponse<String> response) {
		return this.jsonMapper.readTree(response.body());
	}

	private String content(HttpResponse<String> response) {
		return content(json(response));
	}

	private static String content(JsonNode completion) {
		return completion.path("choices").get(0).path("message").path("content").asString();
	}

	private static String body(String question) {
		return "{\"model\": \"stand-in\", \"messages\": [{\"role\": \"user\", \"content\": \"" + question + "\"}]}";
	}

}
