package io.github.llmcache.cache.redis;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;

import io.github.llmcache.cache.CacheKey;
import org.jspecify.annotations.Nullable;

/**
 * Names what is in Redis. All that belongs to an entry has the same part in braces, by
 * which a cluster decides where it is: {@code llmcache:{<model>:<key>}:e} is an entry,
 * {@code :r} its request and {@code :l} the lease of its call, where the model is a hash
 * of its id and the key is the entry's, both in Base64. What is counted of a model is
 * {@code llmcache:{<model>}:s}. What has been done to either and must not be done twice
 * is remembered for a while as {@code :o:<random>}.
 */
final class RedisKeys {

	private static final String ENTRY = "}:e";

	private static final String REQUEST = "}:r";

	private static final String LEASE = "}:l";

	private static final String STATISTICS = "}:s";

	private static final String ONCE = "}:o:";

	private static final String STATUS = "status:";

	private static final int MODEL_BYTES = 16;

	private static final int MODEL_LENGTH = base64Length(MODEL_BYTES);

	private static final int KEY_LENGTH = base64Length(CacheKey.LENGTH);

	private static final int ONCE_ID_LENGTH = base64Length(2 * Long.BYTES);

	private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

	private final byte[] prefix;

	RedisKeys(String prefix) {
		this.prefix = prefix.getBytes(StandardCharsets.UTF_8);
	}

	private static int base64Length(int bytes) {
		return (bytes * 4 + 2) / 3;
	}

	byte[] entry(CacheKey key) {
		return name(key, ENTRY);
	}

	byte[] request(CacheKey key) {
		return name(key, REQUEST);
	}

	byte[] lease(CacheKey key) {
		return name(key, LEASE);
	}

	byte[] statistics(String model) {
		return withPrefix("{" + hash(model) + STATISTICS);
	}

	/**
	 * Return the name of the set of all models of which there are statistics.
	 */
	byte[] models() {
		return withPrefix("models");
	}

	/**
	 * Return the name of what says how entries are encrypted.
	 */
	byte[] mark() {
		return withPrefix("encryption");
	}

	/**
	 * Return a new name beside an entry's, or beside that of what is counted of a model.
	 */
	byte[] once(byte[] name) {
		UUID random = UUID.randomUUID();
		byte[] id = BASE64.encode(ByteBuffer.allocate(2 * Long.BYTES)
			.putLong(random.getMostSignificantBits())
			.putLong(random.getLeastSignificantBits())
			.array());
		int start = name.length - ENTRY.length();
		return ByteBuffer.allocate(start + ONCE.length() + id.length)
			.put(name, 0, start)
			.put(ONCE.getBytes(StandardCharsets.US_ASCII))
			.put(id)
			.array();
	}

	byte[] status(String random) {
		return withPrefix(STATUS + random);
	}

	byte[] channel() {
		return withPrefix("changes");
	}

	/**
	 * Return the request's name beside an entry's.
	 */
	byte[] requestOf(byte[] entry) {
		byte[] request = entry.clone();
		request[request.length - 1] = (byte) REQUEST.charAt(REQUEST.length() - 1);
		return request;
	}

	/**
	 * Return the entry's name beside its request.
	 * @param request the name of a request
	 * @return the name of the entry, or {@code null} if nothing that this class has named
	 * as a request has this name
	 */
	byte @Nullable [] entryOf(byte[] request) {
		byte[] entry = withSuffix(request, REQUEST, ENTRY);
		return (entry != null && keyHash(entry) != null) ? entry : null;
	}

	/**
	 * Return what something is, by its name.
	 * @param name a name that begins with the prefix
	 */
	Kind kind(byte[] name) {
		if (endsWith(name, ENTRY) && keyHash(name) != null) {
			return Kind.ENTRY;
		}
		if (entryOf(name) != null) {
			return Kind.REQUEST;
		}
		byte[] leased = withSuffix(name, LEASE, ENTRY);
		if (leased != null && keyHash(leased) != null || startsWith(name, STATUS) || isOnce(name)) {
			return Kind.PASSING;
		}
		if (Arrays.equals(name, models())) {
			return Kind.MODELS;
		}
		if (Arrays.equals(name, mark())) {
			return Kind.MARK;
		}
		boolean statistics = endsWith(name, STATISTICS) && startsWith(name, "{")
				&& name.length == this.prefix.length + 1 + MODEL_LENGTH + STATISTICS.length();
		return statistics ? Kind.STATISTICS : Kind.OTHER;
	}

	private boolean isOnce(byte[] name) {
		int start = name.length - ONCE_ID_LENGTH - ONCE.length();
		if (start < 0 || !endsWith(Arrays.copyOf(name, start + ONCE.length()), ONCE)) {
			return false;
		}
		byte[] without = Arrays.copyOf(name, start);
		return kind(join(without, ENTRY)) == Kind.ENTRY || kind(join(without, STATISTICS)) == Kind.STATISTICS;
	}

	private static byte[] join(byte[] start, String end) {
		byte[] ascii = end.getBytes(StandardCharsets.US_ASCII);
		byte[] joined = Arrays.copyOf(start, start.length + ascii.length);
		System.arraycopy(ascii, 0, joined, start.length, ascii.length);
		return joined;
	}

	private boolean startsWith(byte[] name, String rest) {
		byte[] start = withPrefix(rest);
		return name.length >= start.length && Arrays.equals(Arrays.copyOf(name, start.length), start);
	}

	private static boolean endsWith(byte[] name, String suffix) {
		byte[] end = suffix.getBytes(StandardCharsets.US_ASCII);
		return name.length >= end.length
				&& Arrays.equals(Arrays.copyOfRange(name, name.length - end.length, name.length), end);
	}

	private static byte @Nullable [] withSuffix(byte[] name, String from, String to) {
		if (!endsWith(name, from)) {
			return null;
		}
		byte[] other = name.clone();
		other[other.length - 1] = (byte) to.charAt(to.length() - 1);
		return other;
	}

	/**
	 * Return a pattern that everything matches which is named here.
	 */
	byte[] everything() {
		return pattern("*");
	}

	/**
	 * Return a pattern that the names of entries match.
	 * @param model the model's id, or {@code null} for all models
	 * @return the pattern, which others may match as well
	 */
	byte[] entries(@Nullable String model) {
		return pattern("{" + ((model != null) ? hash(model) : "*") + ":*" + ENTRY);
	}

	private byte[] pattern(String rest) {
		ByteArrayOutputStream pattern = new ByteArrayOutputStream();
		for (byte character : this.prefix) {
			if ("*?[]\\^-".indexOf(character) >= 0) {
				pattern.write('\\');
			}
			pattern.write(character);
		}
		pattern.writeBytes(rest.getBytes(StandardCharsets.UTF_8));
		return pattern.toByteArray();
	}

	/**
	 * Return the hash of the key of an entry.
	 * @param name the name of the entry
	 * @return the hash, or {@code null} if nothing that this class has named has this
	 * name
	 */
	byte @Nullable [] keyHash(byte[] name) {
		int start = this.prefix.length + 1 + MODEL_LENGTH + 1;
		if (name.length != start + KEY_LENGTH + ENTRY.length()) {
			return null;
		}
		try {
			byte[] hash = Base64.getUrlDecoder().decode(Arrays.copyOfRange(name, start, start + KEY_LENGTH));
			return (hash.length == CacheKey.LENGTH) ? hash : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private byte[] name(CacheKey key, String suffix) {
		return withPrefix("{" + hash(key.model()) + ":" + BASE64.encodeToString(key.toBytes()) + suffix);
	}

	private byte[] withPrefix(String rest) {
		return join(this.prefix, rest);
	}

	/**
	 * A model's id is data from outside and may be long: its hash has a fixed length and
	 * no braces.
	 */
	private static String hash(String model) {
		try {
			byte[] hash = MessageDigest.getInstance("SHA-256").digest(RedisText.encode(model));
			return BASE64.encodeToString(Arrays.copyOf(hash, MODEL_BYTES));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	/**
	 * What is named here.
	 */
	enum Kind {

		/** An entry. */
		ENTRY,

		/** What was asked. */
		REQUEST,

		/** What has been counted of a model. */
		STATISTICS,

		/** The models of which something has been counted. */
		MODELS,

		/** How entries are encrypted. */
		MARK,

		/** What goes away by itself. */
		PASSING,

		/** Something of others, or of another version. */
		OTHER

	}

}
