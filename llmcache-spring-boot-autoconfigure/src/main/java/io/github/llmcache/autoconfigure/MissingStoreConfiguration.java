package io.github.llmcache.autoconfigure;

import io.github.llmcache.cache.CacheStore;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Explains why there is no store, once nothing else has provided one.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "llmcache.enabled", matchIfMissing = true)
@ConditionalOnMissingBean(CacheStore.class)
class MissingStoreConfiguration {

	@Bean
	CacheStore llmCacheStore(LlmCacheProperties properties) {
		throw switch (properties.backend()) {
			case SQLITE -> new LlmCacheConfigurationException(
					"The cache is to be kept in SQLite, but its libraries are not on the classpath.",
					"Add the dependencies org.xerial:sqlite-jdbc, org.flywaydb:flyway-core and "
							+ "org.springframework:spring-jdbc, which llmcache-spring-boot-starter brings along, "
							+ "or set 'llmcache.enabled=false'.");
			case FILE -> new IllegalStateException("The backend 'file' needs no libraries");
			case REDIS -> new LlmCacheConfigurationException(
					"The cache is to be kept in Redis, but its libraries are not on the classpath.",
					"Add the dependencies org.springframework.boot:spring-boot-starter-data-redis, with which "
							+ "'spring.data.redis.host' and the like say where Redis is, and "
							+ "io.github.resilience4j:resilience4j-circuitbreaker, or set 'llmcache.backend=sqlite'.");
		};
	}

}
