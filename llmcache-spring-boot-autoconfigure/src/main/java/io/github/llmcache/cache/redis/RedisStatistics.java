package io.github.llmcache.cache.redis;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.StoreFailures;
import io.github.llmcache.cache.StoredCounters;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what has been counted in a hash for each model, with a field for each day and
 * counter, to which all nodes add. A set holds the models, so that nobody has to look for
 * them. Thread-safe.
 */
final class RedisStatistics {

	private static final char SEPARATOR = ':';

	private final RedisAccess access;

	private final RedisKeys keys;

	RedisStatistics(RedisAccess access, RedisKeys keys) {
		this.access = access;
		this.keys = keys;
	}

	/**
	 * Add to what has been counted.
	 * @param counted what has been counted since
	 */
	void add(Collection<DailyStatistics> counted) {
		Map<String, Map<String, Long>> byModel = new HashMap<>();
		for (DailyStatistics one : counted) {
			Map<String, Long> fields = byModel.computeIfAbsent(one.model(), (model) -> new TreeMap<>());
			StoredCounters.toMap(one.counters()).forEach((name, count) -> {
				if (count > 0) {
					fields.merge(one.day().toString() + SEPARATOR + name, count, Long::sum);
				}
			});
		}
		byModel.values().removeIf(Map::isEmpty);
		if (byModel.isEmpty()) {
			return;
		}
		byte[][] models = byModel.keySet().stream().map(RedisText::encode).toArray(byte[][]::new);
		this.access.use((commands, replies) -> {
			// First, for what is counted of a model that is not in it cannot be found
			replies.await(commands.sadd(this.keys.models(), models));
			List<RedisFuture<Long>> added = new ArrayList<>();
			byModel.forEach((model, fields) -> added.add(commands.eval(Scripts.COUNT, ScriptOutputType.INTEGER,
					new byte[][] { this.keys.statistics(model) }, arguments(fields))));
			return replies.awaitAll(added);
		});
	}

	private static byte[][] arguments(Map<String, Long> fields) {
		List<byte[]> arguments = new ArrayList<>();
		fields.forEach((field, count) -> {
			arguments.add(field.getBytes(StandardCharsets.US_ASCII));
			arguments.add(Scripts.argument(count));
		});
		return arguments.toArray(byte[][]::new);
	}

	List<DailyStatistics> all() {
		List<DailyStatistics> all = new ArrayList<>();
		this.access.use((commands, replies) -> {
			StoreFailures refused = new StoreFailures();
			List<String> models = new ArrayList<>();
			for (Set<byte[]> names : replies.awaitEach(List.of(commands.smembers(this.keys.models())), refused)) {
				models.addAll(decode(names));
			}
			List<@Nullable Map<byte[], byte[]>> hashes = replies.awaitEach(
					models.stream().map((model) -> commands.hgetall(this.keys.statistics(model))).toList(), refused);
			RedisFailures.throwUnlessWrongType(refused);
			for (int i = 0; i < models.size(); i++) {
				all.addAll(read(models.get(i), hashes.get(i)));
			}
			return null;
		});
		return all;
	}

	private static List<String> decode(@Nullable Set<byte[]> names) {
		List<String> models = new ArrayList<>();
		if (names != null) {
			for (byte[] name : names) {
				try {
					models.add(RedisText.decode(ByteBuffer.wrap(name)));
				}
				catch (BufferUnderflowException | IllegalArgumentException ex) {
					// Whatever it is, this class has not written it
				}
			}
		}
		return models;
	}

	private static List<DailyStatistics> read(String model, @Nullable Map<byte[], byte[]> hash) {
		Map<LocalDate, Map<String, Long>> days = new TreeMap<>();
		if (hash != null) {
			hash.forEach((field, count) -> read(text(field), text(count), days));
		}
		return days.entrySet()
			.stream()
			.map((day) -> new DailyStatistics(model, day.getKey(), StoredCounters.of(day.getValue())))
			.toList();
	}

	private static void read(String field, String count, Map<LocalDate, Map<String, Long>> days) {
		int separator = field.indexOf(SEPARATOR);
		try {
			if (separator > 0) {
				long value = Long.parseLong(count);
				days.computeIfAbsent(LocalDate.parse(field.substring(0, separator)), (day) -> new HashMap<>())
					.put(field.substring(separator + 1), value);
			}
		}
		catch (DateTimeException | NumberFormatException ex) {
			// Whatever it is, this class has not written it
		}
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.US_ASCII);
	}

}
