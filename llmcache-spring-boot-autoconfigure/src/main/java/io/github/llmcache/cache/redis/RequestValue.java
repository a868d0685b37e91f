package io.github.llmcache.cache.redis;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.RequestHashes;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cache.UnreadableEntryException;

/**
 * A request as it is stored beside its entry: its format, the hash of its parameters,
 * those of its messages with their length in front, and the compressed request.
 */
final class RequestValue {

	private static final byte FORMAT = 1;

	private RequestValue() {
	}

	static byte[] of(RequestRecord request, EntryCodec codec) {
		byte[] body = codec.compress(request.json(), null);
		return ByteBuffer
			.allocate(1 + RequestHashes.HASH_LENGTH + Integer.BYTES + request.hashes().messages().length + body.length)
			.put(FORMAT)
			.put(request.hashes().parameters())
			.putInt(request.hashes().messages().length)
			.put(request.hashes().messages())
			.put(body)
			.array();
	}

	static RequestRecord read(byte[] value, EntryCodec codec) throws UnreadableEntryException {
		try {
			ByteBuffer buffer = ByteBuffer.wrap(value);
			if (buffer.get() != FORMAT) {
				throw new UnreadableEntryException("The request has another format than " + FORMAT, null);
			}
			byte[] parametersHash = take(buffer, RequestHashes.HASH_LENGTH);
			byte[] messageHashes = take(buffer, buffer.getInt());
			byte[] body = take(buffer, buffer.remaining());
			return new RequestRecord(
					new RequestHashes(parametersHash, messageHashes, new byte[RequestHashes.SKETCH_LENGTH]),
					codec.decompress(body, null));
		}
		catch (BufferUnderflowException | IllegalArgumentException ex) {
			throw new UnreadableEntryException("The request is damaged", ex);
		}
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
