package io.github.llmcache.cache;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.zip.CRC32C;

import org.jspecify.annotations.Nullable;

/**
 * Writes what an entry answers as compressed, checksummed bytes, and reads it. Neither
 * the key nor the request is among it, but under another key the bytes are unreadable.
 * Thread-safe.
 * <p>
 * Format 3 is a header, a CRC-32C over the key and everything else, and one zstd frame
 * with a checksum for each response: the body as it was received. The frame's checksum
 * finds another dictionary. The header is the format as a byte, the number of the
 * dictionary that the frames need (0 for none), the namespace, when the entry expires,
 * the number of responses and, for each of them, its metadata, the length of its body and
 * the length of its frame. Numbers are written in as few bytes as they need; strings are
 * their length and the numbers of their UTF-16 code units.
 */
public final class EntryCodec implements AutoCloseable {

	/** The format that is written, and the only one that is read. */
	public static final int FORMAT = 3;

	/** More than metadata and the provider's request id take. */
	private static final int OVERHEAD = 64 * 1024;

	private static final int MAX_STRING_LENGTH = 1024;

	/** The most bytes that the number of a UTF-16 code unit takes. */
	private static final int MAX_BYTES_PER_CHAR = 3;

	/** The most bytes that the numbers of a response take, and those of an entry. */
	private static final int MAX_NUMBERS_LENGTH = 10 * Varint.MAX_LENGTH + Long.BYTES;

	/** The metadata of a response takes no less. */
	private static final int MIN_METADATA_LENGTH = 8 + Long.BYTES;

	private final EntryLimit limit;

	private final int maxSize;

	private final Lazy<Zstd> zstd;

	/**
	 * Create a codec.
	 * @param maxEntrySize the most bytes that the bodies of an entry may have
	 */
	public EntryCodec(long maxEntrySize) {
		this.limit = new EntryLimit(maxEntrySize);
		this.maxSize = Math.toIntExact(Math.min(maxEntrySize + OVERHEAD, Integer.MAX_VALUE - 8));
		this.zstd = new Lazy<>(() -> new Zstd(this.maxSize, null));
	}

	/**
	 * Return how much an entry may hold.
	 * @return the most bytes that the bodies of an entry may have
	 */
	public long maxEntrySize() {
		return this.limit.bytes();
	}

	/**
	 * Write an entry.
	 * @param entry the entry
	 * @param dictionary what makes it smaller, or {@code null} for nothing
	 * @return the bytes
	 * @throws CacheStoreException if the responses are larger than an entry may be
	 */
	public byte[] encode(CacheEntry entry, @Nullable CompressionDictionary dictionary) {
		List<CachedResponse> responses = entry.responses();
		this.limit.check(responses);
		Zstd zstd = zstd(dictionary);
		int framesLength = 0;
		int headerLength = MAX_NUMBERS_LENGTH + MAX_BYTES_PER_CHAR * entry.namespace().length();
		byte[][] frames = new byte[responses.size()][];
		for (int i = 0; i < frames.length; i++) {
			CachedResponse response = responses.get(i);
			frames[i] = zstd.compress(response.body());
			framesLength = Math.addExact(framesLength, frames[i].length);
			headerLength += MAX_NUMBERS_LENGTH + MAX_BYTES_PER_CHAR
					* (bounded(response.finishReason()).length() + bounded(response.requestId()).length());
		}
		ByteBuffer header = ByteBuffer.allocate(headerLength);
		header.put((byte) FORMAT);
		Varint.put(header, (dictionary != null) ? dictionary.number() : 0);
		putString(header, entry.namespace());
		putTime(header, entry.expiresAt());
		Varint.put(header, frames.length);
		for (int i = 0; i < frames.length; i++) {
			putMetadata(header, responses.get(i));
			Varint.put(header, responses.get(i).body().length);
			Varint.put(header, frames[i].length);
		}
		header.flip();
		ByteBuffer bytes = ByteBuffer.allocate(header.limit() + Integer.BYTES + framesLength);
		bytes.put(header);
		int headerEnd = bytes.position();
		bytes.position(headerEnd + Integer.BYTES);
		for (byte[] frame : frames) {
			bytes.put(frame);
		}
		return bytes.putInt(headerEnd, checksum(entry.key(), bytes.array(), headerEnd)).array();
	}

	private static void putTime(ByteBuffer header, @Nullable Instant time) {
		header.put((byte) ((time != null) ? 1 : 0));
		if (time != null) {
			header.putLong(time.toEpochMilli());
		}
	}

	private static void putMetadata(ByteBuffer header, CachedResponse response) {
		Long costNanos = response.costNanos();
		Varint.put(header, response.samples());
		Varint.put(header, response.inputTokens());
		Varint.put(header, response.outputTokens());
		header.putLong(response.createdAt().toEpochMilli());
		Varint.put(header, response.duration().toMillis());
		header.put((byte) ((costNanos != null) ? 1 : 0));
		if (costNanos != null) {
			Varint.put(header, costNanos);
		}
		putString(header, bounded(response.finishReason()));
		putString(header, bounded(response.requestId()));
	}

	/**
	 * Return which dictionary is needed to read an entry.
	 * @param bytes the bytes of the entry
	 * @return its number, 0 if none is needed or the bytes are damaged
	 */
	public int dictionaryOf(byte[] bytes) {
		if (bytes.length < 2 || bytes[0] != FORMAT) {
			return 0;
		}
		if (bytes[1] >= 0) {
			return bytes[1];
		}
		try {
			return Varint.getCount(ByteBuffer.wrap(bytes, 1, bytes.length - 1), Integer.MAX_VALUE);
		}
		catch (BufferUnderflowException | IllegalArgumentException ex) {
			return 0;
		}
	}

	/**
	 * Read an entry.
	 * @param key the key of the entry
	 * @param bytes the bytes
	 * @param dictionary the dictionary {@linkplain #dictionaryOf(byte[]) that is needed},
	 * or {@code null} if none is needed or there is no such dictionary
	 * @return the entry, without its request
	 * @throws UnreadableEntryException if the bytes have another format than
	 * {@value #FORMAT}, are damaged, of another key, need another dictionary, or would
	 * take more memory than an entry may have
	 */
	public CacheEntry decode(CacheKey key, byte[] bytes, @Nullable CompressionDictionary dictionary)
			throws UnreadableEntryException {
		if (bytes.length == 0) {
			throw new UnreadableEntryException("The entry is empty", null);
		}
		if (bytes[0] != FORMAT) {
			throw new UnreadableEntryException(
					"The entry has format " + Byte.toUnsignedInt(bytes[0]) + ", now " + FORMAT, null);
		}
		try {
			return read(key, ByteBuffer.wrap(bytes), dictionary);
		}
		catch (BufferUnderflowException | IllegalArgumentException | DateTimeException | ArithmeticException ex) {
			throw new UnreadableEntryException("The entry is damaged", ex);
		}
	}

	private CacheEntry read(CacheKey key, ByteBuffer buffer, @Nullable CompressionDictionary dictionary)
			throws UnreadableEntryException {
		// The format
		buffer.get();
		if (Varint.get(buffer) != ((dictionary != null) ? dictionary.number() : 0)) {
			throw new UnreadableEntryException("The entry needs another dictionary", null);
		}
		String namespace = getString(buffer);
		Instant expiresAt = (buffer.get() != 0) ? Instant.ofEpochMilli(buffer.getLong()) : null;
		Metadata[] metadata = new Metadata[Varint.getCount(buffer, buffer.remaining() / MIN_METADATA_LENGTH)];
		long bodies = 0;
		for (int i = 0; i < metadata.length; i++) {
			metadata[i] = Metadata.read(buffer, this.maxSize);
			bodies += metadata[i].bodyLength();
		}
		int headerLength = buffer.position();
		if (buffer.getInt() != checksum(key, buffer.array(), headerLength) || bodies > this.maxSize) {
			throw new UnreadableEntryException(
					"The entry is damaged, of another key, or larger than llmcache.max-entry-size", null);
		}
		List<CachedResponse> responses = List.of(read(buffer, metadata, zstd(dictionary)));
		if (!this.limit.isPlausible(responses)) {
			throw new UnreadableEntryException("The entry has a value that is out of range", null);
		}
		return new CacheEntry(key, namespace, responses, expiresAt, null);
	}

	private static CachedResponse[] read(ByteBuffer buffer, Metadata[] metadata, Zstd zstd)
			throws UnreadableEntryException {
		CachedResponse[] responses = new CachedResponse[metadata.length];
		int position = buffer.position();
		for (int i = 0; i < responses.length; i++) {
			int frameLength = metadata[i].frameLength();
			if (frameLength > buffer.limit() - position) {
				throw new UnreadableEntryException("The entry is cut off", null);
			}
			responses[i] = metadata[i]
				.with(zstd.decompress(buffer.array(), position, frameLength, metadata[i].bodyLength()));
			position += frameLength;
		}
		if (position != buffer.limit()) {
			throw new UnreadableEntryException("The entry is longer than it claims", null);
		}
		return responses;
	}

	/**
	 * Compress what is kept beside the responses, such as the request.
	 * @param plain the bytes
	 * @param dictionary what makes them smaller, or {@code null} for nothing
	 * @return a zstd frame with a checksum
	 */
	public byte[] compress(byte[] plain, @Nullable CompressionDictionary dictionary) {
		return zstd(dictionary).compress(plain);
	}

	/**
	 * Decompress what is kept beside the responses.
	 * @param frame what {@link #compress} has returned
	 * @param dictionary the dictionary that it was compressed with, if any
	 * @return the bytes
	 * @throws UnreadableEntryException if they are damaged, were compressed with another
	 * dictionary or would take more memory than an entry may have
	 */
	public byte[] decompress(byte[] frame, @Nullable CompressionDictionary dictionary) throws UnreadableEntryException {
		return zstd(dictionary).decompress(frame);
	}

	/**
	 * Make a dictionary of its content.
	 * @param number the number under which the store keeps it, from 1
	 * @param content the content
	 * @return the dictionary
	 * @throws IllegalArgumentException if the content is damaged so that it cannot be
	 * used
	 */
	public CompressionDictionary dictionary(int number, byte[] content) {
		return new CompressionDictionary(number, content, this.maxSize);
	}

	/**
	 * Find out what entries have in common.
	 * @param samples bodies of responses, requests
	 * @return the content of a dictionary, or {@code null} if there is too little
	 */
	public byte @Nullable [] trainDictionary(List<byte[]> samples) {
		return CompressionDictionary.train(samples);
	}

	private Zstd zstd(@Nullable CompressionDictionary dictionary) {
		return (dictionary != null) ? dictionary.zstd() : this.zstd.get();
	}

	/**
	 * Release the native memory of this codec. It can be used again afterwards.
	 */
	@Override
	public void close() {
		Zstd zstd = this.zstd.getIfCreated();
		if (zstd != null) {
			zstd.close();
		}
	}

	/**
	 * Return the checksum of a key and of all bytes but those of the checksum itself.
	 */
	private static int checksum(CacheKey key, byte[] bytes, int headerLength) {
		int rest = headerLength + Integer.BYTES;
		CRC32C checksum = new CRC32C();
		key.update(checksum);
		checksum.update(bytes, 0, headerLength);
		checksum.update(bytes, rest, bytes.length - rest);
		return (int) checksum.getValue();
	}

	private static void putString(ByteBuffer header, String string) {
		Varint.put(header, string.length());
		for (int i = 0; i < string.length(); i++) {
			Varint.put(header, string.charAt(i));
		}
	}

	private static String getString(ByteBuffer header) {
		int length = Varint.getCount(header, Integer.MAX_VALUE);
		if (length == 0) {
			return "";
		}
		if (length > header.remaining()) {
			throw new BufferUnderflowException();
		}
		int start = header.position();
		for (int i = 0; i < length; i++) {
			if (header.get(start + i) < 0) {
				return getWideString(header, length);
			}
		}
		header.position(start + length);
		return new String(header.array(), start, length, StandardCharsets.ISO_8859_1);
	}

	private static String getWideString(ByteBuffer header, int length) {
		char[] units = new char[length];
		for (int i = 0; i < length; i++) {
			units[i] = (char) Varint.getCount(header, Character.MAX_VALUE);
		}
		return new String(units);
	}

	private static String bounded(@Nullable String string) {
		if (string == null) {
			return "";
		}
		return (string.length() > MAX_STRING_LENGTH) ? string.substring(0, MAX_STRING_LENGTH) : string;
	}

	/**
	 * What the header says of a response.
	 */
	private record Metadata(int samples, long inputTokens, long outputTokens, Instant createdAt, Duration duration,
			@Nullable Long costNanos, String finishReason, @Nullable String requestId, int bodyLength,
			int frameLength) {

		static Metadata read(ByteBuffer header, int maxSize) {
			int samples = Varint.getCount(header, Integer.MAX_VALUE);
			long inputTokens = Varint.get(header);
			long outputTokens = Varint.get(header);
			Instant createdAt = Instant.ofEpochMilli(header.getLong());
			Duration duration = Duration.ofMillis(Varint.get(header));
			Long costNanos = (header.get() == 1) ? Long.valueOf(Varint.get(header)) : null;
			String finishReason = getString(header);
			String requestId = getString(header);
			return new Metadata(samples, inputTokens, outputTokens, createdAt, duration, costNanos, finishReason,
					requestId.isEmpty() ? null : requestId, Varint.getCount(header, maxSize),
					Varint.getCount(header, header.remaining()));
		}

		CachedResponse with(byte[] body) {
			return new CachedResponse(body, this.samples, this.inputTokens, this.outputTokens, this.costNanos,
					this.finishReason, this.createdAt, this.duration, this.requestId);
		}

	}

}
