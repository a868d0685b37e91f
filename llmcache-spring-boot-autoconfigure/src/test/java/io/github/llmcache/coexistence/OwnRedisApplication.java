package io.github.llmcache.coexistence;

import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.testsupport.RedisServer;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Has Redis for purposes of its own, and the libraries of the backend.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class OwnRedisApplication {

	public static void main(String[] args) {
		try (RedisServer server = RedisServer.start()) {
			Scenario.run(OwnRedisApplication.class, args[0], (fixture) -> {
				assertThat(fixture.bean(CacheManager.class).backend()).isEqualTo("sqlite");
				assertThat(fixture.count(RedisConnectionFactory.class)).isOne();
				StringRedisTemplate redis = fixture.bean(StringRedisTemplate.class);
				redis.opsForValue().set("mine", "1");
				assertThat(redis.keys("*")).containsExactly("mine");
			}, "spring.data.redis.port=" + server.port());
		}
	}

}
