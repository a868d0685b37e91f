package io.github.llmcache.cache.redis;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.EntryLimit;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it is stored: a head and one part for each time that responses were added,
 * so that adding is appending bytes, which Redis can do without reading what is there.
 * <p>
 * Format 1 begins with three bytes that tell it from others, then sums over all parts
 * (the number of responses, the length of their bodies, their cost), which alone are ever
 * changed. The head ends with the fingerprint, the model and the namespace, and a
 * checksum over these and the key. A part is its length, a checksum over that, and what
 * {@link EntryCodec} has made of the entry. The entry expires when its last part says.
 */
final class EntryValue {

	private static final byte[] MAGIC = { 'L', 'C', 1 };

	/** Where the sums begin. The script that appends has it as well. */
	private static final int SUMS = MAGIC.length;

	private static final int SUMS_LENGTH = Integer.BYTES + 2 * Long.BYTES;

	private static final int PART_HEAD = 2 * Integer.BYTES;

	private EntryValue() {
	}

	/**
	 * Return an entry as it is stored if there is none yet.
	 * @param entry the entry
	 * @param part its {@linkplain #part part}
	 */
	static byte[] of(CacheEntry entry, byte[] part) {
		CacheKey key = entry.key();
		byte[] model = RedisText.encode(key.model());
		byte[] namespace = RedisText.encode(entry.namespace());
		ByteBuffer identity = ByteBuffer.allocate(Long.BYTES + model.length + namespace.length)
			.putLong(key.fingerprint())
			.put(model)
			.put(namespace);
		return ByteBuffer.allocate(SUMS + SUMS_LENGTH + identity.capacity() + Integer.BYTES + part.length)
			.put(MAGIC)
			.putInt(entry.responses().size())
			.putLong(bodies(entry))
			.putLong(entry.costNanos())
			.put(identity.array())
			.putInt(checksum(identity.array(), key.toBytes()))
			.put(part)
			.array();
	}

	/**
	 * Return the responses of an entry as they are appended to others.
	 * @param entry the entry
	 * @param codec writes responses
	 * @throws io.github.llmcache.cache.CacheStoreException if the entry is too large
	 */
	static byte[] part(CacheEntry entry, EntryCodec codec) {
		byte[] payload = codec.encode(entry, null);
		ByteBuffer part = ByteBuffer.allocate(PART_HEAD + payload.length).putInt(payload.length);
		return part.putInt(checksum(part.array(), 0, Integer.BYTES)).put(payload).array();
	}

	static long bodies(CacheEntry entry) {
		return entry.responses().stream().mapToLong((response) -> response.body().length).sum();
	}

	/**
	 * Read an entry.
	 * @param value what is stored
	 * @param key its key
	 * @param codec reads responses
	 * @return the entry, without its request
	 * @throws UnreadableEntryException if it is no entry, damaged, of another format or
	 * key, or larger than an entry may be
	 */
	static CacheEntry read(byte[] value, CacheKey key, EntryCodec codec) throws UnreadableEntryException {
		ByteBuffer buffer = ByteBuffer.wrap(value);
		Head head = Head.read(buffer, key.toBytes());
		if (!head.model().equals(key.model())) {
			throw new UnreadableEntryException("The entry is of another model", null);
		}
		try {
			return readParts(buffer, key, head, codec);
		}
		catch (BufferUnderflowException | IllegalArgumentException ex) {
			throw new UnreadableEntryException("The entry is damaged", ex);
		}
	}

	private static CacheEntry readParts(ByteBuffer buffer, CacheKey key, Head head, EntryCodec codec)
			throws UnreadableEntryException {
		List<CachedResponse> responses = new ArrayList<>();
		Instant expiresAt = null;
		long bodies = 0;
		while (buffer.hasRemaining()) {
			int start = buffer.position();
			int length = buffer.getInt();
			if (buffer.getInt() != checksum(buffer.array(), start, Integer.BYTES) || length > buffer.remaining()) {
				throw new UnreadableEntryException("The entry is damaged", null);
			}
			byte[] payload = new byte[length];
			buffer.get(payload);
			CacheEntry part = codec.decode(key, payload, null);
			responses.addAll(part.responses());
			bodies += bodies(part);
			expiresAt = part.expiresAt();
			if (bodies > codec.maxEntrySize() || responses.size() > EntryLimit.MAX_RESPONSES) {
				throw new UnreadableEntryException("The entry is larger than llmcache.max-entry-size", null);
			}
		}
		if (responses.size() != head.responses() || bodies != head.bodies()) {
			throw new UnreadableEntryException("The entry is cut off", null);
		}
		return new CacheEntry(key, head.namespace(), responses, expiresAt, null);
	}

	private static int checksum(byte[] identity, byte[] key) {
		CRC32C checksum = new CRC32C();
		checksum.update(identity);
		checksum.update(key);
		return (int) checksum.getValue();
	}

	private static int checksum(byte[] bytes, int offset, int length) {
		CRC32C checksum = new CRC32C();
		checksum.update(bytes, offset, length);
		return (int) checksum.getValue();
	}

	/**
	 * What an entry says before its parts.
	 */
	record Head(int responses, long bodies, long costNanos, long fingerprint, String model, String namespace) {

		/**
		 * Read what an entry begins with.
		 * @param buffer the entry, or enough of its beginning
		 * @param keyHash the hash of its key
		 * @return the head
		 * @throws UnreadableEntryException if this is no entry, it is damaged or of
		 * another key, or not enough of it is there
		 */
		static Head read(ByteBuffer buffer, byte[] keyHash) throws UnreadableEntryException {
			try {
				for (byte expected : MAGIC) {
					if (buffer.get() != expected) {
						throw new UnreadableEntryException("There is something else, or an entry of another format",
								null);
					}
				}
				int responses = buffer.getInt();
				long bodies = buffer.getLong();
				long costNanos = buffer.getLong();
				int start = buffer.position();
				long fingerprint = buffer.getLong();
				String model = RedisText.decode(buffer);
				String namespace = RedisText.decode(buffer);
				byte[] identity = new byte[buffer.position() - start];
				buffer.get(start, identity);
				if (buffer.getInt() != checksum(identity, keyHash)) {
					throw new UnreadableEntryException("The entry is damaged, or of another key", null);
				}
				return new Head(responses, bodies, costNanos, fingerprint, model, namespace);
			}
			catch (BufferUnderflowException | IllegalArgumentException ex) {
				throw new UnreadableEntryException("The entry is damaged", ex);
			}
		}

		CacheKey key(byte @Nullable [] keyHash) throws UnreadableEntryException {
			if (keyHash == null) {
				throw new UnreadableEntryException("The entry has no key", null);
			}
			return CacheKey.of(this.model, this.fingerprint, keyHash);
		}

	}

}
