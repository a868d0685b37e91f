package io.github.llmcache.cache.redis;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.StoreFailures;
import io.github.llmcache.cache.StoredCounters;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what has been counted in a hash for each model, with a field for each day,
 * counter and namespace, to which all nodes add. A set holds the models, so that nobody
 * has to look for them. Thread-safe.
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
		Map<String, Map<Field, Long>> byModel = new HashMap<>();
		for (DailyStatistics one : counted) {
			Map<Field, Long> fields = byModel.computeIfAbsent(one.model(), (model) -> new LinkedHashMap<>());
			StoredCounters.toMap(one.counters()).forEach((name, count) -> {
				if (count > 0) {
					fields.merge(new Field(one.namespace(), one.day(), name), count, Long::sum);
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
			addModels(models, commands, replies);
			List<RedisFuture<Long>> added = new ArrayList<>();
			byModel.forEach((model, fields) -> added.add(commands.eval(Scripts.COUNT, ScriptOutputType.INTEGER,
					once(this.keys.statistics(model)), arguments(fields))));
			return replies.awaitAll(added);
		});
	}

	/**
	 * Whatever else has the name of the set is replaced.
	 */
	private void addModels(byte[][] models, RedisClusterAsyncCommands<byte[], byte[]> commands, Replies replies) {
		try {
			replies.await(commands.sadd(this.keys.models(), models));
		}
		catch (CacheStoreException ex) {
			if (!RedisFailures.isWrongType(ex)) {
				throw ex;
			}
			replies.await(commands.unlink(this.keys.models()));
			replies.await(commands.sadd(this.keys.models(), models));
		}
	}

	private byte[][] once(byte[] statistics) {
		return new byte[][] { statistics, this.keys.once(statistics) };
	}

	private static byte[][] arguments(Map<Field, Long> fields) {
		List<byte[]> arguments = new ArrayList<>();
		arguments.add(Scripts.argument(Scripts.REMEMBERED.toMillis()));
		fields.forEach((field, count) -> {
			arguments.add(field.toBytes());
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
		Map<NamespaceDay, Map<String, Long>> days = new LinkedHashMap<>();
		if (hash != null) {
			hash.forEach((name, count) -> {
				Field field = Field.read(name);
				Long value = number(count);
				if (field != null && value != null) {
					days.computeIfAbsent(new NamespaceDay(field.namespace(), field.day()), (day) -> new HashMap<>())
						.put(field.counter(), value);
				}
			});
		}
		List<DailyStatistics> statistics = new ArrayList<>(days.size());
		days.forEach((day, counters) -> statistics
			.add(new DailyStatistics(day.namespace(), model, day.day(), StoredCounters.of(counters))));
		return statistics;
	}

	private static @Nullable Long number(byte[] count) {
		try {
			return Long.valueOf(new String(count, StandardCharsets.US_ASCII));
		}
		catch (NumberFormatException ex) {
			// Whatever it is, this class has not written it
			return null;
		}
	}

	private record NamespaceDay(String namespace, LocalDate day) {
	}

	/**
	 * What is counted in a field of a hash: {@code <day>:<counter>}, and after another
	 * colon the namespace, if it has a name.
	 */
	private record Field(String namespace, LocalDate day, String counter) {

		private byte[] toBytes() {
			byte[] ascii = (this.day.toString() + SEPARATOR + this.counter).getBytes(StandardCharsets.US_ASCII);
			if (this.namespace.isEmpty()) {
				return ascii;
			}
			byte[] name = RedisText.encode(this.namespace);
			return ByteBuffer.allocate(ascii.length + 1 + name.length)
				.put(ascii)
				.put((byte) SEPARATOR)
				.put(name)
				.array();
		}

		private static @Nullable Field read(byte[] bytes) {
			int counter = indexAfterSeparator(bytes, 0);
			int namespace = indexAfterSeparator(bytes, counter);
			try {
				LocalDate day = LocalDate.parse(ascii(bytes, 0, counter));
				if (namespace > bytes.length) {
					return new Field("", day, ascii(bytes, counter, namespace));
				}
				ByteBuffer name = ByteBuffer.wrap(bytes, namespace, bytes.length - namespace);
				Field field = new Field(RedisText.decode(name), day, ascii(bytes, counter, namespace));
				return name.hasRemaining() ? null : field;
			}
			catch (DateTimeException | BufferUnderflowException | IllegalArgumentException ex) {
				// Whatever it is, this class has not written it
				return null;
			}
		}

		private static int indexAfterSeparator(byte[] bytes, int from) {
			int index = from;
			while (index < bytes.length && bytes[index] != SEPARATOR) {
				index++;
			}
			return index + 1;
		}

		private static String ascii(byte[] bytes, int from, int end) {
			return new String(bytes, from, Math.max(0, end - 1 - from), StandardCharsets.US_ASCII);
		}

	}

}
