package io.github.llmcache.cache.redis;

import java.util.Objects;

import io.github.llmcache.cache.StoreMark;
import io.lettuce.core.ScriptOutputType;
import org.jspecify.annotations.Nullable;

/**
 * The {@link StoreMark} in Redis, a key of its own.
 */
final class RedisMark implements StoreMark {

	private static final byte[] NONE = new byte[0];

	private final RedisAccess access;

	private final RedisKeys keys;

	RedisMark(RedisAccess access, RedisKeys keys) {
		this.access = access;
		this.keys = keys;
	}

	@Override
	public byte @Nullable [] read() {
		return this.access.use((commands, replies) -> replies.await(commands.get(this.keys.mark())));
	}

	@Override
	public boolean replace(byte @Nullable [] expected, byte @Nullable [] mark) {
		Long replaced = this.access.use((commands,
				replies) -> replies.await(commands.<Long>eval(Scripts.REPLACE_MARK, ScriptOutputType.INTEGER,
						new byte[][] { this.keys.mark() }, Objects.requireNonNullElse(expected, NONE),
						Objects.requireNonNullElse(mark, NONE))));
		return replaced != null && replaced == 1;
	}

}
