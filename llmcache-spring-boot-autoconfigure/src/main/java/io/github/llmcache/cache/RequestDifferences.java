package io.github.llmcache.cache;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.github.llmcache.MissExplanation.Difference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.StringNode;

/**
 * Finds what differs between the request of an entry and another one. What the key takes
 * for equal is equal: numbers of the same value, members in another order, and no member
 * of the body and one that is null. Used by one thread.
 */
final class RequestDifferences {

	/** The most differences that are told. */
	static final int MOST = 20;

	/**
	 * The most differences that are looked for, to tell what is near from what is not.
	 */
	private static final int MOST_COUNTED = 10_000;

	/** What a difference counts for besides its length. */
	private static final int WEIGHT = 10;

	private static final int LONGEST_POINTER = 200;

	private static final int LONGEST_NUMBER = 40;

	private final Deque<String> path = new ArrayDeque<>();

	private final List<Difference> differences = new ArrayList<>();

	private int count;

	private long size;

	private RequestDifferences() {
	}

	/**
	 * Compare a request with that of an entry.
	 * @param stored the request of the entry as {@link RequestJson} writes it
	 * @param requested the other request
	 * @return what differs
	 */
	static RequestDifferences between(JsonNode stored, CacheRequest requested) {
		RequestDifferences differences = new RequestDifferences();
		differences.compareMember("namespace", stored.path("namespace"), StringNode.valueOf(requested.namespace()));
		differences.compareMember("endpoint", stored.path("endpoint"), StringNode.valueOf(requested.endpoint()));
		differences.compareMember("operation", stored.path("operation"), StringNode.valueOf(requested.operation()));
		differences.compareBodies(stored.path("body"), requested.body());
		return differences;
	}

	/**
	 * Return what differs.
	 * @return no more than {@value #MOST} differences, in the order of the members
	 */
	List<Difference> list() {
		return List.copyOf(this.differences);
	}

	/**
	 * Return how much differs, for comparison with others: the number of differences, and
	 * how much text they are about.
	 */
	long size() {
		return this.size;
	}

	private void compareBodies(JsonNode stored, JsonNode requested) {
		this.path.addLast("body");
		if (stored.isObject()) {
			for (String name : names(stored, requested)) {
				compareMember(name, absentIfNull(stored.path(name)), absentIfNull(requested.path(name)));
			}
		}
		else {
			add(stored, requested);
		}
		this.path.removeLast();
	}

	private static JsonNode absentIfNull(JsonNode member) {
		return member.isNull() ? MissingNode.getInstance() : member;
	}

	private static Set<String> names(JsonNode stored, JsonNode requested) {
		Set<String> names = new LinkedHashSet<>(requested.propertyNames());
		names.addAll(stored.propertyNames());
		return names;
	}

	private void compareMember(String name, JsonNode stored, JsonNode requested) {
		this.path.addLast(name);
		compare(stored, requested);
		this.path.removeLast();
	}

	private void compare(JsonNode stored, JsonNode requested) {
		if (this.count >= MOST_COUNTED) {
			return;
		}
		if (stored.isObject() && requested.isObject()) {
			for (String name : names(stored, requested)) {
				compareMember(name, stored.path(name), requested.path(name));
			}
		}
		else if (stored.isArray() && requested.isArray()) {
			compareArrays(stored, requested);
		}
		else if (stored.isString() && requested.isString()) {
			compareTexts(stored.stringValue(), requested.stringValue());
		}
		else if (!isSameValue(stored, requested)) {
			add(stored, requested);
		}
	}

	/**
	 * Leave out what is equal at both ends, for an element may have been inserted.
	 */
	private void compareArrays(JsonNode stored, JsonNode requested) {
		int shorter = Math.min(stored.size(), requested.size());
		int from = 0;
		int trailing = 0;
		if (stored.size() != requested.size()) {
			while (from < shorter && isSame(stored.get(from), requested.get(from))) {
				from++;
			}
			while (trailing < shorter - from && isSame(stored.get(stored.size() - 1 - trailing),
					requested.get(requested.size() - 1 - trailing))) {
				trailing++;
			}
			if (from + trailing < shorter) {
				add(stored.size() + " / " + requested.size() + " elements", JsonExcerpt.of(stored),
						JsonExcerpt.of(requested), 0);
			}
		}
		int storedEnd = stored.size() - trailing;
		int requestedEnd = requested.size() - trailing;
		for (int i = from; i < Math.max(storedEnd, requestedEnd); i++) {
			compareMember(String.valueOf(i), (i < storedEnd) ? stored.get(i) : MissingNode.getInstance(),
					(i < requestedEnd) ? requested.get(i) : MissingNode.getInstance());
		}
	}

	private void compareTexts(String stored, String requested) {
		int shorter = Math.min(stored.length(), requested.length());
		int first = 0;
		while (first < shorter && stored.charAt(first) == requested.charAt(first)) {
			first++;
		}
		if (first == stored.length() && first == requested.length()) {
			return;
		}
		int trailing = 0;
		while (trailing < shorter - first && stored.charAt(stored.length() - 1 - trailing) == requested
			.charAt(requested.length() - 1 - trailing)) {
			trailing++;
		}
		add("first difference at character " + (first + 1) + " (" + stored.length() + " / " + requested.length()
				+ " characters)", JsonExcerpt.of(stored, first), JsonExcerpt.of(requested, first),
				Math.max(stored.length(), requested.length()) - first - trailing);
	}

	private void add(JsonNode stored, JsonNode requested) {
		add(describe(stored) + " / " + describe(requested), excerpt(stored), excerpt(requested),
				Math.max(length(stored, 0), length(requested, 0)));
	}

	private void add(String description, @Nullable String stored, @Nullable String requested, long length) {
		this.count++;
		this.size += WEIGHT + length;
		if (this.differences.size() < MOST) {
			this.differences.add(new Difference(pointer(), description, stored, requested));
		}
	}

	private String pointer() {
		StringBuilder pointer = new StringBuilder();
		for (String name : this.path) {
			pointer.append('/').append(name.replace("~", "~0").replace("/", "~1"));
			if (pointer.length() > LONGEST_POINTER) {
				break;
			}
		}
		return PlainText.of(pointer, LONGEST_POINTER);
	}

	private static @Nullable String excerpt(JsonNode value) {
		return value.isMissingNode() ? null : JsonExcerpt.of(value);
	}

	/**
	 * Describe a value without any text.
	 */
	private static String describe(JsonNode value) {
		return switch (value.getNodeType()) {
			case MISSING -> "absent";
			case STRING -> "text of " + count(value.stringValue().length(), "character");
			case ARRAY -> "array of " + count(value.size(), "element");
			case OBJECT -> "object of " + count(value.size(), "member");
			default -> PlainText.of(value.toString(), LONGEST_NUMBER);
		};
	}

	private static String count(int count, String what) {
		return count + " " + what + ((count != 1) ? "s" : "");
	}

	/**
	 * Return about how long a value is, as far as it is worth finding out.
	 */
	private static long length(JsonNode value, long before) {
		long length = before + 1;
		if (value.isString()) {
			return length + value.stringValue().length();
		}
		if (length < MOST_COUNTED) {
			for (JsonNode child : value) {
				length = length(child, length);
				if (length >= MOST_COUNTED) {
					break;
				}
			}
		}
		return length;
	}

	private static boolean isSame(JsonNode one, JsonNode other) {
		if (one.isObject() && other.isObject()) {
			return one.size() == other.size() && one.properties()
				.stream()
				.allMatch((member) -> isSame(member.getValue(), other.path(member.getKey())));
		}
		if (one.isArray() && other.isArray()) {
			if (one.size() != other.size()) {
				return false;
			}
			for (int i = 0; i < one.size(); i++) {
				if (!isSame(one.get(i), other.get(i))) {
					return false;
				}
			}
			return true;
		}
		return isSameValue(one, other);
	}

	private static boolean isSameValue(JsonNode one, JsonNode other) {
		if (one.isNumber() && other.isNumber()) {
			return number(one).compareTo(number(other)) == 0;
		}
		return one.equals(other);
	}

	private static BigDecimal number(JsonNode number) {
		return number.isFloatingPointNumber() ? number.decimalValue() : new BigDecimal(number.bigIntegerValue());
	}

}
