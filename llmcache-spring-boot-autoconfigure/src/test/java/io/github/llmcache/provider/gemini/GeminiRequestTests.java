package io.github.llmcache.provider.gemini;

import java.util.Collections;
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
 * Tests for the requests of {@link GeminiProtocol}.
 */
class GeminiRequestTests extends ProtocolRequestContractTests {

	GeminiRequestTests() {
		super(new GeminiProtocol());
	}

	@Override
	protected String reasoningOfAnotherProtocol(String text) {
		return "{\"type\":\"thinking\",\"thinking\":\"" + text + "\",\"signature\":\"s\"}";
	}

	@Override
	protected List<String> reservedParameters() {
		return List.of("model", "contents");
	}

	@Override
	protected InferenceRequest around(ChatMessage message) {
		return switch (message.role()) {
			case SYSTEM, DEVELOPER -> InferenceRequest.builder("m").message(message).user("?").build();
			case TOOL -> builder().message(ChatMessage.assistant(new ContentPart.ToolCall(SECRET, "look", "{}")))
				.message(message)
				.build();
			default -> super.around(message);
		};
	}

	@Test
	void whatGoogleKeepsBypassesTheCache() {
		assertThat(this.protocol.write(builder().build(), this.provider).stateful()).isFalse();
		assertThat(this.protocol.write(builder().parameter("cachedContent", "cachedContents/1").build(), this.provider)
			.stateful()).isTrue();
	}

	@Test
	void simplest() {
		WireRequest request = this.protocol.write(InferenceRequest.builder("gemini-2.5-pro").user("Hello").build(),
				this.provider);
		assertThat(request.operation()).isEqualTo("models/gemini-2.5-pro:generateContent");
		assertThat(request.messagesMember()).isEqualTo("contents");
		assertThat(WireJson.write(request.body()))
			.isEqualTo("{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hello\"}]}]}");
	}

	@Test
	void everyParameter() {
		InferenceRequest request = InferenceRequest.builder("gemini-3-pro")
			.system("Be brief.")
			.user("Hello")
			.temperature(0.7)
			.topP(0.25)
			.maxTokens(20)
			.stop("END", "\n")
			.seed(7)
			.topLogprobs(3)
			.tools(Tool.of("weather", "Tells the weather", "{\"type\":\"object\",\"properties\":{}}"),
					new Tool("time", null, RawJson.of("{\"type\":\"object\"}"), false))
			.toolChoice(ToolChoice.tool("weather"))
			.responseFormat(ResponseFormat.jsonSchema("answer", "{\"type\":\"object\",\"default\":1.50}"))
			.reasoning(ReasoningOptions.effort("high"))
			.parameter("generationConfig", Map.of("topK", 5))
			.parameter("safetySettings", RawJson.of("[{\"category\":\"c\",\"threshold\":\"BLOCK_NONE\"}]"))
			.parameter("serviceTier", "flex")
			.parameter("cachedContent", "cachedContents/1")
			.build();
		assertThat(write(request)).isEqualTo(json("""
				{
				  "systemInstruction": {"parts": [{"text": "Be brief."}]},
				  "contents": [{"role": "user", "parts": [{"text": "Hello"}]}],
				  "generationConfig": {
				    "temperature": 0.7,
				    "topP": 0.25,
				    "maxOutputTokens": 20,
				    "stopSequences": ["END", "\\n"],
				    "seed": 7,
				    "responseLogprobs": true,
				    "logprobs": 3,
				    "responseMimeType": "application/json",
				    "responseJsonSchema": {"type": "object", "default": 1.50},
				    "thinkingConfig": {"includeThoughts": true, "thinkingLevel": "HIGH"},
				    "topK": 5
				  },
				  "tools": [{"functionDeclarations": [
				    {"name": "weather", "description": "Tells the weather",
				     "parametersJsonSchema": {"type": "object", "properties": {}}},
				    {"name": "time", "parametersJsonSchema": {"type": "object"}}
				  ]}],
				  "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["weather"]}},
				  "safetySettings": [{"category": "c", "threshold": "BLOCK_NONE"}],
				  "serviceTier": "flex",
				  "cachedContent": "cachedContents/1"
				}"""));
	}

	@Test
	void everyKindOfMessage() {
		InferenceRequest request = InferenceRequest.builder("m")
			.system("Be brief.")
			.developer("Be nice.")
			.user(text("What is this?"), ContentPart.Image.of("image/png", new byte[] { 1, 2, 3 }))
			.message(ChatMessage.assistant(
					new ContentPart.Reasoning("Hm", RawJson.of("{\"text\":\"Hm\",\"thought\":true}")),
					new ContentPart.Reasoning("forgotten", null), text("Let me see."), signature("s1"),
					new ContentPart.ToolCall("c1", "look", "{\"at\": 1.0}"),
					new ContentPart.ToolCall("no-id-1", "listen", "")))
			.message(ChatMessage.toolResult("c1", "a cat"))
			.message(ChatMessage.toolError("no-id-1", "failed"))
			.user("Go on")
			.user("please")
			.message(ChatMessage.assistant(new ContentPart.ToolCall("", "look", "{}")))
			.message(ChatMessage.of(Role.TOOL, new ContentPart.ToolResult("", "{\"error\":1}", false)))
			.assistant("It is")
			.build();
		assertThat(write(request)).isEqualTo(json("""
				{
				  "systemInstruction": {"parts": [{"text": "Be brief."}, {"text": "Be nice."}]},
				  "contents": [
				    {"role": "user", "parts": [{"text": "What is this?"},
				      {"inlineData": {"mimeType": "image/png", "data": "AQID"}}]},
				    {"role": "model", "parts": [
				      {"text": "Hm", "thought": true},
				      {"text": "Let me see."},
				      {"thoughtSignature": "s1", "functionCall": {"id": "c1", "name": "look", "args": {"at": 1.0}}},
				      {"functionCall": {"name": "listen", "args": {}}}]},
				    {"role": "user", "parts": [
				      {"functionResponse": {"id": "c1", "name": "look", "response": {"output": "a cat"}}},
				      {"functionResponse": {"name": "listen", "response": {"error": "failed"}}}]},
				    {"role": "user", "parts": [{"text": "Go on"}]},
				    {"role": "user", "parts": [{"text": "please"}]},
				    {"role": "model", "parts": [{"functionCall": {"name": "look", "args": {}}}]},
				    {"role": "user", "parts": [
				      {"functionResponse": {"name": "look", "response": {"output": "{\\"error\\":1}"}}}]},
				    {"role": "model", "parts": [{"text": "It is"}]}
				  ]
				}"""));
	}

	@Test
	void signaturesStayWithTheirParts() {
		assertThat(parts(signature("a"), text("x"))).isEqualTo(array("{\"text\":\"x\",\"thoughtSignature\":\"a\"}"));
		assertThat(parts(text("x"), signature("a")))
			.isEqualTo(array("{\"text\":\"x\"}", "{\"text\":\"\",\"thoughtSignature\":\"a\"}"));
		assertThat(parts(signature("a"), signature("b"), text("x"))).isEqualTo(
				array("{\"text\":\"\",\"thoughtSignature\":\"a\"}", "{\"text\":\"x\",\"thoughtSignature\":\"b\"}"));
		String ownSignature = "{\"text\":\"t\",\"thought\":true,\"thoughtSignature\":\"b\"}";
		assertThat(parts(signature("a"), new ContentPart.Reasoning("t", RawJson.of(ownSignature)), text("x")))
			.isEqualTo(array("{\"text\":\"\",\"thoughtSignature\":\"a\"}", ownSignature, "{\"text\":\"x\"}"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"executableCode\":{\"code\":\"1\"}}", "{\"codeExecutionResult\":{}}",
			"{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AQID\"},\"thoughtSignature\":\"s\"}",
			"{\"toolCall\":{\"id\":\"1\"}}", "{\"toolResponse\":{\"id\":\"1\"}}", "{\"text\":\"\",\"thought\":true}",
			"{\"text\":\"\",\"thoughtSignature\":\"s\"}" })
	void partsWithoutTypeAreSentBackAsTheyAre(String part) {
		assertThat(parts(new ContentPart.Reasoning("", RawJson.of(part)))).isEqualTo(array(part));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"reasoning\":\"x\"}", "{\"reasoning_details\":[]}", "{\"text\":\"x\"}",
			"{\"functionCall\":{\"name\":\"x\"}}", "{\"thoughtSignature\":7}", "{\"inlineData\":null}" })
	void blocksOfOtherProtocols(String block) {
		rejected(reasoning(block), "of another one");
	}

	@Test
	void aTurnWithoutPartsHasAnEmptyText() {
		assertThat(parts()).isEqualTo(array("{\"text\":\"\"}"));
		assertThat(parts(new ContentPart.Reasoning("x", null))).isEqualTo(array("{\"text\":\"\"}"));
	}

	@Test
	void resultsAreMatchedInOrderIfIdentifiersAreNotUnique() {
		InferenceRequest request = builder().message(ChatMessage.assistant(call("", "old"), call("", "older")))
			.user("Never mind.")
			.message(ChatMessage.assistant(call("", "one")))
			.message(ChatMessage.assistant(call("", "two"), call("", "three")))
			.message(ChatMessage.toolResult("", "1"))
			.message(ChatMessage.of(Role.TOOL, new ContentPart.ToolResult("", "2", false),
					new ContentPart.ToolResult("", "3", true)))
			.build();
		assertThat(write(request).path("contents").path(5).path("parts"))
			.isEqualTo(array("{\"functionResponse\":{\"name\":\"one\",\"response\":{\"output\":\"1\"}}}",
					"{\"functionResponse\":{\"name\":\"two\",\"response\":{\"output\":\"2\"}}}",
					"{\"functionResponse\":{\"name\":\"three\",\"response\":{\"error\":\"3\"}}}"));
	}

	@Test
	void resultsWithoutACall() {
		rejected(builder().message(ChatMessage.toolResult(SECRET, SECRET)).build(), "identifier");
		rejected(builder().message(ChatMessage.assistant(call("c", "t")))
			.message(ChatMessage.toolResult("c", "x"))
			.message(ChatMessage.toolResult("c", "x"))
			.build(), "identifier");
		rejected(builder().message(ChatMessage.assistant(call("c", "t")))
			.user("?")
			.message(ChatMessage.assistant(call("d", "t")))
			.message(ChatMessage.toolResult("c", "x"))
			.build(), "identifier");
	}

	@Test
	void toolChoices() {
		assertThat(mode(ToolChoice.AUTO)).isEqualTo(json("{\"mode\":\"AUTO\"}"));
		assertThat(mode(ToolChoice.NONE)).isEqualTo(json("{\"mode\":\"NONE\"}"));
		assertThat(mode(ToolChoice.REQUIRED)).isEqualTo(json("{\"mode\":\"ANY\"}"));
	}

	@Test
	void noTools() {
		assertThat(write(builder().tools().build()).path("tools")).isEqualTo(WireJson.NODES.arrayNode());
	}

	@Test
	void reasoning() {
		assertThat(thinking(ReasoningOptions.effort("low")))
			.isEqualTo(json("{\"includeThoughts\":true,\"thinkingLevel\":\"LOW\"}"));
		assertThat(thinking(ReasoningOptions.budget(10_000)))
			.isEqualTo(json("{\"includeThoughts\":true,\"thinkingBudget\":10000}"));
		assertThat(thinking(new ReasoningOptions(true, null, null))).isEqualTo(json("{\"includeThoughts\":true}"));
		assertThat(thinking(ReasoningOptions.DISABLED)).isEqualTo(json("{\"thinkingBudget\":0}"));
		rejected(builder().reasoning(new ReasoningOptions(true, SECRET, 5)).build(), "not both");
	}

	@Test
	void responseFormats() {
		assertThat(write(builder().responseFormat(ResponseFormat.TEXT).build())).isEqualTo(write(builder().build()));
		assertThat(write(builder().responseFormat(ResponseFormat.JSON_OBJECT).build()).path("generationConfig"))
			.isEqualTo(json("{\"responseMimeType\":\"application/json\"}"));
	}

	@Test
	void logprobsOfTheChosenTokenOnly() {
		assertThat(write(builder().topLogprobs(0).build()).path("generationConfig"))
			.isEqualTo(json("{\"responseLogprobs\":true}"));
	}

	@Test
	void generationConfigAddsToTheParameters() {
		RawJson config = RawJson.of("{\"topK\":5,\"thinkingConfig\":{\"thinkingBudget\":-1}}");
		assertThat(
				write(builder().temperature(0).parameter("generationConfig", config).build()).path("generationConfig"))
			.isEqualTo(json("{\"temperature\":0.0,\"topK\":5,\"thinkingConfig\":{\"thinkingBudget\":-1}}"));
		assertThat(write(builder().parameter("generationConfig", null).build())).isEqualTo(write(builder().build()));
		rejected(builder().parameter("generationConfig", SECRET).build(), "'generationConfig' is not a JSON object");
	}

	@ParameterizedTest
	@ValueSource(strings = { "temperature", "topP", "maxOutputTokens", "stopSequences", "seed", "thinkingConfig",
			"responseMimeType", "responseLogprobs" })
	void configurationSetTwice(String name) {
		rejected(builder().temperature(0)
			.topP(1)
			.maxTokens(1)
			.stop("x")
			.seed(1)
			.topLogprobs(0)
			.responseFormat(ResponseFormat.JSON_OBJECT)
			.reasoning(ReasoningOptions.DISABLED)
			.parameter("generationConfig", Collections.singletonMap(name, SECRET))
			.build(), "'generationConfig." + name + "' is set twice");
	}

	@ParameterizedTest
	@ValueSource(strings = { "tools", "toolConfig", "systemInstruction" })
	void parametersSetTwice(String name) {
		rejected(InferenceRequest.builder("m")
			.system("s")
			.user("?")
			.tools()
			.toolChoice(ToolChoice.AUTO)
			.parameter(name, SECRET)
			.build(), "'" + name + "' is set twice");
	}

	@Test
	void theNumberOfAnswersIsNotPartOfWhatIsAsked() {
		rejected(builder().parameter("generationConfig", Map.of("candidateCount", 2)).build(),
				"'generationConfig.candidateCount'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "generation_config", "cached_content", "top_k" })
	void theApisOtherSpelling(String name) {
		rejected(builder().parameter(name, Map.of("candidateCount", 2)).build(), "'" + name + "' cannot be set");
	}

	@Test
	void theApisOtherSpellingInTheConfiguration() {
		rejected(builder().parameter("generationConfig", Map.of("candidate_count", 2)).build(),
				"'generationConfig.candidate_count' cannot be set");
	}

	@Test
	void parametersWithoutForm() {
		rejected(builder().logitBias(Map.of("1", 1.0)).build(), "'logitBias'");
		rejected(builder().tools(new Tool("t", SECRET, RawJson.of("{}"), true)).build(), "VALIDATED");
		rejected(builder().message(new ChatMessage(Role.USER, List.of(text(SECRET)), SECRET)).build(), "names");
	}

	@Test
	void instructionsAloneOrTooLate() {
		rejected(InferenceRequest.builder("m").system(SECRET).developer(SECRET).build(), "role system");
		rejected(builder().system(SECRET).build(), "before all others");
		rejected(builder().developer(SECRET).build(), "before all others");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"a\": " + SECRET, "[]" })
	void argumentsOfAToolCallThatAreNone(String arguments) {
		rejected(assistant(call("c", arguments, "t")), "'arguments of a tool call'");
	}

	@Test
	void headers() {
		assertThat(this.protocol.headers(this.provider)).isEqualTo(Map.of("x-goog-api-key", TestProviders.API_KEY));
		assertThat(this.protocol.headers(TestProviders.of(this.protocol, "x", null, Map.of()))).isEmpty();
	}

	private JsonNode mode(ToolChoice choice) {
		return write(builder().toolChoice(choice).build()).path("toolConfig").path("functionCallingConfig");
	}

	private JsonNode thinking(ReasoningOptions options) {
		return write(builder().reasoning(options).build()).path("generationConfig").path("thinkingConfig");
	}

	private JsonNode parts(ContentPart... parts) {
		ObjectNode body = write(assistant(parts));
		assertThat(body.path("contents").path(1).path("role").stringValue()).isEqualTo("model");
		return body.path("contents").path(1).path("parts");
	}

	private JsonNode array(String... parts) {
		return json("{\"parts\":[" + String.join(",", parts) + "]}").path("parts");
	}

	private static ContentPart call(String id, String name) {
		return call(id, "{}", name);
	}

	private static ContentPart call(String id, String arguments, String name) {
		return new ContentPart.ToolCall(id, name, arguments);
	}

	private static ContentPart signature(String signature) {
		return new ContentPart.Reasoning("", RawJson.of("{\"thoughtSignature\":\"" + signature + "\"}"));
	}

}
