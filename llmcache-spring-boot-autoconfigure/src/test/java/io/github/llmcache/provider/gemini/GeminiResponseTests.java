package io.github.llmcache.provider.gemini;

import java.time.Duration;
import java.util.List;

import io.github.llmcache.AuthenticationException;
import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.FinishReason;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.OverloadedException;
import io.github.llmcache.ProviderException;
import io.github.llmcache.ProviderUnavailableException;
import io.github.llmcache.RateLimitException;
import io.github.llmcache.RawJson;
import io.github.llmcache.Sample;
import io.github.llmcache.Usage;
import io.github.llmcache.provider.ProtocolResponseContractTests;
import io.github.llmcache.provider.ProviderAnswer;
import io.github.llmcache.provider.ProviderProtocol.ErrorBody;
import io.github.llmcache.provider.TestProviders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the responses of {@link GeminiProtocol}.
 */
class GeminiResponseTests extends ProtocolResponseContractTests {

	private static final String FULL = """
			{
			  "candidates": [{
			    "content": {"role": "model", "parts": [
			      {"text": "Hmm é", "thought": true},
			      {"executableCode": {"language": "PYTHON", "code": "1+1"}, "thoughtSignature": "sig0=="},
			      {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "2"}},
			      {"text": "Let me look.", "thoughtSignature": "sig1=="},
			      {"brandNew": {"a": 1}, "thoughtSignature": "lost"},
			      {"functionCall": {"id": "c1", "name": "look", "args": {"z": 1.50, "a": [null, 1e2]}},
			       "thoughtSignature": "sig2=="},
			      {"functionCall": {"id": "c2", "name": "listen"}},
			      {"text": "", "thoughtSignature": "sig3=="}
			    ]},
			    "finishReason": "STOP", "index": 0, "avgLogprobs": -0.5,
			    "logprobsResult": {"chosenCandidates": [{"token": "Let", "logProbability": -0.5}]},
			    "safetyRatings": [{"category": "HARM_CATEGORY_HARASSMENT", "probability": "NEGLIGIBLE"}]
			  }],
			  "promptFeedback": {"safetyRatings": []},
			  "usageMetadata": {"promptTokenCount": 110, "cachedContentTokenCount": 100, "toolUsePromptTokenCount": 30,
			    "candidatesTokenCount": 10, "thoughtsTokenCount": 40, "totalTokenCount": 190,
			    "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 110}], "serviceTier": "flex"},
			  "modelVersion": "gemini-3-pro", "responseId": "r1"
			}""";

	private static final String RATE_LIMIT = """
			{"error": {"code": 429, "message": "m", "status": "RESOURCE_EXHAUSTED", "details": [
			  {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": []},
			  {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "12.5s"}]}}""";

	private static final String INVALID_KEY = """
			{"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT", "details": [
			  {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID",
			   "domain": "googleapis.com"}]}}""";

	GeminiResponseTests() {
		super(new GeminiProtocol());
	}

	@Override
	protected String fullAnswer() {
		return FULL;
	}

	@Override
	protected String fullAnswerSentBack() {
		return """
				{"contents": [
				  {"role": "user", "parts": [{"text": "?"}]},
				  {"role": "model", "parts": [
				    {"text": "Hmm é", "thought": true},
				    {"executableCode": {"language": "PYTHON", "code": "1+1"}, "thoughtSignature": "sig0=="},
				    {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "2"}},
				    {"text": "Let me look.", "thoughtSignature": "sig1=="},
				    {"functionCall": {"id": "c1", "name": "look", "args": {"z": 1.50, "a": [null, 1e2]}},
				     "thoughtSignature": "sig2=="},
				    {"functionCall": {"id": "c2", "name": "listen", "args": {}}},
				    {"text": "", "thoughtSignature": "sig3=="}]},
				  {"role": "user", "parts": [
				    {"functionResponse": {"id": "c1", "name": "look", "response": {"output": "seen"}}},
				    {"functionResponse": {"id": "c2", "name": "listen", "response": {"error": "dark"}}}]}
				]}""";
	}

	@Override
	protected String shortestAnswer(@Nullable String finishReason) {
		return "{\"candidates\":[{" + ((finishReason != null) ? "\"finishReason\":" + finishReason : "") + "}]}";
	}

	@Override
	protected List<String> errors() {
		return List.of(RATE_LIMIT, INVALID_KEY, "{\"error\":\"m\"}", "{\"message\":\"m\"}");
	}

	@Test
	void everything() {
		ProviderAnswer answer = read(FULL);
		assertThat(answer.model()).isEqualTo("gemini-3-pro");
		assertThat(answer.serviceTier()).isEqualTo("flex");
		assertThat(answer.reportedCost()).isNull();
		assertThat(answer.usage()).isEqualTo(new Usage(140, 50, 100, 0, 0, 40));
		assertThat(answer.samples()).hasSize(1);
		Sample sample = answer.samples().get(0);
		assertThat(sample.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
		assertThat(sample.nativeFinishReason()).isEqualTo("STOP");
		assertThat(sample.text()).isEqualTo("Let me look.");
		assertThat(sample.logprobs())
			.isEqualTo(RawJson.of("{\"chosenCandidates\":[{\"token\":\"Let\",\"logProbability\":-0.5}]}"));
		assertThat(sample.message().parts()).containsExactly(
				reasoning("Hmm é", "{\"text\":\"Hmm é\",\"thought\":true}"),
				reasoning("",
						"{\"executableCode\":{\"language\":\"PYTHON\",\"code\":\"1+1\"},"
								+ "\"thoughtSignature\":\"sig0==\"}"),
				reasoning("", "{\"codeExecutionResult\":{\"outcome\":\"OUTCOME_OK\",\"output\":\"2\"}}"),
				reasoning("", "{\"thoughtSignature\":\"sig1==\"}"), new ContentPart.Text("Let me look."),
				reasoning("", "{\"thoughtSignature\":\"sig2==\"}"),
				new ContentPart.ToolCall("c1", "look", "{\"z\":1.50,\"a\":[null,1E+2]}"),
				new ContentPart.ToolCall("c2", "listen", "{}"),
				reasoning("", "{\"text\":\"\",\"thoughtSignature\":\"sig3==\"}"));
	}

	@ParameterizedTest
	@CsvSource({ "STOP, STOP", "MAX_TOKENS, LENGTH", "SAFETY, CONTENT_FILTER", "RECITATION, CONTENT_FILTER",
			"LANGUAGE, CONTENT_FILTER", "BLOCKLIST, CONTENT_FILTER", "PROHIBITED_CONTENT, CONTENT_FILTER",
			"SPII, CONTENT_FILTER", "IMAGE_SAFETY, CONTENT_FILTER", "IMAGE_PROHIBITED_CONTENT, CONTENT_FILTER",
			"IMAGE_RECITATION, CONTENT_FILTER", "OTHER, ERROR", "IMAGE_OTHER, ERROR", "NO_IMAGE, ERROR",
			"MALFORMED_FUNCTION_CALL, ERROR", "UNEXPECTED_TOOL_CALL, ERROR", "TOO_MANY_TOOL_CALLS, ERROR",
			"MISSING_THOUGHT_SIGNATURE, ERROR", "MALFORMED_RESPONSE, ERROR", "BRAND_NEW, OTHER", "stop, OTHER",
			"FINISH_REASON_UNSPECIFIED, UNKNOWN", "'', UNKNOWN" })
	void finishReasons(String reason, FinishReason expected) {
		finishesFor(reason, expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY", "BRAND_NEW",
			"BLOCK_REASON_UNSPECIFIED" })
	void promptThatIsBlockedIsAnAnswer(String reason) {
		for (String candidates : List.of("", "\"candidates\":[],", "\"candidates\":null,")) {
			ProviderAnswer answer = read("{" + candidates + "\"promptFeedback\":{\"blockReason\":\"" + reason
					+ "\"},\"usageMetadata\":{\"promptTokenCount\":4},\"modelVersion\":\"m\"}");
			assertThat(answer.samples())
				.containsExactly(new Sample(ChatMessage.assistant(), FinishReason.CONTENT_FILTER, reason, null));
			assertThat(answer.usage()).isEqualTo(Usage.of(4, 0));
			assertThat(answer.model()).isEqualTo("m");
		}
	}

	@Test
	void anAnswerThatWasHeldBackHasNoContent() {
		Sample sample = read("{\"candidates\":[{\"finishReason\":\"SAFETY\",\"index\":0,\"safetyRatings\":[]}]}")
			.samples()
			.get(0);
		assertThat(sample.message().parts()).isEmpty();
		assertThat(sample.finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
		assertThat(
				read("{\"candidates\":[{\"content\":{\"role\":\"model\"},\"finishReason\":\"MAX_TOKENS\"}]}").samples()
					.get(0)
					.message()
					.parts())
			.isEmpty();
	}

	@Test
	void callsWithoutIdentifierHaveOneOfTheirPlace() {
		String call = "{\"functionCall\":{\"name\":\"look\",\"args\":{}}}";
		ChatMessage message = parts(call, "{\"text\":\"and\"}", call,
				"{\"functionCall\":{\"id\":\"\",\"name\":\"x\"}}");
		assertThat(message.toolCalls()).extracting(ContentPart.ToolCall::id)
			.containsExactly("no-id-0", "no-id-2", "no-id-3");
		InferenceRequest request = InferenceRequest.builder("m")
			.user("?")
			.message(message)
			.message(ChatMessage.toolResult("no-id-0", "a"))
			.message(ChatMessage.toolResult("no-id-3", "c"))
			.message(ChatMessage.toolResult("no-id-2", "b"))
			.build();
		assertThat(this.protocol.write(request, this.provider).body().path("contents").path(2).path("parts"))
			.isEqualTo(TestProviders.json("""
					{"parts": [{"functionResponse": {"name": "look", "response": {"output": "a"}}},
					  {"functionResponse": {"name": "x", "response": {"output": "c"}}},
					  {"functionResponse": {"name": "look", "response": {"output": "b"}}}]}""", this.provider)
				.path("parts"));
	}

	@Test
	void partsThatSayNothing() {
		assertThat(parts("{}", "{\"text\":\"\"}", "{\"text\":null}", "{\"text\":\"\",\"thought\":false}").parts())
			.isEmpty();
		assertThat(parts("{\"thought\":true}").parts()).containsExactly(reasoning("", "{\"thought\":true}"));
	}

	@Test
	void candidatesAreInTheOrderOfTheirIndex() {
		ProviderAnswer answer = read("""
				{"candidates": [
				  {"content": {"parts": [{"text": "c"}]}, "index": 2},
				  {"content": {"parts": [{"text": "a"}]}},
				  {"content": {"parts": [{"text": "b"}]}, "index": 1}]}""");
		assertThat(answer.samples()).extracting(Sample::text).containsExactly("a", "b", "c");
	}

	@Test
	void usages() {
		assertThat(usage("{\"promptTokenCount\":10,\"candidatesTokenCount\":5}")).isEqualTo(Usage.of(10, 5));
		assertThat(usage("{\"promptTokenCount\":10,\"thoughtsTokenCount\":5}")).isEqualTo(new Usage(10, 5, 0, 0, 0, 5));
		assertThat(usage("{\"promptTokenCount\":10,\"cachedContentTokenCount\":99,\"candidatesTokenCount\":1}"))
			.isEqualTo(new Usage(10, 1, 10, 0, 0, 0));
		assertThat(usage("{\"promptTokenCount\":0,\"candidatesTokenCount\":0}")).isNull();
		assertThat(usage("{\"candidatesTokenCount\":5}")).isNull();
		assertThat(usage("{\"promptTokenCount\":10,\"candidatesTokenCount\":\"5\"}")).isNull();
		assertThat(usage("{\"promptTokenCount\":10,\"thoughtsTokenCount\":-5}")).isNull();
		assertThat(usage("7")).isNull();
	}

	@ParameterizedTest
	@CsvSource(nullValues = "null", value = { "standard, null", "STANDARD, null", "unspecified, null", "'', null",
			"flex, flex", "priority, priority" })
	void serviceTiers(String tier, @Nullable String expected) {
		assertThat(withUsage("{\"serviceTier\":\"" + tier + "\"}").serviceTier()).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"candidates\":{}}", "{\"candidates\":[]}", "{\"candidates\":[7]}",
			"{\"candidates\":[null]}", "{\"candidates\":[{\"content\":\"secret\"}]}",
			"{\"candidates\":[{\"content\":{\"parts\":{}}}]}",
			"{\"candidates\":[{\"content\":{\"parts\":[\"secret\"]}}]}",
			"{\"candidates\":[{\"content\":{\"parts\":[{\"text\":7}]}}]}",
			"{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"secret\",\"thought\":1}]}}]}",
			"{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"secret\",\"thoughtSignature\":1}]}}]}",
			"{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{}}]}}]}",
			"{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"x\",\"args\":\"secret\"}}]}}]}",
			"{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"x\",\"id\":7}}]}}]}",
			"{\"candidates\":[{\"finishReason\":7}]}", "{\"promptFeedback\":{}}",
			"{\"promptFeedback\":{\"blockReason\":7}}", "{\"promptFeedback\":{\"blockReason\":\"\"}}",
			"{\"usageMetadata\":{\"promptTokenCount\":4},\"modelVersion\":\"secret\"}" })
	void malformedAnswers(String body) {
		malformed(body);
	}

	@Test
	void errorsInsideASuccess() {
		ProviderException limited = failure(RATE_LIMIT);
		assertThat(limited).isExactlyInstanceOf(RateLimitException.class);
		assertThat(limited.getRetryAfter()).contains(Duration.ofMillis(12_500));
		assertThat(limited.getProviderMessage()).contains("m");
		assertThat(failure(INVALID_KEY)).isExactlyInstanceOf(AuthenticationException.class);
		assertThat(failure("{\"error\":{\"status\":\"UNAVAILABLE\",\"code\":503},\"candidates\":[]}"))
			.isExactlyInstanceOf(OverloadedException.class);
		assertThat(failure("{\"error\":{\"status\":\"INTERNAL\"}}"))
			.isExactlyInstanceOf(ProviderUnavailableException.class);
		assertThat(failure("{\"error\":{\"status\":\"INVALID_ARGUMENT\"}}"))
			.isExactlyInstanceOf(InvalidRequestException.class);
		assertThat(failure("{\"error\":\"m\"}").getProviderMessage()).contains("m");
	}

	@Test
	void errorBodies() {
		assertThat(error(RATE_LIMIT))
			.isEqualTo(new ErrorBody("RESOURCE_EXHAUSTED", "429", "m", null, Duration.ofMillis(12_500)));
		assertThat(error(INVALID_KEY))
			.isEqualTo(new ErrorBody("INVALID_ARGUMENT", "API_KEY_INVALID", "API key not valid.", null));
		assertThat(error("{\"error\":\"m\"}")).isEqualTo(new ErrorBody(null, null, "m", null));
		assertThat(error("{\"message\":\"m\"}")).isEqualTo(new ErrorBody(null, null, "m", null));
	}

	@ParameterizedTest
	@CsvSource(nullValues = "null",
			value = { "0s, PT0S", "7s, PT7S", "0.000000001s, PT0.000000001S", "999999999s, PT277777H46M39S", "7, null",
					"-7s, null", "7ms, null", "1e9s, null", "9999999999s, null", "'', null" })
	void retryDelays(String delay, @Nullable Duration expected) {
		assertThat(error("{\"error\":{\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\","
				+ "\"retryDelay\":\"" + delay + "\"}]}}")
			.retryAfter()).isEqualTo(expected);
	}

	private ChatMessage parts(String... parts) {
		return read("{\"candidates\":[{\"content\":{\"parts\":[" + String.join(",", parts) + "]}}]}").samples()
			.get(0)
			.message();
	}

	private static ContentPart reasoning(String text, String nativeBlock) {
		return new ContentPart.Reasoning(text, RawJson.of(nativeBlock));
	}

	private @Nullable Usage usage(String usage) {
		return withUsage(usage).usage();
	}

	private ProviderAnswer withUsage(String usage) {
		return read("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"}]},\"finishReason\":\"STOP\"}],"
				+ "\"usageMetadata\":" + usage + "}");
	}

}
