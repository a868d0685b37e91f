package io.github.llmcache.provider;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Collections;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StandInTexts}, which other tests rely on.
 */
class StandInTextsTests {

	private final StandInProvider standIn = StandInProvider.start();

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	@AfterEach
	void close() {
		this.standIn.close();
	}

	@Test
	void embeddingsComeInTheOppositeOrder() throws Exception {
		JsonNode base64 = json("embeddings",
				"{\"model\":\"m\",\"input\":[\"a\",\"b\"],\"dimensions\":3,\"encoding_format\":\"base64\"}");
		JsonNode numbers = json("embeddings", "{\"model\":\"m\",\"input\":[\"a\",\"b\"],\"dimensions\":3}");
		assertThat(base64.at("/data/0/index").intValue()).isEqualTo(1);
		assertThat(base64.at("/data/1/index").intValue()).isZero();
		assertThat(base64.at("/data/1/embedding").stringValue())
			.isEqualTo(StandInTexts.base64(StandInTexts.vector("m", "a", 3)));
		assertThat(numbers.at("/data/1/embedding").size()).isEqualTo(3);
		assertThat(numbers.at("/usage/prompt_tokens").intValue()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"model\":\"m\"}", "{\"model\":\"m\",\"input\":[]}",
			"{\"model\":\"m\",\"input\":[7]}", "{\"model\":\"m\",\"input\":[\"\"]}",
			"{\"model\":\"m\",\"input\":[\"a\"],\"unknown\":1}", "{\"model\":\"m\",\"input\":[\"a\"],\"dimensions\":0}",
			"{\"model\":\"m\",\"input\":[\"a\"],\"encoding_format\":\"hex\"}" })
	void embeddingsThatAreNotAsDescribedAreRefused(String body) throws Exception {
		assertThat(post("embeddings", body).statusCode()).isEqualTo(400);
	}

	@Test
	void tooMuchIsRefused() throws Exception {
		assertThat(post("embeddings", body("a", StandInTexts.MAX_TEXTS)).statusCode()).isEqualTo(200);
		assertThat(post("embeddings", body("a", StandInTexts.MAX_TEXTS + 1)).statusCode()).isEqualTo(400);
		assertThat(post("embeddings", body("a".repeat(4 * 8192), 36)).statusCode()).isEqualTo(200);
		assertThat(post("embeddings", body("a".repeat(4 * 8192), 37)).statusCode()).isEqualTo(400);
		assertThat(post("embeddings", body("a".repeat(4 * 8192 + 1), 1)).statusCode()).isEqualTo(400);
		assertThat(post("moderations", body("a", StandInTexts.MAX_MODERATED)).statusCode()).isEqualTo(200);
		assertThat(post("moderations", body("a", StandInTexts.MAX_MODERATED + 1)).statusCode()).isEqualTo(400);
	}

	private static String body(String text, int count) {
		return "{\"model\":\"m\",\"input\":[" + String.join(",", Collections.nCopies(count, "\"" + text + "\"")) + "]}";
	}

	private JsonNode json(String operation, String body) throws Exception {
		return StandInProvider.JSON.readTree(post(operation, body).body());
	}

	private HttpResponse<String> post(String operation, String body) throws Exception {
		return this.client.send(HttpRequest.newBuilder(URI.create(this.standIn.baseUrl() + "/" + operation))
			.header("Authorization", "Bearer " + StandInProvider.API_KEY)
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body))
			.build(), HttpResponse.BodyHandlers.ofString());
	}

}
