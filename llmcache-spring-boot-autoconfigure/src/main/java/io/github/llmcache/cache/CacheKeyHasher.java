package io.github.llmcache.cache;

import java.nio.ByteBuffer;
import java.util.function.Function;

import tools.jackson.databind.JsonNode;

/**
 * Computes the hashes of requests. It keeps what that takes, so one of it should serve
 * all requests. Thread-safe.
 */
public final class CacheKeyHasher {

	private final SharedPieces sharedPieces = new SharedPieces();

	private final Pool<Sha256KeyHash> sha256 = new Pool<>(() -> new Sha256KeyHash(this.sharedPieces), (hash) -> {
	});

	private final Pool<FingerprintKeyHash> fingerprints = new Pool<>(FingerprintKeyHash::new, (hash) -> {
	});

	/**
	 * Hash all that decides the answer.
	 * @param request the request
	 * @return the hash
	 */
	Sha256 hash(CacheRequest request) {
		return use(this.sha256, (hash) -> {
			new CacheKeyEncoder(hash).writeRequest(request);
			return new Sha256(hash.digest(), hash.length());
		});
	}

	/**
	 * Hash all that decides the answer, fast.
	 * @param request the request
	 * @return the fingerprint
	 */
	long fingerprint(CacheRequest request) {
		return use(this.fingerprints, (hash) -> {
			new CacheKeyEncoder(hash).writeRequest(request);
			return hash.value();
		});
	}

	/**
	 * Compute by what a request can be compared with others.
	 * @param request the request
	 * @return the hashes
	 */
	RequestHashes hashes(CacheRequest request) {
		return new RequestHashes(hashParameters(request), hashMessages(request), sketchMessages(request));
	}

	private static byte[] sketchMessages(CacheRequest request) {
		TextSketch sketch = new TextSketch();
		addText(request.body().path(request.messagesMember()), sketch);
		return sketch.toBytes();
	}

	private static void addText(JsonNode node, TextSketch sketch) {
		if (node.isString()) {
			sketch.add(node.stringValue());
		}
		else {
			node.forEach((child) -> addText(child, sketch));
		}
	}

	/**
	 * Hash everything in the body but its messages.
	 * @param request the request
	 * @return {@value RequestHashes#HASH_LENGTH} bytes
	 */
	byte[] hashParameters(CacheRequest request) {
		return use(this.fingerprints, (hash) -> {
			new CacheKeyEncoder(hash).writeBody(request.body(), request.messagesMember());
			return ByteBuffer.allocate(RequestHashes.HASH_LENGTH).putLong(hash.value()).array();
		});
	}

	/**
	 * Hash each message of the body.
	 * @param request the request
	 * @return {@value RequestHashes#HASH_LENGTH} bytes a message
	 */
	byte[] hashMessages(CacheRequest request) {
		JsonNode messages = request.body().path(request.messagesMember());
		if (messages.isMissingNode()) {
			return new byte[0];
		}
		return use(this.fingerprints, (hash) -> {
			int count = messages.isArray() ? messages.size() : 1;
			ByteBuffer hashes = ByteBuffer.allocate(count * RequestHashes.HASH_LENGTH);
			for (int i = 0; i < count; i++) {
				hash.reset();
				new CacheKeyEncoder(hash).writeNode(messages.isArray() ? messages.get(i) : messages);
				hashes.putLong(hash.value());
			}
			return hashes.array();
		});
	}

	private static <H extends KeyHash, R> R use(Pool<H> pool, Function<H, R> use) {
		H hash = pool.acquire();
		hash.reset();
		R result = use.apply(hash);
		// Not if that has thrown: what it was left as is not worth finding out
		pool.release(hash);
		return result;
	}

	/**
	 * A SHA-256 hash.
	 *
	 * @param bytes the hash, {@value CacheKey#LENGTH} bytes
	 * @param encodedLength the length in bytes of what it was computed from
	 */
	record Sha256(byte[] bytes, long encodedLength) {
	}

}
