package io.github.llmcache.cli.safetytooling;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.github.llmcache.provider.WireJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the body that a provider had sent, as far as the library has kept it. Whatever
 * else it has kept is in a member of our own, as it is.
 */
abstract class ResponseBodies {

	/** The name of the member of our own. */
	static final String IMPORTED = "llmcache_import";

	static final String SOURCE = "safety-tooling";

	static ResponseBodies of(String protocol) {
		return switch (protocol) {
			case "openai" -> new OpenAiChatBodies();
			case Providers.COMPLETIONS -> new OpenAiCompletionBodies();
			case "anthropic" -> new AnthropicBodies();
			case "gemini" -> new GeminiBodies();
			default -> throw new UnmappableException("its provider's protocol is not one that can be imported");
		};
	}

	/**
	 * Return whether one body can have several answers.
	 */
	boolean takesSeveral() {
		return false;
	}

	abstract ObjectNode body(List<LibraryResponse> responses);

	/**
	 * Write the body of one call.
	 * @param responses the responses of the call; one unless it {@link #takesSeveral()}
	 * @param params what was asked with
	 * @return the body
	 */
	byte[] write(List<LibraryResponse> responses, JsonNode params) {
		ObjectNode body = body(responses);
		ObjectNode imported = body.putObject(IMPORTED).put("source", SOURCE);
		imported.set("params", params);
		if (responses.size() == 1) {
			imported.set("response", responses.get(0).json());
		}
		else {
			ArrayNode all = imported.putArray("responses");
			responses.forEach((response) -> all.add(response.json()));
		}
		return WireJson.write(body).getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Copy a number of tokens.
	 */
	static void count(LibraryResponse response, String name, ObjectNode usage, String wireName) {
		Long count = WireJson.count(response.usage().path(name));
		if (count != null) {
			usage.put(wireName, count);
		}
	}

}
