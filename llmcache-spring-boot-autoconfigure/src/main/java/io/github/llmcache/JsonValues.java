package io.github.llmcache;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Deep, immutable copies of values that can be written as JSON.
 */
final class JsonValues {

	private JsonValues() {
	}

	static Map<String, @Nullable Object> copyObject(Map<?, ?> object) {
		Map<String, @Nullable Object> copy = new LinkedHashMap<>();
		object.forEach((name, value) -> {
			if (!(name instanceof String string)) {
				throw new IllegalArgumentException("JSON objects have strings as names, not " + describe(name));
			}
			copy.put(string, copy(value));
		});
		return Collections.unmodifiableMap(copy);
	}

	static @Nullable Object copy(@Nullable Object value) {
		if (value == null || value instanceof Boolean || value instanceof String || value instanceof RawJson) {
			return value;
		}
		if (value instanceof Number number) {
			return copyNumber(number);
		}
		if (value instanceof Map<?, ?> map) {
			return copyObject(map);
		}
		if (value instanceof List<?> list) {
			List<@Nullable Object> copy = new ArrayList<>(list.size());
			list.forEach((element) -> copy.add(copy(element)));
			return Collections.unmodifiableList(copy);
		}
		throw new IllegalArgumentException(
				"A parameter is null, a Boolean, Number, String, List, Map or RawJson, not " + describe(value));
	}

	private static Number copyNumber(Number number) {
		if (number instanceof Double || number instanceof Float) {
			if (!Double.isFinite(number.doubleValue())) {
				throw new IllegalArgumentException("JSON has no number " + number);
			}
			return number;
		}
		if (number instanceof Integer || number instanceof Long || number instanceof Short || number instanceof Byte
				|| number instanceof BigDecimal || number instanceof BigInteger) {
			return number;
		}
		throw new IllegalArgumentException("A number is of a type of java.lang or java.math, not " + describe(number));
	}

	private static String describe(@Nullable Object value) {
		return (value != null) ? value.getClass().getName() : "null";
	}

}
