package io.github.llmcache.inference;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.Sample;
import io.github.llmcache.provider.StandInProvider.ReceivedRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for several samples with each protocol, over real HTTP with a stand-in that
 * refuses what is not documented, and a real database.
 */
class SamplesOfProtocolsTests {

	@TempDir
	Path directory;

	@ParameterizedTest
	@CsvSource({ "openai, gpt-test, /n, 1", "openai-completions, gpt-test, /n, 1",
			"openai, gemini-test, /generationConfig/candidateCount, 1", "openai-responses, gpt-test, , 3",
			"openai, claude-test, , 3" })
	void knownNumberIsOneCallAndNoPartOfTheKey(String protocol, String model, @Nullable String number, int calls) {
		try (InferenceFixture fixture = new InferenceFixture(this.directory, (provider) -> provider.protocol(protocol),
				1)) {
			fixture.standIn.varyAnswers();
			InferenceRequest.Builder request = InferenceRequest.builder(model).temperature(1);
			request = protocol.equals("openai-completions") ? request.none("Once upon") : request.user("Hello");
			InferenceResponse three = fixture.api.infer(request.n(3).build());
			assertThat(texts(three)).hasSize(3).doesNotHaveDuplicates();
			assertThat(three.source()).isEqualTo(Source.PROVIDER);
			assertThat(fixture.standIn.requests()).hasSize(calls)
				.extracting((received) -> number(received, number))
				.containsOnly((number != null) ? 3 : 0);
			fixture.restart();
			InferenceResponse again = fixture.api.infer(request.n(3).build());
			assertThat(again.source()).isEqualTo(Source.CACHE);
			assertThat(texts(again)).isEqualTo(texts(three));
			assertThat(again.usage()).isEqualTo(three.usage());
			assertThat(texts(fixture.api.infer(request.n(1).build()))).isEqualTo(texts(three).subList(0, 1));
			assertThat(fixture.standIn.requestCount()).isEqualTo(calls);
			InferenceResponse four = fixture.api.infer(request.n(4).build());
			assertThat(texts(four)).hasSize(4).doesNotHaveDuplicates().startsWith(texts(three).toArray(String[]::new));
			assertThat(fixture.standIn.requestCount()).isEqualTo(calls + 1);
			assertThat(number(fixture.standIn.lastRequest(), number)).isZero();
		}
	}

	@ParameterizedTest
	@CsvSource({ "openai-completions, gpt-test, /n, 129, 128",
			"openai, gemini-test, /generationConfig/candidateCount, 9, 8" })
	void noCallAsksForMoreThanTheProtocolAllows(String protocol, String model, String number, int samples, int most) {
		try (InferenceFixture fixture = new InferenceFixture(this.directory, (provider) -> provider.protocol(protocol),
				1)) {
			fixture.standIn.varyAnswers();
			InferenceRequest.Builder request = InferenceRequest.builder(model).n(samples);
			request = protocol.equals("openai-completions") ? request.none("Once upon") : request.user("Hello");
			assertThat(texts(fixture.api.infer(request.build()))).hasSize(samples).doesNotHaveDuplicates();
			assertThat(fixture.standIn.requests()).extracting((received) -> number(received, number))
				.containsExactlyInAnyOrder(most, 0);
		}
	}

	/**
	 * Return the number of samples that was asked for, 0 if none was named.
	 */
	private static int number(ReceivedRequest received, @Nullable String pointer) {
		JsonNode body = received.json();
		return (pointer != null) ? body.at(pointer).asInt(0) : body.path("n").asInt(0);
	}

	private static List<String> texts(InferenceResponse response) {
		return response.samples()
			.stream()
			.map(Sample::message)
			.map((message) -> Objects.requireNonNull(message.text()))
			.toList();
	}

}
