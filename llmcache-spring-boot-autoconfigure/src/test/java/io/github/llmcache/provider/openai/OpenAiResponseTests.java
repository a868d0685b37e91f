package io.github.llmcache.provider.openai;

import java.math.BigDecimal;
import java.util.List;

import io.github.llmcache.ContentPart;
import io.github.llmcache.FinishReason;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.OverloadedException;
import io.github.llmcache.ProviderException;
import io.github.llmcache.ProviderUnavailableException;
import io.github.llmcache.QuotaExceededException;
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
 * Tests for the responses of {@link OpenAiChatProtocol}.
 */
class OpenAiResponseTests extends ProtocolResponseContractTests {

	private static final String FULL = """
			{
			  "id": "chatcmpl-1", "object": "chat.completion", "created": 1767225600, "model": "gpt-5-2026-01-01",
			  "choices": [{
			    "index": 0,
			    "message": {
			      "role": "assistant",
			      "reasoning": "Hmm é",
			      "reasoning_details": [{"type": "reasoning.encrypted", "data": "x", "index": 0}],
			      "content": "Paris",
			      "refusal": null,
			      "annotations": [],
			      "tool_calls": [
			        {"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{ \\"at\\": 1.0 }"}},
			        {"id": "c2", "type": "custom", "custom": {"name": "grep", "input": "a.*b"}}
			      ]
			    },
			    "logprobs": {"content": [{"token": "Paris", "logprob": -0.10, "top_logprobs": []}], "refusal": null},
			    "finish_reason": "tool_calls"
			  }],
			  "usage": {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150,
			    "prompt_tokens_details": {"cached_tokens": 40, "cache_write_tokens": 20, "audio_tokens": 0},
			    "completion_tokens_details": {"reasoning_tokens": 30},
			    "cost": 0.00123},
			  "service_tier": "flex", "system_fingerprint": "fp"
			}""";

	OpenAiResponseTests() {
		super(new OpenAiChatProtocol());
	}

	@Override
	protected String fullAnswer() {
		return FULL;
	}

	@Override
	protected String fullAnswerSentBack() {
		return """
				{"messages": [
				  {"role": "user", "content": "?"},
				  {"role": "assistant", "content": "Paris", "reasoning": "Hmm é",
				   "reasoning_details": [{"type": "reasoning.encrypted", "data": "x", "index": 0}],
				   "tool_calls": [
				     {"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{ \\"at\\": 1.0 }"}},
				     {"id": "c2", "type": "function", "function": {"name": "grep", "arguments": "a.*b"}}]},
				  {"role": "tool", "tool_call_id": "c1", "content": "seen"},
				  {"role": "tool", "tool_call_id": "c2", "content": "dark"}
				]}""";
	}

	@Override
	protected String shortestAnswer(@Nullable String finishReason) {
		return "{\"choices\":[{\"message\":{\"content\":\"x\"}"
				+ ((finishReason != null) ? ",\"finish_reason\":" + finishReason : "") + "}]}";
	}

	@Override
	protected List<String> errors() {
		return List.of(
				"{\"error\":{\"message\":\"m\",\"type\":\"t\",\"code\":1,\"param\":null,"
						+ "\"metadata\":{\"reasons\":[\"r\"]}},\"request_id\":\"r\"}",
				"{\"object\":\"error\",\"message\":\"m\",\"type\":\"t\",\"code\":1,\"detail\":[{}]}");
	}

	@Test
	void everything() {
		ProviderAnswer answer = read(FULL);
		assertThat(answer.model()).isEqualTo("gpt-5-2026-01-01");
		assertThat(answer.serviceTier()).isEqualTo("flex");
		assertThat(answer.reportedCost()).isEqualTo(new BigDecimal("0.00123"));
		assertThat(answer.usage()).isEqualTo(new Usage(100, 50, 40, 20, 0, 30));
		assertThat(answer.samples()).hasSize(1);
		Sample sample = answer.samples().get(0);
		assertThat(sample.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
		assertThat(sample.nativeFinishReason()).isEqualTo("tool_calls");
		assertThat(sample.logprobs()).isEqualTo(RawJson
			.of("{\"content\":[{\"token\":\"Paris\",\"logprob\":-0.10,\"top_logprobs\":[]}],\"refusal\":null}"));
		assertThat(sample.message().parts()).containsExactly(new ContentPart.Reasoning("Hmm é", RawJson
			.of("{\"reasoning\":\"Hmm é\",\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"data\":\"x\",\"index\":0}]}")),
				new ContentPart.Text("Paris"), new ContentPart.ToolCall("c1", "look", "{ \"at\": 1.0 }"),
				new ContentPart.ToolCall("c2", "grep", "a.*b"));
	}

	@ParameterizedTest
	@CsvSource({ "stop, STOP", "eos, STOP", "eos_token, STOP", "stop_sequence, STOP", "end_turn, STOP",
			"length, LENGTH", "max_tokens, LENGTH", "model_length, LENGTH", "tool_calls, TOOL_CALLS",
			"tool_use, TOOL_CALLS", "function_call, TOOL_CALLS", "content_filter, CONTENT_FILTER", "refusal, REFUSAL",
			"error, ERROR", "insufficient_system_resource, ERROR", "abort, ERROR", "brand_new, OTHER", "'', UNKNOWN" })
	void finishReasons(String reason, FinishReason expected) {
		finishesFor(reason, expected);
	}

	@Test
	void nothingButTheAnswer() {
		ProviderAnswer answer = read("{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}");
		assertThat(answer.usage()).isNull();
		assertThat(answer.model()).isNull();
		assertThat(answer.serviceTier()).isNull();
		assertThat(answer.reportedCost()).isNull();
		assertThat(answer.samples().get(0).logprobs()).isNull();
		assertThat(answer.samples().get(0).text()).isEqualTo("x");
	}

	@Test
	void choicesAreSortedByTheirIndex() {
		ProviderAnswer answer = read("""
				{"choices": [
				  {"index": 2, "message": {"content": "c"}, "finish_reason": "stop"},
				  {"index": 0, "message": {"content": "a"}, "finish_reason": "stop"},
				  {"index": 1, "message": {"content": "b"}, "finish_reason": "stop"}]}""");
		assertThat(answer.samples()).extracting(Sample::text).containsExactly("a", "b", "c");
	}

	@Test
	void refusals() {
		Sample sample = message("{\"content\":null,\"refusal\":\"I cannot.\"}", "stop");
		assertThat(sample.text()).isEqualTo("I cannot.");
		assertThat(sample.finishReason()).isEqualTo(FinishReason.REFUSAL);
		assertThat(sample.nativeFinishReason()).isEqualTo("stop");
		assertThat(message("{\"content\":[{\"type\":\"refusal\",\"refusal\":\"No.\"}]}", "stop").finishReason())
			.isEqualTo(FinishReason.REFUSAL);
		assertThat(message("{\"refusal\":\"I cannot.\"}", "content_filter").finishReason())
			.isEqualTo(FinishReason.CONTENT_FILTER);
		assertThat(message("{\"content\":\"x\",\"refusal\":\"\"}", "stop").finishReason()).isEqualTo(FinishReason.STOP);
	}

	@Test
	void contentInParts() {
		Sample sample = message("""
				{"content": [
				  {"type": "thinking", "thinking": [{"type": "text", "text": "Let "}, {"type": "text", "text": "me"}]},
				  {"type": "text", "text": "Hello"}, {"type": "reference", "reference_ids": [1]},
				  {"type": "text", "text": " you"}]}""", "stop");
		assertThat(sample.message().parts()).containsExactly(new ContentPart.Reasoning("Let me", null),
				new ContentPart.Text("Hello"), new ContentPart.Text(" you"));
	}

	@Test
	void reasoningInEveryForm() {
		assertThat(message("{\"reasoning_content\":\"a\",\"content\":\"b\"}", "stop").message().parts())
			.containsExactly(new ContentPart.Reasoning("a", RawJson.of("{\"reasoning_content\":\"a\"}")),
					new ContentPart.Text("b"));
		assertThat(message("{\"reasoning\":\"a\",\"content\":\"b\"}", "stop").message().parts()).containsExactly(
				new ContentPart.Reasoning("a", RawJson.of("{\"reasoning\":\"a\"}")), new ContentPart.Text("b"));
		assertThat(message("""
				{"reasoning_details": [{"type": "reasoning.text", "text": "a"},
				  {"type": "reasoning.summary", "summary": "b"}], "content": ""}""", "stop").message().parts())
			.singleElement()
			.isInstanceOfSatisfying(ContentPart.Reasoning.class, (reasoning) -> {
				assertThat(reasoning.text()).isEqualTo("ab");
				assertThat(reasoning.nativeBlock()).isNotNull();
			});
		assertThat(message("{\"reasoning\":null,\"reasoning_content\":\"\",\"reasoning_details\":[],\"content\":\"b\"}",
				"stop")
			.message()
			.parts()).containsExactly(new ContentPart.Text("b"));
	}

	@Test
	void toolCallsInOddForms() {
		assertThat(message("""
				{"content": "", "tool_calls": [{"type": "function", "function": {"name": "f", "arguments": {"a": 1.0}}},
				  {"id": "x", "function": {"name": "g"}}]}""", "tool_calls").message().toolCalls())
			.containsExactly(new ContentPart.ToolCall("", "f", "{\"a\":1.0}"), new ContentPart.ToolCall("x", "g", ""));
		Sample legacy = message("{\"content\":null,\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"}}",
				"function_call");
		assertThat(legacy.message().toolCalls()).containsExactly(new ContentPart.ToolCall("", "f", "{}"));
	}

	@ParameterizedTest
	@CsvSource({ "auto", "default", "standard", "''" })
	void standardTiers(String tier) {
		assertThat(withMember("service_tier", "\"" + tier + "\"").serviceTier()).isNull();
	}

	@Test
	void usages() {
		assertThat(usage("{\"prompt_tokens\":10,\"completion_tokens\":5}")).isEqualTo(Usage.of(10, 5));
		assertThat(usage("{\"prompt_tokens\":10,\"completion_tokens\":5,\"prompt_cache_hit_tokens\":4,"
				+ "\"prompt_cache_miss_tokens\":6}"))
			.isEqualTo(new Usage(10, 5, 4, 0, 0, 0));
		assertThat(usage("{\"prompt_tokens\":10,\"completion_tokens\":5,\"prompt_tokens_details\":null,"
				+ "\"completion_tokens_details\":null}"))
			.isEqualTo(Usage.of(10, 5));
	}

	@Test
	void reasoningThatOnlyTheTotalCounts() {
		assertThat(usage("{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":115,"
				+ "\"completion_tokens_details\":{\"reasoning_tokens\":100}}"))
			.isEqualTo(new Usage(10, 105, 0, 0, 0, 100));
	}

	@Test
	void partsOfAUsageAreNeverMoreThanTheirWholes() {
		assertThat(usage("{\"prompt_tokens\":10,\"completion_tokens\":5,"
				+ "\"prompt_tokens_details\":{\"cached_tokens\":8,\"cache_write_tokens\":8},"
				+ "\"completion_tokens_details\":{\"reasoning_tokens\":50}}"))
			.isEqualTo(new Usage(10, 5, 8, 2, 0, 5));
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "7", "{}", "{\"prompt_tokens\":10}",
			"{\"prompt_tokens\":-1,\"completion_tokens\":5}", "{\"prompt_tokens\":\"10\",\"completion_tokens\":5}",
			"{\"prompt_tokens\":1e999999999,\"completion_tokens\":5}",
			"{\"prompt_tokens\":0,\"completion_tokens\":0}" })
	void usagesThatAreNone(String usage) {
		assertThat(usage(usage)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "\"1\"", "-1", "1e999999999", "1e-999999999", "{\"total_cost\":1}" })
	void costsThatAreNone(String cost) {
		assertThat(withMember("usage", "{\"cost\":" + cost + "}").reportedCost()).isNull();
	}

	@Test
	void errorsInSuccess() {
		ProviderException ex = failure(
				"{\"error\":{\"code\":429,\"message\":\"slow down\",\"metadata\":{}},\"user_id\":\"u\"}");
		assertThat(ex).isExactlyInstanceOf(RateLimitException.class);
		assertThat(ex.getProviderMessage()).contains("slow down");
		assertThat(ex.getError().code()).isEqualTo("429");
		assertThat(failure("{\"error\":{\"code\":502}}")).isExactlyInstanceOf(ProviderUnavailableException.class);
		assertThat(failure("{\"error\":{\"code\":503},\"choices\":[]}")).isExactlyInstanceOf(OverloadedException.class);
		assertThat(failure("{\"error\":{\"code\":\"insufficient_quota\"}}"))
			.isExactlyInstanceOf(QuotaExceededException.class);
		assertThat(failure("{\"error\":\"no such model\"}")).isExactlyInstanceOf(ProviderException.class);
		assertThat(failure("{\"object\":\"error\",\"message\":\"m\",\"code\":400}"))
			.isInstanceOf(InvalidRequestException.class);
		assertThat(failure("""
				{"choices": [{"index": 0, "message": {"content": "half an"}, "finish_reason": "error",
				  "error": {"code": 502, "message": "upstream"}}]}"""))
			.isExactlyInstanceOf(ProviderUnavailableException.class);
	}

	@Test
	void noErrorInSuccess() {
		assertThat(withMember("error", "null").samples()).hasSize(1);
		assertThat(withMember("error", "{}").samples()).hasSize(1);
		assertThat(withMember("error", "\"\"").samples()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"choices\":null}", "{\"choices\":[]}", "{\"choices\":{}}", "{\"choices\":[null]}",
			"{\"choices\":[{}]}", "{\"choices\":[{\"text\":\"legacy\"}]}", "{\"choices\":[{\"message\":\"secret\"}]}",
			"{\"choices\":[{\"message\":{\"content\":7}}]}", "{\"choices\":[{\"message\":{\"content\":[\"secret\"]}}]}",
			"{\"choices\":[{\"message\":{\"content\":[{\"type\":\"text\"}]}}]}",
			"{\"choices\":[{\"message\":{\"tool_calls\":{}}}]}", "{\"choices\":[{\"message\":{\"tool_calls\":[{}]}}]}",
			"{\"choices\":[{\"message\":{\"tool_calls\":[{\"id\":7,\"function\":{\"name\":\"secret\"}}]}}]}",
			"{\"choices\":[{\"message\":{\"content\":\"secret\"},\"finish_reason\":7}]}", "{\"detail\":\"secret\"}" })
	void malformedAnswers(String body) {
		assertThat(malformed(body).getMessage()).contains("choices");
	}

	@Test
	void deepNestingInAnAnswerThatIsKept() {
		String deep = "[".repeat(400) + "]".repeat(400);
		assertThat(message("{\"content\":\"x\",\"reasoning_details\":[" + deep + "]}", "stop").text()).isEqualTo("x");
	}

	@Test
	void errorBodies() {
		assertThat(error("{\"error\":{\"message\":\"m\",\"type\":\"t\",\"code\":\"c\",\"param\":\"p\"}}"))
			.isEqualTo(new ErrorBody("t", "c", "m", null));
		assertThat(error("{\"error\":{\"message\":\"m\",\"code\":429}}"))
			.isEqualTo(new ErrorBody(null, "429", "m", null));
		assertThat(error("{\"error\":{\"message\":\"m\",\"code\":403,\"metadata\":{\"reasons\":[\"r\"]}}}"))
			.isEqualTo(new ErrorBody("moderation", "403", "m", null));
		assertThat(error("{\"error\":\"m\",\"error_type\":\"overloaded\"}"))
			.isEqualTo(new ErrorBody("overloaded", null, "m", null));
		assertThat(error("{\"object\":\"error\",\"message\":\"m\",\"type\":\"BadRequestError\",\"code\":400}"))
			.isEqualTo(new ErrorBody("BadRequestError", "400", "m", null));
		assertThat(error("{\"detail\":\"m\"}")).isEqualTo(new ErrorBody(null, null, "m", null));
		assertThat(error("{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"m\"}]}"))
			.isEqualTo(new ErrorBody(null, null, "[{\"loc\":[\"body\"],\"msg\":\"m\"}]", null));
		assertThat(this.protocol.readError(TestProviders
			.json("{\"a\":[{\"error\":{\"code\":429,\"message\":\"m\",\"status\":\"S\"}}]}", this.provider)
			.path("a"))).isEqualTo(new ErrorBody("S", "429", "m", null));
		assertThat(error("{}")).isEqualTo(ErrorBody.UNKNOWN);
	}

	private @Nullable Usage usage(String usage) {
		return withMember("usage", usage).usage();
	}

	private ProviderAnswer withMember(String name, String value) {
		return read("{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}],\"" + name + "\":"
				+ value + "}");
	}

	private Sample message(String message, String finishReason) {
		List<Sample> samples = read(
				"{\"choices\":[{\"message\":" + message + ",\"finish_reason\":\"" + finishReason + "\"}]}")
			.samples();
		assertThat(samples).hasSize(1);
		return samples.get(0);
	}

}
