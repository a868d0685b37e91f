package io.github.llmcache.provider.openai;

import java.util.List;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.FinishReason;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.ProviderUnavailableException;
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
 * Tests for the responses of {@link OpenAiCompletionsProtocol}.
 */
class OpenAiCompletionResponseTests extends ProtocolResponseContractTests {

	private static final String FULL = """
			{
			  "id": "cmpl-1", "object": "text_completion", "created": 1767225600, "model": "davinci-002",
			  "choices": [
			    {"text": " Two", "index": 1, "logprobs": null, "finish_reason": "length"},
			    {"text": " Paris é", "index": 0, "finish_reason": "stop", "logprobs":
			      {"tokens": [" Paris", " é"], "token_logprobs": [-0.10, -2], "text_offset": [24, 30],
			       "top_logprobs": [{" Paris": -0.10, " London": -3.5}, {" é": -2}]}}
			  ],
			  "usage": {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150,
			    "prompt_tokens_details": {"cached_tokens": 40}, "completion_tokens_details": {"reasoning_tokens": 0}},
			  "service_tier": "default", "system_fingerprint": "fp"
			}""";

	OpenAiCompletionResponseTests() {
		super(new OpenAiCompletionsProtocol());
	}

	@Override
	protected String fullAnswer() {
		return FULL;
	}

	@Override
	protected InferenceRequest nextTurn(ChatMessage answer) {
		return InferenceRequest.builder("m").none("?").none(answer.text()).build();
	}

	@Override
	protected String fullAnswerSentBack() {
		return "{\"prompt\":\"? Paris é\"}";
	}

	@Override
	protected String shortestAnswer(@Nullable String finishReason) {
		return "{\"choices\":[{\"text\":\"x\"" + ((finishReason != null) ? ",\"finish_reason\":" + finishReason : "")
				+ "}]}";
	}

	@Override
	protected List<String> errors() {
		return List.of("{\"error\":{\"message\":\"m\",\"type\":\"t\",\"code\":\"c\",\"param\":null}}");
	}

	@Test
	void everything() {
		ProviderAnswer answer = read(FULL);
		assertThat(answer.model()).isEqualTo("davinci-002");
		assertThat(answer.serviceTier()).isNull();
		assertThat(answer.usage()).isEqualTo(new Usage(100, 50, 40, 0, 0, 0));
		assertThat(answer.samples()).extracting(Sample::text).containsExactly(" Paris é", " Two");
		Sample sample = answer.samples().get(0);
		assertThat(sample.finishReason()).isEqualTo(FinishReason.STOP);
		assertThat(sample.message()).isEqualTo(ChatMessage.assistant(" Paris é"));
		assertThat(sample.logprobs())
			.isEqualTo(RawJson.of("{\"tokens\":[\" Paris\",\" é\"],\"token_logprobs\":[-0.10,-2],"
					+ "\"text_offset\":[24,30],\"top_logprobs\":[{\" Paris\":-0.10,\" London\":-3.5},{\" é\":-2}]}"));
		assertThat(answer.samples().get(1).logprobs()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "stop,STOP", "length,LENGTH", "content_filter,CONTENT_FILTER", "abort,ERROR", "something,OTHER" })
	void finishReasons(String finishReason, FinishReason expected) {
		finishesFor(finishReason, expected);
	}

	@Test
	void errorsInSuccess() {
		assertThat(failure("{\"error\":{\"code\":502}}")).isExactlyInstanceOf(ProviderUnavailableException.class);
		assertThat(failure("{\"choices\":[{\"text\":\"half an\",\"error\":{\"code\":502}}]}"))
			.isExactlyInstanceOf(ProviderUnavailableException.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"choices\":null}", "{\"choices\":[]}", "{\"choices\":{}}", "{\"choices\":[null]}",
			"{\"choices\":[{}]}", "{\"choices\":[{\"text\":null}]}", "{\"choices\":[{\"text\":[\"secret\"]}]}",
			"{\"choices\":[{\"message\":{\"content\":\"secret\"}}]}",
			"{\"choices\":[{\"text\":\"secret\",\"finish_reason\":7}]}" })
	void malformedAnswers(String body) {
		assertThat(malformed(body).getMessage()).contains("choices");
	}

}
