package io.github.llmcache.cache.redis;

import java.nio.file.Path;

import io.github.llmcache.testsupport.RedisCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests for {@link RedisCacheStore} with a cluster of three masters.
 */
class RedisClusterCacheStoreTests extends AbstractRedisCacheStoreTests {

	@TempDir
	static Path nodes;

	private static RedisCluster cluster;

	private static RedisFixture redis;

	@BeforeAll
	static void start() {
		cluster = RedisCluster.start(nodes);
		redis = RedisFixture.of(cluster.nodes());
	}

	@AfterAll
	static void stop() {
		redis.close();
		cluster.close();
	}

	@Override
	RedisFixture redis() {
		return redis;
	}

	@Override
	String nodes() {
		return cluster.nodes();
	}

}
