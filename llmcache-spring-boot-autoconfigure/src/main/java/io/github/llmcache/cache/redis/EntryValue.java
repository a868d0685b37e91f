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
import io.github.llmcache.cache.EntryDetails.Facts;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.EntryLimit;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it is stored: a head and one part for each time that responses were added,
 * so that adding is appending bytes, which Redis can do without reading what is there.
 * <p>
 * Format 2 begins with three bytes that tell it from others, then what alone is ever
 * changed: over all parts the number of responses, the length of their bodies, the number
 * of samples, when the entry expires, their cost and how many of them have one, and when
 * the entry was last used. The namespace follows, and what the entry is: the fingerprint,
 * when its oldest response was made, the model and the first finish reason, each with a
 * checksum over it and the key. A part is its length, a checksum over that, and what
 * {@link EntryCodec} has made of the entry. The entry expires at the earliest time that
 * its parts say.
 */
final class EntryValue {

	static final byte[] MAGIC = { 'L', 'C', 2 };

	/** Stands for never. Scripts compute with no larger number. */
	static final long NEVER = (1L << 53) - 1;

	/** What the scripts know by its place. */
	private static final int CHANGING = MAGIC.length + 2 * Integer.BYTES + 5 * Long.BYTES;

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
		List<CachedResponse> responses = entry.responses();
		byte[] namespace = RedisText.encode(entry.namespace());
		byte[] model = RedisText.encode(key.model());
		byte[] finishReason = RedisText.encode(responses.get(0).finishReason());
		byte[] identity = ByteBuffer.allocate(2 * Long.BYTES + model.length + finishReason.length)
			.putLong(key.fingerprint())
			.putLong(entry.createdAt().toEpochMilli())
			.put(model)
			.put(finishReason)
			.array();
		return ByteBuffer.allocate(CHANGING + 3 * Integer.BYTES + namespace.length + identity.length + part.length)
			.put(MAGIC)
			.putInt(responses.size())
			.putLong(bodies(entry))
			.putLong(entry.samples())
			.putLong(millis(entry.expiresAt()))
			.putLong(entry.costNanos())
			.putInt((int) responses.stream().filter((response) -> response.costNanos() != null).count())
			.putLong(millis(responses.get(responses.size() - 1).createdAt()))
			.putInt(namespace.length)
			.put(namespace)
			.putInt(checksum(namespace, key.toBytes()))
			.put(identity)
			.putInt(checksum(identity, key.toBytes()))
			.put(part)
			.array();
	}

	/**
	 * Return a time as a number that scripts can compare.
	 * @param time the time, or {@code null} for never
	 * @return milliseconds, from 0 to {@value #NEVER}
	 */
	static long millis(@Nullable Instant time) {
		return (time != null) ? Math.max(0, Math.min(NEVER, time.toEpochMilli())) : NEVER;
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
		long samples = 0;
		while (buffer.hasRemaining()) {
			int start = buffer.position();
			int length = buffer.getInt();
			if (buffer.getInt() != checksum(buffer.array(), start, Integer.BYTES) || length < 0
					|| length > buffer.remaining()) {
				throw new UnreadableEntryException("The entry is damaged", null);
			}
			byte[] payload = new byte[length];
			buffer.get(payload);
			CacheEntry part = codec.decode(key, payload, null);
			responses.addAll(part.responses());
			bodies += bodies(part);
			samples += part.samples();
			expiresAt = (millis(part.expiresAt()) < millis(expiresAt)) ? part.expiresAt() : expiresAt;
			if (bodies > codec.maxEntrySize() || responses.size() > EntryLimit.MAX_RESPONSES) {
				throw new UnreadableEntryException("The entry is larger than llmcache.max-entry-size", null);
			}
		}
		if (responses.size() != head.responses() || bodies != head.bodies() || samples != head.samples()
				|| millis(expiresAt) != head.expiresAt()) {
			throw new UnreadableEntryException("The entry is cut off", null);
		}
		if (!new EntryLimit(codec.maxEntrySize()).isPlausible(responses)) {
			throw new UnreadableEntryException("The entry has a value that is out of range", null);
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
	 *
	 * @param responses the number of responses
	 * @param bodies the length of their bodies
	 * @param samples the number of samples
	 * @param expiresAt when the entry expires, in milliseconds, or {@link #NEVER}
	 * @param costNanos what the responses had cost, as far as it is known
	 * @param priced of how many responses it is known
	 * @param lastUsed when the entry was last used, in milliseconds
	 * @param namespace the namespace
	 * @param fingerprint the fingerprint of the key
	 * @param createdAt when the oldest response was made
	 * @param model the model's id
	 * @param finishReason the name of the first sample's finish reason
	 */
	record Head(int responses, long bodies, long samples, long expiresAt, long costNanos, int priced, long lastUsed,
			String namespace, long fingerprint, Instant createdAt, String model, String finishReason) {

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
				long samples = buffer.getLong();
				long expiresAt = buffer.getLong();
				long costNanos = buffer.getLong();
				int priced = buffer.getInt();
				long lastUsed = buffer.getLong();
				int namespaceLength = buffer.getInt();
				int start = buffer.position();
				String namespace = RedisText.decode(buffer);
				if (buffer.position() - start != namespaceLength) {
					throw new UnreadableEntryException("The entry is damaged", null);
				}
				verify(buffer, start, keyHash);
				start = buffer.position();
				long fingerprint = buffer.getLong();
				Instant createdAt = Instant.ofEpochMilli(buffer.getLong());
				String model = RedisText.decode(buffer);
				String finishReason = RedisText.decode(buffer);
				verify(buffer, start, keyHash);
				return new Head(responses, bodies, samples, expiresAt, costNanos, priced, lastUsed, namespace,
						fingerprint, createdAt, model, finishReason);
			}
			catch (BufferUnderflowException | IllegalArgumentException ex) {
				throw new UnreadableEntryException("The entry is damaged", ex);
			}
		}

		/**
		 * Make sure that the checksum which comes next is that of what has been read.
		 */
		private static void verify(ByteBuffer buffer, int start, byte[] keyHash) throws UnreadableEntryException {
			byte[] read = new byte[buffer.position() - start];
			buffer.get(start, read);
			if (buffer.getInt() != checksum(read, keyHash)) {
				throw new UnreadableEntryException("The entry is damaged, or of another key", null);
			}
		}

		CacheKey key(byte @Nullable [] keyHash) throws UnreadableEntryException {
			if (keyHash == null) {
				throw new UnreadableEntryException("The entry has no key", null);
			}
			return CacheKey.of(this.model, this.fingerprint, keyHash);
		}

		Facts facts() {
			return new Facts(this.namespace, this.createdAt,
					(this.expiresAt != NEVER) ? Instant.ofEpochMilli(this.expiresAt) : null,
					(int) Math.min(this.samples, Integer.MAX_VALUE), (this.priced > 0) ? this.costNanos : null,
					this.finishReason);
		}

	}

}
