package io.github.llmcache.cache;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NumericNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Two requests, the second of which says the first in other words or is another one, have
 * the same key exactly if they ask the same. So has a request that was stored as JSON.
 */
public final class KeyFuzzTarget {

	private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

	private static final CacheKeyHasher HASHER = new CacheKeyHasher();

	private KeyFuzzTarget() {
	}

	public static void fuzzerTestOneInput(byte[] input) throws UnreadableEntryException {
		FuzzData data = new FuzzData(input);
		CacheRequest first = new CacheRequest(data.string(), data.string(), data.string(), "m", data.object(), "a",
				HASHER);
		CacheRequest second = variant(first, data);
		boolean same = canonical(first).equals(canonical(second));
		check(first.key().matches(second.key().toBytes()) == same, "The hashes of different requests are equal", same);
		check(!same || first.key().fingerprint() == second.key().fingerprint(), "Fingerprints differ", same);
		check(first.asksTheSame(second) == same, "Requests are compared in another way than their keys", same);
		checkStored(first, same);
	}

	private static void checkStored(CacheRequest request, boolean same) throws UnreadableEntryException {
		if (hasLoneSurrogateName(request.body())) {
			// Jackson writes such a name, and reads it never again
			return;
		}
		CacheRequest stored = StoredRequest.parse(RequestRecord.of(request).json()).toRequest("m", "a", HASHER);
		check(stored.key().equals(request.key()), "A stored request has another key", same);
	}

	private static boolean hasLoneSurrogateName(JsonNode node) {
		for (String name : node.propertyNames()) {
			if (name.codePoints().anyMatch((point) -> point >= 0xD800 && point <= 0xDFFF)) {
				return true;
			}
		}
		return node.valueStream().anyMatch(KeyFuzzTarget::hasLoneSurrogateName);
	}

	private static void check(boolean condition, String message, boolean same) {
		if (!condition) {
			throw new IllegalStateException(message + " (same: " + same + ")");
		}
	}

	private static CacheRequest variant(CacheRequest request, FuzzData data) {
		String namespace = request.namespace();
		String endpoint = request.endpoint();
		String operation = request.operation();
		ObjectNode body = (ObjectNode) reworded(request.body(), new Random(data.next()));
		switch (data.next() % 8) {
			case 0 -> {
				// Nothing but other words
			}
			case 1 -> {
				String text = namespace + endpoint;
				int split = data.next(text.length() + 1);
				namespace = text.substring(0, split);
				endpoint = text.substring(split);
			}
			case 2 -> {
				String text = endpoint + operation;
				int split = data.next(text.length() + 1);
				endpoint = text.substring(0, split);
				operation = text.substring(split);
			}
			case 3 -> body.set(data.string(), data.node());
			case 4 -> body = data.object();
			default -> change(body, data);
		}
		return new CacheRequest(namespace, endpoint, operation, "m", body, "a", HASHER);
	}

	/**
	 * Say the same: with members in another order and numbers of another type.
	 */
	private static JsonNode reworded(JsonNode node, Random random) {
		if (node instanceof ObjectNode object) {
			List<String> names = new ArrayList<>(object.propertyNames());
			Collections.shuffle(names, random);
			ObjectNode copy = NODES.objectNode();
			names.forEach((name) -> copy.set(name, reworded(object.path(name), random)));
			return copy;
		}
		if (node instanceof ArrayNode array) {
			ArrayNode copy = NODES.arrayNode();
			array.forEach((element) -> copy.add(reworded(element, random)));
			return copy;
		}
		if (node instanceof NumericNode && random.nextBoolean()) {
			BigDecimal value = node.decimalValue();
			return NODES
				.numberNode(random.nextBoolean() ? value.stripTrailingZeros() : value.setScale(value.scale() + 3));
		}
		return node.isString() ? NODES.stringNode(new String(node.stringValue().toCharArray())) : node;
	}

	/**
	 * Change one value, wherever it is.
	 */
	private static void change(ObjectNode body, FuzzData data) {
		JsonNode parent = body;
		for (int depth = data.next() % 4; depth > 0; depth--) {
			JsonNode child = parent.isEmpty() ? parent : child(parent, data.next(parent.size()));
			parent = child.isContainer() ? child : parent;
		}
		if (parent.isEmpty()) {
			return;
		}
		int index = data.next(parent.size());
		JsonNode old = child(parent, index);
		JsonNode changed = changed(old, data);
		if (parent instanceof ArrayNode array) {
			array.set(index, changed);
		}
		else if (parent instanceof ObjectNode object) {
			object.set(new ArrayList<>(object.propertyNames()).get(index), changed);
		}
	}

	private static JsonNode child(JsonNode parent, int index) {
		return (parent instanceof ArrayNode) ? parent.get(index)
				: parent.path(new ArrayList<>(parent.propertyNames()).get(index));
	}

	private static JsonNode changed(JsonNode old, FuzzData data) {
		if (old.isString() && !old.stringValue().isEmpty() && data.next() % 4 != 0) {
			StringBuilder text = new StringBuilder(old.stringValue());
			int index = data.next(text.length());
			text.setCharAt(index, (char) (text.charAt(index) ^ 1 << data.next() % Character.SIZE));
			return NODES.stringNode(text.toString());
		}
		return switch (data.next() % 4) {
			case 0 -> NODES.arrayNode().add(old);
			case 1 -> NODES.stringNode(old.toString());
			case 2 -> NODES.nullNode();
			default -> data.node();
		};
	}

	private static List<Object> canonical(CacheRequest request) {
		ObjectNode body = request.body().deepCopy();
		request.body().forEachEntry((name, value) -> {
			if (value.isNull()) {
				body.remove(name);
			}
		});
		return List.of(request.namespace(), request.endpoint(), request.operation(), canonical(body));
	}

	private static Object canonical(JsonNode node) {
		if (node.isObject()) {
			Map<String, Object> members = new TreeMap<>();
			node.forEachEntry((name, value) -> members.put(name, canonical(value)));
			return members;
		}
		if (node.isArray()) {
			return node.valueStream().map(KeyFuzzTarget::canonical).toList();
		}
		if (node.isNumber()) {
			return node.decimalValue().stripTrailingZeros();
		}
		return node.isString() ? node.stringValue() : List.of(node.getNodeType(), node.toString());
	}

}
