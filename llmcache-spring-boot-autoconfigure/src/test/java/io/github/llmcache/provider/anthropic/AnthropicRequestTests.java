package io.github.llmcache.provider.anthropic;

import java.util.List;
import java.util.Map;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.RawJson;
import io.github.llmcache.ReasoningOptions;
import io.github.llmcache.ResponseFormat;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the requests of {@link AnthropicMessagesProtocol}.
 */
class AnthropicRequestTests extends ProtocolRequestContractTests {

	AnthropicRequestTests() {
		super(new AnthropicMessagesProtocol());
	}

	@Override
	protected String reasoningOfAnotherProtocol(String text) {
		return "{\"reasoning\":\"" + text + "\"}";
	}

	@Test
	void whatIsInAContainerBypassesTheCache() {
		assertThat(this.protocol.write(builder().build(), this.provider).stateful()).isFalse();
		assertThat(
				this.protocol.write(builder().parameter("container", "container_1").build(), this.provider).stateful())
			.isTrue();
	}

	@Test
	void simplest() {
		WireRequest request = this.protocol.write(InferenceRequest.builder("claude-opus-4-8").user("Hello").build(),
				this.provider);
		assertThat(request.operation()).isEqualTo("messages");
		assertThat(request.messagesMember()).isEqualTo("messages");
		assertThat(WireJson.write(request.body())).isEqualTo("{\"model\":\"claude-opus-4-8\",\"max_tokens\":4096,"
				+ "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}");
	}

	@Test
	void everyParameter() {
		InferenceRequest request = InferenceRequest.builder("claude-opus-4-8")
			.system("Be brief.")
			.user("Hello")
			.temperature(0.7)
			.topP(0.25)
			.maxTokens(20)
			.stop("END", "\n")
			.tools(Tool.of("weather", "Tells the weather", "{\"type\":\"object\",\"properties\":{}}"),
					new Tool("time", null, RawJson.of("{\"type\":\"object\"}"), true))
			.toolChoice(ToolChoice.tool("weather"))
			.responseFormat(ResponseFormat.jsonSchema("answer", "{\"type\":\"object\",\"default\":1.50}"))
			.reasoning(ReasoningOptions.effort("high"))
			.parameter("top_k", 5)
			.parameter("metadata", Map.of("user_id", "u1"))
			.build();
		assertThat(write(request)).isEqualTo(json("""
				{
				  "model": "claude-opus-4-8",
				  "max_tokens": 20,
				  "system": "Be brief.",
				  "messages": [{"role": "user", "content": "Hello"}],
				  "temperature": 0.7,
				  "top_p": 0.25,
				  "stop_sequences": ["END", "\\n"],
				  "tools": [
				    {"name": "weather", "description": "Tells the weather",
				     "input_schema": {"type": "object", "properties": {}}},
				    {"name": "time", "input_schema": {"type": "object"}, "strict": true}
				  ],
				  "tool_choice": {"type": "tool", "name": "weather"},
				  "thinking": {"type": "adaptive"},
				  "output_config": {"effort": "high",
				    "format": {"type": "json_schema", "schema": {"type": "object", "default": 1.50}}},
				  "top_k": 5,
				  "metadata": {"user_id": "u1"}
				}"""));
	}

	@Test
	void everyKindOfMessage() {
		InferenceRequest request = InferenceRequest.builder("m")
			.system("Be brief.")
			.developer("Be nice.")
			.user(text("What is this?"), ContentPart.Image.of("image/png", new byte[] { 1, 2, 3 }))
			.message(ChatMessage.assistant(
					new ContentPart.Reasoning("Hm",
							RawJson.of("{\"type\":\"thinking\",\"thinking\":\"Hm\",\"signature\":\"s\"}")),
					new ContentPart.Reasoning("forgotten", null), text("Let me see."),
					new ContentPart.ToolCall("c1", "look", "{\"at\": 1.0}"),
					new ContentPart.Reasoning("", RawJson.of("{\"type\":\"redacted_thinking\",\"data\":\"x\"}")),
					new ContentPart.ToolCall("c2", "look", "")))
			.message(ChatMessage.toolResult("c1", "a cat"))
			.message(ChatMessage.toolError("c2", "failed"))
			.user("Go on")
			.user("please")
			.system("Be briefer.")
			.message(ChatMessage.assistant(new ContentPart.ToolCall("c3", "look", "{}")))
			.message(ChatMessage.of(Role.TOOL, new ContentPart.ToolResult("c3", "", false)))
			.assistant("It is")
			.build();
		ObjectNode body = write(request);
		assertThat(body.path("system")).isEqualTo(json("""
				{"system": [{"type": "text", "text": "Be brief."}, {"type": "text", "text": "Be nice."}]}""")
			.path("system"));
		assertThat(body.path("messages")).isEqualTo(json("""
				{"messages": [
				  {"role": "user", "content": [{"type": "text", "text": "What is this?"},
				    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AQID"}}]},
				  {"role": "assistant", "content": [
				    {"type": "thinking", "thinking": "Hm", "signature": "s"},
				    {"type": "text", "text": "Let me see."},
				    {"type": "tool_use", "id": "c1", "name": "look", "input": {"at": 1.0}},
				    {"type": "redacted_thinking", "data": "x"},
				    {"type": "tool_use", "id": "c2", "name": "look", "input": {}}]},
				  {"role": "user", "content": [
				    {"type": "tool_result", "tool_use_id": "c1", "content": "a cat"},
				    {"type": "tool_result", "tool_use_id": "c2", "content": "failed", "is_error": true}]},
				  {"role": "user", "content": "Go on"},
				  {"role": "user", "content": "please"},
				  {"role": "system", "content": "Be briefer."},
				  {"role": "assistant", "content": [{"type": "tool_use", "id": "c3", "name": "look", "input": {}}]},
				  {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c3", "content": ""}]},
				  {"role": "assistant", "content": "It is"}
				]}""").path("messages"));
	}

	@Test
	void toolChoices() {
		assertThat(write(builder().toolChoice(ToolChoice.AUTO).build()).path("tool_choice"))
			.isEqualTo(json("{\"type\":\"auto\"}"));
		assertThat(write(builder().toolChoice(ToolChoice.NONE).build()).path("tool_choice"))
			.isEqualTo(json("{\"type\":\"none\"}"));
		assertThat(write(builder().toolChoice(ToolChoice.REQUIRED).build()).path("tool_choice"))
			.isEqualTo(json("{\"type\":\"any\"}"));
	}

	@Test
	void reasoning() {
		ObjectNode budget = write(builder().reasoning(ReasoningOptions.budget(10_000)).build());
		assertThat(budget.path("thinking")).isEqualTo(json("{\"type\":\"enabled\",\"budget_tokens\":10000}"));
		assertThat(budget.path("max_tokens").asInt()).isEqualTo(14_096);
		assertThat(budget.has("output_config")).isFalse();
		ObjectNode both = write(builder().reasoning(new ReasoningOptions(true, "low", 2000)).maxTokens(3000).build());
		assertThat(both.path("thinking")).isEqualTo(json("{\"type\":\"enabled\",\"budget_tokens\":2000}"));
		assertThat(both.path("output_config")).isEqualTo(json("{\"effort\":\"low\"}"));
		assertThat(both.path("max_tokens").asInt()).isEqualTo(3000);
		assertThat(write(builder().reasoning(ReasoningOptions.DISABLED).build()).path("thinking"))
			.isEqualTo(json("{\"type\":\"disabled\"}"));
		assertThat(write(builder().reasoning(new ReasoningOptions(true, null, null)).build()).path("thinking"))
			.isEqualTo(json("{\"type\":\"adaptive\"}"));
	}

	@Test
	void maxTokensAsAdditionalParameterReplacesTheDefault() {
		assertThat(write(builder().parameter("max_tokens", 7).build()).path("max_tokens").asInt()).isEqualTo(7);
	}

	@Test
	void systemAsAdditionalParameter() {
		JsonNode system = write(
				builder().parameter("system", RawJson.of("[{\"type\":\"text\",\"text\":\"x\"}]")).build())
			.path("system");
		assertThat(system).hasSize(1);
	}

	@Test
	void freeTextIsTheDefault() {
		assertThat(write(builder().responseFormat(ResponseFormat.TEXT).build())).isEqualTo(write(builder().build()));
	}

	@Test
	void parametersWithoutForm() {
		rejected(builder().seed(1).build(), "'seed'");
		rejected(builder().topLogprobs(0).build(), "'logprobs'");
		rejected(builder().logitBias(Map.of("1", 1.0)).build(), "'logitBias'");
		rejected(builder().responseFormat(ResponseFormat.JSON_OBJECT).build(), "JSON object");
		rejected(builder().message(new ChatMessage(Role.USER, List.of(text(SECRET)), SECRET)).build(), "names");
	}

	@ParameterizedTest
	@ValueSource(strings = { "max_tokens", "thinking", "output_config", "system", "stop_sequences" })
	void parametersSetTwice(String name) {
		rejected(InferenceRequest.builder("m")
			.system("s")
			.user("?")
			.maxTokens(1)
			.stop("x")
			.reasoning(ReasoningOptions.effort("low"))
			.parameter(name, SECRET)
			.build(), "'" + name + "' is set twice");
	}

	@Test
	void instructionsAlone() {
		rejected(InferenceRequest.builder("m").system(SECRET).developer(SECRET).build(), "role system");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"a\": " + SECRET, "[]" })
	void argumentsOfAToolCallThatAreNone(String arguments) {
		rejected(assistant(new ContentPart.ToolCall("c", "t", arguments)), "'arguments of a tool call'");
	}

	@Test
	void reasoningOfOpenAisResponses() {
		rejected(reasoning("{\"type\":\"reasoning\",\"encrypted_content\":\"" + SECRET + "\"}"), "of another one");
		rejected(reasoning("{\"type\":\"item_reference\",\"id\":\"" + SECRET + "\"}"), "of another one");
	}

	@Test
	void headers() {
		assertThat(this.protocol.headers(this.provider))
			.isEqualTo(Map.of("x-api-key", "sk-test-0123456789", "anthropic-version", "2023-06-01"));
		assertThat(this.protocol.headers(TestProviders.of(this.protocol, "max_tokens", null, Map.of())))
			.isEqualTo(Map.of("anthropic-version", "2023-06-01"));
	}

}
