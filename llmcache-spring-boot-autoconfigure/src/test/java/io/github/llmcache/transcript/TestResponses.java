package io.github.llmcache.transcript;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.FinishReason;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.RawBody;
import io.github.llmcache.Role;
import io.github.llmcache.Sample;
import io.github.llmcache.Tool;
import io.github.llmcache.Usage;

/**
 * A request and its response.
 */
final class TestResponses {

	static final InferenceRequest REQUEST = InferenceRequest.builder("org/model-1")
		.system("Be brief.")
		.user(new ContentPart.Text("What is this?"), new ContentPart.Image("image/png", "AAAA"))
		.temperature(0)
		.tools(Tool.of("look", "Looks at it", "{}"))
		.parameter("verbosity", "low")
		.build();

	private TestResponses() {
	}

	static InferenceResponse response(Source source, String... answers) {
		ChatMessage call = ChatMessage.assistant(new ContentPart.ToolCall("call_1", "look", "{\"at\":1}"));
		ChatMessage result = ChatMessage.of(Role.TOOL, new ContentPart.ToolResult("call_1", "a cat", false));
		List<Sample> samples = List.of(answers)
			.stream()
			.map((answer) -> new Sample(ChatMessage.assistant(answer), FinishReason.STOP, "stop", null))
			.toList();
		return new InferenceResponse("openai", "org/model-1", source, samples, Usage.of(1200, 30),
				new BigDecimal("0.0012"), BigDecimal.ZERO, RawBody.of("{}"), "req_1",
				Instant.parse("2026-11-22T10:20:30.456Z"), Duration.ofMillis(1500), Duration.ofMillis(1250),
				List.of(call, result));
	}

}
