package io.github.llmcache.provider.gemini;

import java.util.Set;

import io.github.llmcache.provider.WireJson;
import tools.jackson.databind.JsonNode;

/**
 * What reading and writing the parts of the model's turns have to agree on.
 */
final class GeminiParts {

	static final String TEXT = "text";

	static final String THOUGHT = "thought";

	static final String SIGNATURE = "thoughtSignature";

	static final String FUNCTION_CALL = "functionCall";

	/**
	 * Kinds of parts that have no type of their own in a message: what the provider's own
	 * tools did, and what is not text.
	 */
	private static final Set<String> OTHER_KINDS = Set.of("inlineData", "fileData", "executableCode",
			"codeExecutionResult", "toolCall", "toolResponse");

	private static final String DERIVED_ID = "no-id-";

	private GeminiParts() {
	}

	/**
	 * Return whether a part is of a kind that is kept as it is.
	 */
	static boolean isOtherKind(JsonNode part) {
		return OTHER_KINDS.stream().anyMatch((kind) -> !WireJson.isAbsent(part.path(kind)));
	}

	/**
	 * Return whether a native block is nothing but the signature of the part after it.
	 */
	static boolean isSignatureAlone(JsonNode block) {
		return block.size() == 1 && block.path(SIGNATURE).isString();
	}

	/**
	 * Return whether a native block is a part of this protocol.
	 */
	static boolean isNativePart(JsonNode block) {
		return block.has(THOUGHT) || block.has(TEXT) && block.has(SIGNATURE) || isOtherKind(block);
	}

	/**
	 * Return an identifier for a call to which the model gave none, as those before
	 * Gemini 3 do. It depends on nothing but the place of the call in the answer.
	 * @param index the index of the part
	 */
	static String deriveId(int index) {
		return DERIVED_ID + index;
	}

	/**
	 * Return whether an identifier is one that the model knows.
	 */
	static boolean isModelsId(String id) {
		return !id.isEmpty() && !id.startsWith(DERIVED_ID);
	}

}
