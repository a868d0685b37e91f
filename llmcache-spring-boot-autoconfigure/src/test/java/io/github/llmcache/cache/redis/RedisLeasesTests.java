package io.github.llmcache.cache.redis;

import java.time.Duration;
import java.util.Objects;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CallLease;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.SharedCacheStore;
import io.github.llmcache.cache.TestEntries;
import io.github.llmcache.testsupport.RedisServer;
import io.lettuce.core.SetArgs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RedisLeases}.
 */
class RedisLeasesTests {

	private static final CacheKey KEY = TestEntries.key("model", 1);

	private static final byte[] NAME = new RedisKeys(RedisSettings.DEFAULT_KEY_PREFIX).lease(KEY);

	private final EntryCodec codec = new EntryCodec(1_000_000);

	private final RedisServer server = RedisServer.start();

	private final RedisFixture redis = RedisFixture.of(RedisServer.HOST + ":" + this.server.port());

	private final SharedCacheStore here = store(Duration.ofMinutes(1));

	private final SharedCacheStore there = store(Duration.ofMinutes(1));

	@AfterEach
	void stop() {
		this.here.close();
		this.there.close();
		this.redis.close();
		this.server.close();
		this.codec.close();
	}

	private SharedCacheStore store(Duration leaseTime) {
		return this.redis.store(
				new RedisSettings(RedisSettings.DEFAULT_KEY_PREFIX, Duration.ofSeconds(30), leaseTime, true),
				this.codec);
	}

	@Test
	void oneProcessAtATimeHoldsALease() {
		CallLease lease = Objects.requireNonNull(this.here.tryLease(KEY));
		assertThat(this.there.tryLease(KEY)).isNull();
		assertThat(this.there.tryLease(TestEntries.key("model", 2))).isNotNull();
		lease.close();
		await().until(() -> this.there.tryLease(KEY) != null);
		lease.close();
		assertThat(this.here.tryLease(KEY)).isNull();
	}

	@Test
	void aProcessDoesNotWaitForItself() {
		CallLease lease = Objects.requireNonNull(this.here.tryLease(KEY));
		CallLease inner = Objects.requireNonNull(this.here.tryLease(KEY));
		assertThat(inner).isSameAs(CallLease.NONE);
		inner.close();
		assertThat(this.there.tryLease(KEY)).isNull();
		lease.close();
	}

	@Test
	void aLeaseIsRenewedWhileItIsHeld() throws Exception {
		try (SharedCacheStore store = store(Duration.ofMillis(300))) {
			CallLease lease = Objects.requireNonNull(store.tryLease(KEY));
			long start = System.nanoTime();
			await().until(() -> {
				assertThat(this.there.tryLease(KEY)).isNull();
				return System.nanoTime() - start > Duration.ofSeconds(1).toNanos();
			});
			lease.close();
			await().until(() -> this.there.tryLease(KEY) != null);
		}
	}

	@Test
	void aLeaseOfAProcessThatHasDiedEnds() throws Exception {
		this.redis.lettuce((commands) -> commands.set(NAME, new byte[] { 1 }, SetArgs.Builder.px(300)));
		assertThat(this.here.tryLease(KEY)).isNull();
		await().until(() -> this.here.tryLease(KEY) != null);
	}

	@Test
	void aLeaseThatNeverEndsIsNobodys() throws Exception {
		this.redis.lettuce((commands) -> commands.set(NAME, new byte[] { 1 }));
		CallLease lease = this.here.tryLease(KEY);
		assertThat(lease).isNotNull().isNotSameAs(CallLease.NONE);
		assertThat(this.there.tryLease(KEY)).isNull();
	}

	@Test
	void closingAStoreWaitsUntilItsLeasesHaveEnded() {
		CallLease lease = Objects.requireNonNull(this.here.tryLease(KEY));
		lease.close();
		this.here.close();
		assertThat(this.there.tryLease(KEY)).isNotNull();
	}

}
