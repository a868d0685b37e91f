package io.github.llmcache.cli.safetytooling;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import org.jspecify.annotations.Nullable;

/**
 * Keys in Redis. They begin with the library's cache directory and a colon. What follows
 * is that directory again, the hash of the parameters and that of the prompt, or else
 * {@code moderation} or {@code embeddings} and a hash. Their values are JSON.
 */
final class RedisKeys implements Home {

	private static final Pattern KEY = Pattern
		.compile("(?<dir>.*):(?:\\k<dir>/\\w{1,128}|moderation|embeddings)/(?<hash>\\w{1,128})", Pattern.DOTALL);

	private static final int MAX_KEY_LENGTH = 4096;

	private static final int SCAN_COUNT = 500;

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final RedisURI uri;

	private final @Nullable String directory;

	private final InstantSource clock;

	RedisKeys(RedisURI uri, @Nullable String directory, InstantSource clock) {
		this.uri = uri;
		this.uri.setTimeout(TIMEOUT);
		this.directory = directory;
		this.clock = clock;
	}

	@Override
	public void readAll(Visitor visitor) throws IOException {
		RedisClient client = RedisClient.create(this.uri);
		try (StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE)) {
			scan(connection.sync(), this.clock.instant(), visitor);
		}
		catch (RedisException ex) {
			// It is not the cause: its message has the URL, and that can hold a password
			throw new IOException("Redis cannot be read");
		}
		finally {
			client.shutdown();
		}
	}

	private void scan(RedisCommands<byte[], byte[]> redis, Instant now, Visitor visitor) {
		ScanArgs args = ScanArgs.Builder.limit(SCAN_COUNT).match(pattern());
		long bytes = 0;
		KeyScanCursor<byte[]> cursor = redis.scan(args);
		while (true) {
			for (byte[] key : cursor.getKeys()) {
				bytes += read(redis, key, now, visitor);
			}
			visitor.progress(bytes, 0);
			if (cursor.isFinished()) {
				return;
			}
			cursor = redis.scan(cursor, args);
		}
	}

	private String pattern() {
		return (this.directory != null) ? this.directory.replaceAll("([*?\\[\\]\\\\^-])", "\\\\$1") + ":*" : "*:*";
	}

	/**
	 * Read the value of a key, if that is one of the library.
	 * @return how many bytes were read
	 */
	private int read(RedisCommands<byte[], byte[]> redis, byte[] key, Instant now, Visitor visitor) {
		Matcher matcher = (key.length <= MAX_KEY_LENGTH) ? KEY.matcher(new String(key, StandardCharsets.UTF_8)) : null;
		if (matcher == null || !matcher.matches()
				|| this.directory != null && !matcher.group("dir").equals(this.directory)) {
			return 0;
		}
		String where = "key …/" + matcher.group("hash");
		try {
			byte[] json = redis.getrange(key, 0, MAX_VALUE_SIZE);
			if (json.length > MAX_VALUE_SIZE) {
				throw new UnmappableException(TOO_LARGE);
			}
			// None has been deleted since it was found
			if (json.length > 0) {
				visitor.value(new Value(where, matcher.group("hash"), text(json), now));
			}
			return json.length;
		}
		catch (RedisCommandExecutionException ex) {
			visitor.skipped(where, "it is not a string in Redis");
		}
		catch (UnmappableException ex) {
			visitor.skipped(where, ex.reason());
		}
		return 0;
	}

	private static String text(byte[] json) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
		}
		catch (CharacterCodingException ex) {
			throw new UnmappableException("it is not valid JSON");
		}
	}

}
