package io.github.llmcache.cache.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.EntryLimit;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cache.StoreFailures;
import io.github.llmcache.cache.UnreadableEntryException;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.jspecify.annotations.Nullable;

/**
 * Stores entries, many at the same time. One that fails alone keeps no other from being
 * stored. Thread-safe.
 */
final class EntryWriter {

	private static final byte[] NOTHING = new byte[0];

	private static final long TOO_LARGE = 0;

	private static final long CHANGED = 2;

	private final RedisAccess access;

	private final RedisKeys keys;

	private final EntryCodec codec;

	private final InstantSource clock;

	private final boolean storeRequests;

	EntryWriter(RedisAccess access, RedisKeys keys, EntryCodec codec, RedisSettings settings, InstantSource clock) {
		this.access = access;
		this.keys = keys;
		this.codec = codec;
		this.clock = clock;
		this.storeRequests = settings.storeRequests();
	}

	/**
	 * Store entries, each replacing the one of its key.
	 * @param entries the entries
	 * @param failures is given what fails alone
	 * @return the keys of entries that there had been
	 */
	List<CacheKey> put(List<CacheEntry> entries, StoreFailures failures) {
		List<Encoded> encoded = encode(entries, failures);
		List<CacheKey> changed = new ArrayList<>();
		this.access.use((commands, replies) -> {
			List<RedisFuture<Long>> existed = new ArrayList<>();
			for (Encoded entry : encoded) {
				existed.add(commands.eval(Scripts.PUT, ScriptOutputType.INTEGER,
						new byte[][] { entry.name(), this.keys.requestOf(entry.name()) }, entry.value(),
						request(entry.entry()), millisLeft(entry.entry())));
			}
			List<@Nullable Long> found = replies.awaitEach(existed, failures);
			for (int i = 0; i < encoded.size(); i++) {
				Long count = found.get(i);
				if (count != null && count > 0) {
					changed.add(encoded.get(i).entry().key());
				}
			}
			return null;
		});
		return changed;
	}

	/**
	 * Add the responses of entries to those that are stored.
	 * @param entries the entries
	 * @param failures is given what fails alone
	 * @return the keys of entries that there had been
	 */
	List<CacheKey> append(List<CacheEntry> entries, StoreFailures failures) {
		List<Encoded> encoded = encode(entries, failures);
		List<CacheKey> changed = new ArrayList<>();
		this.access.use((commands, replies) -> {
			List<byte[]> unreadable = findUnreadable(encoded, commands, replies);
			List<RedisFuture<Long>> appended = new ArrayList<>();
			for (int i = 0; i < encoded.size(); i++) {
				appended.add(append(encoded.get(i), unreadable.get(i), commands));
			}
			List<@Nullable Long> results = replies.awaitEach(appended, failures);
			for (int i = 0; i < encoded.size(); i++) {
				Long result = results.get(i);
				if (result != null && result == TOO_LARGE) {
					failures.add(new CacheStoreException(
							"The samples of an entry would be larger than llmcache.max-entry-size ("
									+ this.codec.maxEntrySize() + " bytes)",
							null));
				}
				else if (result != null && result == CHANGED) {
					changed.add(encoded.get(i).entry().key());
				}
			}
			return null;
		});
		return changed;
	}

	/**
	 * Record when entries were last used.
	 * @param lastUsed the times by the keys
	 */
	void touch(List<Map.Entry<CacheKey, Instant>> lastUsed) {
		this.access.use((commands,
				replies) -> replies.awaitAll(lastUsed.stream()
					.map((use) -> commands.<Long>eval(Scripts.TOUCH, ScriptOutputType.INTEGER,
							new byte[][] { this.keys.entry(use.getKey()) }, EntryValue.MAGIC,
							Scripts.argument(EntryValue.millis(use.getValue()))))
					.toList()));
	}

	private List<Encoded> encode(List<CacheEntry> entries, StoreFailures failures) {
		List<Encoded> encoded = new ArrayList<>(entries.size());
		for (CacheEntry entry : entries) {
			try {
				encoded.add(new Encoded(entry, this.keys.entry(entry.key()), EntryValue.part(entry, this.codec)));
			}
			catch (CacheStoreException ex) {
				failures.add(ex);
			}
		}
		return encoded;
	}

	/**
	 * Return the request as it is stored, nothing if it is not.
	 */
	private byte[] request(CacheEntry entry) {
		RequestRecord request = entry.request();
		// A larger one could not be read again
		boolean storable = request != null && request.json().length <= this.codec.maxEntrySize();
		return (this.storeRequests && request != null && storable) ? RequestValue.of(request, this.codec) : NOTHING;
	}

	/**
	 * Return for how long Redis keeps an entry: a span, for its clock may differ.
	 * @param entry the entry
	 * @return the milliseconds, at least 1, as scripts take them, nothing for ever
	 */
	private byte[] millisLeft(CacheEntry entry) {
		long expiresAt = EntryValue.millis(entry.expiresAt());
		return (expiresAt != EntryValue.NEVER) ? Scripts.argument(Math.max(1, expiresAt - this.clock.millis()))
				: NOTHING;
	}

	private RedisFuture<Long> append(Encoded encoded, byte[] unreadable,
			RedisClusterAsyncCommands<byte[], byte[]> commands) {
		CacheEntry entry = encoded.entry();
		return commands.eval(Scripts.APPEND, ScriptOutputType.INTEGER,
				new byte[][] { encoded.name(), this.keys.requestOf(encoded.name()), this.keys.once(encoded.name()) },
				encoded.head(), encoded.part(), unreadable, Scripts.argument(EntryLimit.MAX_RESPONSES),
				Scripts.argument(this.codec.maxEntrySize()), Scripts.argument(EntryValue.millis(entry.createdAt())),
				millisLeft(entry), Scripts.argument(EntryValue.NEVER), request(entry),
				Scripts.argument(Scripts.REMEMBERED.toMillis()));
	}

	/**
	 * Return by which digest the script knows the value of each entry that cannot be
	 * read, which it would take for one to append to.
	 */
	private List<byte[]> findUnreadable(List<Encoded> entries, RedisClusterAsyncCommands<byte[], byte[]> commands,
			Replies replies) {
		byte[][] names = entries.stream().map(Encoded::name).toArray(byte[][]::new);
		if (names.length == 0) {
			return List.of();
		}
		List<KeyValue<byte[], byte[]>> values = replies.await(commands.mget(names));
		List<byte[]> digests = new ArrayList<>(names.length);
		for (int i = 0; i < names.length; i++) {
			byte[] value = (values != null && values.get(i).hasValue()) ? values.get(i).getValue() : null;
			digests.add((value == null || isReadable(value, entries.get(i).entry().key())) ? NOTHING : sha1(value));
		}
		return digests;
	}

	private boolean isReadable(byte[] value, CacheKey key) {
		try {
			EntryValue.read(value, key, this.codec);
			return true;
		}
		catch (UnreadableEntryException ex) {
			return false;
		}
	}

	private static byte[] sha1(byte[] value) {
		try {
			return HexFormat.of()
				.formatHex(MessageDigest.getInstance("SHA-1").digest(value))
				.getBytes(StandardCharsets.US_ASCII);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-1", ex);
		}
	}

	/**
	 * An entry as it is stored.
	 */
	private record Encoded(CacheEntry entry, byte[] name, byte[] part) {

		byte[] head() {
			return EntryValue.of(this.entry, NOTHING);
		}

		byte[] value() {
			return EntryValue.of(this.entry, this.part);
		}

	}

}
