package io.github.llmcache.cache.redis;

import io.github.llmcache.testsupport.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * Tests for {@link RedisCacheStore} with one server.
 */
class RedisCacheStoreTests extends AbstractRedisCacheStoreTests {

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

	@Override
	RedisFixture redis() {
		return redis;
	}

	@Override
	String nodes() {
		return RedisServer.HOST + ":" + server.port();
	}

}
