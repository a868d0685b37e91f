package io.github.llmcache.cache.redis;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.CacheStore.StoredAmount;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.EntryDetails;
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
	private static final int HEAD = 512;

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

	/**
	 * Find an entry with its request.
	 * @param key the key
	 * @return the entry, or {@code null} if there is none
	 */
	@Nullable StoredEntry find(CacheKey key) {
		List<StoredEntry> found = read(List.of(this.keys.entry(key)));
		return found.isEmpty() ? null : found.get(0);
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

	/**
	 * Go through the details of entries. Of all models, an entry is left out that does
	 * not say which one it is of.
	 * @param model the model whose entries are wanted, or {@code null} for all models
	 * @param action is given the details of each entry
	 */
	void inspect(@Nullable String model, Consumer<? super EntryDetails> action) {
		this.names.forEach(model, (page) -> {
			RequestPage requests = new RequestPage(this.access, page.stream().map(this.keys::requestOf).toList());
			List<@Nullable Measured> measured = measure(page);
			for (int i = 0; i < page.size(); i++) {
				Measured one = measured.get(i);
				CacheKey key = (one != null) ? key(one, model) : null;
				if (one != null && key != null) {
					action.accept(new RedisEntryDetails(key, one.bytes(), one.head(), requests, i));
				}
			}
		});
	}

	private @Nullable CacheKey key(Measured measured, @Nullable String model) {
		byte[] hash = Objects.requireNonNull(this.keys.keyHash(measured.name()));
		Head head = measured.head();
		if (head != null) {
			return CacheKey.of(head.model(), head.fingerprint(), hash);
		}
		// Nothing can be found by the fingerprint of what cannot be read
		return (model != null) ? CacheKey.of(model, ByteBuffer.wrap(hash).getLong(), hash) : null;
	}

	/**
	 * Count entries that no inspection of all models shows.
	 * @param page the names of entries
	 * @return how many of them do not say which model they are of
	 */
	long countWithoutModel(List<byte[]> page) {
		return measure(page).stream().filter((one) -> one != null && one.head() == null).count();
	}

	List<StoreSize> sizes() {
		Map<String, StoreSize> sizes = new HashMap<>();
		this.names.forEach(null, (page) -> forEachHead(page, (name, head, bytes) -> sizes.merge(head.model(),
				new StoreSize(head.model(), 1, bytes, head.costNanos()), (sum, one) -> new StoreSize(sum.model(),
						sum.entries() + 1, sum.bytes() + one.bytes(), sum.costNanos() + one.costNanos()))));
		return List.copyOf(sizes.values());
	}

	/**
	 * Measure how much there is of a model, without reading it.
	 * @param model the model's id
	 * @return how much
	 */
	StoredAmount amount(String model) {
		LongAdder entries = new LongAdder();
		LongAdder bytes = new LongAdder();
		this.names.forEach(model, (page) -> this.access.use((commands, replies) -> {
			List<RedisFuture<Long>> lengths = page.stream().map(commands::strlen).toList();
			List<RedisFuture<Long>> requestLengths = page.stream()
				.map((name) -> commands.strlen(this.keys.requestOf(name)))
				.toList();
			StoreFailures refused = new StoreFailures();
			List<@Nullable Long> entryBytes = replies.awaitEach(lengths, refused);
			List<@Nullable Long> requestBytes = replies.awaitEach(requestLengths, refused);
			RedisFailures.throwUnlessWrongType(refused);
			for (int i = 0; i < page.size(); i++) {
				Long length = entryBytes.get(i);
				Long request = requestBytes.get(i);
				if (length != null && length > 0) {
					entries.increment();
					bytes.add(length + ((request != null) ? request : 0));
				}
			}
			return null;
		}));
		return new StoredAmount(entries.sum(), bytes.sum());
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
			forEachHead(page, (name, head, bytes) -> {
				if (head.namespace().equals(namespace)) {
					names.add(name);
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

	private void forEachHead(List<byte[]> page, HeadAction action) {
		for (Measured measured : measure(page)) {
			Head head = (measured != null) ? measured.head() : null;
			if (measured != null && head != null) {
				action.run(measured.name(), head, measured.bytes());
			}
		}
	}

	/**
	 * Read how entries begin and what they take.
	 * @param page the names of the entries
	 * @return in the same order, {@code null} for what is not there or no entry
	 */
	private List<@Nullable Measured> measure(List<byte[]> page) {
		List<@Nullable Measured> measured = new ArrayList<>(page.size());
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
				if (beginning == null || bytes == null || bytes == 0) {
					measured.add(null);
					continue;
				}
				Head head = head(name, beginning);
				if (head == null && bytes > beginning.length && beginning.length == HEAD) {
					byte[] value = replies.await(commands.get(name));
					head = (value != null) ? head(name, value) : null;
				}
				Long request = requestBytes.get(i);
				measured.add(new Measured(name, head, bytes + ((request != null) ? request : 0)));
			}
			return null;
		});
		return measured;
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
	private record Measured(byte[] name, @Nullable Head head, long bytes) {
	}

	/**
	 * What is done with an entry of which it is known how it begins.
	 */
	@FunctionalInterface
	private interface HeadAction {

		void run(byte[] name, Head head, long bytes);

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
