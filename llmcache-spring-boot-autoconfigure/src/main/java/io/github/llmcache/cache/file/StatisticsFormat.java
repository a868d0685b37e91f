package io.github.llmcache.cache.file;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

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

	private StatisticsFormat() {
	}

	static byte[] write(Counted counted) {
		JsonWriter json = new JsonWriter();
		json.open('{');
		json.number(VERSION_NAME, VERSION);
		json.string(MODEL, counted.model());
		json.name(DAYS).open('{');
		counted.days().forEach((day, counters) -> {
			json.name(day.toString()).open('{');
			StoredCounters.toMap(counters).forEach((name, count) -> {
				if (count != 0) {
					json.number(name, count);
				}
			});
			json.close('}');
		});
		json.close('}');
		json.close('}');
		return json.toString().getBytes(StandardCharsets.UTF_8);
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
		SortedMap<LocalDate, ModelStatistics> days = new TreeMap<>();
		expect(parser.nextToken(), JsonToken.START_OBJECT);
		while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
			switch (nextValue(parser)) {
				case VERSION_NAME -> version = parser.getLongValue();
				case MODEL -> {
					expect(parser.currentToken(), JsonToken.VALUE_STRING);
					model = parser.getString();
				}
				case DAYS -> readDays(parser, days);
				default -> parser.skipChildren();
			}
		}
		if (version != VERSION || model == null || parser.nextToken() != null) {
			throw new UnreadableEntryException("holds no statistics of format " + VERSION, null);
		}
		return new Counted(model, days);
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
	 * @param days the counters by the day in UTC
	 */
	record Counted(String model, SortedMap<LocalDate, ModelStatistics> days) {
	}

}
