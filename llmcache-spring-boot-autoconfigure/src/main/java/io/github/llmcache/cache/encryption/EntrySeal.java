package io.github.llmcache.cache.encryption;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.EntryLimit;
import io.github.llmcache.cache.RequestHashes;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts entries with one key, and decrypts them: bodies with the provider's
 * identifiers of the calls, requests and their hashes, and the keys of the entries. What
 * it cannot decrypt was encrypted with another key, belongs to another entry, or was
 * changed. Thread-safe.
 */
final class EntrySeal {

	/** Longer texts are cut off. */
	private static final int MAX_TEXT_LENGTH = 1024;

	private final EncryptionKey key;

	private final EntryCodec codec;

	private final Seal seal;

	private final KeyPermutation permutation;

	EntrySeal(EncryptionKey key, EntryCodec codec, SecureRandom random) {
		this.key = key;
		this.codec = codec;
		this.seal = new Seal(key, random);
		this.permutation = new KeyPermutation(key);
	}

	/**
	 * Return with which key a stored entry was encrypted.
	 * @param stored the entry
	 * @return the identifier, {@link WrittenWith#PLAIN} if it is not encrypted
	 */
	static String keyId(CacheEntry stored) {
		String id = Seal.keyId(stored.responses().get(0).body());
		return (id != null) ? id : WrittenWith.PLAIN;
	}

	String keyId() {
		return this.key.id();
	}

	CacheKey stored(CacheKey key) {
		return this.permutation.stored(key);
	}

	CacheKey plain(CacheKey stored) {
		return this.permutation.plain(stored);
	}

	long plainFingerprint(long stored) {
		return this.permutation.plainFingerprint(stored);
	}

	/**
	 * Encrypt an entry.
	 * @param entry the entry
	 * @return what is stored of it
	 */
	CacheEntry seal(CacheEntry entry) {
		new EntryLimit(this.codec.maxEntrySize()).check(entry.responses());
		CacheKey stored = stored(entry.key());
		byte[] hash = entry.key().toBytes();
		List<CachedResponse> responses = new ArrayList<>(entry.responses().size());
		for (CachedResponse response : entry.responses()) {
			byte[] content = content(response);
			responses.add(with(response, this.seal.seal(content, bound(hash, response)), null));
		}
		RequestRecord request = entry.request();
		return new CacheEntry(stored, entry.namespace(), responses, entry.expiresAt(),
				(request != null && request.json().length <= this.codec.maxEntrySize())
						? seal(request, hash, stored.toBytes()) : null);
	}

	private RequestRecord seal(RequestRecord request, byte[] hash, byte[] stored) {
		return new RequestRecord(crypt(request.hashes(), stored),
				this.seal.seal(this.codec.compress(request.json(), null), bound(hash)));
	}

	/**
	 * Decrypt an entry.
	 * @param stored what is stored of it
	 * @param key its key
	 * @return the entry
	 * @throws UnreadableEntryException if that cannot be
	 */
	CacheEntry unseal(CacheEntry stored, CacheKey key) throws UnreadableEntryException {
		byte[] hash = key.toBytes();
		List<CachedResponse> responses = new ArrayList<>(stored.responses().size());
		long bodies = 0;
		for (CachedResponse response : stored.responses()) {
			CachedResponse unsealed = unseal(response, hash);
			bodies += unsealed.body().length;
			if (bodies > this.codec.maxEntrySize()) {
				throw new UnreadableEntryException("The entry is larger than llmcache.max-entry-size", null);
			}
			responses.add(unsealed);
		}
		RequestRecord request = stored.request();
		return new CacheEntry(key, stored.namespace(), responses, stored.expiresAt(),
				(request != null) ? unseal(request, hash, stored.key().toBytes()) : null);
	}

	private RequestRecord unseal(RequestRecord request, byte[] hash, byte[] stored) throws UnreadableEntryException {
		byte[] json = this.codec.decompress(this.seal.unseal(request.json(), bound(hash)), null);
		return new RequestRecord(crypt(request.hashes(), stored), json);
	}

	/**
	 * Encrypt or decrypt hashes, which keep their lengths. Nobody can tell from them
	 * which entries have a message in common.
	 * @param hashes the hashes
	 * @param stored the hash under which the entry is stored
	 */
	RequestHashes crypt(RequestHashes hashes, byte[] stored) {
		byte[] parameters = hashes.parameters();
		byte[] messages = hashes.messages();
		ByteBuffer all = ByteBuffer.allocate(parameters.length + messages.length + hashes.sketch().length);
		byte[] crypted = this.seal.crypt(all.put(parameters).put(hashes.sketch()).put(messages).array(), stored);
		int sketch = parameters.length + hashes.sketch().length;
		return new RequestHashes(Arrays.copyOf(crypted, parameters.length),
				Arrays.copyOfRange(crypted, sketch, crypted.length),
				Arrays.copyOfRange(crypted, parameters.length, sketch));
	}

	private byte[] content(CachedResponse response) {
		String requestId = bounded(response.requestId());
		byte[] frame = this.codec.compress(response.body(), null);
		ByteBuffer content = ByteBuffer.allocate(Character.BYTES * (1 + requestId.length()) + frame.length);
		putText(content, requestId);
		return content.put(frame).array();
	}

	private CachedResponse unseal(CachedResponse response, byte[] hash) throws UnreadableEntryException {
		ByteBuffer content = ByteBuffer.wrap(this.seal.unseal(response.body(), bound(hash, response)));
		try {
			char[] requestId = new char[content.getChar()];
			for (int i = 0; i < requestId.length; i++) {
				requestId[i] = content.getChar();
			}
			byte[] frame = Arrays.copyOfRange(content.array(), content.position(), content.limit());
			return with(response, this.codec.decompress(frame, null),
					(requestId.length > 0) ? new String(requestId) : null);
		}
		catch (BufferUnderflowException ex) {
			throw new UnreadableEntryException("The encrypted entry is cut off", null);
		}
	}

	private static CachedResponse with(CachedResponse response, byte[] body, @Nullable String requestId) {
		return new CachedResponse(body, response.samples(), response.inputTokens(), response.outputTokens(),
				response.costNanos(), response.finishReason(), response.createdAt(), response.duration(), requestId);
	}

	/**
	 * Return to what a body is bound: who changes what stands beside it in clear, makes
	 * it unreadable.
	 */
	private static byte[] bound(byte[] hash, CachedResponse response) {
		String finishReason = bounded(response.finishReason());
		Long costNanos = response.costNanos();
		ByteBuffer bound = ByteBuffer
			.allocate(2 + hash.length + Integer.BYTES + 5 * Long.BYTES + Character.BYTES * (1 + finishReason.length()));
		bound.put((byte) SealKind.BODY.ordinal()).put(hash);
		bound.putInt(response.samples()).putLong(response.inputTokens()).putLong(response.outputTokens());
		bound.put((byte) ((costNanos != null) ? 1 : 0)).putLong((costNanos != null) ? costNanos : 0);
		// Stores keep times to the millisecond
		bound.putLong(response.createdAt().toEpochMilli()).putLong(response.duration().toMillis());
		putText(bound, finishReason);
		return bound.array();
	}

	private static byte[] bound(byte[] hash) {
		return ByteBuffer.allocate(1 + hash.length).put((byte) SealKind.REQUEST.ordinal()).put(hash).array();
	}

	private static String bounded(@Nullable String text) {
		if (text == null) {
			return "";
		}
		return (text.length() > MAX_TEXT_LENGTH) ? text.substring(0, MAX_TEXT_LENGTH) : text;
	}

	private static void putText(ByteBuffer buffer, String text) {
		buffer.putChar((char) text.length());
		for (int i = 0; i < text.length(); i++) {
			buffer.putChar(text.charAt(i));
		}
	}

}
