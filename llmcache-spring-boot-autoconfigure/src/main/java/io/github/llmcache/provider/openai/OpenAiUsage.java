package io.github.llmcache.provider.openai;

import java.math.BigDecimal;

import io.github.llmcache.Usage;
import io.github.llmcache.provider.WireJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the usage of a call.
 */
final class OpenAiUsage {

	private OpenAiUsage() {
	}

	/**
	 * Read the usage of a chat completion or a completion.
	 */
	static @Nullable Usage read(JsonNode usage) {
		Long input = WireJson.count(usage.path("prompt_tokens"));
		Long output = WireJson.count(usage.path("completion_tokens"));
		// A call takes at least one token: none at all means that nobody has counted
		if (input == null || output == null || input + output == 0) {
			return null;
		}
		JsonNode inputDetails = usage.path("prompt_tokens_details");
		long cached = count(inputDetails.path("cached_tokens"), usage.path("prompt_cache_hit_tokens"), input);
		long written = count(inputDetails.path("cache_write_tokens"), input - cached);
		JsonNode reasoningTokens = usage.path("completion_tokens_details").path("reasoning_tokens");
		long answer = output + notCounted(usage, input, output, reasoningTokens);
		return new Usage(input, answer, cached, written, 0, count(reasoningTokens, answer));
	}

	/**
	 * Read the usage of a response with output items.
	 */
	static @Nullable Usage readResponses(JsonNode usage) {
		Long input = WireJson.count(usage.path("input_tokens"));
		Long output = WireJson.count(usage.path("output_tokens"));
		if (input == null || output == null || input + output == 0) {
			return null;
		}
		JsonNode inputDetails = usage.path("input_tokens_details");
		long cached = count(inputDetails.path("cached_tokens"), input);
		long written = count(inputDetails.path("cache_write_tokens"), input - cached);
		return new Usage(input, output, cached, written, 0,
				count(usage.path("output_tokens_details").path("reasoning_tokens"), output));
	}

	/**
	 * Return the reasoning that is not in the output, as with xAI, whose total alone
	 * counts it.
	 */
	private static long notCounted(JsonNode usage, long input, long output, JsonNode reasoningTokens) {
		Long reasoning = WireJson.count(reasoningTokens);
		Long total = WireJson.count(usage.path("total_tokens"));
		return (reasoning != null && total != null && total == input + output + reasoning) ? reasoning : 0;
	}

	private static long count(JsonNode node, JsonNode otherwise, long whole) {
		return count((WireJson.count(node) != null) ? node : otherwise, whole);
	}

	/**
	 * Return a part, which is never more than its whole: costs are calculated with the
	 * rest.
	 */
	private static long count(JsonNode node, long whole) {
		Long count = WireJson.count(node);
		return (count != null) ? Math.min(count, whole) : 0;
	}

	/**
	 * Return the costs in US dollars, which OpenRouter reports.
	 */
	static @Nullable BigDecimal cost(JsonNode usage) {
		BigDecimal cost = WireJson.decimal(usage.path("cost"));
		return (cost != null && cost.signum() >= 0) ? cost : null;
	}

	/**
	 * The tier is that of the standard price unless it is named otherwise.
	 */
	static @Nullable String serviceTier(JsonNode response) {
		String tier = WireJson.string(response.path("service_tier"));
		if (tier == null) {
			return null;
		}
		return switch (tier) {
			case "", "auto", "default", "standard" -> null;
			default -> tier;
		};
	}

}
