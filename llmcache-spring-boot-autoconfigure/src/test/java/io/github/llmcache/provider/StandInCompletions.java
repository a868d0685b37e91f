package io.github.llmcache.provider;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import static io.github.llmcache.provider.DocumentedShape.BOOLEAN;
import static io.github.llmcache.provider.DocumentedShape.INTEGER;
import static io.github.llmcache.provider.DocumentedShape.NUMBER;
import static io.github.llmcache.provider.DocumentedShape.OBJECT;
import static io.github.llmcache.provider.DocumentedShape.STRING;
import static io.github.llmcache.provider.DocumentedShape.arrayOf;
import static java.util.Map.entry;

/**
 * OpenAI's completions. The shape is that of {@code CompletionCreateParams} in OpenAI's
 * SDK for Python, 3.3.1.
 */
final class StandInCompletions implements StandInOperation {

	private static final DocumentedShape REQUEST = new DocumentedShape(List.of("model", "prompt"),
			Map.ofEntries(entry("model", STRING), entry("prompt", STRING), entry("best_of", INTEGER),
					entry("echo", BOOLEAN), entry("frequency_penalty", NUMBER), entry("logit_bias", OBJECT),
					entry("logprobs", INTEGER), entry("max_tokens", INTEGER), entry("n", INTEGER),
					entry("presence_penalty", NUMBER), entry("seed", INTEGER), entry("stop", arrayOf(STRING)),
					entry("suffix", STRING), entry("temperature", NUMBER), entry("top_p", NUMBER),
					entry("user", STRING)));

	@Override
	public @Nullable String problem(JsonNode body) {
		return REQUEST.problem(body);
	}

	@Override
	public ObjectNode answer(JsonNode body, String id, String text, boolean cut) {
		ObjectNode completion = StandInProvider.JSON.createObjectNode()
			.put("id", "cmpl-" + id)
			.put("object", "text_completion")
			.put("created", 1_750_000_000)
			.put("model", body.path("model").stringValue());
		ArrayNode choices = completion.putArray("choices");
		int n = body.path("n").asInt(1);
		for (int index = 0; index < n; index++) {
			choices.addObject()
				.put("text", (index == 0) ? text : text + " #" + index)
				.put("index", index)
				.putNull("logprobs")
				.put("finish_reason", cut ? "length" : "stop");
		}
		int tokens = n * text.split(" ").length;
		completion.putObject("usage")
			.put("prompt_tokens", 10)
			.put("completion_tokens", tokens)
			.put("total_tokens", 10 + tokens);
		return completion;
	}

}
