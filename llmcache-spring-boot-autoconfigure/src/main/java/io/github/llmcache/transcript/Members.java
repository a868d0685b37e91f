package io.github.llmcache.transcript;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The members of a JSON object, of which those are taken that somebody understands: what
 * is left can be shown as it is. Used by one thread.
 */
final class Members {

	private final Map<String, JsonNode> left = new LinkedHashMap<>();

	Members(JsonNode object) {
		object.forEachEntry(this.left::put);
	}

	/**
	 * Take a member if it is a string.
	 * @param name the name
	 * @return the string, or {@code null}
	 */
	@Nullable String string(String name) {
		JsonNode value = this.left.get(name);
		if (value == null || !value.isString()) {
			return null;
		}
		this.left.remove(name);
		return value.stringValue();
	}

	String stringOrEmpty(String name) {
		String value = string(name);
		return (value != null) ? value : "";
	}

	@Nullable JsonNode array(String name) {
		JsonNode value = this.left.get(name);
		return (value != null && value.isArray()) ? this.left.remove(name) : null;
	}

	@Nullable Members object(String name) {
		JsonNode value = this.left.get(name);
		if (value == null || !value.isObject()) {
			return null;
		}
		this.left.remove(name);
		return new Members(value);
	}

	@Nullable JsonNode any(String name) {
		return this.left.remove(name);
	}

	boolean isTrue(String name) {
		JsonNode value = this.left.get(name);
		return value != null && value.isBoolean() && value.booleanValue() && this.left.remove(name) != null;
	}

	boolean has(String name) {
		return this.left.containsKey(name);
	}

	/**
	 * Leave out what says nothing to people, such as an id or a signature.
	 */
	void ignore(String... names) {
		for (String name : names) {
			this.left.remove(name);
		}
	}

	/**
	 * Put what another object has left back, below its name.
	 */
	void giveBack(String name, Members object) {
		object.left.forEach((member, value) -> this.left.put(name + "." + member, value));
	}

	/**
	 * Return what nobody has taken, but for what is empty.
	 * @return the values by their names
	 */
	Map<String, JsonNode> rest() {
		Map<String, JsonNode> rest = new LinkedHashMap<>(this.left);
		rest.values().removeIf((value) -> value.isNull() || value.isContainer() && value.isEmpty());
		return rest;
	}

	/**
	 * Take all that is left, and return it after a text.
	 */
	String withRest(String text) {
		List<String> lines = new ArrayList<>();
		if (!text.isEmpty()) {
			lines.add(text);
		}
		rest().forEach((name, value) -> lines.add("[" + name + ": " + WireText.of(value) + "]"));
		this.left.clear();
		return String.join("\n", lines);
	}

}
