package io.github.llmcache.cache.redis;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.RequestHashes;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;

/**
 * A request as it is stored beside its entry: its format, the hash of its parameters, the
 * sketch of its messages, their hashes with their length in front, and the compressed
 * request.
 */
final class RequestValue {

	private static final byte FORMAT = 2;

	/** What comes before the hashes of the messages. */
	private static final int HEAD = 1 + RequestHashes.HASH_LENGTH + RequestHashes.SKETCH_LENGTH + Integer.BYTES;

	/** As much as holds all hashes, unless there are very many messages. */
	static final int USUAL_HASHES = HEAD + 32 * RequestHashes.HASH_LENGTH;

	private RequestValue() {
	}

	static byte[] of(RequestRecord request, EntryCodec codec) {
		RequestHashes hashes = request.hashes();
		byte[] body = codec.compress(request.json(), null);
		return ByteBuffer.allocate(HEAD + hashes.messages().length + body.length)
			.put(FORMAT)
			.put(hashes.parameters())
			.put(hashes.sketch())
			.putInt(hashes.messages().length)
			.put(hashes.messages())
			.put(body)
			.array();
	}

	static RequestRecord read(byte[] value, EntryCodec codec) throws UnreadableEntryException {
		try {
			ByteBuffer buffer = ByteBuffer.wrap(value);
			RequestHashes hashes = readHashes(buffer);
			return new RequestRecord(hashes, codec.decompress(take(buffer, buffer.remaining()), null));
		}
		catch (BufferUnderflowException | IllegalArgumentException ex) {
			throw new UnreadableEntryException("The request is damaged", ex);
		}
	}

	/**
	 * Return how much of a request has to be there for its hashes.
	 * @param beginning what it begins with
	 * @return the number of bytes
	 */
	static long hashesLength(byte[] beginning) {
		return (beginning.length < HEAD) ? HEAD : HEAD + (long) ByteBuffer.wrap(beginning).getInt(HEAD - Integer.BYTES);
	}

	/**
	 * Read the hashes of a request.
	 * @param beginning what it begins with
	 * @return the hashes, or {@code null} if it is damaged or not enough of it is there
	 */
	static @Nullable RequestHashes hashes(byte[] beginning) {
		try {
			return readHashes(ByteBuffer.wrap(beginning));
		}
		catch (UnreadableEntryException | BufferUnderflowException | IllegalArgumentException ex) {
			return null;
		}
	}

	private static RequestHashes readHashes(ByteBuffer buffer) throws UnreadableEntryException {
		if (buffer.get() != FORMAT) {
			throw new UnreadableEntryException("The request has another format than " + FORMAT, null);
		}
		byte[] parameters = take(buffer, RequestHashes.HASH_LENGTH);
		byte[] sketch = take(buffer, RequestHashes.SKETCH_LENGTH);
		return new RequestHashes(parameters, take(buffer, buffer.getInt()), sketch);
	}

	private static byte[] take(ByteBuffer buffer, int length) {
		if (length < 0 || length > buffer.remaining()) {
			throw new BufferUnderflowException();
		}
		byte[] bytes = new byte[length];
		buffer.get(bytes);
		return bytes;
	}

}
