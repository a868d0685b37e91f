package io.github.llmcache.provider;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The members of an object as a provider documents them.
 *
 * @param required the members that have to be there
 * @param members all members, with what they have to be
 */
record DocumentedShape(List<String> required, Map<String, Predicate<JsonNode>> members) {

	static final Predicate<JsonNode> STRING = JsonNode::isString;

	static final Predicate<JsonNode> INTEGER = JsonNode::isIntegralNumber;

	static final Predicate<JsonNode> NUMBER = JsonNode::isNumber;

	static final Predicate<JsonNode> BOOLEAN = JsonNode::isBoolean;

	static final Predicate<JsonNode> OBJECT = JsonNode::isObject;

	static final Predicate<JsonNode> ARRAY = JsonNode::isArray;

	static Predicate<JsonNode> oneOf(String... values) {
		return (node) -> node.isString() && List.of(values).contains(node.stringValue());
	}

	static Predicate<JsonNode> arrayOf(Predicate<JsonNode> element) {
		return (node) -> node.isArray() && node.valueStream().allMatch(element);
	}

	/**
	 * Check an object.
	 * @param object the object
	 * @return what is wrong with it, or {@code null}
	 */
	@Nullable String problem(JsonNode object) {
		if (!object.isObject()) {
			return "Invalid type: expected an object";
		}
		for (String name : this.required) {
			if (!object.has(name)) {
				return "Missing required parameter: '" + name + "'";
			}
		}
		for (Map.Entry<String, JsonNode> member : object.properties()) {
			Predicate<JsonNode> expected = this.members.get(member.getKey());
			if (expected == null) {
				return "Unknown parameter: '" + member.getKey() + "'";
			}
			if (!expected.test(member.getValue())) {
				return "Invalid value: '" + member.getKey() + "'";
			}
		}
		return null;
	}

	boolean matches(JsonNode object) {
		return problem(object) == null;
	}

	/**
	 * Return a predicate of objects whose shape depends on their type.
	 * @param otherwise the type of objects that do not say theirs
	 * @param shapes the shapes by type
	 * @return the predicate
	 */
	static Predicate<JsonNode> byType(String otherwise, Map<String, DocumentedShape> shapes) {
		return (node) -> {
			DocumentedShape shape = shapes.get(node.path("type").asString(otherwise));
			return shape != null && shape.matches(node);
		};
	}

}
