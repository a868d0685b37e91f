package io.github.llmcache.provider.openai;

import java.math.BigDecimal;
import java.util.List;

import io.github.llmcache.ContentPart;
import io.github.llmcache.FinishReason;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.ProviderException;
import io.github.llmcache.ProviderUnavailableException;
import io.github.llmcache.RateLimitException;
import io.github.llmcache.RawJson;
import io.github.llmcache.Sample;
import io.github.llmcache.Usage;
import io.github.llmcache.provider.ProtocolResponseContractTests;
import io.github.llmcache.provider.ProviderAnswer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the responses of {@link OpenAiResponsesProtocol}.
 */
class OpenAiResponsesResponseTests extends ProtocolResponseContractTests {

	private static final String REASONING = """
			{"type":"reasoning","id":"rs_1","encrypted_content":"gAAA","summary":[\
			{"type":"summary_text","text":"Hmm é"},{"type":"summary_text","text":"Aha"}]}""";

	private static final String FULL = """
			{
			  "id": "resp_1", "object": "response", "created_at": 1767225600, "status": "completed", "error": null,
			  "incomplete_details": null, "instructions": null, "model": "gpt-5-2026-01-01", "store": false,
			  "output": [
			    %s,
			    {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {"type": "search"}},
			    {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant", "content": [
			      {"type": "output_text", "text": "Paris", "annotations": [], "logprobs":
			        [{"token": "Paris", "bytes": [80], "logprob": -0.10, "top_logprobs": []}]}]},
			    {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "look",
			      "arguments": "{ \\"at\\": 1.0 }", "status": "completed"},
			    {"type": "custom_tool_call", "id": "ctc_1", "call_id": "c2", "name": "grep", "input": "a.*b"}
			  ],
			  "usage": {"input_tokens": 100, "input_tokens_details": {"cached_tokens": 40, "cache_write_tokens": 20},
			    "output_tokens": 50, "output_tokens_details": {"reasoning_tokens": 30}, "total_tokens": 150,
			    "cost": 0.00123},
			  "service_tier": "flex"
			}""".formatted(REASONING);

	OpenAiResponsesResponseTests() {
		super(new OpenAiResponsesProtocol());
	}

	@Override
	protected String fullAnswer() {
		return FULL;
	}

	@Override
	protected String fullAnswerSentBack() {
		return """
				{"input": [
				  {"role": "user", "content": "?"},
				  %s,
				  {"role": "assistant", "content": "Paris"},
				  {"type": "function_call", "call_id": "c1", "name": "look", "arguments": "{ \\"at\\": 1.0 }"},
				  {"type": "function_call", "call_id": "c2", "name": "grep", "arguments": "a.*b"},
				  {"type": "function_call_output", "call_id": "c1", "output": "seen"},
				  {"type": "function_call_output", "call_id": "c2", "output": "dark"}
				]}""".formatted(REASONING);
	}

	@Override
	protected String shortestAnswer(@Nullable String finishReason) {
		return "{\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"x\"}]}]"
				+ ((finishReason != null) ? ",\"status\":" + finishReason : "") + "}";
	}

	@Override
	protected List<String> errors() {
		return List.of("{\"error\":{\"message\":\"m\",\"type\":\"t\",\"code\":\"c\",\"param\":null}}",
				"{\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"m\"},\"output\":[]}");
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
		assertThat(sample.nativeFinishReason()).isEqualTo("completed");
		assertThat(sample.logprobs())
			.isEqualTo(RawJson.of("[{\"token\":\"Paris\",\"bytes\":[80],\"logprob\":-0.10,\"top_logprobs\":[]}]"));
		assertThat(sample.message().parts()).containsExactly(
				new ContentPart.Reasoning("Hmm é\n\nAha", RawJson.of(REASONING)), new ContentPart.Text("Paris"),
				new ContentPart.ToolCall("c1", "look", "{ \"at\": 1.0 }"),
				new ContentPart.ToolCall("c2", "grep", "a.*b"));
	}

	@ParameterizedTest
	@CsvSource({ "completed,STOP", "failed,ERROR", "cancelled,ERROR", "in_progress,UNKNOWN", "queued,UNKNOWN",
			"incomplete,UNKNOWN", "something,UNKNOWN" })
	void statuses(String status, FinishReason expected) {
		finishesFor(status, expected);
	}

	@ParameterizedTest
	@CsvSource({ "max_output_tokens,LENGTH", "content_filter,CONTENT_FILTER", "something,OTHER" })
	void reasonsOfIncompleteAnswers(String reason, FinishReason expected) {
		Sample sample = output(
				"\"output\":[],\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"" + reason + "\"}");
		assertThat(sample.finishReason()).isEqualTo(expected);
		assertThat(sample.nativeFinishReason()).isEqualTo(reason);
		assertThat(sample.message().parts()).isEmpty();
	}

	@Test
	void itemsInAnyOrder() {
		Sample sample = output(
				"""
						"status": "completed", "output": [
						  {"type": "message", "content": [{"type": "output_text", "text": "b"}, {"type": "output_text", "text": ""},
						    {"type": "output_audio", "data": "x"}, {"type": "output_text", "text": "c"}]},
						  {"type": "function_call", "call_id": "c1", "name": "f", "arguments": ""},
						  {"type": "image_generation_call", "result": "AQID"},
						  {"type": "reasoning", "content": [{"type": "reasoning_text", "text": "plain"}], "summary": []},
						  {"type": "message", "content": []},
						  {"type": "message", "content": [{"type": "output_text", "text": "a"}]}]""");
		assertThat(sample.message().parts()).containsExactly(new ContentPart.Text("b"), new ContentPart.Text("c"),
				new ContentPart.ToolCall("c1", "f", ""),
				new ContentPart.Reasoning("plain",
						RawJson.of("{\"type\":\"reasoning\",\"content\":"
								+ "[{\"type\":\"reasoning_text\",\"text\":\"plain\"}],\"summary\":[]}")),
				new ContentPart.Text("a"));
		assertThat(sample.text()).isEqualTo("bca");
	}

	@Test
	void reasoningThatIsOnlyAReferenceIsNotGivenBack() {
		assertThat(output(
				"\"output\":[{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[]," + "\"encrypted_content\":null}]")
			.message()
			.parts()).containsExactly(new ContentPart.Reasoning("", null));
	}

	@Test
	void refusals() {
		Sample sample = refusal("\"completed\"", "");
		assertThat(sample.text()).isEqualTo("I cannot.");
		assertThat(sample.finishReason()).isEqualTo(FinishReason.REFUSAL);
		assertThat(sample.nativeFinishReason()).isEqualTo("completed");
		assertThat(
				refusal("\"incomplete\",\"incomplete_details\":{\"reason\":\"max_output_tokens\"}", "").finishReason())
			.isEqualTo(FinishReason.REFUSAL);
		assertThat(refusal("\"incomplete\",\"incomplete_details\":{\"reason\":\"content_filter\"}", "").finishReason())
			.isEqualTo(FinishReason.CONTENT_FILTER);
		assertThat(refusal("\"completed\"",
				",{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"{}\"}")
			.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
	}

	@Test
	void logprobsOfSeveralTexts() {
		assertThat(output("""
				"output": [{"type": "message", "content": [
				  {"type": "output_text", "text": "a", "logprobs": [{"token": "a"}]},
				  {"type": "output_text", "text": "b", "logprobs": {"token": "b"}},
				  {"type": "output_text", "text": "c", "logprobs": [{"token": "c"}]}]}]""").logprobs())
			.isEqualTo(RawJson.of("[{\"token\":\"a\"},{\"token\":\"c\"}]"));
		assertThat(output("\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"a\","
				+ "\"logprobs\":[]}]}]")
			.logprobs()).isNull();
	}

	@Test
	void errorsInSuccess() {
		ProviderException ex = failed("server_error");
		assertThat(ex).isExactlyInstanceOf(ProviderUnavailableException.class);
		assertThat(ex.getProviderMessage()).contains("secret");
		assertThat(ex.getMessage()).doesNotContain("secret");
		assertThat(failed("rate_limit_exceeded")).isExactlyInstanceOf(RateLimitException.class);
		assertThat(failed("vector_store_timeout")).isExactlyInstanceOf(ProviderUnavailableException.class);
		assertThat(failed("something")).isExactlyInstanceOf(ProviderException.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "invalid_prompt", "data_residency_mismatch", "bio_policy", "invalid_image",
			"invalid_image_format", "invalid_base64_image", "invalid_image_url", "image_too_large", "image_too_small",
			"image_parse_error", "image_content_policy_violation", "invalid_image_mode", "image_file_too_large",
			"unsupported_image_media_type", "empty_image_file", "failed_to_download_image", "image_file_not_found" })
	void errorsOfTheRequest(String code) {
		assertThat(failed(code)).isExactlyInstanceOf(InvalidRequestException.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "7", "{}", "{\"input_tokens\":10}", "{\"input_tokens\":-1,\"output_tokens\":5}",
			"{\"input_tokens\":1e999999999,\"output_tokens\":5}", "{\"input_tokens\":0,\"output_tokens\":0}",
			"{\"prompt_tokens\":10,\"completion_tokens\":5}" })
	void usagesThatAreNone(String usage) {
		assertThat(usage(usage)).isNull();
	}

	@Test
	void partsOfAUsageAreNeverMoreThanTheirWholes() {
		assertThat(usage("{\"input_tokens\":10,\"output_tokens\":5}")).isEqualTo(Usage.of(10, 5));
		assertThat(usage("{\"input_tokens\":10,\"output_tokens\":5,"
				+ "\"input_tokens_details\":{\"cached_tokens\":8,\"cache_write_tokens\":8},"
				+ "\"output_tokens_details\":{\"reasoning_tokens\":50}}"))
			.isEqualTo(new Usage(10, 5, 8, 2, 0, 5));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"output\":null}", "{\"output\":{}}", "{\"output\":\"secret\"}",
			"{\"output\":[null]}", "{\"output\":[\"secret\"]}", "{\"output\":[{}]}", "{\"output\":[{\"type\":7}]}",
			"{\"output\":[{\"type\":\"message\"}]}", "{\"output\":[{\"type\":\"message\",\"content\":\"secret\"}]}",
			"{\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\"}]}]}",
			"{\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"refusal\",\"refusal\":7}]}]}",
			"{\"output\":[{\"type\":\"reasoning\",\"summary\":\"secret\"}]}",
			"{\"output\":[{\"type\":\"reasoning\",\"summary\":[\"secret\"]}]}",
			"{\"output\":[{\"type\":\"function_call\",\"name\":\"f\",\"arguments\":\"{}\"}]}",
			"{\"output\":[{\"type\":\"function_call\",\"call_id\":\"c\",\"arguments\":\"{}\"}]}",
			"{\"output\":[{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":{}}]}",
			"{\"choices\":[{\"message\":{\"content\":\"secret\"}}]}" })
	void malformedAnswers(String body) {
		assertThat(malformed(body).getMessage()).contains("output");
	}

	@Test
	void malformedStatus() {
		assertThat(malformed(shortestAnswer("7")).getMessage()).contains("'status'");
	}

	private ProviderException failed(String code) {
		return failure("{\"object\":\"response\",\"status\":\"failed\",\"output\":[],\"error\":{\"code\":\"" + code
				+ "\",\"message\":\"secret\"}}");
	}

	private Sample refusal(String status, String furtherItem) {
		return output(
				"\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"refusal\",\"refusal\":\"I cannot.\"}]}"
						+ furtherItem + "],\"status\":" + status);
	}

	private @Nullable Usage usage(String usage) {
		return read("{\"output\":[],\"usage\":" + usage + "}").usage();
	}

	private Sample output(String members) {
		List<Sample> samples = read("{" + members + "}").samples();
		assertThat(samples).hasSize(1);
		return samples.get(0);
	}

}
