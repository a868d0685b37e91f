package io.github.llmcache.provider.openai;

import io.github.llmcache.RawJson;
import io.github.llmcache.ResponseFormat;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.WireJson;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the JSON schema that a response is to follow.
 */
final class OpenAiSchema {

	private OpenAiSchema() {
	}

	/**
	 * Write the schema of a response format.
	 * @param format the format, which is one with a schema
	 * @param object what it is written to
	 * @param provider the provider
	 */
	static void write(ResponseFormat format, ObjectNode object, ProviderDefinition provider) {
		object.put("name", format.name());
		RawJson schema = format.schema();
		if (schema != null) {
			object.set("schema", WireJson.readObject(schema, "responseFormat.schema", provider));
		}
		if (format.strict() != null) {
			object.put("strict", format.strict());
		}
	}

}
