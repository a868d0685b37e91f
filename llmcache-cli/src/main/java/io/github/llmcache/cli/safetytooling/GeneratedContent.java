package io.github.llmcache.cli.safetytooling;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the member {@code generated_content}: the messages of an answer, in the form of
 * their provider.
 */
final class GeneratedContent {

	private GeneratedContent() {
	}

	/**
	 * Return the content of the one message of the model.
	 * @param response the response
	 * @return the content, or {@code null} if there is no message
	 * @throws UnmappableException if there are more: the library has run tools in between
	 */
	static @Nullable JsonNode of(LibraryResponse response) {
		JsonNode messages = response.json().path("generated_content");
		if (!messages.isArray() || messages.isEmpty()) {
			return null;
		}
		if (messages.size() > 1 || !"assistant".equals(SourceJson.string(messages.path(0), "role"))) {
			throw new UnmappableException("the library has run tools before the answer");
		}
		return messages.path(0).path("content");
	}

}
