package io.github.llmcache.cache.redis;

import java.util.Objects;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CallLease;
import io.github.llmcache.cache.StoreMark;
import io.lettuce.core.ScriptOutputType;
import org.jspecify.annotations.Nullable;

/**
 * The {@link StoreMark} in Redis, a key of its own.
 */
final class RedisMark implements StoreMark {

	private static final byte[] NONE = new byte[0];

	/** No model has this name, and no entry this key. */
	private static final CacheKey LEASE = CacheKey.of("", 0, new byte[CacheKey.LENGTH]);

	private final RedisAccess access;

	private final RedisKeys keys;

	private final RedisLeases leases;

	RedisMark(RedisAccess access, RedisKeys keys, RedisLeases leases) {
		this.access = access;
		this.keys = keys;
		this.leases = leases;
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

	@Override
	public @Nullable CallLease tryLease() {
		return this.leases.tryAcquire(LEASE);
	}

}
