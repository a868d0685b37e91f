package io.github.llmcache.provider;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Creates objects and arrays that take little memory as long as they are small.
 */
final class WireNodes extends JsonNodeFactory {

	private static final long serialVersionUID = 1L;

	private static final int ARRAY_CAPACITY = 2;

	@Override
	public ObjectNode objectNode() {
		return new ObjectNode(this, new ObjectMembers());
	}

	@Override
	public ArrayNode arrayNode() {
		return arrayNode(ARRAY_CAPACITY);
	}

}
