package io.github.llmcache.transcript;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.Tool;
import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKeyHasher;
import io.github.llmcache.cache.CacheRequest;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cache.TestEntries;
import io.github.llmcache.provider.HostileBodies;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderProtocol;
import io.github.llmcache.provider.TestProviders;
import io.github.llmcache.provider.WireJson;
import io.github.llmcache.provider.WireRequest;
import io.github.llmcache.provider.anthropic.AnthropicMessagesProtocol;
import io.github.llmcache.provider.gemini.GeminiProtocol;
import io.github.llmcache.provider.openai.OpenAiChatProtocol;
import io.github.llmcache.provider.openai.OpenAiResponsesProtocol;
import io.github.llmcache.transcript.Section.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class StoredTranscriptTests {

	private static final String CHAT = """
			{"id": "chatcmpl-1", "object": "chat.completion", "created": 1767225600, "model": "gpt-5-2026-01-01",
			  "choices": [{"index": 0,
			    "message": {"role": "assistant", "reasoning": "Hmm é", "content": "Paris", "refusal": null,
			      "reasoning_details": [{"type": "reasoning.encrypted", "data": "x"}], "annotations": [],
			      "tool_calls": [
			        {"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{ \\"at\\": 1.0 }"}},
			        {"id": "c2", "type": "custom", "custom": {"name": "grep", "input": "a.*b"}}]},
			    "logprobs": {"content": [{"token": "Paris", "logprob": -0.10}]},
			    "finish_reason": "tool_calls"}],
			  "usage": {"prompt_tokens": 100, "total_tokens": 150}, "system_fingerprint": "fp"}""";

	private static final String RESPONSES = """
			{"id": "resp_1", "object": "response", "status": "completed", "error": null, "output": [
			    {"type": "reasoning", "id": "rs_1", "encrypted_content": "gAAA", "summary": [
			      {"type": "summary_text", "text": "Hmm é"}, {"type": "summary_text", "text": "Aha"}]},
			    {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {"type": "search"}},
			    {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant", "content": [
			      {"type": "output_text", "text": "Paris", "annotations": [{"type": "url_citation", "url": "u"}]}]},
			    {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "look",
			      "arguments": "{ \\"at\\": 1.0 }", "status": "completed"},
			    {"type": "custom_tool_call", "id": "ctc_1", "call_id": "c2", "name": "grep", "input": "a.*b"}],
			  "service_tier": "flex"}""";

	private static final String ANTHROPIC = """
			{"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-opus-4-8",
			  "content": [
			    {"type": "thinking", "thinking": "Hmm é", "signature": "sig=="},
			    {"type": "redacted_thinking", "data": "x"},
			    {"type": "text", "text": "Let me look.", "citations": null},
			    {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {"query": "q"}},
			    {"type": "web_search_tool_result", "tool_use_id": "s1", "content": [{"type": "new", "url": "u"}]},
			    {"type": "tool_use", "id": "c1", "name": "look", "input": {"z": 1.50, "a": [null, 1e2]}}],
			  "stop_reason": "tool_use", "stop_sequence": null, "usage": {"input_tokens": 10}}""";

	private static final String GEMINI = """
			{"candidates": [{"content": {"role": "model", "parts": [
			      {"text": "Hmm é", "thought": true},
			      {"executableCode": {"language": "PYTHON", "code": "1+1"}, "thoughtSignature": "sig0=="},
			      {"text": "Let me look.", "thoughtSignature": "sig1=="},
			      {"brandNew": {"a": 1}},
			      {"functionCall": {"id": "c1", "name": "look", "args": {"z": 1.50}}, "thoughtSignature": "sig2=="},
			      {"functionCall": {"name": "listen"}}]},
			    "finishReason": "STOP", "avgLogprobs": -0.5}],
			  "promptFeedback": {"safetyRatings": []}, "modelVersion": "gemini-3-pro"}""";

	private static final String ABOUT = """
			tokens: 20 in, 30 out
			cost: $0.000004
			time at the provider: 1.234 s
			request id: req-1
			""";

	private static final InferenceRequest CONVERSATION = InferenceRequest.builder("org/model-1")
		.system("Be brief.")
		.user(new ContentPart.Text("What is this?"), ContentPart.Image.of("image/png", new byte[] { 1, 2, 3 }))
		.message(ChatMessage.assistant(new ContentPart.Text("Let me see."),
				new ContentPart.ToolCall("c1", "look", "{\"at\":1}")))
		.message(ChatMessage.toolResult("c1", "a cat"))
		.assistant("It is")
		.maxTokens(20)
		.temperature(0.5)
		.tools(Tool.of("look", "Looks at it", "{\"type\":\"object\"}"),
				Tool.of("listen", "Listens", "{\"type\":\"object\"}"))
		.build();

	static Stream<Arguments> conversations() {
		return Stream.of(Arguments.of(new OpenAiChatProtocol(), CHAT, """
				CALL org/model-1 at https://acme.test/v1, chat/completions
				temperature: 0.5
				max_tokens: 20
				tools: look, listen
				INSTRUCTIONS system
				Be brief.
				PROMPT user
				What is this?
				[image: image/png, 4 characters of Base64]
				ANSWER assistant
				Let me see.
				[call c1: look {"at":1}]
				TOOL tool
				[result of c1] a cat
				ANSWER assistant
				It is
				CALL response of 2026-01-02T03:04:05.678Z
				%sid: chatcmpl-1
				created: 1767225600
				model: gpt-5-2026-01-01
				usage: {"prompt_tokens":100,"total_tokens":150}
				system_fingerprint: fp
				choices[0].logprobs: {"content":[{"token":"Paris","logprob":-0.10}]}
				ANSWER answer, tool_calls
				[reasoning] Hmm é
				Paris
				[call c1: look { "at": 1.0 }]
				[call c2: grep a.*b]
				[reasoning_details: [{"type":"reasoning.encrypted","data":"x"}]]
				"""), Arguments.of(new OpenAiResponsesProtocol(), RESPONSES, """
				CALL org/model-1 at https://acme.test/v1, responses
				max_output_tokens: 20
				temperature: 0.5
				tools: look, listen
				store: false
				INSTRUCTIONS instructions
				Be brief.
				PROMPT user
				What is this?
				[image: image/png, 4 characters of Base64]
				[detail: "auto"]
				ANSWER assistant
				Let me see.
				ANSWER assistant
				[call c1: look {"at":1}]
				TOOL tool
				[result of c1] a cat
				ANSWER assistant
				It is
				CALL response of 2026-01-02T03:04:05.678Z
				%sid: resp_1
				service_tier: flex
				ANSWER answer, completed
				[reasoning] Hmm é
				Aha
				{"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search"}}
				Paris
				[annotations: [{"type":"url_citation","url":"u"}]]
				[call c1: look { "at": 1.0 }]
				[call c2: grep a.*b]
				"""), Arguments.of(new AnthropicMessagesProtocol(), ANTHROPIC, """
				CALL org/model-1 at https://acme.test/v1, messages
				max_tokens: 20
				temperature: 0.5
				tools: look, listen
				INSTRUCTIONS system
				Be brief.
				PROMPT user
				What is this?
				[image: image/png, 4 characters of Base64]
				ANSWER assistant
				Let me see.
				[call c1: look {"at":1}]
				TOOL user
				[result of c1] a cat
				ANSWER assistant
				It is
				CALL response of 2026-01-02T03:04:05.678Z
				%sid: msg_1
				model: claude-opus-4-8
				usage: {"input_tokens":10}
				ANSWER answer, tool_use
				[reasoning] Hmm é
				[reasoning, not shown by the provider]
				Let me look.
				[call s1: web_search {"query":"q"}]
				[result of s1] {"type":"new","url":"u"}
				[call c1: look {"z":1.50,"a":[null,1E+2]}]
				"""), Arguments.of(new GeminiProtocol(), GEMINI, """
				CALL org/model-1 at https://acme.test/v1, models/org%%2Fmodel-1:generateContent
				tools: look, listen
				generationConfig: {"temperature":0.5,"maxOutputTokens":20}
				INSTRUCTIONS system
				Be brief.
				PROMPT user
				What is this?
				[image: image/png, 4 characters of Base64]
				ANSWER model
				Let me see.
				[call c1: look {"at":1}]
				TOOL user
				[result of c1] {"output":"a cat"}
				ANSWER model
				It is
				CALL response of 2026-01-02T03:04:05.678Z
				%spromptFeedback: {"safetyRatings":[]}
				modelVersion: gemini-3-pro
				candidates[0].avgLogprobs: -0.5
				ANSWER answer, stop
				[reasoning] Hmm é
				{"executableCode":{"language":"PYTHON","code":"1+1"},"thoughtSignature":"sig0=="}
				Let me look.
				{"brandNew":{"a":1}}
				[call c1: look {"z":1.50}]
				[call listen {}]
				"""));
	}

	@ParameterizedTest
	@MethodSource("conversations")
	void saysAllThatWasSaid(ProviderProtocol protocol, String answer, String expected) {
		assertThat(print(entry(request(protocol), answer))).isEqualTo(expected.formatted(ABOUT));
	}

	@Test
	void completions() {
		String request = stored("completions", "{\"model\":\"m\",\"prompt\":[\"Once\",\"Then\"],\"max_tokens\":5}");
		String answer = """
				{"object": "text_completion", "choices": [
				  {"text": " more", "index": 1, "finish_reason": "length"},
				  {"text": " upon", "index": 0, "finish_reason": "stop"}]}""";
		assertThat(sections(entry(request, 2, answer))).extracting(Section::heading)
			.containsExactly("m at e, completions", "prompt", "prompt", "response of 2026-01-02T03:04:05.678Z",
					"answer 0, stop", "answer 1, length");
		assertThat(sections(entry(request, 2, answer))).extracting(Section::text)
			.containsExactly("max_tokens: 5", "Once", "Then", ABOUT.strip(), " upon", " more");
	}

	@Test
	void samplesAreNumberedOverAllResponses() {
		String answer = "{\"choices\":[{\"message\":{\"content\":\"a\"}},{\"message\":{\"content\":\"b\"}}]}";
		assertThat(sections(entry(stored("x", "{}"), 2, answer, answer))).extracting(Section::heading)
			.contains("response 1 of 2 of 2026-01-02T03:04:05.678Z", "answer 0", "answer 1", "answer 2", "answer 3");
		assertThat(sections(entry(stored("x", "{}"), 1, answer, answer))).extracting(Section::heading)
			.as("a choice that is no sample")
			.contains("answer")
			.doesNotContain("answer 0");
	}

	@Test
	void embeddings() {
		List<Section> sections = sections(entry(stored("embeddings", "{\"model\":\"m\",\"input\":\"a cat\"}"), 1,
				"{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"embedding\":\"AAAAAAAAAAA=\",\"index\":0}]}"));
		assertThat(sections).extracting(Section::heading)
			.containsExactly("m at e, embeddings", "input", "response of 2026-01-02T03:04:05.678Z", "answer");
		assertThat(sections).extracting(Section::text)
			.containsExactly("", "a cat", ABOUT.strip(), "[embedding: 2 numbers]");
		assertThat(answer("{\"data\":[{\"embedding\":[1,2,3]}]}")).isEqualTo("[embedding: 3 numbers]");
	}

	@Test
	void moderations() {
		assertThat(answer("{\"id\":\"modr-1\",\"results\":[{\"flagged\":true,\"scores\":{\"violence\":0.9182}}]}"))
			.contains("\"flagged\" : true")
			.contains("\"violence\" : 0.9182")
			.contains("modr-1");
	}

	@Test
	void tokensAreOneSection() {
		assertThat(sections(entry(stored("x", "{\"input\":[1,2,3]}"), 1, "{}"))).extracting(Section::text)
			.contains("[1,2,3]");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"query\":\"What?\"}", "{\"messages\":null,\"query\":\"What?\"}" })
	void aRequestOfAnotherKindIsShownAsItsJson(String body) {
		assertThat(sections(entry(stored("rerank", body), 1, "{}"))).filteredOn((each) -> each.kind() == Kind.PROMPT)
			.singleElement()
			.satisfies((section) -> assertThat(section.text()).contains("\"query\" : \"What?\""));
	}

	@Test
	void whatIsNotKnownInAMessageIsShown() {
		String text = print(entry(stored("chat", """
				{"messages": [
				  7,
				  {"role": 7, "content": {"a": 1}, "new": "x"},
				  {"role": "user", "content": [{"type": "text", "text": 7}, {"type": "input_audio", "data": "AAAA"},
				    {"type": "text", "text": "hi", "cache_control": {"type": "ephemeral"}}, "bare", null]},
				  {"role": "assistant", "content": null, "refusal": "No.", "function_call": {"name": "f"}}]}"""), 1,
				"{}"));
		assertThat(text).contains("PROMPT user\n7\n", "[role: 7]\n[content: {\"a\":1}]\n[new: \"x\"]\n", """
				{"type":"text","text":7}
				{"type":"input_audio","data":"AAAA"}
				hi
				[cache_control: {"type":"ephemeral"}]
				bare
				null
				""", "[refusal] No.\n[function_call: {\"name\":\"f\"}]\n");
	}

	@Test
	void whatIsEncodedIsShownByItsSize() {
		String base64 = "AB+/".repeat(100);
		String text = print(entry(stored("chat",
				"{\"audio\":\"%1$s\",\"messages\":[{\"content\":[{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"%1$s\"}},"
					.formatted(base64)
						+ "{\"type\":\"image_url\",\"image_url\":\"data:image/png;base64,%1$s\"},".formatted(base64)
						+ "{\"type\":\"file\",\"file\":\"data:application/pdf;base64,%1$s\"},".formatted(base64)
						+ "{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://a.test/b.png\",\"detail\":\"low\"}}]}]}"),
				1, "{}"));
		assertThat(text).doesNotContain(base64)
			.contains("audio: [400 characters of Base64]\n", "{\"data\":\"[400 characters of Base64]\"}",
					"[image: image/png, 400 characters of Base64]\n",
					"data:application/pdf;base64,[400 characters of Base64]", "[image: https://a.test/b.png]",
					"[detail: \"low\"]");
	}

	@Test
	void parametersAreCutOff() {
		String text = print(entry(stored("x", "{\"new\":\"" + "long ".repeat(1000) + "\"}"), 1, "{}"));
		assertThat(text.lines().filter((line) -> line.startsWith("new: "))).singleElement()
			.satisfies((line) -> assertThat(line).hasSize("new: ".length() + 200 + 1).endsWith("…"));
	}

	@Test
	void aRequestThatIsNotStoredOrCannotBeReadIsSaidToBe() {
		CacheEntry entry = TestEntries.entry(TestEntries.key("m", 1), "{}");
		assertThat(StoredTranscript.of(entry).get(0))
			.isEqualTo(new Section(Kind.CALL, "m", "The request is not stored."));
		assertThat(print(entry("{\"body\":", 1, "{}")))
			.startsWith("CALL m\nThe request cannot be read.\nPROMPT request\n{\"body\":\n");
	}

	@Test
	void aBodyThatIsNoJsonIsShownAsItIs() {
		assertThat(answer("<html>\u001b[2J")).isEqualTo("<html>\\u001b[2J");
		assertThat(answer("")).isEmpty();
	}

	@Test
	void nothingControlsATerminal() {
		String evil = "\u001b]0;owned\u0007\u202e";
		List<Section> sections = sections(entry(
				WireJson
					.write(WireJson.NODES.objectNode()
						.put("namespace", evil)
						.put("endpoint", evil + "\nCALL fake")
						.put("operation", evil)
						.set("body", WireJson.NODES.objectNode()
							.put(evil, evil)
							.set("messages", WireJson.NODES.arrayNode()
								.add(WireJson.NODES.objectNode().put("role", evil + "\n").put("content", evil))))),
				1, WireJson.write(WireJson.NODES.objectNode().put(evil, evil))));
		assertThat(sections).isNotEmpty().allSatisfy((section) -> {
			assertThat(section.heading()).doesNotContain("\n", "\u001b", "\u0007", "\u202e");
			assertThat(section.text()).doesNotContain("\u001b", "\u0007", "\u202e");
		});
	}

	@ParameterizedTest
	@MethodSource("conversations")
	void nothingIsTooStrange(ProviderProtocol protocol, String answer) {
		ProviderDefinition provider = TestProviders.of(protocol);
		int[] count = new int[1];
		HostileBodies.replaceEverything(provider, answer, (mutated) -> {
			assertThat(answer(WireJson.write(mutated))).isNotNull();
			count[0]++;
		});
		String request = new String(request(protocol).json(), StandardCharsets.UTF_8);
		HostileBodies.replaceEverything(provider, request, (mutated) -> {
			assertThat(print(entry(WireJson.write(mutated), 1, "{}"))).isNotEmpty();
			count[0]++;
		});
		assertThat(count[0]).isGreaterThan(1000);
	}

	@ParameterizedTest
	@MethodSource("conversations")
	void textsAreNeverLost(ProviderProtocol protocol, String answer) {
		ProviderDefinition provider = TestProviders.of(protocol);
		String marked = answer.replace("Paris", "MARK").replace("Let me look.", "MARK");
		HostileBodies.replaceEverything(provider, marked, (mutated) -> {
			// The token is in there, too, and that is not the answer
			String json = WireJson.write(mutated).replace("{\"token\":\"MARK\"", "{\"token\":\"\"");
			assertThat(answer(json).contains("MARK")).as(json).isEqualTo(json.contains("MARK"));
		});
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "{\"a\":", "[", "{\"content\":[", "{\"content\":[{\"type\":\"tool_result\",\"content\":[" })
	void depthIsNoProblem(String opening) {
		for (int depth : new int[] { 50, 160, 100_000 }) {
			String closing = new StringBuilder(opening).reverse()
				.chars()
				.mapToObj((unit) -> (unit == '{') ? "}" : (unit == '[') ? "]" : "")
				.collect(Collectors.joining());
			String json = opening.repeat(depth) + "1" + closing.repeat(depth);
			assertThat(answer(json)).isNotEmpty();
			assertThat(print(entry(stored("x", "{\"messages\":" + json + "}"), 1, "{}"))).isNotEmpty();
			assertThat(print(entry(stored("x", "{\"new\":" + json + "}"), 1, "{}"))).isNotEmpty();
		}
	}

	@Test
	void numbersAreShownAsTheyAre() {
		assertThat(answer("{\"a\":1e999999999,\"b\":1.50}")).contains("1E+999999999", "1.50");
		assertThat(answer("{\"a\":1e99999999999}")).isEqualTo("{\"a\":1e99999999999}");
		assertThat(print(entry(stored("x", "{\"a\":1e99999999999}"), 1, "{}"))).contains("1e99999999999");
	}

	@Test
	void thereIsAnEndToSections() {
		String messages = String.join(",", Collections.nCopies(12_000, "\"hi\""));
		List<Section> sections = sections(entry(stored("x", "{\"messages\":[" + messages + "]}"), 1,
				"{\"choices\":[" + "{},".repeat(20_000) + "{}]}"));
		assertThat(sections).hasSizeLessThan(10_010).extracting(Section::heading).contains("2000 more");
	}

	@Test
	void facts() {
		CachedResponse response = new CachedResponse("{}".getBytes(StandardCharsets.UTF_8), 1, Long.MAX_VALUE, -1, null,
				"STOP", Instant.MAX, Duration.ofSeconds(Long.MAX_VALUE), null);
		CacheEntry entry = new CacheEntry(TestEntries.key("m", 1), "", List.of(response), null, null);
		assertThat(StoredTranscript.of(entry).get(1).text())
			.startsWith("tokens: 9,223,372,036,854,775,807 in, -1 out\n")
			.contains("cost: unknown\n")
			.doesNotContain("request id");
	}

	private static RequestRecord request(ProviderProtocol protocol) {
		ProviderDefinition provider = TestProviders.of(protocol);
		WireRequest wire = protocol.write(CONVERSATION, provider);
		return RequestRecord.of(new CacheRequest("", "https://acme.test/v1", wire.operation(), "org/model-1",
				wire.body(), wire.messagesMember(), new CacheKeyHasher()));
	}

	private static String stored(String operation, String body) {
		return "{\"namespace\":\"\",\"endpoint\":\"e\",\"operation\":\"" + operation + "\",\"body\":" + body + "}";
	}

	private static CacheEntry entry(RequestRecord request, String answer) {
		return new CacheEntry(TestEntries.key("org/model-1", 1), "", List.of(TestEntries.response(answer)), null,
				request);
	}

	private static CacheEntry entry(String request, int samples, String... answers) {
		List<CachedResponse> responses = new ArrayList<>();
		for (String answer : answers) {
			CachedResponse one = TestEntries.response(answer);
			responses.add(new CachedResponse(one.body(), samples, one.inputTokens(), one.outputTokens(),
					one.costNanos(), one.finishReason(), one.createdAt(), one.duration(), one.requestId()));
		}
		return new CacheEntry(TestEntries.key("m", 1), "", responses, null, TestEntries.request(request));
	}

	private static List<Section> sections(CacheEntry entry) {
		return StoredTranscript.of(entry);
	}

	private static String answer(String body) {
		List<Section> sections = sections(entry(stored("x", "{}"), 1, body));
		return sections.get(sections.size() - 1).text();
	}

	private static String print(CacheEntry entry) {
		return StoredTranscript.of(entry)
			.stream()
			.map((section) -> section.kind() + " " + section.heading() + "\n" + section.text()
					+ ((section.text().isEmpty() || section.text().endsWith("\n")) ? "" : "\n"))
			.collect(Collectors.joining());
	}

}
