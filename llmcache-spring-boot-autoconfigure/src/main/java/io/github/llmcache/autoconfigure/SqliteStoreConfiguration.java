package io.github.llmcache.autoconfigure;

import java.nio.file.Path;
import java.time.Clock;

import io.github.llmcache.autoconfigure.LlmCacheProperties.Backend;
import io.github.llmcache.autoconfigure.LlmCacheProperties.Sqlite;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.sqlite.SqliteCacheStore;
import io.github.llmcache.cache.sqlite.SqliteSettings;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnResource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * The backend {@code sqlite}. Looks for its libraries without loading their classes,
 * which an application that has not asked anything yet does not need.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "llmcache.enabled", matchIfMissing = true)
@ConditionalOnBackend(Backend.SQLITE)
@ConditionalOnResource(resources = { "classpath:/org/sqlite/SQLiteConfig.class",
		"classpath:/org/flywaydb/core/Flyway.class", "classpath:/org/springframework/jdbc/support/JdbcUtils.class" })
@ConditionalOnMissingBean(CacheStore.class)
@Import(EntryCodecConfiguration.class)
class SqliteStoreConfiguration {

	@Bean
	SqliteCacheStore llmCacheStore(LlmCacheProperties properties, EntryCodec codec, Environment environment) {
		Sqlite sqlite = properties.sqlite();
		Path directory = CacheDirectory.resolve(properties.directory(), environment);
		int readers = (sqlite.readers() != null) ? sqlite.readers() : SqliteSettings.of(directory).readers();
		SqliteSettings settings = new SqliteSettings(directory, sqlite.synchronous(), sqlite.busyTimeout(), readers,
				sqlite.mmapSize().toBytes(), sqlite.maxOpenFiles(), properties.storeRequests());
		// Who does not write leaves damaged files where they are, too
		return new SqliteCacheStore(settings, codec, Upkeep.isWanted(properties) ? Clock.systemUTC() : null);
	}

}
