package io.github.llmcache.cache;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Writes the responses of an entry as compressed, checksummed bytes, and reads them.
 * Thread-safe.
 * <p>
 * Format 1 is one zstd frame with a checksum. Uncompressed it is the number of responses,
 * then for each of them its metadata, the length of its body and the body as it was
 * received.
 */
public final class EntryCodec implements AutoCloseable {

	/** The format that is written, and the only one that is read. */
	public static final int FORMAT = 1;

	/** More than metadata and the provider's request id take. */
	private static final int OVERHEAD = 64 * 1024;

	private static final int FIXED_LENGTH = Integer.BYTES + 4 * Long.BYTES + 1 + Long.BYTES + 2 * Short.BYTES
			+ Integer.BYTES;

	private static final int MAX_STRING_LENGTH = 1024;

	private final long maxEntrySize;

	private final Lazy<Zstd> zstd;

	/**
	 * Create a codec.
	 * @param maxEntrySize the most bytes that the bodies of an entry may have
	 */
	public EntryCodec(long maxEntrySize) {
		this.maxEntrySize = maxEntrySize;
		this.zstd = new Lazy<>(
				() -> new Zstd(Math.toIntExact(Math.min(maxEntrySize + OVERHEAD, Integer.MAX_VALUE - 8))));
	}

	/**
	 * Write responses.
	 * @param responses the responses
	 * @return the bytes
	 * @throws CacheStoreException if the responses are larger than an entry may be
	 */
	public byte[] encode(List<CachedResponse> responses) {
		long bodies = 0;
		long length = Integer.BYTES;
		List<byte[]> strings = new ArrayList<>(2 * responses.size());
		for (CachedResponse response : responses) {
			byte[] finishReason = string(response.finishReason());
			byte[] requestId = string(response.requestId());
			strings.add(finishReason);
			strings.add(requestId);
			bodies += response.body().length;
			length += FIXED_LENGTH + finishReason.length + requestId.length + response.body().length;
		}
		// The second, too, for what is written has to be read again
		if (bodies > this.maxEntrySize || length > this.maxEntrySize + OVERHEAD) {
			throw new CacheStoreException("An entry of " + length + " bytes is larger than llmcache.max-entry-size ("
					+ this.maxEntrySize + " bytes)", null);
		}
		ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(length));
		buffer.putInt(responses.size());
		for (int i = 0; i < responses.size(); i++) {
			CachedResponse response = responses.get(i);
			Long costNanos = response.costNanos();
			buffer.putInt(response.samples());
			buffer.putLong(response.inputTokens());
			buffer.putLong(response.outputTokens());
			buffer.putLong(response.createdAt().toEpochMilli());
			buffer.putLong(response.duration().toMillis());
			buffer.put((byte) ((costNanos != null) ? 1 : 0));
			buffer.putLong((costNanos != null) ? costNanos : 0);
			putString(buffer, strings.get(2 * i));
			putString(buffer, strings.get(2 * i + 1));
			buffer.putInt(response.body().length);
			buffer.put(response.body());
		}
		return this.zstd.get().compress(buffer.array());
	}

	/**
	 * Read responses.
	 * @param format the format that they were written in
	 * @param bytes the bytes
	 * @return the responses
	 * @throws UnreadableEntryException if the format is not {@value #FORMAT}, the bytes
	 * are damaged, or would take more memory than an entry may have
	 */
	public List<CachedResponse> decode(int format, byte[] bytes) throws UnreadableEntryException {
		if (format != FORMAT) {
			throw new UnreadableEntryException("The entry has format " + format + ", not " + FORMAT, null);
		}
		ByteBuffer buffer = ByteBuffer.wrap(this.zstd.get().decompress(bytes));
		try {
			int count = buffer.getInt();
			if (count < 1 || count > buffer.remaining() / FIXED_LENGTH) {
				throw new UnreadableEntryException("The entry claims " + count + " responses", null);
			}
			List<CachedResponse> responses = new ArrayList<>(count);
			for (int i = 0; i < count; i++) {
				responses.add(readResponse(buffer));
			}
			return responses;
		}
		catch (BufferUnderflowException | IllegalArgumentException | DateTimeException | ArithmeticException ex) {
			throw new UnreadableEntryException("The entry is damaged", ex);
		}
	}

	private static CachedResponse readResponse(ByteBuffer buffer) {
		int samples = buffer.getInt();
		long inputTokens = buffer.getLong();
		long outputTokens = buffer.getLong();
		Instant createdAt = Instant.ofEpochMilli(buffer.getLong());
		Duration duration = Duration.ofMillis(buffer.getLong());
		boolean costKnown = buffer.get() == 1;
		long costNanos = buffer.getLong();
		String finishReason = new String(getBytes(buffer, buffer.getShort()), StandardCharsets.UTF_8);
		byte[] requestId = getBytes(buffer, buffer.getShort());
		byte[] body = getBytes(buffer, buffer.getInt());
		return new CachedResponse(body, samples, inputTokens, outputTokens, costKnown ? costNanos : null, finishReason,
				createdAt, duration, (requestId.length > 0) ? new String(requestId, StandardCharsets.UTF_8) : null);
	}

	/**
	 * Compress what is kept beside the responses, such as the request.
	 * @param plain the bytes
	 * @return a zstd frame with a checksum
	 */
	public byte[] compress(byte[] plain) {
		return this.zstd.get().compress(plain);
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

	private static byte[] string(@Nullable String string) {
		if (string == null) {
			return new byte[0];
		}
		String bounded = (string.length() > MAX_STRING_LENGTH) ? string.substring(0, MAX_STRING_LENGTH) : string;
		return bounded.getBytes(StandardCharsets.UTF_8);
	}

	private static void putString(ByteBuffer buffer, byte[] string) {
		buffer.putShort((short) string.length);
		buffer.put(string);
	}

	private static byte[] getBytes(ByteBuffer buffer, int length) {
		if (length < 0 || length > buffer.remaining()) {
			throw new BufferUnderflowException();
		}
		byte[] bytes = new byte[length];
		buffer.get(bytes);
		return bytes;
	}

}
