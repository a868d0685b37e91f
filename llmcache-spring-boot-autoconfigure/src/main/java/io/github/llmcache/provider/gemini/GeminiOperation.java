package io.github.llmcache.provider.gemini;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderErrors;

/**
 * Names the operation that asks a model. Two models never have the same one, and no
 * model's id makes another operation of it.
 */
final class GeminiOperation {

	private static final String MODELS = "models/";

	private static final String TUNED_MODELS = "tunedModels/";

	private GeminiOperation() {
	}

	static String of(String model, ProviderDefinition provider) {
		String collection = model.startsWith(TUNED_MODELS) ? TUNED_MODELS : MODELS;
		String id = model.startsWith(collection) ? model.substring(collection.length()) : model;
		if (!isUsable(id)) {
			throw ProviderErrors.invalidRequest(provider, "the model's id cannot be part of a URL");
		}
		return collection + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20") + ":generateContent";
	}

	/**
	 * What stands between us and the provider may decode slashes and then go up the path;
	 * and lone surrogates are all the same to an encoder.
	 */
	private static boolean isUsable(String id) {
		for (String segment : id.split("[/\\\\]", -1)) {
			if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
				return false;
			}
		}
		return StandardCharsets.UTF_8.newEncoder().canEncode(id);
	}

}
