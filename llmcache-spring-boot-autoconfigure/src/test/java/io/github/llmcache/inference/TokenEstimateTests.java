package io.github.llmcache.inference;

import java.util.List;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.Role;
import io.github.llmcache.Tool;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TokenEstimate}.
 */
class TokenEstimateTests {

	@Test
	void promptIsEstimatedFromItsCharacters() {
		InferenceRequest request = InferenceRequest.builder("m")
			.system("x".repeat(100))
			.user("x".repeat(100))
			.message(ChatMessage.of(Role.ASSISTANT, new ContentPart.Reasoning("x".repeat(40), null),
					new ContentPart.ToolCall("1", "x".repeat(10), "x".repeat(30))))
			.message(ChatMessage.of(Role.TOOL, new ContentPart.ToolResult("1", "x".repeat(40), false)))
			.tools(Tool.of("x".repeat(10), "x".repeat(30), "x".repeat(40)))
			.maxTokens(1000)
			.build();
		assertThat(TokenEstimate.of(request, 1)).isEqualTo(new TokenEstimate(101, 1000));
	}

	@Test
	void imageIsNotItsCharacters() {
		InferenceRequest request = InferenceRequest.builder("m")
			.message(ChatMessage.of(Role.USER, new ContentPart.Image("image/png", "A".repeat(4_000_000))))
			.build();
		assertThat(TokenEstimate.of(request, 1)).isEqualTo(new TokenEstimate(1001, null));
	}

	@Test
	void answerIsAsLongAsItMayBeUntilMoreIsKnown() {
		TokenEstimate bounded = new TokenEstimate(10, 500);
		assertThat(bounded.longest()).isEqualTo(510);
		assertThat(bounded.likely(null)).isEqualTo(510);
		assertThat(bounded.likely(70.9)).isEqualTo(80);
		assertThat(bounded.likely(700.0)).isEqualTo(510);
		TokenEstimate open = new TokenEstimate(10, null);
		assertThat(open.longest()).isEqualTo(10);
		assertThat(open.likely(null)).isEqualTo(10);
		assertThat(open.likely(70.9)).isEqualTo(80);
		TokenEstimate senseless = new TokenEstimate(10, -5);
		assertThat(senseless.longest()).isEqualTo(10);
		assertThat(senseless.likely(70.9)).isEqualTo(10);
	}

	@Test
	void eachSampleHasAnAnswerOfItsOwn() {
		InferenceRequest request = InferenceRequest.builder("m").user("x").maxTokens(1000).build();
		assertThat(TokenEstimate.of(request, 5)).isEqualTo(new TokenEstimate(1, 5000));
		assertThat(TokenEstimate.of(request.toBuilder().maxTokens(Integer.MAX_VALUE).build(), 4096).maxAnswer())
			.isEqualTo(Integer.MAX_VALUE);
	}

	@Test
	void textsHaveNoAnswer() {
		assertThat(TokenEstimate.of(List.of("x".repeat(400), "y"))).isEqualTo(new TokenEstimate(102, 0));
	}

}
