package io.github.llmcache.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.autoconfigure.LlmCacheProperties.Encryption;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.encryption.EncryptionKey;
import io.github.llmcache.cache.encryption.EncryptionKeys;
import io.github.llmcache.provider.StandInProvider;
import io.github.llmcache.testsupport.RedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the configuration of encryption, through the whole library.
 */
class EncryptionConfigurationTests {

	private static final String OLD = "Zm9yIHRlc3RzIG9ubHksIG5vdCByYW5kb20gYXQgYWw=";

	private static final String NEW = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

	private static final InferenceRequest REQUEST = InferenceRequest.builder("gpt-4o-mini")
		.user("A question that nobody may read")
		.build();

	@TempDir
	Path directory;

	private ApplicationContextRunner runner(StandInProvider provider, String... properties) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(HttpClientAutoConfiguration.class,
					ImperativeHttpClientAutoConfiguration.class, RestClientAutoConfiguration.class,
					LlmCacheAutoConfiguration.class))
			.withPropertyValues("llmcache.directory=" + this.directory,
					"llmcache.providers.openai.api-key=" + StandInProvider.API_KEY,
					"llmcache.providers.openai.base-url=" + provider.baseUrl())
			.withPropertyValues(properties);
	}

	private static void assertAnswers(ApplicationContextRunner runner, boolean cached) {
		runner.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(InferenceApi.class).infer(REQUEST).cached()).isEqualTo(cached);
		});
	}

	private static void assertRefused(ApplicationContextRunner runner, String... told) {
		runner.run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOf(LlmCacheConfigurationException.class)
				.hasMessageContainingAll(told);
			assertThat(context.getStartupFailure()).hasStackTraceContaining("llmcache")
				.satisfies((failure) -> assertThat(failure.toString()).doesNotContain(OLD, NEW));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "sqlite", "file" })
	void answersAreEncryptedAndFoundWithTheSameKeyOnly(String backend) throws IOException {
		try (StandInProvider provider = StandInProvider.start()) {
			ApplicationContextRunner runner = runner(provider, "llmcache.backend=" + backend);
			ApplicationContextRunner old = runner.withPropertyValues("llmcache.encryption.key=" + OLD);
			assertAnswers(old, false);
			assertAnswers(old, true);
			assertThat(provider.requestCount()).isOne();
			assertNoFileHas("nobody may read");
			String id = EncryptionKey.parse(OLD).id();
			assertRefused(runner, id, "llmcache.encryption.key");
			assertRefused(runner.withPropertyValues("llmcache.encryption.key=" + NEW), id,
					EncryptionKey.parse(NEW).id(), "llmcache reencrypt");
			assertAnswers(runner.withPropertyValues("llmcache.encryption.key=" + NEW,
					"llmcache.encryption.previous-keys=" + OLD), true);
			assertAnswers(runner.withBean(EncryptionKeys.class, () -> EncryptionKeys.of(EncryptionKey.parse(OLD))),
					true);
			assertThat(provider.requestCount()).isOne();
		}
	}

	@Test
	void plainCacheIsNotMixedWithAnEncryptedOne() {
		try (StandInProvider provider = StandInProvider.start()) {
			ApplicationContextRunner runner = runner(provider);
			assertAnswers(runner, false);
			assertRefused(runner.withPropertyValues("llmcache.encryption.key=" + OLD), "not encrypted",
					"llmcache reencrypt");
			assertAnswers(runner, true);
		}
	}

	@Test
	void redisWithAnotherKeyIsNotUsed() {
		try (StandInProvider provider = StandInProvider.start(); RedisServer redis = RedisServer.start()) {
			ApplicationContextRunner runner = runner(provider, "llmcache.backend=redis",
					"spring.data.redis.host=" + RedisServer.HOST, "spring.data.redis.port=" + redis.port())
				.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class));
			ApplicationContextRunner old = runner.withPropertyValues("llmcache.encryption.key=" + OLD);
			assertAnswers(old, false);
			assertAnswers(old, true);
			assertRefused(runner.withPropertyValues("llmcache.encryption.key=" + NEW), EncryptionKey.parse(OLD).id());
			// Who has no key asks Redis when he first needs it, and then does without
			runner.run((context) -> {
				assertThat(context.getBean(InferenceApi.class).infer(REQUEST).cached()).isFalse();
				assertThat(context.getBean(InferenceApi.class).infer(REQUEST).cached()).isFalse();
				assertThat(context.getBean(CacheManager.class).health().failure())
					.contains(EncryptionKey.parse(OLD).id());
			});
			assertAnswers(old, true);
		}
	}

	@Test
	void redisThatIsDownIsUsedWithTheRightKeyOnceItIsThere() {
		try (StandInProvider provider = StandInProvider.start()) {
			int port;
			try (RedisServer redis = RedisServer.start()) {
				port = redis.port();
			}
			runner(provider, "llmcache.backend=redis", "spring.data.redis.host=" + RedisServer.HOST,
					"spring.data.redis.port=" + port, "llmcache.encryption.key=" + OLD)
				.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(context.getBean(InferenceApi.class).infer(REQUEST).cached()).isFalse();
					assertThat(context.getBean(CacheManager.class).health().failure()).isNotNull();
				});
		}
	}

	@Test
	void whatIsNoKeyIsExplainedWithoutIt() {
		try (StandInProvider provider = StandInProvider.start()) {
			ApplicationContextRunner runner = runner(provider);
			for (String property : List.of("llmcache.encryption.key=correct horse",
					"llmcache.encryption.key=" + NEW + "00")) {
				assertRefused(runner.withPropertyValues(property), "'llmcache.encryption.key' is no key",
						"openssl rand -base64 32");
			}
			assertRefused(runner.withPropertyValues("llmcache.encryption.previous-keys=" + OLD),
					"'llmcache.encryption.key' is not");
		}
		assertThatExceptionOfType(LlmCacheConfigurationException.class)
			.isThrownBy(() -> new Encryption("correct horse", List.of()))
			.withMessageNotContaining("horse");
		assertThat(new Encryption(OLD, List.of(NEW)).toString()).contains(EncryptionKey.parse(OLD).id())
			.doesNotContain(OLD, NEW);
	}

	private void assertNoFileHas(String text) throws IOException {
		try (Stream<Path> files = Files.walk(this.directory)) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				assertThat(Files.readString(file, StandardCharsets.ISO_8859_1).contains(text)).as(file.toString())
					.isFalse();
			}
		}
	}

}
