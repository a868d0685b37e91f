package io.github.llmcache.provider.openai;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.llmcache.CacheControl;
import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.InferenceParameters;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.Prompt;
import io.github.llmcache.RawJson;
import io.github.llmcache.ReasoningOptions;
import io.github.llmcache.ResponseFormat;
import io.github.llmcache.SampleRange;
import io.github.llmcache.Role;
import io.github.llmcache.Tool;
import io.github.llmcache.ToolChoice;
import io.github.llmcache.provider.ProtocolRequestContractTests;
import io.github.llmcache.provider.TestProviders;
import io.github.llmcache.provider.WireJson;
import io.github.llmcache.provider.WireRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the requests of {@link OpenAiChatProtocol}.
 */
class OpenAiRequestTests extends ProtocolRequestContractTests {

	OpenAiRequestTests() {
		super(new OpenAiChatProtocol());
	}

	@Override
	protected String reasoningOfAnotherProtocol(String text) {
		return "{\"type\":\"thinking\",\"thinking\":\"" + text + "\"}";
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"text\":\"Hm\",\"thought\":true}", "{\"thoughtSignature\":\"s\"}" })
	void reasoningOfGemini(String block) {
		rejected(reasoning(block), "of another one");
	}

	@Test
	void simplest() {
		WireRequest request = this.protocol.write(InferenceRequest.builder("gpt-4o-mini").user("Hello").build(),
				this.provider);
		assertThat(request.operation()).isEqualTo("chat/completions");
		assertThat(request.messagesMember()).isEqualTo("messages");
		assertThat(WireJson.write(request.body()))
			.isEqualTo("{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}");
	}

	@Test
	void everyParameter() {
		InferenceRequest request = InferenceRequest.builder("gpt-5")
			.user("Hello")
			.temperature(0.7)
			.topP(0.25)
			.maxTokens(20)
			.stop("END", "\n")
			.seed(42)
			.topLogprobs(3)
			.logitBias(Map.of("50256", -100.0, "11", 0.5))
			.tools(Tool.of("weather", "Tells the weather", "{\"type\":\"object\",\"properties\":{}}"),
					new Tool("time", null, RawJson.of("{}"), true))
			.toolChoice(ToolChoice.tool("weather"))
			.responseFormat(ResponseFormat.jsonSchema("answer", "{\"type\":\"object\",\"default\":1.50}"))
			.reasoning(ReasoningOptions.effort("high"))
			.parameter("user", "u1")
			.parameter("top_k", 5)
			.parameter("penalty", 0.1f)
			.parameter("nothing", null)
			.parameter("provider", RawJson.of("{\"order\": [\"a\", null]}"))
			.build();
		assertThat(write(request, "max_completion_tokens")).isEqualTo(json("""
				{
				  "model": "gpt-5",
				  "messages": [{"role": "user", "content": "Hello"}],
				  "temperature": 0.7,
				  "top_p": 0.25,
				  "max_completion_tokens": 20,
				  "stop": ["END", "\\n"],
				  "seed": 42,
				  "logprobs": true,
				  "top_logprobs": 3,
				  "logit_bias": {"11": 0.5, "50256": -100},
				  "tools": [
				    {"type": "function", "function": {"name": "weather", "description": "Tells the weather",
				      "parameters": {"type": "object", "properties": {}}}},
				    {"type": "function", "function": {"name": "time", "parameters": {}, "strict": true}}
				  ],
				  "tool_choice": {"type": "function", "function": {"name": "weather"}},
				  "response_format": {"type": "json_schema", "json_schema":
				    {"name": "answer", "schema": {"type": "object", "default": 1.50}, "strict": true}},
				  "reasoning_effort": "high",
				  "user": "u1",
				  "top_k": 5,
				  "penalty": 0.1,
				  "nothing": null,
				  "provider": {"order": ["a", null]}
				}"""));
	}

	@Test
	void everyKindOfMessage() {
		InferenceRequest request = InferenceRequest.builder("m")
			.system("Be brief.")
			.developer("Be nice.")
			.message(ChatMessage.of(Role.SYSTEM, text("one"), text("two")))
			.message(new ChatMessage(Role.USER, List.of(text("What is this?")), "ann"))
			.user(text("And this?"), ContentPart.Image.of("image/png", new byte[] { 1, 2, 3 }))
			.message(ChatMessage.assistant(
					new ContentPart.Reasoning("Hm", RawJson.of("{\"reasoning_content\":\"Hm\"}")),
					new ContentPart.Reasoning("forgotten", null), text("Let me see."),
					new ContentPart.ToolCall("c1", "look", "{\"at\": 1}"), new ContentPart.ToolCall("c2", "look", "x")))
			.message(ChatMessage.of(Role.TOOL, new ContentPart.ToolResult("c1", "a cat", false),
					new ContentPart.ToolResult("c2", "failed", true)))
			.message(ChatMessage.assistant(new ContentPart.ToolCall("c3", "look", "{}")))
			.message(ChatMessage.toolResult("c3", "a dog"))
			.message(ChatMessage.assistant(text("a"), text("b")))
			.user("?")
			.assistant("It is")
			.build();
		assertThat(write(request).path("messages")).isEqualTo(json("""
				{"messages": [
				  {"role": "system", "content": "Be brief."},
				  {"role": "developer", "content": "Be nice."},
				  {"role": "system", "content": [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}]},
				  {"role": "user", "name": "ann", "content": "What is this?"},
				  {"role": "user", "content": [{"type": "text", "text": "And this?"},
				    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AQID"}}]},
				  {"role": "assistant", "content": "Let me see.", "reasoning_content": "Hm", "tool_calls": [
				    {"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{\\"at\\": 1}"}},
				    {"id": "c2", "type": "function", "function": {"name": "look", "arguments": "x"}}]},
				  {"role": "tool", "tool_call_id": "c1", "content": "a cat"},
				  {"role": "tool", "tool_call_id": "c2", "content": "failed"},
				  {"role": "assistant", "content": null, "tool_calls": [
				    {"id": "c3", "type": "function", "function": {"name": "look", "arguments": "{}"}}]},
				  {"role": "tool", "tool_call_id": "c3", "content": "a dog"},
				  {"role": "assistant", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
				  {"role": "user", "content": "?"},
				  {"role": "assistant", "content": "It is"}
				]}""").path("messages"));
	}

	@Test
	void anEmptyAnswerOfTheModelCanBeSentBack() {
		InferenceRequest request = InferenceRequest.builder("m").user("?").message(ChatMessage.assistant()).build();
		assertThat(write(request).path("messages").path(1))
			.isEqualTo(json("{\"role\":\"assistant\",\"content\":\"\"}"));
	}

	@Test
	void toolChoices() {
		assertThat(write(builder().toolChoice(ToolChoice.AUTO).build()).path("tool_choice").asString())
			.isEqualTo("auto");
		assertThat(write(builder().toolChoice(ToolChoice.NONE).build()).path("tool_choice").asString())
			.isEqualTo("none");
		assertThat(write(builder().toolChoice(ToolChoice.REQUIRED).build()).path("tool_choice").asString())
			.isEqualTo("required");
	}

	@Test
	void responseFormats() {
		assertThat(write(builder().responseFormat(ResponseFormat.TEXT).build()).path("response_format"))
			.isEqualTo(json("{\"type\":\"text\"}"));
		assertThat(write(builder().responseFormat(ResponseFormat.JSON_OBJECT).build()).path("response_format"))
			.isEqualTo(json("{\"type\":\"json_object\"}"));
	}

	@Test
	void logprobsOfTheChosenTokensOnly() {
		ObjectNode body = write(builder().topLogprobs(0).build());
		assertThat(body.path("logprobs").asBoolean()).isTrue();
		assertThat(body.has("top_logprobs")).isFalse();
	}

	@Test
	void noReasoning() {
		assertThat(write(builder().reasoning(ReasoningOptions.DISABLED).build()).path("reasoning_effort").asString())
			.isEqualTo("none");
	}

	@Test
	void whatIsLeftOutIsNotZero() {
		assertThat(write(builder().build()).has("temperature")).isFalse();
		assertThat(write(builder().temperature(0).build()).path("temperature").decimalValue()).isZero();
	}

	@Test
	void theSameRequestIsTheSameBody() {
		Map<String, Double> bias = new HashMap<>();
		for (int i = 0; i < 50; i++) {
			bias.put(Integer.toString(i * 7919), 1.0);
		}
		List<String> names = new ArrayList<>();
		write(builder().logitBias(bias).build()).path("logit_bias").forEachEntry((name, value) -> names.add(name));
		assertThat(names).hasSize(50).isSorted();
	}

	@ParameterizedTest
	@ValueSource(strings = { "stream_options", "n" })
	void reservedParametersOfThisProtocol(String name) {
		rejected(builder().parameter(name, 1).build(), "'" + name + "'");
	}

	@Test
	void severalSamplesAreNoPartOfWhatIsAsked() {
		WireRequest one = this.protocol.write(builder().n(5).build(), this.provider);
		assertThat(one.body().has("n")).isFalse();
		WireRequest several = this.protocol.withSamples(one, 5);
		assertThat(several.body().path("n").intValue()).isEqualTo(5);
		assertThat(several.operation()).isEqualTo(one.operation());
		assertThat(one.body().has("n")).isFalse();
		rejected(builder().parameter("n", 5).build(), "'n'", "n(…)");
	}

	@Test
	void parametersSetTwice() {
		rejected(builder().temperature(1).parameter("temperature", 1).build(), "'temperature' is set twice");
		rejected(builder().maxTokens(1).parameter("max_tokens", 1).build(), "'max_tokens' is set twice");
		rejected(builder().topLogprobs(0).parameter("logprobs", false).build(), "'logprobs' is set twice");
	}

	@Test
	void aParameterMayHaveANameOfOursThatIsNotUsed() {
		assertThat(write(builder().parameter("tools", RawJson.of("[{\"type\":\"custom\"}]")).build()).path("tools"))
			.hasSize(1);
	}

	@Test
	void budgetsOfReasoning() {
		rejected(builder().reasoning(ReasoningOptions.budget(1024)).build(), "budget", "parameter(\"reasoning\"");
		rejected(builder().reasoning(new ReasoningOptions(true, null, null)).build(), "effort");
	}

	@Test
	void numbersThatJsonDoesNotHave() {
		InferenceParameters parameters = new InferenceParameters(Double.NaN, null, null, null, null, null, null, null,
				null, null, null, Map.of());
		rejected(new InferenceRequest("m", null, Prompt.of("?"), parameters, CacheControl.DEFAULT, SampleRange.FIRST,
				null, null), "'temperature'");
		rejected(builder().logitBias(Map.of("1", Double.POSITIVE_INFINITY)).build(), "'logit_bias'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "role", "content", "tool_calls", "name" })
	void reasoningDoesNotReplaceTheMessage(String member) {
		rejected(reasoning("{\"" + member + "\":\"" + SECRET + "\"}"), "already set");
	}

	@Test
	void reasoningSetTwice() {
		ContentPart block = new ContentPart.Reasoning("", RawJson.of("{\"reasoning\":\"" + SECRET + "\"}"));
		rejected(assistant(block, block), "already set");
	}

	@Test
	void headers() {
		assertThat(this.protocol.headers(this.provider))
			.isEqualTo(Map.of("Authorization", "Bearer sk-test-0123456789"));
		assertThat(this.protocol.headers(TestProviders.of(this.protocol, "max_tokens", null, Map.of()))).isEmpty();
	}

	private ObjectNode write(InferenceRequest request, String maxTokensParameter) {
		return this.protocol.write(request, TestProviders.of(this.protocol, maxTokensParameter, "key", Map.of()))
			.body();
	}

}
