package io.github.llmcache.provider.openai;

import io.github.llmcache.Tool;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.WireJson;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes tools as OpenAI's functions.
 */
final class OpenAiFunction {

	private OpenAiFunction() {
	}

	/**
	 * Write a tool.
	 * @param tool the tool
	 * @param path where in the request it is
	 * @param function what it is written to
	 * @param provider the provider
	 */
	static void write(Tool tool, String path, ObjectNode function, ProviderDefinition provider) {
		function.put("name", tool.name());
		if (tool.description() != null) {
			function.put("description", tool.description());
		}
		function.set("parameters", WireJson.readObject(tool.parameters(), path + ".parameters", provider));
		if (tool.strict() != null) {
			function.put("strict", tool.strict());
		}
	}

}
