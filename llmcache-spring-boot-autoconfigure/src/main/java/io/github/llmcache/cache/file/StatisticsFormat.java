package io.github.llmcache.cache.file;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.StoredCounters;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Writes what has been counted of a model as the content of a file, and reads it. The
 * same counters are the same bytes.
 */
final class StatisticsFormat {

	/** The version that is written, and the only one that is read. */
	static final int VERSION = 1;

	private static final String VERSION_NAME = "llmcacheStatistics";

	private static final String MODEL = "model";

	private static final String DAYS = "days";

	private static final String NAMESPACES = "namespaces";

	private static final String NAMESPACE = "namespace";

	private StatisticsFormat() {
	}

	static byte[] write(Counted counted) {
		JsonWriter json = new JsonWriter();
		json.open('{');
		json.number(VERSION_NAME, VERSION);
		json.string(MODEL, counted.model());
		writeDays(json, counted.namespaces().getOrDefault("", Collections.emptySortedMap()));
		if (counted.namespaces().keySet().stream().anyMatch((namespace) -> !namespace.isEmpty())) {
			json.name(NAMESPACES).open('[');
			counted.namespaces().forEach((namespace, days) -> {
				if (!namespace.isEmpty()) {
					json.element().open('{');
					json.string(NAMESPACE, namespace);
					writeDays(json, days);
					json.close('}');
				}
			});
			json.close(']');
		}
		json.close('}');
		return json.toString().getBytes(StandardCharsets.UTF_8);
	}

	private static void writeDays(JsonWriter json, SortedMap<LocalDate, ModelStatistics> days) {
		json.name(DAYS).open('{');
		days.forEach((day, counters) -> {
			json.name(day.toString()).open('{');
			StoredCounters.toMap(counters).forEach((name, count) -> {
				if (count != 0) {
					json.number(name, count);
				}
			});
			json.close('}');
		});
		json.close('}');
	}

	/**
	 * Read what has been counted.
	 * @param bytes the content of a file
	 * @return what has been counted
	 * @throws UnreadableEntryException if the content is anything else. The message says
	 * nothing of it
	 */
	static Counted read(byte[] bytes) throws UnreadableEntryException {
		char[] text = new String(bytes, StandardCharsets.UTF_8).toCharArray();
		try (JsonParser parser = JsonFormat.parser(text)) {
			return read(parser);
		}
		catch (JacksonException | DateTimeException ex) {
			// Their messages show what has been read
			throw new UnreadableEntryException("holds no statistics that can be read", null);
		}
	}

	private static Counted read(JsonParser parser) throws UnreadableEntryException {
		long version = 0;
		String model = null;
		Counted counted = new Counted("", new TreeMap<>());
		expect(parser.nextToken(), JsonToken.START_OBJECT);
		while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
			switch (nextValue(parser)) {
				case VERSION_NAME -> version = parser.getLongValue();
				case MODEL -> {
					expect(parser.currentToken(), JsonToken.VALUE_STRING);
					model = parser.getString();
				}
				case DAYS -> readDays(parser, counted.days(""));
				case NAMESPACES -> readNamespaces(parser, counted);
				default -> parser.skipChildren();
			}
		}
		if (version != VERSION || model == null || parser.nextToken() != null) {
			throw new UnreadableEntryException("holds no statistics of format " + VERSION, null);
		}
		return new Counted(model, counted.namespaces());
	}

	private static void readNamespaces(JsonParser parser, Counted counted) throws UnreadableEntryException {
		expect(parser.currentToken(), JsonToken.START_ARRAY);
		while (parser.nextToken() == JsonToken.START_OBJECT) {
			String namespace = null;
			SortedMap<LocalDate, ModelStatistics> days = new TreeMap<>();
			while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
				switch (nextValue(parser)) {
					case NAMESPACE -> {
						expect(parser.currentToken(), JsonToken.VALUE_STRING);
						namespace = parser.getString();
					}
					case DAYS -> readDays(parser, days);
					default -> parser.skipChildren();
				}
			}
			if (namespace == null) {
				throw new UnreadableEntryException("holds no statistics of format " + VERSION, null);
			}
			SortedMap<LocalDate, ModelStatistics> sums = counted.days(namespace);
			days.forEach((day, counters) -> sums.merge(day, counters, ModelStatistics::plus));
		}
		expect(parser.currentToken(), JsonToken.END_ARRAY);
	}

	private static void readDays(JsonParser parser, SortedMap<LocalDate, ModelStatistics> days)
			throws UnreadableEntryException {
		expect(parser.currentToken(), JsonToken.START_OBJECT);
		while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
			LocalDate day = LocalDate.parse(nextValue(parser));
			Map<String, Long> counters = new HashMap<>();
			expect(parser.currentToken(), JsonToken.START_OBJECT);
			while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
				String name = nextValue(parser);
				expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT);
				counters.put(name, parser.getLongValue());
			}
			days.merge(day, StoredCounters.of(counters), ModelStatistics::plus);
		}
	}

	private static String nextValue(JsonParser parser) {
		String name = Objects.requireNonNull(parser.currentName());
		parser.nextToken();
		return name;
	}

	private static void expect(@Nullable JsonToken token, JsonToken expected) throws UnreadableEntryException {
		if (token != expected) {
			throw new UnreadableEntryException("holds no statistics of format " + VERSION, null);
		}
	}

	/**
	 * What has been counted of a model.
	 *
	 * @param model the model's id
	 * @param namespaces the counters by the namespace and the day in UTC
	 */
	record Counted(String model, SortedMap<String, SortedMap<LocalDate, ModelStatistics>> namespaces) {

		/**
		 * Return the counters of a namespace, to be changed.
		 */
		SortedMap<LocalDate, ModelStatistics> days(String namespace) {
			return this.namespaces.computeIfAbsent(namespace, (unknown) -> new TreeMap<>());
		}

		/**
		 * Return the same sums in fewer parts. What is of the namespace without a name
		 * stays as it is.
		 */
		Counted fold(UnaryOperator<String> namespaces, UnaryOperator<LocalDate> days) {
			Counted folded = new Counted(this.model, new TreeMap<>());
			this.namespaces.forEach((namespace, ofNamespace) -> ofNamespace.forEach((day, counters) -> {
				boolean named = !namespace.isEmpty();
				folded.days(named ? namespaces.apply(namespace) : namespace)
					.merge(named ? days.apply(day) : day, counters, ModelStatistics::plus);
			}));
			return folded;
		}

	}

}
