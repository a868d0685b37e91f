package io.github.llmcache.cli.safetytooling;

import java.util.List;

import tools.jackson.databind.JsonNode;

/**
 * Reads lists of texts.
 */
final class Texts {

	private Texts() {
	}

	static List<String> of(JsonNode array) {
		if (!array.isArray() || array.isEmpty() || !array.values().stream().allMatch(JsonNode::isString)) {
			throw SourceJson.wrong("texts");
		}
		return array.values().stream().map(JsonNode::stringValue).toList();
	}

}
