package io.github.llmcache.provider.openai;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.ReasoningOptions;
import io.github.llmcache.ResponseFormat;
import io.github.llmcache.Role;
import io.github.llmcache.Tool;
import io.github.llmcache.ToolChoice;
import io.github.llmcache.provider.AbstractRequestTests;
import io.github.llmcache.provider.TestProviders;
import io.github.llmcache.provider.WireJson;
import io.github.llmcache.provider.WireRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the requests of {@link OpenAiCompletionsProtocol}.
 */
class OpenAiCompletionRequestTests extends AbstractRequestTests {

	OpenAiCompletionRequestTests() {
		super(new OpenAiCompletionsProtocol());
	}

	@Override
	protected InferenceRequest.Builder builder() {
		return InferenceRequest.builder("davinci-002").none("Once upon");
	}

	@Test
	void simplest() {
		WireRequest request = this.protocol.write(builder().build(), this.provider);
		assertThat(request.operation()).isEqualTo("completions");
		assertThat(request.messagesMember()).isEqualTo("prompt");
		assertThat(request.stateful()).isFalse();
		assertThat(WireJson.write(request.body())).isEqualTo("{\"model\":\"davinci-002\",\"prompt\":\"Once upon\"}");
	}

	@Test
	void everyParameter() {
		InferenceRequest request = builder().none(" a time")
			.message(ChatMessage.of(Role.NONE, text(","), text("\n")))
			.temperature(0.7)
			.topP(0.25)
			.maxTokens(20)
			.stop("END", "\n")
			.seed(42)
			.topLogprobs(3)
			.logitBias(Map.of("50256", -100.0, "11", 0.5))
			.responseFormat(ResponseFormat.TEXT)
			.parameter("suffix", "The end.")
			.parameter("echo", true)
			.parameter("best_of", 3)
			.build();
		assertThat(
				this.protocol.write(request, TestProviders.of(this.protocol, "max_completion_tokens", "key", Map.of()))
					.body())
			.isEqualTo(json("""
					{
					  "model": "davinci-002",
					  "prompt": "Once upon a time,\\n",
					  "temperature": 0.7,
					  "top_p": 0.25,
					  "max_tokens": 20,
					  "stop": ["END", "\\n"],
					  "seed": 42,
					  "logprobs": 3,
					  "logit_bias": {"11": 0.5, "50256": -100},
					  "suffix": "The end.",
					  "echo": true,
					  "best_of": 3
					}"""));
	}

	@ParameterizedTest
	@EnumSource(value = Role.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
	void messagesOfAChat(Role role) {
		rejected(builder().message(ChatMessage.of(role, text(SECRET))).build(),
				"role " + role.name().toLowerCase(Locale.ROOT), "none(…)");
	}

	@Test
	void whatIsNotText() {
		rejected(builder().message(ChatMessage.of(Role.NONE, new ContentPart.Image(SECRET, SECRET))).build(), "image");
		rejected(builder().message(ChatMessage.of(Role.NONE)).build(), "no parts");
		rejected(builder().message(new ChatMessage(Role.NONE, List.of(text(SECRET)), SECRET)).build(), "names");
	}

	@Test
	void parametersOfChats() {
		rejected(builder().tools(Tool.of("t", "d", "{}")).build(), "no parameter 'tools'");
		rejected(builder().toolChoice(ToolChoice.NONE).build(), "no parameter 'toolChoice'");
		rejected(builder().reasoning(ReasoningOptions.DISABLED).build(), "no parameter 'reasoning'");
		rejected(builder().responseFormat(ResponseFormat.JSON_OBJECT).build(), "no parameter 'responseFormat'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "stream_options", "n" })
	void reservedParametersOfThisProtocol(String name) {
		rejected(builder().parameter(name, 1).build(), "'" + name + "'");
	}

	@Test
	void parametersSetTwice() {
		rejected(builder().maxTokens(1).parameter("max_tokens", 1).build(), "'max_tokens' is set twice");
		rejected(builder().topLogprobs(1).parameter("logprobs", 1).build(), "'logprobs' is set twice");
	}

	@Test
	void headers() {
		assertThat(this.protocol.headers(this.provider))
			.isEqualTo(Map.of("Authorization", "Bearer sk-test-0123456789"));
	}

}
