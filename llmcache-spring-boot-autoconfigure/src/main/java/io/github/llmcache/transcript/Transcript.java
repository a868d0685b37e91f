package io.github.llmcache.transcript;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.InferenceParameters;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.RawJson;
import io.github.llmcache.Role;
import io.github.llmcache.Sample;
import io.github.llmcache.Tool;
import io.github.llmcache.ToolCallback;
import io.github.llmcache.transcript.Section.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Puts a request and its response into words: all that was said, and images by their
 * sizes.
 */
final class Transcript {

	private final Sections sections = new Sections();

	private Transcript() {
	}

	static List<Section> of(InferenceRequest request, InferenceResponse response) {
		Transcript transcript = new Transcript();
		transcript.call(request, response);
		request.prompt().messages().forEach(transcript::message);
		response.exchange().forEach(transcript::message);
		List<Sample> samples = response.samples();
		for (int i = 0; i < samples.size(); i++) {
			transcript.sample(samples.get(i), (samples.size() > 1) ? " " + (request.samples().first() + i) : "");
		}
		return transcript.sections.toList();
	}

	private void call(InferenceRequest request, InferenceResponse response) {
		String heading = "%s from %s, %s at %s".formatted(response.model(), response.provider(),
				response.source().name().toLowerCase(Locale.ROOT), response.createdAt());
		List<String> lines = new ArrayList<>();
		parameters(request).forEach((name, value) -> lines.add(name + ": " + value));
		lines.add(String.format(Locale.ROOT, "tokens: %,d in, %,d out", response.usage().inputTokens(),
				response.usage().outputTokens()));
		lines.add("cost: " + dollars(response.cost()) + ", saved: " + dollars(response.savedCost()));
		lines.add("time: " + PartTexts.seconds(response.duration()) + ", at the provider: "
				+ PartTexts.seconds(response.providerDuration()));
		if (response.requestId() != null) {
			lines.add("request id: " + response.requestId());
		}
		this.sections.add(Kind.CALL, heading, String.join("\n", lines));
	}

	private static Map<String, Object> parameters(InferenceRequest request) {
		InferenceParameters parameters = request.parameters();
		Map<String, Object> values = new TreeMap<>();
		put(values, "temperature", parameters.temperature());
		put(values, "top p", parameters.topP());
		put(values, "max tokens", parameters.maxTokens());
		put(values, "stop", parameters.stop());
		put(values, "seed", parameters.seed());
		put(values, "top logprobs", parameters.topLogprobs());
		put(values, "logit bias", parameters.logitBias());
		put(values, "tools", tools(request));
		put(values, "tool choice", parameters.toolChoice());
		put(values, "response format", parameters.responseFormat());
		put(values, "reasoning", parameters.reasoning());
		parameters.additional()
			.forEach((name, value) -> put(values, name, (value instanceof RawJson json) ? json.text() : value));
		return values;
	}

	private static @Nullable String tools(InferenceRequest request) {
		List<Tool> tools = new ArrayList<>();
		if (request.parameters().tools() != null) {
			tools.addAll(request.parameters().tools());
		}
		if (request.toolUse() != null) {
			request.toolUse().callbacks().stream().map(ToolCallback::tool).forEach(tools::add);
		}
		return tools.isEmpty() ? null : tools.stream().map(Tool::name).collect(Collectors.joining(", "));
	}

	private static void put(Map<String, Object> values, String name, @Nullable Object value) {
		if (value != null) {
			values.put(name, value);
		}
	}

	private void message(ChatMessage message) {
		String role = message.role().name().toLowerCase(Locale.ROOT);
		this.sections.add(kind(message.role()), (message.name() != null) ? role + " " + message.name() : role,
				text(message.parts()));
	}

	private static Kind kind(Role role) {
		return switch (role) {
			case SYSTEM, DEVELOPER -> Kind.INSTRUCTIONS;
			case ASSISTANT -> Kind.ANSWER;
			case TOOL -> Kind.TOOL;
			default -> Kind.PROMPT;
		};
	}

	private void sample(Sample sample, String number) {
		this.sections.add(Kind.ANSWER, "answer" + number + ", " + sample.finishReason().name().toLowerCase(Locale.ROOT),
				text(sample.message().parts()));
	}

	private static String text(List<ContentPart> parts) {
		return parts.stream().map(Transcript::text).collect(Collectors.joining("\n"));
	}

	private static String text(ContentPart part) {
		if (part instanceof ContentPart.Text text) {
			return text.text();
		}
		if (part instanceof ContentPart.Image image) {
			return PartTexts.image(image.mediaType(), image.base64().length());
		}
		if (part instanceof ContentPart.ToolCall call) {
			return PartTexts.call(call.id(), call.name(), call.arguments());
		}
		if (part instanceof ContentPart.ToolResult result) {
			return PartTexts.result(result.toolCallId(), result.error(), result.content());
		}
		if (part instanceof ContentPart.Reasoning reasoning) {
			return PartTexts.reasoning(reasoning.text());
		}
		return part.toString();
	}

	private static String dollars(@Nullable BigDecimal dollars) {
		return (dollars != null) ? "$" + dollars.toPlainString() : "unknown";
	}

}
