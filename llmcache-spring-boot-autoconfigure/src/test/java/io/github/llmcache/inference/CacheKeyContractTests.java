package io.github.llmcache.inference;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMode;
import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.RawJson;
import io.github.llmcache.ReasoningOptions;
import io.github.llmcache.ResponseFormat;
import io.github.llmcache.Role;
import io.github.llmcache.Tool;
import io.github.llmcache.ToolChoice;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderDefinitionBuilder;
import io.github.llmcache.provider.ProviderProtocol;
import io.github.llmcache.provider.ProviderRouter;
import io.github.llmcache.provider.anthropic.AnthropicMessagesProtocol;
import io.github.llmcache.provider.gemini.GeminiProtocol;
import io.github.llmcache.provider.openai.OpenAiChatProtocol;
import io.github.llmcache.provider.openai.OpenAiCompletionsProtocol;
import io.github.llmcache.provider.openai.OpenAiResponsesProtocol;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What makes two requests the same and what makes them different, from the typed request
 * to the key.
 */
class CacheKeyContractTests {

	private static final List<ProviderProtocol> PROTOCOLS = List.of(new OpenAiChatProtocol(),
			new AnthropicMessagesProtocol(), new GeminiProtocol(), new OpenAiResponsesProtocol(),
			new OpenAiCompletionsProtocol());

	/** Of the protocols of a chat, that have roles. */
	private static final List<String> CHATS = List.of("openai", "anthropic", "gemini", "openai-responses");

	private static final String TOOL_SCHEMA = "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}";

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource
	void mustDiffer(String protocol, String difference, UnaryOperator<InferenceRequest.Builder> first,
			UnaryOperator<InferenceRequest.Builder> second) {
		assertThat(key(protocol, first)).isNotEqualTo(key(protocol, second));
	}

	static Stream<Arguments> mustDiffer() {
		Stream<Case> all = Stream.of(differ("temperature absent or 0", (b) -> b, (b) -> b.temperature(0)),
				differ("temperature absent or 1, the usual default", (b) -> b, (b) -> b.temperature(1)),
				differ("temperature", (b) -> b.temperature(0.7), (b) -> b.temperature(0.70000001)),
				differ("top_p", (b) -> b.topP(0.9), (b) -> b.topP(0.95)),
				differ("max tokens", (b) -> b.maxTokens(10), (b) -> b.maxTokens(11)),
				differ("stop sequences", (b) -> b.stop("a"), (b) -> b.stop("b")).except("openai-responses"),
				differ("order of stop sequences", (b) -> b.stop("a", "b"), (b) -> b.stop("b", "a"))
					.except("openai-responses"),
				differ("no stop sequence or an empty list", (b) -> b, (b) -> b.stop()).except("openai-responses"),
				differ("one stop sequence that looks like two", (b) -> b.stop("a\",\"b"), (b) -> b.stop("a", "b"))
					.except("openai-responses"),
				differ("tools", (b) -> b, (b) -> b.tools(tool("weather", "d", TOOL_SCHEMA))),
				differ("name of a tool", (b) -> b.tools(tool("weather", "d", TOOL_SCHEMA)),
						(b) -> b.tools(tool("climate", "d", TOOL_SCHEMA))),
				differ("description of a tool", (b) -> b.tools(tool("weather", "d", TOOL_SCHEMA)),
						(b) -> b.tools(tool("weather", "e", TOOL_SCHEMA))),
				differ("order of tools", (b) -> b.tools(tool("one", "d", TOOL_SCHEMA), tool("two", "d", TOOL_SCHEMA)),
						(b) -> b.tools(tool("two", "d", TOOL_SCHEMA), tool("one", "d", TOOL_SCHEMA))),
				differ("a schema's 'default: null'", (b) -> b.tools(tool("t", "d", "{\"default\":null}")),
						(b) -> b.tools(tool("t", "d", "{}"))),
				differ("tool choice", (b) -> b.tools(tool("t", "d", TOOL_SCHEMA)).toolChoice(ToolChoice.REQUIRED),
						(b) -> b.tools(tool("t", "d", TOOL_SCHEMA)).toolChoice(ToolChoice.tool("t"))),
				differ("schema of the response", (b) -> b.responseFormat(ResponseFormat.jsonSchema("s", TOOL_SCHEMA)),
						(b) -> b.responseFormat(ResponseFormat.jsonSchema("s", "{\"type\":\"object\"}"))),
				differ("reasoning", (b) -> b.reasoning(ReasoningOptions.effort("low")),
						(b) -> b.reasoning(ReasoningOptions.effort("high"))),
				differ("reasoning absent or disabled", (b) -> b, (b) -> b.reasoning(ReasoningOptions.DISABLED)),
				differ("text", (b) -> b.user("a"), (b) -> b.user("b")),
				differ("a space at the end", (b) -> b.user("a"), (b) -> b.user("a ")),
				differ("line ends", (b) -> b.user("a\nb"), (b) -> b.user("a\r\nb")),
				differ("case", (b) -> b.user("Paris"), (b) -> b.user("paris")),
				differ("composed or decomposed characters", (b) -> b.user("\u00e9"), (b) -> b.user("e\u0301")),
				differ("a lone surrogate or a question mark", (b) -> b.user("a\ud800"), (b) -> b.user("a?")),
				differ("two lone surrogates", (b) -> b.user("\ud800"), (b) -> b.user("\udfff")),
				differ("a lone surrogate in text that is not ASCII", (b) -> b.user("\u00e9\ud800"),
						(b) -> b.user("\u00e9?")),
				differ("surrogates in the wrong order or a pair", (b) -> b.user("\ude00\ud83d"),
						(b) -> b.user("\ud83d\ude00")),
				differ("high bytes", (b) -> b.user("\u0161"), (b) -> b.user("\u0261")),
				differ("one unit of two bytes or two of one", (b) -> b.user("\u6161"), (b) -> b.user("aa")),
				differ("high bytes in a long text", (b) -> b.user("a".repeat(10_000)),
						(b) -> b.user("a".repeat(9000) + "\u0161" + "a".repeat(999))),
				differ("the end of a long text", (b) -> b.user("a".repeat(8192)), (b) -> b.user("a".repeat(8193))),
				differ("NUL", (b) -> b.user("a\0"), (b) -> b.user("a")),
				differ("order of messages", (b) -> b.user("a").assistant("b").user("c"),
						(b) -> b.user("c").assistant("b").user("a")),
				differ("one message or two", (b) -> b.user("ab"), (b) -> b.user("a").user("b")),
				differ("where one message ends", (b) -> b.user("ab").user("c"), (b) -> b.user("a").user("bc")),
				differ("one part or two", (b) -> b.user("ab"), (b) -> b.user(text("a"), text("b"))),
				differ("system or user", (b) -> b.system("a"), (b) -> b.user("a")).except("gemini"),
				differ("prefill", (b) -> b, (b) -> b.assistant("Sure")),
				differ("empty system message", (b) -> b, (b) -> b.system("")).except("gemini"),
				differ("bytes of an image", (b) -> b.user(image("image/png", 1)), (b) -> b.user(image("image/png", 2))),
				differ("type of an image", (b) -> b.user(image("image/png", 1)), (b) -> b.user(image("image/jpeg", 1))),
				differ("image before or after text", (b) -> b.user(image("image/png", 1), text("a")),
						(b) -> b.user(text("a"), image("image/png", 1))),
				differ("result of a tool", (b) -> toolTurn(b, ChatMessage.toolResult("id", "sunny")),
						(b) -> toolTurn(b, ChatMessage.toolResult("id", "rainy"))),
				differ("id of a tool call", (b) -> toolTurn(b, ChatMessage.toolResult("id", "sunny")),
						(b) -> toolTurn(b, ChatMessage.toolResult("other", "sunny")))
					.except("gemini"),
				differ("an additional parameter", (b) -> b, (b) -> b.parameter("x", 5)),
				differ("a number or its text", (b) -> b.parameter("x", 1), (b) -> b.parameter("x", "1")),
				differ("a boolean or its text", (b) -> b.parameter("x", true), (b) -> b.parameter("x", "true")),
				differ("null or its text", (b) -> b.parameter("x", list((Object) null)),
						(b) -> b.parameter("x", list("null"))),
				differ("null, false or 0", (b) -> b.parameter("x", list(false)), (b) -> b.parameter("x", list(0))),
				differ("empty object or empty list", (b) -> b.parameter("x", Map.of()),
						(b) -> b.parameter("x", List.of())),
				differ("a nested null or no member", (b) -> b.parameter("x", Collections.singletonMap("a", null)),
						(b) -> b.parameter("x", Map.of())),
				differ("order of a list", (b) -> b.parameter("x", list(1, 2)), (b) -> b.parameter("x", list(2, 1))),
				differ("nesting", (b) -> b.parameter("x", list(list(1), 2)), (b) -> b.parameter("x", list(list(1, 2)))),
				differ("member and value exchanged", (b) -> b.parameter("x", Map.of("a", "b")),
						(b) -> b.parameter("x", Map.of("b", "a"))),
				differ("integers beyond a double", (b) -> b.parameter("x", 9007199254740993L),
						(b) -> b.parameter("x", 9007199254740992L)),
				differ("decimals beyond a double", (b) -> b.parameter("x", new BigDecimal("0.10000000000000000001")),
						(b) -> b.parameter("x", new BigDecimal("0.1"))),
				differ("sign", (b) -> b.parameter("x", -1), (b) -> b.parameter("x", 1)),
				differ("magnitude", (b) -> b.parameter("x", 10), (b) -> b.parameter("x", 100)),
				differ("namespace", (b) -> b, (b) -> b.cacheControl(CacheControl.DEFAULT.withNamespace("other"))));
		Stream<Case> openAi = Stream.of(differ("seed", (b) -> b.seed(1), (b) -> b.seed(2)),
				differ("log probabilities", (b) -> b.topLogprobs(0), (b) -> b.topLogprobs(1)),
				differ("logit bias", (b) -> b.logitBias(Map.of("1", 1.0)), (b) -> b.logitBias(Map.of("1", 2.0))),
				differ("system or developer", (b) -> b.system("a"), (b) -> b.developer("a")),
				differ("name of an author", (b) -> b.message(new ChatMessage(Role.USER, List.of(text("a")), "anna")),
						(b) -> b.message(new ChatMessage(Role.USER, List.of(text("a")), "otto"))));
		Stream<Case> anthropic = Stream.of(
				differ("result or failure of a tool", (b) -> toolTurn(b, ChatMessage.toolResult("id", "x")),
						(b) -> toolTurn(b, ChatMessage.toolError("id", "x"))),
				differ("budget of reasoning", (b) -> b.maxTokens(9000).reasoning(ReasoningOptions.budget(2000)),
						(b) -> b.maxTokens(9000).reasoning(ReasoningOptions.budget(3000))));
		Stream<Case> gemini = Stream.of(differ("seed", (b) -> b.seed(1), (b) -> b.seed(2)),
				differ("log probabilities", (b) -> b.topLogprobs(0), (b) -> b.topLogprobs(1)),
				differ("result or failure of a tool", (b) -> toolTurn(b, ChatMessage.toolResult("id", "x")),
						(b) -> toolTurn(b, ChatMessage.toolError("id", "x"))),
				differ("level or budget of reasoning", (b) -> b.reasoning(ReasoningOptions.effort("low")),
						(b) -> b.reasoning(ReasoningOptions.budget(2000))),
				differ("a member of the configuration", (b) -> b.parameter("generationConfig", Map.of("topK", 1)),
						(b) -> b.parameter("generationConfig", Map.of("topK", 2))),
				differ("safety settings", (b) -> b,
						(b) -> b.parameter("safetySettings", list(Map.of("threshold", "BLOCK_NONE")))),
				differ("name of cached content", (b) -> b.parameter("cachedContent", "cachedContents/1"),
						(b) -> b.parameter("cachedContent", "cachedContents/2")),
				differ("a thought's signature", (b) -> b.message(signed("one")), (b) -> b.message(signed("two"))));
		return arguments(all, openAi, anthropic, gemini);
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource
	void mustEqual(String protocol, String sameness, UnaryOperator<InferenceRequest.Builder> first,
			UnaryOperator<InferenceRequest.Builder> second) {
		assertThat(key(protocol, first)).isEqualTo(key(protocol, second));
	}

	static Stream<Arguments> mustEqual() {
		Map<String, Object> ab = new LinkedHashMap<>();
		ab.put("a", 1);
		ab.put("b", 2);
		Map<String, Object> ba = new LinkedHashMap<>();
		ba.put("b", 2);
		ba.put("a", 1);
		Stream<Case> all = Stream.of(equal("the same", (b) -> b.temperature(0.5), (b) -> b.temperature(0.5)),
				equal("order of setters", (b) -> b.temperature(0).maxTokens(5), (b) -> b.maxTokens(5).temperature(0)),
				equal("order of members", (b) -> b.parameter("x", ab), (b) -> b.parameter("x", ba)),
				equal("order of additional parameters", (b) -> b.parameter("x", 1).parameter("y", 2),
						(b) -> b.parameter("y", 2).parameter("x", 1)),
				equal("order of members and white space in a schema",
						(b) -> b.tools(tool("t", "d", "{\"a\":1,\"b\":2}")),
						(b) -> b.tools(tool("t", "d", " { \"b\" : 2 ,\n\t\"a\" : 1 } "))),
				equal("escapes in JSON", (b) -> b.parameter("x", RawJson.of("\"\\u0041\\/\"")),
						(b) -> b.parameter("x", "A/")),
				equal("types of a number", (b) -> b.parameter("x", 1), (b) -> b.parameter("x", 1L)),
				equal("integer or decimal", (b) -> b.parameter("x", 1), (b) -> b.parameter("x", 1.0)),
				equal("forms of a number", (b) -> b.parameter("x", RawJson.of("100")),
						(b) -> b.parameter("x", RawJson.of("1.00e2"))),
				equal("zero", (b) -> b.parameter("x", 0), (b) -> b.parameter("x", -0.0)),
				equal("big or small types", (b) -> b.parameter("x", BigInteger.TEN),
						(b) -> b.parameter("x", new BigDecimal("10.000"))),
				equal("float or double", (b) -> b.parameter("x", 0.1f), (b) -> b.parameter("x", 0.1)),
				equal("typed or additional parameter", (b) -> b.temperature(0), (b) -> b.parameter("temperature", 0))
					.except("gemini"),
				equal("a null or no member at the top", (b) -> b.parameter("x", null), (b) -> b),
				equal("map or JSON", (b) -> b.parameter("x", Map.of("a", list(1, "b"))),
						(b) -> b.parameter("x", RawJson.of("{\"a\":[1,\"b\"]}"))),
				equal("image from the same bytes", (b) -> b.user(image("image/png", 7)),
						(b) -> b.user(image("image/png", 7))),
				equal("the oldest age to accept", (b) -> b,
						(b) -> b.cacheControl(CacheControl.DEFAULT.withMaxAge(Duration.ofDays(1)))),
				equal("no-cache", (b) -> b, (b) -> b.cacheControl(CacheControl.DEFAULT.withNoCache())),
				equal("no-store", (b) -> b, (b) -> b.cacheControl(CacheControl.DEFAULT.withNoStore())),
				equal("only-if-cached", (b) -> b, (b) -> b.cacheControl(CacheControl.DEFAULT.withOnlyIfCached())),
				equal("the default namespace by name", (b) -> b,
						(b) -> b.cacheControl(CacheControl.DEFAULT.withNamespace(""))));
		Stream<Case> gemini = Stream.of(
				equal("typed parameter or configuration", (b) -> b.temperature(0).maxTokens(5),
						(b) -> b.temperature(0).parameter("generationConfig", Map.of("maxOutputTokens", 5))),
				equal("case of a level of thinking", (b) -> b.reasoning(ReasoningOptions.effort("low")),
						(b) -> b.reasoning(ReasoningOptions.effort("LOW"))),
				equal("an empty configuration or none", (b) -> b, (b) -> b.parameter("generationConfig", Map.of())));
		return arguments(all, Stream.empty(), Stream.empty(), gemini);
	}

	@Test
	void modelsMustDiffer() {
		List<String> models = List.of("model-1", "model-2", "Model-1", "model-1 ", "tunedModels/model-1", "org/model-1",
				"org%2Fmodel-1", "model-1?x", "model-1:countTokens", "caf\u00e9", "cafe\u0301", "caf%C3%A9");
		for (ProviderProtocol protocol : PROTOCOLS) {
			ProviderDefinition provider = ProviderDefinition.builder("acme", PROTOCOLS)
				.protocol(protocol.name())
				.baseUrl("https://acme.example")
				.build();
			assertThat(models.stream().map((model) -> key(provider, model, (b) -> b).hex())).doesNotHaveDuplicates();
		}
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource
	void mustDifferWithOneProtocol(String protocol, String difference, UnaryOperator<InferenceRequest.Builder> first,
			UnaryOperator<InferenceRequest.Builder> second) {
		assertThat(key(protocol, first)).isNotEqualTo(key(protocol, second));
	}

	static Stream<Arguments> mustDifferWithOneProtocol() {
		Stream<Case> responses = Stream.of(
				differ("log probabilities", (b) -> b.topLogprobs(0), (b) -> b.topLogprobs(1)),
				differ("log probabilities or none", (b) -> b, (b) -> b.topLogprobs(0)),
				differ("system or developer", (b) -> b.system("a"), (b) -> b.developer("a")),
				differ("what to include", (b) -> b, (b) -> b.parameter("include", list("a"))),
				differ("reasoning that is given back", (b) -> b.message(reasoning("a")).user("?"),
						(b) -> b.message(reasoning("b")).user("?")));
		Stream<Case> completions = Stream.of(differ("text", (b) -> b.none("a"), (b) -> b.none("b")),
				differ("a space at the end", (b) -> b.none("a"), (b) -> b.none("a ")),
				differ("line ends", (b) -> b.none("a\nb"), (b) -> b.none("a\r\nb")),
				differ("order of texts", (b) -> b.none("a").none("b"), (b) -> b.none("b").none("a")),
				differ("temperature absent or 0", (b) -> b, (b) -> b.temperature(0)),
				differ("max tokens", (b) -> b.maxTokens(10), (b) -> b.maxTokens(11)),
				differ("no stop sequence or an empty list", (b) -> b, (b) -> b.stop()),
				differ("seed", (b) -> b.seed(1), (b) -> b.seed(2)),
				differ("log probabilities or none", (b) -> b, (b) -> b.topLogprobs(0)),
				differ("logit bias", (b) -> b.logitBias(Map.of("1", 1.0)), (b) -> b.logitBias(Map.of("1", 2.0))),
				differ("suffix", (b) -> b, (b) -> b.parameter("suffix", "a")),
				differ("echo", (b) -> b, (b) -> b.parameter("echo", true)));
		return Stream.concat(responses.map((c) -> c.arguments("openai-responses")),
				completions.map((c) -> c.arguments("openai-completions")));
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource
	void mustEqualWithOneProtocol(String protocol, String sameness, UnaryOperator<InferenceRequest.Builder> first,
			UnaryOperator<InferenceRequest.Builder> second) {
		assertThat(key(protocol, first)).isEqualTo(key(protocol, second));
	}

	static Stream<Arguments> mustEqualWithOneProtocol() {
		Stream<Case> responses = Stream.of(
				equal("not stored, said or not", (b) -> b, (b) -> b.parameter("store", false)),
				equal("typed or additional parameter", (b) -> b.maxTokens(5),
						(b) -> b.parameter("max_output_tokens", 5)));
		Stream<Case> completions = Stream.of(
				equal("where one text ends", (b) -> b.none("ab").none("c"), (b) -> b.none("a").none("bc")),
				equal("an empty text or none", (b) -> b, (b) -> b.none("")),
				equal("free text, said or not", (b) -> b, (b) -> b.responseFormat(ResponseFormat.TEXT)));
		return Stream.concat(responses.map((c) -> c.arguments("openai-responses")),
				completions.map((c) -> c.arguments("openai-completions")));
	}

	@Test
	void protocolsOfOneEndpointShareNothing() {
		UnaryOperator<InferenceRequest.Builder> request = (b) -> b.temperature(0);
		assertThat(
				List.of(key("openai", request), key("openai-responses", request), key("openai-completions", request)))
			.doesNotHaveDuplicates();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void endpointsMustEqual(String sameness, UnaryOperator<ProviderDefinitionBuilder> first,
			UnaryOperator<ProviderDefinitionBuilder> second) {
		assertThat(endpointKey(first)).isEqualTo(endpointKey(second));
	}

	static Stream<Arguments> endpointsMustEqual() {
		return Stream.of(
				endpoint("slash at the end", (b) -> b.baseUrl("https://host/v1"), (b) -> b.baseUrl("https://host/v1/")),
				endpoint("case of the host", (b) -> b.baseUrl("https://host/v1"), (b) -> b.baseUrl("HTTPS://HOST/v1")),
				endpoint("default port", (b) -> b.baseUrl("https://host/v1"), (b) -> b.baseUrl("https://host:443/v1")),
				endpoint("key", (b) -> b.apiKey("one"), (b) -> b.apiKey("two")),
				endpoint("headers", (b) -> b, (b) -> b.headers(Map.of("X-Trace", "1"))),
				endpoint("timeouts", (b) -> b,
						(b) -> b.timeout(Duration.ofSeconds(1)).connectTimeout(Duration.ofSeconds(1))),
				endpoint("concurrency", (b) -> b, (b) -> b.maxConcurrency(99)),
				endpoint("cache identity", (b) -> b.baseUrl("https://one/v1").cacheIdentity("farm"),
						(b) -> b.baseUrl("https://two/v1").cacheIdentity("farm")));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void endpointsMustDiffer(String difference, UnaryOperator<ProviderDefinitionBuilder> first,
			UnaryOperator<ProviderDefinitionBuilder> second) {
		assertThat(endpointKey(first)).isNotEqualTo(endpointKey(second));
	}

	static Stream<Arguments> endpointsMustDiffer() {
		return Stream.of(endpoint("host", (b) -> b.baseUrl("https://one/v1"), (b) -> b.baseUrl("https://two/v1")),
				endpoint("scheme", (b) -> b.baseUrl("http://host/v1"), (b) -> b.baseUrl("https://host/v1")),
				endpoint("port", (b) -> b.baseUrl("http://host:1/v1"), (b) -> b.baseUrl("http://host:2/v1")),
				endpoint("path", (b) -> b.baseUrl("https://host/v1"), (b) -> b.baseUrl("https://host/v2")),
				endpoint("case of the path", (b) -> b.baseUrl("https://host/v1"), (b) -> b.baseUrl("https://host/V1")),
				endpoint("cache identity", (b) -> b.cacheIdentity("one"), (b) -> b.cacheIdentity("two")));
	}

	/**
	 * Keys that must never change: a change of the encoding is a new version of it, and
	 * throws away everything that users have stored.
	 */
	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource
	void goldenVectors(String protocol, String name, UnaryOperator<InferenceRequest.Builder> request, String expected) {
		assertThat(key(protocol, request).hex()).isEqualTo(expected);
	}

	static Stream<Arguments> goldenVectors() {
		UnaryOperator<InferenceRequest.Builder> question = (b) -> b.user("Capital of France?");
		UnaryOperator<InferenceRequest.Builder> parameters = (b) -> b.system("Answer in one word.")
			.user("Capital of France?")
			.temperature(0)
			.topP(0.25)
			.maxTokens(20)
			.stop("\n", "END");
		UnaryOperator<InferenceRequest.Builder> configuration = (b) -> b.user("Capital of France?")
			.temperature(0)
			.topP(0.25)
			.maxTokens(20)
			.stop("\n", "END")
			.seed(1)
			.reasoning(ReasoningOptions.budget(100));
		UnaryOperator<InferenceRequest.Builder> unicode = (b) -> b.user("\u00e9 e\u0301 \ud83d\ude00 \ud800 \0");
		UnaryOperator<InferenceRequest.Builder> tools = (b) -> toolTurn(b, ChatMessage.toolResult("id", "sunny"))
			.tools(tool("weather", "The weather", TOOL_SCHEMA))
			.parameter("x", RawJson.of("[null,true,-1.5e-7,12345678901234567890,{\"b\":{},\"a\":[]}]"))
			.cacheControl(CacheControl.DEFAULT.withNamespace("tests"));
		UnaryOperator<InferenceRequest.Builder> document = (
				b) -> b.user("caf\u00e9 ".repeat(3000) + "Capital of France?").user("\u4eac\ud83d\ude00".repeat(3000));
		return Stream.of(
				Arguments.of("openai", "question", question,
						"f1da7c870d9044edaea7bdeb52acdb94bf194ef0684ce52a6a2153a696c0d32d"),
				Arguments.of("openai", "parameters", parameters,
						"2194c2a031f0f0b49a71215f8af5c5011b06bf52370fb92bc5adb4041d3aa1a6"),
				Arguments.of("openai", "unicode", unicode,
						"61ac404ef9f1d8d76d663c396385374a72fa34f4f90ac9f6d754995aaad99542"),
				Arguments.of("openai", "tools", tools,
						"19a7d3e0d362f5a3d553614fb58e68108ef78a2e3c5e2051d16b4a5dc3a42027"),
				Arguments.of("openai", "document", document,
						"93cc9c7e3090e6a42ddbaee42d6f288fcfc39f1f778503722509bfb52dd2b2f0"),
				Arguments.of("openai-responses", "question", question,
						"06f32d3afdc501e15d14df40ab2bf7818dbeed0d9bc9b9e04974dcc53f7d215e"),
				Arguments.of("openai-responses", "parameters",
						(UnaryOperator<InferenceRequest.Builder>) (b) -> b.user("Capital of France?")
							.temperature(0)
							.topP(0.25)
							.maxTokens(20)
							.topLogprobs(2)
							.reasoning(ReasoningOptions.effort("low"))
							.responseFormat(ResponseFormat.jsonSchema("s", TOOL_SCHEMA)),
						"b4dee3263f85b2958225a77e86bf389a907c6552f894e9630d9a5feccb5030f4"),
				Arguments.of("openai-responses", "unicode", unicode,
						"7719f605e6e624f49204d076c7ab88cd1ce28fd4454524324316355292c443a6"),
				Arguments.of("openai-responses", "tools", tools,
						"64432fe52e8787032384193dbea6ddc72b9e1cb74623be66809e91a66a4c73bd"),
				Arguments.of("openai-completions", "text",
						(UnaryOperator<InferenceRequest.Builder>) (b) -> b.none("\n\nQ: caf\u00e9?\nA:"),
						"5c8f7ef2574920d8863ce8063d4d93087f56f428f8968fb4b982b9dce1993c20"),
				Arguments.of("openai-completions", "parameters",
						(UnaryOperator<InferenceRequest.Builder>) (b) -> b.temperature(0)
							.topP(0.25)
							.maxTokens(20)
							.stop("\n", "END")
							.topLogprobs(2)
							.parameter("suffix", "."),
						"d2e3a771f6b686aa0307cfb0e317e48b12e642a287125e6254f51eb2995e58e0"),
				Arguments.of("anthropic", "question", question,
						"1100b8363003682a9fe153a503af28c24ec0dc967dbe520c92ede34b4fb6462e"),
				Arguments.of("anthropic", "parameters", parameters,
						"1767f8494019f8899c14add2085ceb6eb614edbe9b45d253ce8bde45eb5861ef"),
				Arguments.of("anthropic", "unicode", unicode,
						"c09e6c7fd535fcbf497f1359be48a299202c0af570d7fa9dc291b2e19013a8f1"),
				Arguments.of("anthropic", "tools", tools,
						"614b3061a71aa519b261eb6d6ff55ecabac2e21e2f3647f918da847a8be7454f"),
				Arguments.of("anthropic", "document", document,
						"a702a1663af6e77ac0ced2dc933d0e2e689ed30e7f7617f539c3bfd9114e8a3f"),
				Arguments.of("gemini", "question", question,
						"128485655120d1c359c397bff6b3385432338ae77c20b7560881391f838b5520"),
				Arguments.of("gemini", "configuration", configuration,
						"f6e1bf4ede7036ce43fe64d204b4c4280868cf7232a8e704bee58ebe3254b5fe"),
				Arguments.of("gemini", "unicode", unicode,
						"9ae86e38497c1fd3e0d30f47adb5e8a213f93c1673f6578d05e4710845c5c8f3"),
				Arguments.of("gemini", "tools", tools,
						"6b0ed7cd9cead1243a325f1efb0b0a4fa8f6b070f02c4f1587cd071baa722a7c"),
				Arguments.of("gemini", "document", document,
						"092f0c2afffba679f2bb3d02cbf5bbdfbe579a7be2b1a851e0701066434eebd8"));
	}

	/**
	 * Fingerprints that must never change either: entries would not be found any more.
	 */
	@Test
	void fingerprintsAreFrozen() {
		assertThat(key("openai", (b) -> b.user("Capital of France?")).fingerprint()).isEqualTo(-5874479582410718320L);
		assertThat(key("anthropic", (b) -> b.user("\u00e9".repeat(5000)).user("a".repeat(700)).user("b".repeat(600)))
			.fingerprint()).isEqualTo(3769812870699312335L);
	}

	@Test
	void highBytesMakeAnotherKeyButNotAnotherFingerprint() {
		CacheKey one = key("openai", (b) -> b.user("\u0161"));
		CacheKey two = key("openai", (b) -> b.user("a"));
		assertThat(one.fingerprint()).isEqualTo(two.fingerprint());
		assertThat(one).isNotEqualTo(two);
	}

	private static CacheKey key(String protocol, UnaryOperator<InferenceRequest.Builder> request) {
		String preset = protocol.startsWith("openai") ? "openai" : protocol;
		ProviderDefinition provider = ProviderDefinition.builder(preset, PROTOCOLS)
			.protocol(protocol)
			.apiKey("key")
			.build();
		return key(provider, request);
	}

	private static CacheKey endpointKey(UnaryOperator<ProviderDefinitionBuilder> endpoint) {
		ProviderDefinition provider = endpoint.apply(ProviderDefinition.builder("openai", PROTOCOLS)).build();
		return key(provider, (b) -> b.user("Hello"));
	}

	private static CacheKey key(ProviderDefinition provider, UnaryOperator<InferenceRequest.Builder> request) {
		return key(provider, "model-1", request);
	}

	private static CacheKey key(ProviderDefinition provider, String model,
			UnaryOperator<InferenceRequest.Builder> request) {
		InferenceRequest.Builder builder = InferenceRequest.builder(model).provider(provider.name());
		if (provider.protocol() instanceof OpenAiCompletionsProtocol) {
			builder.none("Be brief. Hello");
		}
		else {
			builder.system("Be brief.").user("Hello");
		}
		return new CallPlanner(new ProviderRouter(List.of(provider)), new CacheDefaults("", CacheMode.READ_WRITE))
			.plan(request.apply(builder).build())
			.cacheRequest()
			.key();
	}

	private static Stream<Arguments> arguments(Stream<Case> all, Stream<Case> openAi, Stream<Case> anthropic,
			Stream<Case> gemini) {
		return Stream
			.of(all.flatMap(
					(c) -> CHATS.stream().filter((protocol) -> !c.exceptions().contains(protocol)).map(c::arguments)),
					openAi.map((c) -> c.arguments("openai")), anthropic.map((c) -> c.arguments("anthropic")),
					gemini.map((c) -> c.arguments("gemini")))
			.flatMap((arguments) -> arguments);
	}

	private static ChatMessage reasoning(String encrypted) {
		return ChatMessage.assistant(new ContentPart.Reasoning("",
				RawJson.of("{\"type\":\"reasoning\",\"encrypted_content\":\"" + encrypted + "\"}")));
	}

	private static Case differ(String name, UnaryOperator<InferenceRequest.Builder> first,
			UnaryOperator<InferenceRequest.Builder> second) {
		return new Case(name, first, second, List.of());
	}

	private static Case equal(String name, UnaryOperator<InferenceRequest.Builder> first,
			UnaryOperator<InferenceRequest.Builder> second) {
		return new Case(name, first, second, List.of());
	}

	private static Arguments endpoint(String name, UnaryOperator<ProviderDefinitionBuilder> first,
			UnaryOperator<ProviderDefinitionBuilder> second) {
		return Arguments.of(name, first, second);
	}

	private static InferenceRequest.Builder toolTurn(InferenceRequest.Builder builder, ChatMessage result) {
		return builder
			.message(ChatMessage.assistant(text("Let me see."),
					new ContentPart.ToolCall("id", "weather", "{\"city\":\"Paris\"}")))
			.message(result);
	}

	private static ChatMessage signed(String signature) {
		return ChatMessage.assistant(
				new ContentPart.Reasoning("", RawJson.of("{\"thoughtSignature\":\"" + signature + "\"}")), text("a"));
	}

	private static Tool tool(String name, String description, String schema) {
		return Tool.of(name, description, schema);
	}

	private static ContentPart text(String text) {
		return new ContentPart.Text(text);
	}

	private static ContentPart image(String mediaType, int content) {
		return ContentPart.Image.of(mediaType, new byte[] { (byte) content });
	}

	private static List<@Nullable Object> list(@Nullable Object... elements) {
		return Arrays.asList(elements);
	}

	private record Case(String name, UnaryOperator<InferenceRequest.Builder> first,
			UnaryOperator<InferenceRequest.Builder> second, List<String> exceptions) {

		/**
		 * Leave out protocols that have no form for one of the requests.
		 */
		private Case except(String... protocols) {
			return new Case(this.name, this.first, this.second, List.of(protocols));
		}

		private Arguments arguments(String protocol) {
			return Arguments.of(protocol, this.name, this.first, this.second);
		}

	}

}
