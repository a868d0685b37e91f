package io.github.llmcache;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What people say to models, and what these answer, is not logged by mistake.
 */
class ToStringTests {

	private static final String SECRET = "secret";

	@ParameterizedTest
	@MethodSource
	void doesNotShowWhatIsSaid(Object described) {
		assertThat(described.toString()).isNotEmpty().doesNotContain(SECRET);
	}

	static Stream<Object> doesNotShowWhatIsSaid() {
		ChatMessage message = ChatMessage.assistant(new ContentPart.Reasoning(SECRET, RawJson.of(SECRET)),
				new ContentPart.Text(SECRET), new ContentPart.ToolCall("id", "tool", SECRET),
				new ContentPart.ToolResult("id", SECRET, false), new ContentPart.Image("image/png", SECRET));
		InferenceRequest request = InferenceRequest.builder("model")
			.message(message)
			.parameter("user", SECRET)
			.stop(SECRET)
			.build();
		return Stream.of(message, Prompt.of(message), RawJson.of(SECRET), RawBody.of(SECRET), request, request.prompt(),
				new Sample(message, FinishReason.STOP, "stop", RawJson.of(SECRET)),
				EmbeddingRequest.builder("model").texts(List.of(SECRET)).build(),
				ModerationRequest.builder("model").texts(List.of(SECRET)).build());
	}

}
