package io.github.llmcache.cache.redis;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.StoreFailures;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.cache.redis.EntryValue.Head;
import io.lettuce.core.RedisFuture;
import org.jspecify.annotations.Nullable;

/**
 * What needs a look at all entries. Thread-safe.
 */
final class EntryScan {

	/** How many entries are read at once. */
	private static final int PORTION = 16;

	/** As much of an entry as holds its head, unless names are very long. */
	private static final int HEAD = 1024;

	private final RedisAccess access;

	private final RedisKeys keys;

	private final EntryCodec codec;

	private final EntryNames names;

	EntryScan(RedisAccess access, RedisKeys keys, EntryCodec codec) {
		this.access = access;
		this.keys = keys;
		this.codec = codec;
		this.names = new EntryNames(access, keys);
	}

	void forEach(@Nullable String model, Consumer<? super StoredEntry> action) {
		this.names.forEach(model, (page) -> {
			for (int from = 0; from < page.size(); from += PORTION) {
				read(page.subList(from, Math.min(page.size(), from + PORTION))).forEach(action);
			}
		});
	}

	private List<StoredEntry> read(List<byte[]> page) {
		List<StoredEntry> entries = new ArrayList<>(page.size());
		this.access.use((commands, replies) -> {
			List<RedisFuture<byte[]>> values = page.stream().map(commands::get).toList();
			List<RedisFuture<byte[]>> requests = page.stream()
				.map((name) -> commands.get(this.keys.requestOf(name)))
				.toList();
			StoreFailures refused = new StoreFailures();
			List<byte @Nullable []> entryValues = replies.awaitEach(values, refused);
			List<byte @Nullable []> requestValues = replies.awaitEach(requests, refused);
			RedisFailures.throwUnlessWrongType(refused);
			for (int i = 0; i < page.size(); i++) {
				byte[] value = entryValues.get(i);
				if (value != null) {
					entries.add(new Scanned(this.codec, this.keys.keyHash(page.get(i)), value, requestValues.get(i)));
				}
			}
			return null;
		});
		return entries;
	}

	List<StoreSize> sizes() {
		Map<String, StoreSize> sizes = new HashMap<>();
		this.names.forEach(null, (page) -> forEachHead(page, (measured) -> {
			Head head = measured.head();
			sizes.merge(head.model(), new StoreSize(head.model(), 1, measured.bytes(), head.costNanos()),
					(sum, one) -> new StoreSize(sum.model(), sum.entries() + 1, sum.bytes() + one.bytes(),
							sum.costNanos() + one.costNanos()));
		}));
		return List.copyOf(sizes.values());
	}

	long deleteModel(String model) {
		LongAdder deleted = new LongAdder();
		this.names.forEach(model, (page) -> deleted.add(delete(page)));
		return deleted.sum();
	}

	long deleteNamespace(String namespace) {
		LongAdder deleted = new LongAdder();
		this.names.forEach(null, (page) -> {
			List<byte[]> names = new ArrayList<>();
			forEachHead(page, (measured) -> {
				if (measured.head().namespace().equals(namespace)) {
					names.add(measured.name());
				}
			});
			deleted.add(delete(names));
		});
		return deleted.sum();
	}

	/**
	 * Delete entries with their requests.
	 * @param names the names of the entries
	 * @return how many of the entries there were
	 */
	long delete(List<byte[]> names) {
		LongAdder deleted = new LongAdder();
		this.access.use((commands, replies) -> {
			List<Future<Long>> entries = new ArrayList<>();
			List<Future<Long>> requests = new ArrayList<>();
			for (byte[] name : names) {
				entries.add(commands.unlink(name));
				requests.add(commands.unlink(this.keys.requestOf(name)));
			}
			for (Long count : replies.awaitAll(entries)) {
				deleted.add((count != null) ? count : 0);
			}
			replies.awaitAll(requests);
			return null;
		});
		return deleted.sum();
	}

	private void forEachHead(List<byte[]> page, Consumer<Measured> action) {
		List<Measured> measured = new ArrayList<>(page.size());
		this.access.use((commands, replies) -> {
			List<RedisFuture<byte[]>> heads = page.stream()
				.map((name) -> commands.getrange(name, 0, HEAD - 1))
				.toList();
			List<RedisFuture<Long>> lengths = page.stream().map(commands::strlen).toList();
			List<RedisFuture<Long>> requestLengths = page.stream()
				.map((name) -> commands.strlen(this.keys.requestOf(name)))
				.toList();
			StoreFailures refused = new StoreFailures();
			List<byte @Nullable []> beginnings = replies.awaitEach(heads, refused);
			List<@Nullable Long> entryBytes = replies.awaitEach(lengths, refused);
			List<@Nullable Long> requestBytes = replies.awaitEach(requestLengths, refused);
			RedisFailures.throwUnlessWrongType(refused);
			for (int i = 0; i < page.size(); i++) {
				byte[] name = page.get(i);
				byte[] beginning = beginnings.get(i);
				Long bytes = entryBytes.get(i);
				if (beginning != null && bytes != null && bytes > beginning.length && beginning.length == HEAD
						&& head(name, beginning) == null) {
					beginning = replies.await(commands.get(name));
				}
				Head head = (beginning != null) ? head(name, beginning) : null;
				if (head != null) {
					Long request = requestBytes.get(i);
					measured.add(new Measured(name, head,
							((bytes != null) ? bytes : 0) + ((request != null) ? request : 0)));
				}
			}
			return null;
		});
		measured.forEach(action);
	}

	/**
	 * Return how an entry begins, or {@code null} if it does not say so, and thus belongs
	 * to no model and no namespace.
	 */
	private @Nullable Head head(byte[] name, byte[] beginning) {
		byte[] hash = this.keys.keyHash(name);
		try {
			return (hash != null) ? Head.read(ByteBuffer.wrap(beginning), hash) : null;
		}
		catch (UnreadableEntryException ex) {
			return null;
		}
	}

	/**
	 * How an entry begins and what it takes.
	 */
	private record Measured(byte[] name, Head head, long bytes) {
	}

	/**
	 * An entry with its request.
	 */
	private record Scanned(EntryCodec codec, byte @Nullable [] keyHash, byte[] value,
			byte @Nullable [] request) implements StoredEntry {

		@Override
		public CacheEntry read() throws UnreadableEntryException {
			if (this.keyHash == null) {
				throw new UnreadableEntryException("The entry has no key", null);
			}
			Head head = Head.read(ByteBuffer.wrap(this.value), this.keyHash);
			CacheEntry entry = EntryValue.read(this.value, head.key(this.keyHash), this.codec);
			return (this.request != null) ? new CacheEntry(entry.key(), entry.namespace(), entry.responses(),
					entry.expiresAt(), RequestValue.read(this.request, this.codec)) : entry;
		}

	}

}
