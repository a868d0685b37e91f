package io.github.llmcache.benchmarks;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

class ClassPathTests {

	private static final String APPLICATION = "org.springframework.web.servlet.DispatcherServlet";

	@ParameterizedTest
	@ValueSource(strings = { "org.sqlite.JDBC", "org.flywaydb.core.Flyway", "com.github.luben.zstd.Zstd",
			"com.github.benmanes.caffeine.cache.Caffeine", "com.dynatrace.hash4j.hashing.Hashing",
			"org.springframework.jdbc.core.JdbcTemplate", "org.springframework.web.client.RestClient",
			"org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration" })
	void starterBringsItsLibraries(String type) throws Exception {
		assertThat(isPresent(type, ClassPath.withStarter())).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "io.github.llmcache.InferenceApi", "org.sqlite.JDBC", "org.flywaydb.core.Flyway",
			"com.github.luben.zstd.Zstd", "com.github.benmanes.caffeine.cache.Caffeine",
			"com.dynatrace.hash4j.hashing.Hashing", "org.springframework.jdbc.core.JdbcTemplate",
			"org.springframework.boot.http.client.HttpClientSettings",
			"org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration" })
	void applicationWithoutTheStarterHasNothingOfIt(String type) throws Exception {
		assertThat(isPresent(APPLICATION, ClassPath.withoutStarter())).isTrue();
		assertThat(isPresent(type, ClassPath.withoutStarter())).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "io.github.llmcache.benchmarks.Main", "org.rocksdb.RocksDB", "org.h2.mvstore.MVStore",
			"org.ehcache.CacheManager", "org.openjdk.jmh.runner.Runner", "redis.embedded.RedisServer",
			"org.springframework.data.redis.connection.RedisConnectionFactory", "io.lettuce.core.RedisClient",
			"io.netty.channel.Channel", "io.github.resilience4j.circuitbreaker.CircuitBreaker",
			"org.springframework.cache.caffeine.CaffeineCacheManager" })
	void applicationHasNothingOfTheBenchmarks(String type) throws Exception {
		assertThat(isPresent(APPLICATION, ClassPath.withStarter())).isTrue();
		assertThat(isPresent(type, ClassPath.withStarter())).isFalse();
	}

	private static boolean isPresent(String type, List<Path> classPath) throws Exception {
		List<URL> urls = new ArrayList<>();
		for (Path path : classPath) {
			urls.add(url(path));
		}
		try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new),
				ClassLoader.getPlatformClassLoader())) {
			return ClassUtils.isPresent(type, loader);
		}
	}

	private static URL url(Path path) throws MalformedURLException {
		return path.toUri().toURL();
	}

}
