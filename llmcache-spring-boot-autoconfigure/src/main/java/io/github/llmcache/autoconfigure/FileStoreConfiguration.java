package io.github.llmcache.autoconfigure;

import java.nio.file.Path;
import java.time.Clock;

import io.github.llmcache.autoconfigure.LlmCacheProperties.Backend;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.file.FileCacheStore;
import io.github.llmcache.cache.file.FileSettings;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * The backend {@code file}. Needs no libraries of its own.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "llmcache.enabled", matchIfMissing = true)
@ConditionalOnBackend(Backend.FILE)
@ConditionalOnMissingBean(CacheStore.class)
class FileStoreConfiguration {

	@Bean
	FileCacheStore llmCacheStore(LlmCacheProperties properties, Environment environment) {
		Path directory = CacheDirectory.resolve(properties.directory(), environment);
		return new FileCacheStore(
				new FileSettings(directory, properties.maxEntrySize().toBytes(), properties.storeRequests()),
				Clock.systemUTC());
	}

}
