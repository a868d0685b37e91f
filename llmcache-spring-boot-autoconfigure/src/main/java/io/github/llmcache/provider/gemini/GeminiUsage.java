package io.github.llmcache.provider.gemini;

import java.util.Locale;

import io.github.llmcache.Usage;
import io.github.llmcache.provider.WireJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the usage of a call. Gemini counts thoughts apart from the answer, and what its
 * own tools found apart from the prompt; what it read from its cache is in the prompt.
 */
final class GeminiUsage {

	private GeminiUsage() {
	}

	static @Nullable Usage read(JsonNode usage) {
		Long prompt = WireJson.count(usage.path("promptTokenCount"));
		Long found = count(usage.path("toolUsePromptTokenCount"));
		Long cached = count(usage.path("cachedContentTokenCount"));
		Long answer = count(usage.path("candidatesTokenCount"));
		Long thoughts = count(usage.path("thoughtsTokenCount"));
		if (prompt == null || found == null || cached == null || answer == null || thoughts == null) {
			return null;
		}
		long input = prompt + found;
		long output = answer + thoughts;
		// A call takes at least one token: none at all means that nobody has counted
		return (input + output != 0) ? new Usage(input, output, Math.min(cached, input), 0, 0, thoughts) : null;
	}

	/**
	 * Return a count, which is not sent if it is 0.
	 */
	private static @Nullable Long count(JsonNode node) {
		return WireJson.isAbsent(node) ? Long.valueOf(0) : WireJson.count(node);
	}

	/**
	 * Return the tier that is billed at another price than the standard one.
	 */
	static @Nullable String serviceTier(JsonNode usage) {
		String tier = WireJson.string(usage.path("serviceTier"));
		if (tier == null) {
			return null;
		}
		return switch (tier.toLowerCase(Locale.ROOT)) {
			case "", "unspecified", "default", "standard" -> null;
			default -> tier;
		};
	}

}
