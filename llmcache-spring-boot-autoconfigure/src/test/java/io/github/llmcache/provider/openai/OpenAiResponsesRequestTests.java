package io.github.llmcache.provider.openai;

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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the requests of {@link OpenAiResponsesProtocol}.
 */
class OpenAiResponsesRequestTests extends ProtocolRequestContractTests {

	private static final String ENCRYPTED = "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],"
			+ "\"encrypted_content\":\"gAAA\"}";

	OpenAiResponsesRequestTests() {
		super(new OpenAiResponsesProtocol());
	}

	@Override
	protected String reasoningOfAnotherProtocol(String text) {
		return "{\"type\":\"thinking\",\"thinking\":\"" + text + "\"}";
	}

	@Test
	void simplest() {
		WireRequest request = this.protocol.write(InferenceRequest.builder("gpt-5").user("Hello").build(),
				this.provider);
		assertThat(request.operation()).isEqualTo("responses");
		assertThat(request.messagesMember()).isEqualTo("input");
		assertThat(request.stateful()).isFalse();
		assertThat(WireJson.write(request.body()))
			.isEqualTo("{\"model\":\"gpt-5\",\"input\":[{\"role\":\"user\",\"content\":\"Hello\"}],\"store\":false}");
	}

	@Test
	void everyParameter() {
		InferenceRequest request = InferenceRequest.builder("gpt-5")
			.system("Be brief.")
			.user("Hello")
			.temperature(0.7)
			.topP(0.25)
			.maxTokens(20)
			.topLogprobs(3)
			.tools(Tool.of("weather", "Tells the weather", "{\"type\":\"object\",\"properties\":{}}"),
					new Tool("time", null, RawJson.of("{}"), true))
			.toolChoice(ToolChoice.tool("weather"))
			.responseFormat(ResponseFormat.jsonSchema("answer", "{\"type\":\"object\",\"default\":1.50}"))
			.reasoning(ReasoningOptions.effort("high"))
			.parameter("metadata", Map.of("a", "b"))
			.parameter("nothing", null)
			.build();
		assertThat(write(request)).isEqualTo(json("""
				{
				  "model": "gpt-5",
				  "instructions": "Be brief.",
				  "input": [{"role": "user", "content": "Hello"}],
				  "max_output_tokens": 20,
				  "temperature": 0.7,
				  "top_p": 0.25,
				  "top_logprobs": 3,
				  "tools": [
				    {"type": "function", "name": "weather", "description": "Tells the weather",
				      "parameters": {"type": "object", "properties": {}}},
				    {"type": "function", "name": "time", "parameters": {}, "strict": true}
				  ],
				  "tool_choice": {"type": "function", "name": "weather"},
				  "text": {"format": {"type": "json_schema", "name": "answer",
				    "schema": {"type": "object", "default": 1.50}, "strict": true}},
				  "reasoning": {"effort": "high"},
				  "store": false,
				  "metadata": {"a": "b"},
				  "nothing": null,
				  "include": ["message.output_text.logprobs", "reasoning.encrypted_content"]
				}"""));
	}

	@Test
	void everyKindOfMessage() {
		InferenceRequest request = InferenceRequest.builder("m")
			.system("Be brief.")
			.system("Be nice.")
			.user("What is this?")
			.user(text("And this?"), ContentPart.Image.of("image/png", new byte[] { 1, 2, 3 }))
			.developer("Be careful.")
			.message(ChatMessage.of(Role.SYSTEM, text("one"), text("two")))
			.message(ChatMessage.assistant(new ContentPart.Reasoning("Hm", RawJson.of(ENCRYPTED)),
					new ContentPart.Reasoning("forgotten", null), text("Let me"), text(" see."),
					new ContentPart.ToolCall("c1", "look", "{\"at\": 1}"), new ContentPart.ToolCall("c2", "look", "x"),
					text("Wait.")))
			.message(ChatMessage.of(Role.TOOL, new ContentPart.ToolResult("c1", "a cat", false),
					new ContentPart.ToolResult("c2", "failed", true)))
			.message(ChatMessage.assistant(new ContentPart.Reasoning("forgotten", null)))
			.user("?")
			.assistant("It is")
			.build();
		assertThat(write(request).path("instructions").stringValue()).isEqualTo("Be brief.");
		assertThat(messages(request)).isEqualTo(json("""
				{"input": [
				  {"role": "system", "content": "Be nice."},
				  {"role": "user", "content": "What is this?"},
				  {"role": "user", "content": [{"type": "input_text", "text": "And this?"},
				    {"type": "input_image", "detail": "auto", "image_url": "data:image/png;base64,AQID"}]},
				  {"role": "developer", "content": "Be careful."},
				  {"role": "system", "content": [{"type": "input_text", "text": "one"},
				    {"type": "input_text", "text": "two"}]},
				  {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gAAA"},
				  {"role": "assistant", "content": [{"type": "output_text", "text": "Let me"},
				    {"type": "output_text", "text": " see."}]},
				  {"type": "function_call", "call_id": "c1", "name": "look", "arguments": "{\\"at\\": 1}"},
				  {"type": "function_call", "call_id": "c2", "name": "look", "arguments": "x"},
				  {"role": "assistant", "content": "Wait."},
				  {"type": "function_call_output", "call_id": "c1", "output": "a cat"},
				  {"type": "function_call_output", "call_id": "c2", "output": "failed"},
				  {"role": "assistant", "content": ""},
				  {"role": "user", "content": "?"},
				  {"role": "assistant", "content": "It is"}
				]}""").path("input"));
	}

	@Test
	void instructionsAreNeverAllThereIs() {
		InferenceRequest request = InferenceRequest.builder("m").system("Tell a joke.").build();
		assertThat(write(request)).isEqualTo(json(
				"{\"model\":\"m\",\"input\":[{\"role\":\"system\",\"content\":\"Tell a joke.\"}],\"store\":false}"));
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
		assertThat(write(builder().responseFormat(ResponseFormat.TEXT).build()).path("text"))
			.isEqualTo(json("{\"format\":{\"type\":\"text\"}}"));
		assertThat(write(builder().responseFormat(ResponseFormat.JSON_OBJECT).build()).path("text"))
			.isEqualTo(json("{\"format\":{\"type\":\"json_object\"}}"));
	}

	@Test
	void reasoningIsAskedForWhereItIsNeeded() {
		assertThat(include(builder())).isEmpty();
		assertThat(include(builder().reasoning(ReasoningOptions.effort("low"))))
			.containsExactly("reasoning.encrypted_content");
		assertThat(include(builder().parameter("reasoning", Map.of("effort", "low", "summary", "auto"))))
			.containsExactly("reasoning.encrypted_content");
		assertThat(include(builder()
			.message(ChatMessage.assistant(new ContentPart.Reasoning("", RawJson.of(ENCRYPTED)), text("Yes.")))
			.user("Why?"))).containsExactly("reasoning.encrypted_content");
		assertThat(include(builder().reasoning(ReasoningOptions.DISABLED))).isEmpty();
		assertThat(include(builder().reasoning(ReasoningOptions.effort("low")).parameter("store", true))).isEmpty();
	}

	@Test
	void whatTheRequestIncludesIsKept() {
		assertThat(include(builder().reasoning(ReasoningOptions.effort("low"))
			.parameter("include", List.of("web_search_call.action.sources"))))
			.containsExactly("web_search_call.action.sources");
		assertThat(include(builder().topLogprobs(0).parameter("include", List.of("message.output_text.logprobs"))))
			.containsExactly("message.output_text.logprobs");
		assertThat(include(builder().topLogprobs(0).parameter("include", null)))
			.containsExactly("message.output_text.logprobs");
		rejected(builder().topLogprobs(0).parameter("include", SECRET).build(), "'include' is not a list");
	}

	@Test
	void logprobsOfTheChosenTokensOnly() {
		assertThat(write(builder().topLogprobs(0).build()).has("top_logprobs")).isFalse();
		assertThat(include(builder().topLogprobs(0))).containsExactly("message.output_text.logprobs");
	}

	@Test
	void noReasoning() {
		assertThat(write(builder().reasoning(ReasoningOptions.DISABLED).build()).path("reasoning"))
			.isEqualTo(json("{\"effort\":\"none\"}"));
	}

	@Test
	void parametersThatTheProtocolDoesNotHave() {
		rejected(builder().seed(1).build(), "no parameter 'seed'");
		rejected(builder().stop("END").build(), "no parameter 'stop'");
		rejected(builder().logitBias(Map.of("1", 1.0)).build(), "no parameter 'logitBias'");
		rejected(builder().reasoning(ReasoningOptions.budget(1024)).build(), "budget");
		rejected(builder().reasoning(new ReasoningOptions(true, null, null)).build(), "effort");
		rejected(builder().message(new ChatMessage(Role.USER, List.of(text(SECRET)), SECRET)).build(), "names");
	}

	@ParameterizedTest
	@ValueSource(strings = { "stream_options", "n" })
	void reservedParametersOfThisProtocol(String name) {
		rejected(builder().parameter(name, 1).build(), "'" + name + "'");
	}

	@Test
	void parametersSetTwice() {
		rejected(builder().maxTokens(1).parameter("max_output_tokens", 1).build(), "'max_output_tokens' is set twice");
		rejected(InferenceRequest.builder("m").system("a").user("b").parameter("instructions", SECRET).build(),
				"'instructions' is set twice");
		assertThat(write(builder().parameter("instructions", "Be brief.").build()).path("instructions").asString())
			.isEqualTo("Be brief.");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '`',
			value = { "previous_response_id;\"resp_1\"", "conversation;\"conv_1\"", "conversation;{\"id\":\"conv_1\"}",
					"prompt;{\"id\":\"pmpt_1\"}", "background;true", "background;1", "store;true", "store;null",
					"store;\"false\"", "store;0", "tools;[{\"type\":\"file_search\",\"vector_store_ids\":[\"vs_1\"]}]",
					"tools;[{\"type\":\"code_interpreter\",\"container\":\"cntr_1\"}]",
					"tools;[{\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\"}}]",
					"tools;[{\"type\":\"function\"},{\"type\":\"mcp\",\"server_url\":\"https://mcp.test\"}]",
					"tools;[{\"type\":\"shell\"}]",
					"tools;[{\"type\":\"shell\",\"environment\":{\"type\":\"container_reference\"}}]",
					"tools;[{\"type\":\"namespace\",\"tools\":[{\"type\":\"mcp\"}]}]",
					"tools;[{\"type\":\"not known yet\"}]", "tools;[null]", "tools;{}" })
	void whatLeansOnStateIsStateful(String name, String value) {
		assertThat(isStateful(builder().parameter(name, RawJson.of(value)))).isTrue();
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '`',
			value = { "previous_response_id;null", "conversation;null", "prompt;null", "background;null",
					"background;false", "store;false", "tools;null", "tools;[]",
					"tools;[{\"type\":\"web_search_2025_08_26\"},{\"type\":\"custom\",\"name\":\"grep\"}]",
					"tools;[{\"type\":\"shell\",\"environment\":{\"type\":\"local\"}}]",
					"tools;[{\"type\":\"namespace\",\"tools\":[{\"type\":\"function\"}]}]", "prompt_cache_key;\"key\"",
					"metadata;{\"store\":\"true\"}" })
	void whatSaysEverythingIsNotStateful(String name, String value) {
		assertThat(isStateful(builder().parameter(name, RawJson.of(value)))).isFalse();
	}

	@Test
	void referencesToStoredItemsAreStateful() {
		assertThat(isStateful(nativeItem("{\"type\":\"item_reference\",\"id\":\"rs_1\"}"))).isTrue();
		assertThat(isStateful(nativeItem("{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[]}"))).isTrue();
		assertThat(isStateful(nativeItem("{\"type\":\"reasoning\",\"id\":\"rs_1\",\"encrypted_content\":\"\"}")))
			.isTrue();
		assertThat(isStateful(nativeItem(ENCRYPTED))).isFalse();
		assertThat(isStateful(
				nativeItem("{\"type\":\"reasoning\",\"content\":[{\"type\":\"reasoning_text\",\"text\":\"Hm\"}]}")))
			.isFalse();
	}

	@Test
	void headers() {
		assertThat(this.protocol.headers(this.provider))
			.isEqualTo(Map.of("Authorization", "Bearer sk-test-0123456789"));
		assertThat(this.protocol.headers(TestProviders.of(this.protocol, "max_tokens", null, Map.of()))).isEmpty();
	}

	private InferenceRequest.Builder nativeItem(String item) {
		return builder().message(ChatMessage.assistant(new ContentPart.Reasoning("", RawJson.of(item)))).user("?");
	}

	private boolean isStateful(InferenceRequest.Builder request) {
		return this.protocol.write(request.build(), this.provider).stateful();
	}

	private List<String> include(InferenceRequest.Builder request) {
		return write(request.build()).path("include").valueStream().map((value) -> value.stringValue()).toList();
	}

}
