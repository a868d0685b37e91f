package io.github.llmcache.provider.anthropic;

import io.github.llmcache.Usage;
import io.github.llmcache.provider.WireJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the usage of a call. Anthropic counts input that was read from or written to its
 * prompt cache apart from the rest of the input.
 */
final class AnthropicUsage {

	private AnthropicUsage() {
	}

	static @Nullable Usage read(JsonNode usage) {
		Long uncached = WireJson.count(usage.path("input_tokens"));
		Long output = WireJson.count(usage.path("output_tokens"));
		if (uncached == null || output == null) {
			return null;
		}
		long cached = count(usage.path("cache_read_input_tokens"));
		JsonNode creation = usage.path("cache_creation");
		long longWritten = count(creation.path("ephemeral_1h_input_tokens"));
		long written = Math.max(count(usage.path("cache_creation_input_tokens")),
				longWritten + count(creation.path("ephemeral_5m_input_tokens")));
		long input = uncached + cached + written;
		if (input + output == 0) {
			// A call takes at least one token: nobody has counted
			return null;
		}
		long reasoning = count(usage.path("output_tokens_details").path("thinking_tokens"));
		return new Usage(input, output, cached, written - longWritten, longWritten, Math.min(reasoning, output));
	}

	/**
	 * Return the tier that is billed at another price than the standard one; the fast
	 * mode is one, though it is told elsewhere.
	 */
	static @Nullable String serviceTier(JsonNode usage) {
		if ("fast".equals(WireJson.string(usage.path("speed")))) {
			return "fast";
		}
		String tier = WireJson.string(usage.path("service_tier"));
		return (tier == null || tier.isEmpty() || tier.equals("standard")) ? null : tier;
	}

	private static long count(JsonNode node) {
		Long count = WireJson.count(node);
		return (count != null) ? count : 0;
	}

}
