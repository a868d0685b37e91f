package io.github.llmcache.autoconfigure;

import java.time.Clock;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.autoconfigure.LlmCacheProperties.Backend;
import io.github.llmcache.autoconfigure.LlmCacheProperties.Redis;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.redis.RedisCacheStore;
import io.github.llmcache.cache.redis.RedisSettings;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnResource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * The backend {@code redis}, over the connection that the application has.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "llmcache.enabled", matchIfMissing = true)
@ConditionalOnBackend(Backend.REDIS)
@ConditionalOnResource(
		resources = { "classpath:/org/springframework/data/redis/connection/RedisConnectionFactory.class",
				"classpath:/io/lettuce/core/RedisClient.class",
				"classpath:/io/github/resilience4j/circuitbreaker/CircuitBreaker.class" })
@ConditionalOnMissingBean(CacheStore.class)
@Import(EntryCodecConfiguration.class)
class RedisStoreConfiguration {

	private static final String JEDIS = "org.springframework.data.redis.connection.jedis.";

	@Bean
	RedisCacheStore llmCacheStore(LlmCacheProperties properties, EntryCodec codec,
			ObjectProvider<RedisConnectionFactory> connectionFactories) {
		Redis redis = properties.redis();
		RedisSettings settings = new RedisSettings(redis.keyPrefix(), redis.commandTimeout(), redis.leaseTime(),
				properties.storeRequests());
		return new RedisCacheStore(connectionFactory(connectionFactories), settings, codec, Clock.systemUTC());
	}

	@Bean
	RedisConnectionGuest llmCacheRedisConnectionGuest(RedisCacheStore store, ObjectProvider<InferenceApi> inference,
			ObjectProvider<CacheManager> cache) {
		return new RedisConnectionGuest(store, inference.getIfUnique(), cache.getIfUnique());
	}

	private static RedisConnectionFactory connectionFactory(ObjectProvider<RedisConnectionFactory> candidates) {
		RedisConnectionFactory factory = candidates.getIfUnique();
		if (factory == null) {
			throw new LlmCacheConfigurationException(
					"The cache is to be kept in Redis, but the application has no connection to it, or several of "
							+ "which none is primary.",
					"Add the dependency org.springframework.boot:spring-boot-starter-data-redis and set "
							+ "'spring.data.redis.host' and 'spring.data.redis.port', 'spring.data.redis.url', "
							+ "'spring.data.redis.cluster.nodes' or 'spring.data.redis.sentinel.nodes', or declare one "
							+ "primary bean of type " + RedisConnectionFactory.class.getName() + ".");
		}
		if (factory.getClass().getName().startsWith(JEDIS)) {
			throw new LlmCacheConfigurationException(
					"The cache is to be kept in Redis, and the application connects to it with Jedis, which cannot "
							+ "answer many at a time.",
					"Set 'spring.data.redis.client-type=lettuce' and add the dependency io.lettuce:lettuce-core.");
		}
		return factory;
	}

}
