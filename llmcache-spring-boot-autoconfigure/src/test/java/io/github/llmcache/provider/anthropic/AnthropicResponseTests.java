package io.github.llmcache.provider.anthropic;

import java.util.List;

import io.github.llmcache.AuthenticationException;
import io.github.llmcache.ContentPart;
import io.github.llmcache.FinishReason;
import io.github.llmcache.OverloadedException;
import io.github.llmcache.ProviderException;
import io.github.llmcache.RawJson;
import io.github.llmcache.Sample;
import io.github.llmcache.Usage;
import io.github.llmcache.provider.ProtocolResponseContractTests;
import io.github.llmcache.provider.ProviderAnswer;
import io.github.llmcache.provider.ProviderProtocol.ErrorBody;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the responses of {@link AnthropicMessagesProtocol}.
 */
class AnthropicResponseTests extends ProtocolResponseContractTests {

	private static final String FULL = """
			{
			  "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-opus-4-8",
			  "content": [
			    {"type": "thinking", "thinking": "Hmm é", "signature": "sig=="},
			    {"type": "redacted_thinking", "data": "x"},
			    {"type": "text", "text": "Let me look.", "citations": null},
			    {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {"query": "q"}},
			    {"type": "web_search_tool_result", "tool_use_id": "s1", "content": []},
			    {"type": "tool_use", "id": "c1", "name": "look", "input": {"z": 1.50, "a": [null, 1e2]}},
			    {"type": "tool_use", "id": "c2", "name": "look", "input": {}}
			  ],
			  "stop_reason": "tool_use", "stop_sequence": null,
			  "usage": {"input_tokens": 10, "output_tokens": 50,
			    "cache_read_input_tokens": 100, "cache_creation_input_tokens": 30,
			    "cache_creation": {"ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 10},
			    "output_tokens_details": {"thinking_tokens": 40},
			    "server_tool_use": {"web_search_requests": 1}, "service_tier": "batch"}
			}""";

	AnthropicResponseTests() {
		super(new AnthropicMessagesProtocol());
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
				  {"role": "assistant", "content": [
				    {"type": "thinking", "thinking": "Hmm é", "signature": "sig=="},
				    {"type": "redacted_thinking", "data": "x"},
				    {"type": "text", "text": "Let me look."},
				    {"type": "tool_use", "id": "c1", "name": "look", "input": {"z": 1.50, "a": [null, 1e2]}},
				    {"type": "tool_use", "id": "c2", "name": "look", "input": {}}]},
				  {"role": "user", "content": [
				    {"type": "tool_result", "tool_use_id": "c1", "content": "seen"},
				    {"type": "tool_result", "tool_use_id": "c2", "content": "dark", "is_error": true}]}
				]}""";
	}

	@Override
	protected String shortestAnswer(@Nullable String finishReason) {
		return "{\"type\":\"message\",\"content\":[]"
				+ ((finishReason != null) ? ",\"stop_reason\":" + finishReason : "") + "}";
	}

	@Override
	protected List<String> errors() {
		return List.of("{\"type\":\"error\",\"error\":{\"type\":\"t\",\"message\":\"m\"},\"request_id\":\"r\"}");
	}

	@Test
	void everything() {
		ProviderAnswer answer = read(FULL);
		assertThat(answer.model()).isEqualTo("claude-opus-4-8");
		assertThat(answer.serviceTier()).isEqualTo("batch");
		assertThat(answer.reportedCost()).isNull();
		assertThat(answer.usage()).isEqualTo(new Usage(140, 50, 100, 20, 10, 40));
		assertThat(answer.samples()).hasSize(1);
		Sample sample = answer.samples().get(0);
		assertThat(sample.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
		assertThat(sample.nativeFinishReason()).isEqualTo("tool_use");
		assertThat(sample.logprobs()).isNull();
		assertThat(sample.message().parts()).containsExactly(
				new ContentPart.Reasoning("Hmm é",
						RawJson.of("{\"type\":\"thinking\",\"thinking\":\"Hmm é\",\"signature\":\"sig==\"}")),
				new ContentPart.Reasoning("", RawJson.of("{\"type\":\"redacted_thinking\",\"data\":\"x\"}")),
				new ContentPart.Text("Let me look."),
				new ContentPart.ToolCall("c1", "look", "{\"z\":1.50,\"a\":[null,1E+2]}"),
				new ContentPart.ToolCall("c2", "look", "{}"));
	}

	@ParameterizedTest
	@CsvSource({ "end_turn, STOP", "stop_sequence, STOP", "max_tokens, LENGTH", "model_context_window_exceeded, LENGTH",
			"tool_use, TOOL_CALLS", "refusal, REFUSAL", "pause_turn, PAUSE", "brand_new, OTHER", "'', UNKNOWN" })
	void finishReasons(String reason, FinishReason expected) {
		finishesFor(reason, expected);
	}

	@Test
	void thinkingThatIsNotShown() {
		String block = "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"s\"}";
		assertThat(read("{\"type\":\"message\",\"content\":[" + block + "]}").samples().get(0).message().parts())
			.containsExactly(new ContentPart.Reasoning("", RawJson.of(block)));
	}

	@Test
	void usages() {
		assertThat(usage("{\"input_tokens\":10,\"output_tokens\":5}")).isEqualTo(Usage.of(10, 5));
		assertThat(usage("{\"input_tokens\":10,\"output_tokens\":5,\"cache_creation_input_tokens\":7,"
				+ "\"cache_read_input_tokens\":null,\"cache_creation\":null}"))
			.isEqualTo(new Usage(17, 5, 0, 7, 0, 0));
		assertThat(usage("{\"input_tokens\":10,\"output_tokens\":5,\"cache_creation_input_tokens\":7,"
				+ "\"cache_creation\":{\"ephemeral_1h_input_tokens\":7}}"))
			.isEqualTo(new Usage(17, 5, 0, 0, 7, 0));
		assertThat(usage("{\"input_tokens\":10,\"output_tokens\":5,"
				+ "\"cache_creation\":{\"ephemeral_1h_input_tokens\":3,\"ephemeral_5m_input_tokens\":2}}"))
			.isEqualTo(new Usage(15, 5, 0, 2, 3, 0));
		assertThat(usage("{\"input_tokens\":10,\"output_tokens\":5,\"output_tokens_details\":{\"thinking_tokens\":9}}"))
			.isEqualTo(new Usage(10, 5, 0, 0, 0, 5));
		assertThat(usage("{\"input_tokens\":10}")).isNull();
		assertThat(usage("{\"input_tokens\":-1,\"output_tokens\":5}")).isNull();
		assertThat(usage("{\"input_tokens\":0,\"output_tokens\":0}")).isNull();
		assertThat(usage("null")).isNull();
	}

	@Test
	void tiers() {
		assertThat(withUsage("{\"service_tier\":\"standard\"}").serviceTier()).isNull();
		assertThat(withUsage("{\"service_tier\":null}").serviceTier()).isNull();
		assertThat(withUsage("{}").serviceTier()).isNull();
		assertThat(withUsage("{\"service_tier\":\"priority\"}").serviceTier()).isEqualTo("priority");
		assertThat(withUsage("{\"service_tier\":\"standard\",\"speed\":\"fast\"}").serviceTier()).isEqualTo("fast");
		assertThat(withUsage("{\"service_tier\":\"batch\",\"speed\":\"standard\"}").serviceTier()).isEqualTo("batch");
	}

	@Test
	void errorsInSuccess() {
		ProviderException ex = failure("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":"
				+ "\"Overloaded\"},\"request_id\":\"req_1\"}");
		assertThat(ex).isExactlyInstanceOf(OverloadedException.class);
		assertThat(ex.getProviderMessage()).contains("Overloaded");
		assertThat(ex.getRequestId()).contains("req_1");
		assertThat(failure("{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\"}}"))
			.isExactlyInstanceOf(AuthenticationException.class);
		assertThat(failure("{\"type\":\"error\"}")).isExactlyInstanceOf(ProviderException.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"type\":\"secret\"}", "{\"type\":\"completion\",\"completion\":\"secret\"}",
			"{\"type\":\"message\"}", "{\"type\":\"message\",\"content\":\"secret\"}",
			"{\"type\":\"message\",\"content\":[\"secret\"]}",
			"{\"type\":\"message\",\"content\":[{\"type\":\"text\"}]}",
			"{\"type\":\"message\",\"content\":[{\"type\":\"thinking\",\"thinking\":7}]}",
			"{\"type\":\"message\",\"content\":[{\"type\":\"tool_use\",\"id\":\"secret\",\"name\":\"n\"}]}",
			"{\"type\":\"message\",\"content\":[{\"type\":\"tool_use\",\"name\":\"secret\",\"input\":{}}]}",
			"{\"type\":\"message\",\"content\":[],\"stop_reason\":7}" })
	void malformedAnswers(String body) {
		malformed(body);
	}

	@Test
	void errorBodies() {
		assertThat(error("{\"type\":\"error\",\"error\":{\"type\":\"t\",\"message\":\"m\"},\"request_id\":\"r\"}"))
			.isEqualTo(new ErrorBody("t", null, "m", "r"));
		assertThat(error("{\"error\":\"m\"}")).isEqualTo(new ErrorBody(null, null, "m", null));
		assertThat(error("{\"message\":\"m\"}")).isEqualTo(new ErrorBody(null, null, "m", null));
	}

	private @Nullable Usage usage(String usage) {
		return withUsage(usage).usage();
	}

	private ProviderAnswer withUsage(String usage) {
		return read(
				"{\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}],\"stop_reason\":\"end_turn\","
						+ "\"usage\":" + usage + "}");
	}

}
