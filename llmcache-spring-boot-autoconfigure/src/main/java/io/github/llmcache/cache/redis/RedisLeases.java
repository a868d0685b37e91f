package io.github.llmcache.cache.redis;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.CallLease;
import io.github.llmcache.cache.Daemons;
import io.lettuce.core.ScriptOutputType;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Takes leases, and renews them for as long as they are held: a call may take minutes,
 * and yet a process that dies delays the others by no more than one lease. Thread-safe.
 */
final class RedisLeases implements AutoCloseable {

	/** How often a lease is renewed before it would end. */
	private static final int RENEWALS = 3;

	private static final long KEEP_ALIVE_SECONDS = 30;

	private static final String NOT_RELEASED = "A lease could not be given back and ends by itself";

	private static final Log logger = LogFactory.getLog(RedisCacheStore.class);

	private final Map<CacheKey, Lease> held = new ConcurrentHashMap<>();

	private final Set<Future<?>> releases = ConcurrentHashMap.newKeySet();

	private final RedisAccess access;

	private final RedisKeys keys;

	private final Replies replies;

	private final Duration leaseTime;

	private final ScheduledThreadPoolExecutor renewals;

	RedisLeases(RedisAccess access, RedisKeys keys, RedisSettings settings) {
		this.access = access;
		this.keys = keys;
		this.replies = new Replies(settings.commandTimeout());
		this.leaseTime = settings.leaseTime();
		this.renewals = new ScheduledThreadPoolExecutor(1, (task) -> Daemons.create("llmcache-redis-leases", task));
		this.renewals.setKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
		this.renewals.allowCoreThreadTimeOut(true);
		this.renewals.setRemoveOnCancelPolicy(true);
	}

	@Nullable CallLease tryAcquire(CacheKey key) {
		if (this.held.containsKey(key)) {
			return CallLease.NONE;
		}
		byte[] name = this.keys.lease(key);
		byte[] token = token();
		Long acquired = this.access.use((commands, replies) -> replies.await(commands.<Long>eval(Scripts.ACQUIRE,
				ScriptOutputType.INTEGER, new byte[][] { name }, token, Scripts.argument(this.leaseTime.toMillis()))));
		if (acquired == null || acquired == 0) {
			return this.held.containsKey(key) ? CallLease.NONE : null;
		}
		Lease lease = new Lease(key, name, token);
		this.held.put(key, lease);
		lease.renewRegularly();
		return lease;
	}

	private static byte[] token() {
		UUID id = UUID.randomUUID();
		return ByteBuffer.allocate(2 * Long.BYTES)
			.putLong(id.getMostSignificantBits())
			.putLong(id.getLeastSignificantBits())
			.array();
	}

	/**
	 * Wait until Redis knows of leases that have ended.
	 */
	@Override
	public void close() {
		this.renewals.shutdownNow();
		for (Future<?> release : this.releases) {
			try {
				this.replies.await(release);
			}
			catch (CacheStoreException ex) {
				logger.debug(NOT_RELEASED, ex);
				return;
			}
		}
	}

	/**
	 * A lease that this process holds.
	 */
	private final class Lease implements CallLease {

		private final AtomicBoolean released = new AtomicBoolean();

		private final CacheKey key;

		private final byte[] name;

		private final byte[] token;

		private volatile @Nullable Future<?> renewal;

		private Lease(CacheKey key, byte[] name, byte[] token) {
			this.key = key;
			this.name = name;
			this.token = token;
		}

		private void renewRegularly() {
			long interval = Math.max(1, RedisLeases.this.leaseTime.toMillis() / RENEWALS);
			this.renewal = RedisLeases.this.renewals.scheduleWithFixedDelay(this::renew, interval, interval,
					TimeUnit.MILLISECONDS);
		}

		private void renew() {
			try {
				RedisLeases.this.access.<Long>send(
						(commands) -> commands.eval(Scripts.RENEW, ScriptOutputType.INTEGER, new byte[][] { this.name },
								this.token, Scripts.argument(RedisLeases.this.leaseTime.toMillis())),
						(renewed, failure) -> {
							if (failure != null) {
								logger.debug("A lease could not be renewed", failure);
							}
						});
			}
			catch (CacheStoreException ex) {
				logger.debug("A lease could not be renewed", ex);
			}
		}

		/**
		 * Give the lease back without waiting for it: the answer is there.
		 */
		@Override
		public void close() {
			if (!this.released.compareAndSet(false, true)) {
				return;
			}
			RedisLeases.this.held.remove(this.key, this);
			Future<?> renewal = this.renewal;
			if (renewal != null) {
				renewal.cancel(false);
			}
			try {
				release();
			}
			catch (CacheStoreException ex) {
				logger.debug(NOT_RELEASED, ex);
			}
		}

		private void release() {
			CompletableFuture<Long> release = RedisLeases.this.access.send((commands) -> commands.eval(Scripts.RELEASE,
					ScriptOutputType.INTEGER, new byte[][] { this.name }, this.token), (ended, failure) -> {
						if (failure != null) {
							logger.debug(NOT_RELEASED, failure);
						}
					});
			RedisLeases.this.releases.add(release);
			release.whenComplete((ended, failure) -> RedisLeases.this.releases.remove(release));
		}

	}

}
