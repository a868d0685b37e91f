package io.github.llmcache.cache.redis;

import java.util.List;
import java.util.Objects;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStoreContractTests;
import io.github.llmcache.cache.CallLease;
import io.github.llmcache.cache.StoreMark;
import io.github.llmcache.cache.StoreOpener;
import io.github.llmcache.cache.encryption.EncryptedStoreOpener;
import io.github.llmcache.cache.encryption.EncryptedStores;
import io.github.llmcache.testsupport.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RedisCacheStore} below encryption.
 */
class EncryptedRedisStoreTests extends CacheStoreContractTests {

	private static final RedisKeys KEYS = new RedisKeys(RedisSettings.DEFAULT_KEY_PREFIX);

	private static RedisServer server;

	private static RedisFixture redis;

	@BeforeAll
	static void start() {
		server = RedisServer.start();
		redis = RedisFixture.of(RedisServer.HOST + ":" + server.port());
	}

	@AfterAll
	static void stop() {
		redis.close();
		server.close();
	}

	@BeforeEach
	void clear() {
		redis.clear();
	}

	@Test
	void keyIsChangedByOneAtATime() {
		try (CacheStore store = createStore(); CacheStore other = createStore()) {
			StoreMark mark = Objects.requireNonNull(store.mark());
			StoreMark same = Objects.requireNonNull(other.mark());
			CallLease lease = Objects.requireNonNull(mark.tryLease());
			assertThat(same.tryLease()).isNull();
			lease.close();
			await().until(() -> same.tryLease() != null);
		}
	}

	@Override
	protected CacheStore createStore() {
		return EncryptedStores.over(redis.store(RedisFixture.PATIENT, this.codec));
	}

	@Override
	protected Class<? extends StoreOpener> opener() {
		return EncryptedStoreOpener.class;
	}

	@Override
	protected List<String> openerArguments() {
		return List.of(RedisStoreOpener.class.getName(), RedisServer.HOST + ":" + server.port());
	}

	@Override
	protected void damage(CacheKey key) throws Exception {
		byte[] name = KEYS.entry(EncryptedStores.stored(key));
		byte[] value = redis.lettuce((commands) -> commands.get(name));
		value[value.length - 1] ^= 1;
		redis.lettuce((commands) -> commands.set(name, value));
	}

}
