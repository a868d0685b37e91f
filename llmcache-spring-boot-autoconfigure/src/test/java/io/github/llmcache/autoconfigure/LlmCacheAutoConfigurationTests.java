package io.github.llmcache.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

import io.github.llmcache.BatchInferenceApi;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.Usage;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.Retention;
import io.github.llmcache.cache.RetentionPolicy;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.file.FileCacheStore;
import io.github.llmcache.cache.redis.RedisCacheStore;
import io.github.llmcache.cache.sqlite.SqliteCacheStore;
import io.github.llmcache.inference.InferenceObserver;
import io.github.llmcache.pricing.PriceQuery;
import io.github.llmcache.pricing.PriceTable;
import io.github.llmcache.provider.ProviderClient;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderRouter;
import io.github.llmcache.provider.RateLimits;
import io.github.llmcache.provider.RateLimits.PerMinute;
import io.github.llmcache.provider.StandInBatches;
import io.github.llmcache.provider.StandInProvider;
import io.github.llmcache.transcript.PromptHistory;
import io.github.llmcache.transcript.PromptPrinter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;
import org.sqlite.SQLiteConfig;

import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link LlmCacheAutoConfiguration}.
 */
class LlmCacheAutoConfigurationTests {

	private static final ClassPathResource SQLITE = new ClassPathResource("org/sqlite/SQLiteConfig.class");

	@TempDir
	Path directory;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(HttpClientAutoConfiguration.class, ImperativeHttpClientAutoConfiguration.class,
					RestClientAutoConfiguration.class, LlmCacheAutoConfiguration.class));

	@Test
	void sqliteIsTheDefaultAndNothingIsTouchedBeforeItIsUsed() {
		Path unused = this.directory.resolve("unused");
		this.contextRunner.withPropertyValues("llmcache.directory=" + unused).run((context) -> {
			assertThat(context).hasSingleBean(InferenceApi.class).hasSingleBean(SqliteCacheStore.class);
			assertThat(context.getBeanNamesForType(CacheManager.class)).containsExactly("llmCacheManager");
			assertThat(context.getBean(CacheManager.class).backend()).isEqualTo("sqlite");
		});
		assertThat(unused).doesNotExist();
	}

	@Test
	void answersAreCachedInTheConfiguredDirectory() {
		try (StandInProvider standIn = StandInProvider.start()) {
			InferenceRequest request = InferenceRequest.builder("gpt-4o-mini").user("Hello").build();
			ApplicationContextRunner runner = withStandIn(standIn)
				.withPropertyValues("llmcache.directory=" + this.directory);
			runner.run((context) -> assertThat(context.getBean(InferenceApi.class).infer(request).cached()).isFalse());
			runner.run((context) -> assertThat(context.getBean(InferenceApi.class).infer(request).cached()).isTrue());
			assertThat(this.directory).isDirectoryContaining("glob:**.sqlite");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "file", "FILE" })
	void answersAreCachedInFilesThatCanBeRead(String backend) {
		Path unused = this.directory.resolve("unused");
		try (StandInProvider standIn = StandInProvider.start()) {
			InferenceRequest request = InferenceRequest.builder("gpt-4o-mini").user("Hello").build();
			ApplicationContextRunner runner = withStandIn(standIn)
				.withPropertyValues("llmcache.directory=" + unused, "llmcache.backend=" + backend)
				.withClassLoader(new FilteredClassLoader(SQLITE));
			runner.run((context) -> {
				assertThat(context).hasSingleBean(FileCacheStore.class);
				assertThat(context.getBean(CacheManager.class).backend()).isEqualTo("file");
				assertThat(unused).doesNotExist();
				assertThat(context.getBean(InferenceApi.class).infer(request).cached()).isFalse();
			});
			assertThat(unused).isDirectoryRecursivelyContaining("glob:**.json");
			runner.run((context) -> {
				InferenceResponse response = context.getBean(InferenceApi.class).infer(request);
				assertThat(response.cached()).isTrue();
				assertThat(context.getBean(CacheManager.class).size()).singleElement()
					.satisfies((size) -> assertThat(size.entries()).isOne());
			});
			assertThat(standIn.requestCount()).isOne();
		}
	}

	@Test
	void directoryThatIsAFileIsExplainedByTheHealthAndAnswersAreGiven() throws IOException {
		Path file = Files.createFile(this.directory.resolve("file"));
		try (StandInProvider standIn = StandInProvider.start()) {
			withStandIn(standIn).withPropertyValues("llmcache.directory=" + file, "llmcache.backend=file")
				.run((context) -> {
					assertThat(context.getBean(InferenceApi.class).ask("gpt-4o-mini", "Hello")).isNotEmpty();
					assertThat(context.getBean(CacheManager.class).health().failure()).contains(file.toString())
						.contains("llmcache.directory");
				});
		}
	}

	@Test
	void whatIsAskedIsWrittenAndPrintedOnlyIfSomebodyWantsIt() {
		try (StandInProvider standIn = StandInProvider.start()) {
			InferenceRequest request = InferenceRequest.builder("gpt-4o-mini").user("Which capital?").build();
			ApplicationContextRunner runner = withStandIn(standIn)
				.withPropertyValues("llmcache.directory=" + this.directory);
			runner.run((context) -> {
				context.getBean(InferenceApi.class).infer(request);
				assertThat(context).doesNotHaveBean(InferenceObserver.class);
			});
			runner.withPropertyValues("llmcache.history.enabled=true", "llmcache.print-prompts=true").run((context) -> {
				InferenceApi inference = context.getBean(InferenceApi.class);
				assertThat(context).hasSingleBean(PromptHistory.class).hasSingleBean(PromptPrinter.class);
				assertThat(inference.infer(request).cached()).isTrue();
				assertThat(this.directory.resolve("history")).doesNotExist();
				inference.inferAll(List.of(request.toBuilder().temperature(1).build()));
				assertThat(this.directory.resolve("history")).isDirectoryRecursivelyContaining("glob:**.txt");
			});
		}
	}

	@Test
	void disabledCacheTouchesNoStorageAndStillAnswers() {
		Path unused = this.directory.resolve("unused");
		try (StandInProvider standIn = StandInProvider.start()) {
			withStandIn(standIn).withPropertyValues("llmcache.enabled=false", "llmcache.directory=" + unused)
				.run((context) -> {
					assertThat(context).doesNotHaveBean(CacheStore.class);
					InferenceApi inference = context.getBean(InferenceApi.class);
					assertThat(inference.ask("gpt-4o-mini", "Hello")).isEqualTo(inference.ask("gpt-4o-mini", "Hello"));
					assertThat(context.getBean(CacheManager.class).backend()).isEqualTo("none");
				});
			assertThat(standIn.requestCount()).isEqualTo(2);
		}
		assertThat(unused).doesNotExist();
	}

	@Test
	void disabledCacheSharesNoCalls() {
		try (StandInProvider standIn = StandInProvider.start()) {
			withStandIn(standIn).withPropertyValues("llmcache.enabled=false").run((context) -> {
				InferenceRequest request = InferenceRequest.builder("gpt-4o-mini").user("Hello").build();
				assertThat(context.getBean(InferenceApi.class).inferAll(List.of(request, request)))
					.allMatch(InferenceResult::succeeded);
			});
			assertThat(standIn.requestCount()).isEqualTo(2);
		}
	}

	@Test
	void modeIsConfigured() {
		try (StandInProvider standIn = StandInProvider.start()) {
			withStandIn(standIn)
				.withPropertyValues("llmcache.directory=" + this.directory, "llmcache.mode=replay",
						"llmcache.providers.openai.api-key=")
				.run((context) -> {
					InferenceApi inference = context.getBean(InferenceApi.class);
					assertThatExceptionOfType(CacheMissException.class)
						.isThrownBy(() -> inference.ask("gpt-4o-mini", "Hello"));
					assertThatExceptionOfType(CacheMissException.class)
						.isThrownBy(() -> inference.embed("text-embedding-3-small", List.of("Hello")));
					InferenceResult result = context.getBean(BatchInferenceApi.class)
						.inferAll(List.of(InferenceRequest.builder("gpt-4o-mini").user("Hello").build()))
						.get(0);
					assertThat(result.failure()).isInstanceOf(CacheMissException.class);
				});
			assertThat(standIn.requestCount()).isZero();
		}
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void unknownModeIsABindingError() {
		this.contextRunner.withPropertyValues("llmcache.mode=sometimes").run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).rootCause().hasMessageContaining("sometimes");
		});
	}

	@Test
	void replayWithoutACacheIsExplained() {
		this.contextRunner.withPropertyValues("llmcache.enabled=false", "llmcache.mode=replay").run((context) -> {
			FailureAnalysis analysis = analyze(context);
			assertThat(analysis.getDescription()).contains("'llmcache.mode' is 'replay'").contains("llmcache.enabled");
			assertThat(analysis.getAction()).isEqualTo("Remove one of them.");
		});
	}

	@Test
	void batchesAreWatchedAsConfiguredAndRememberedAlsoIfNothingIsCached() {
		StandInBatches batches = new StandInBatches();
		List<InferenceRequest> requests = List.of(InferenceRequest.builder("gpt-4o-mini").user("Hello").build());
		try (StandInProvider standIn = StandInProvider.start().answer(batches)) {
			ApplicationContextRunner runner = withStandIn(standIn).withPropertyValues("llmcache.enabled=false",
					"llmcache.directory=" + this.directory, "llmcache.batch.poll-interval=1ms",
					"llmcache.batch.max-poll-interval=2ms");
			runner.run((context) -> assertThat(context.getBean(BatchInferenceApi.class).submit(requests).batches())
				.hasSize(1));
			assertThat(this.directory.resolve("batches")).isDirectoryContaining("glob:**.batch");
			batches.end();
			runner.run((context) -> {
				List<InferenceResult> results = context.getBean(BatchInferenceApi.class).inferAll(requests);
				assertThat(results.get(0).orElseThrow().text()).isEqualTo("Answer to Hello");
			});
			assertThat(batches.ids()).hasSize(1);
			runner.run((context) -> context.getBean(BatchInferenceApi.class).inferAll(requests));
			assertThat(batches.ids()).hasSize(2);
		}
	}

	@Test
	void disabledCacheNeedsNoLibrariesOfAStore() {
		this.contextRunner.withPropertyValues("llmcache.enabled=false", "llmcache.backend=redis")
			.withClassLoader(new FilteredClassLoader(SQLITE))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(InferenceApi.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "sqlite", "SQLite" })
	void sqliteMayBeSpelledAsItBinds(String backend) {
		this.contextRunner.withPropertyValues("llmcache.backend=" + backend)
			.run((context) -> assertThat(context).hasSingleBean(SqliteCacheStore.class));
	}

	@Test
	void unknownBackendIsABindingError() {
		this.contextRunner.withPropertyValues("llmcache.backend=mongo").run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).rootCause().hasMessageContaining("mongo");
		});
	}

	@Test
	void missingLibrariesAreExplained() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(SQLITE)).run((context) -> {
			FailureAnalysis analysis = analyze(context);
			assertThat(analysis.getDescription()).contains("SQLite");
			assertThat(analysis.getAction()).contains("org.xerial:sqlite-jdbc");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "org/springframework/data/redis/connection/RedisConnectionFactory.class",
			"io/lettuce/core/RedisClient.class", "io/github/resilience4j/circuitbreaker/CircuitBreaker.class" })
	void missingLibrariesOfRedisAreExplained(String resource) {
		this.contextRunner.withPropertyValues("llmcache.backend=REDIS")
			.withClassLoader(new FilteredClassLoader(new ClassPathResource(resource)))
			.run((context) -> {
				FailureAnalysis analysis = analyze(context);
				assertThat(analysis.getDescription()).contains("Redis");
				assertThat(analysis.getAction()).contains("spring-boot-starter-data-redis", "spring.data.redis.host",
						"resilience4j-circuitbreaker");
			});
	}

	@Test
	void missingConnectionToRedisIsExplained() {
		this.contextRunner.withPropertyValues("llmcache.backend=redis").run((context) -> {
			FailureAnalysis analysis = analyze(context);
			assertThat(analysis.getDescription()).contains("no connection");
			assertThat(analysis.getAction()).contains("spring-boot-starter-data-redis", "spring.data.redis.host");
		});
	}

	@Test
	void nothingIsConnectedToBeforeItIsUsed() {
		// Nobody listens there
		this.contextRunner.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
			.withPropertyValues("llmcache.backend=redis", "spring.data.redis.port=1")
			.run((context) -> {
				assertThat(context).hasSingleBean(RedisCacheStore.class).hasSingleBean(RedisConnectionFactory.class);
				assertThat(context.getBean(CacheManager.class).backend()).isEqualTo("redis");
			});
	}

	@Test
	void severalConnectionsToRedisAreExplained() {
		this.contextRunner.withPropertyValues("llmcache.backend=redis")
			.withBean("first", RedisConnectionFactory.class, LettuceConnectionFactory::new)
			.withBean("second", RedisConnectionFactory.class, LettuceConnectionFactory::new)
			.run((context) -> assertThat(analyze(context).getDescription()).contains("several"));
	}

	@Test
	void retentionIsConfigured() {
		this.contextRunner
			.withPropertyValues("llmcache.time-to-live=30d", "llmcache.max-size=50MB", "llmcache.max-entries=1000",
					"llmcache.models.[gpt-4.1].time-to-live=1h", "llmcache.models.[gpt-4.1].max-size=2GB",
					"llmcache.models.[meta-llama/Llama-3.3-70B].max-entries=7")
			.run((context) -> {
				RetentionPolicy policy = context.getBean(RetentionPolicy.class);
				assertThat(policy.of("other")).isEqualTo(new Retention(Duration.ofDays(30), 50L << 20, 1000L));
				assertThat(policy.of("gpt-4.1")).isEqualTo(new Retention(Duration.ofHours(1), 2L << 30, 1000L));
				assertThat(policy.of("meta-llama/Llama-3.3-70B"))
					.isEqualTo(new Retention(Duration.ofDays(30), 50L << 20, 7L));
			});
		this.contextRunner.run((context) -> assertThat(context.getBean(RetentionPolicy.class).of("any"))
			.isEqualTo(Retention.UNLIMITED));
	}

	@Test
	void applicationDecidesWhatIsKept() {
		RetentionPolicy mine = (model) -> Retention.UNLIMITED;
		this.contextRunner.withPropertyValues("llmcache.max-entries=1")
			.withBean("mine", RetentionPolicy.class, () -> mine)
			.run((context) -> assertThat(context.getBean(RetentionPolicy.class)).isSameAs(mine));
	}

	@ParameterizedTest
	@CsvSource({ "READ_WRITE,,true", "refresh,,true", "read-only,,false", "replay,,false", "off,,false",
			"read-only,true,true", "read-write,false,false" })
	void modeDecidesWhetherTheStoreIsMaintained(String mode, @Nullable Boolean enabled, boolean maintained)
			throws IOException {
		try (StandInProvider standIn = StandInProvider.start()) {
			withStandIn(standIn).withPropertyValues("llmcache.backend=file", "llmcache.mode=" + mode)
				.withPropertyValues((enabled != null) ? "llmcache.maintenance.enabled=" + enabled : "llmcache.x=y")
				.run((context) -> {
					context.getBean(CacheManager.class).recordSpent("", "gpt-4o", 1L, 1, 1);
					assertThat(maintenanceThreads()).hasSize(maintained ? 1 : 0);
				});
			assertThat(maintenanceThreads()).isEmpty();
		}
	}

	private static List<Thread> maintenanceThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("llmcache-maintenance"))
			.toList();
	}

	@ParameterizedTest
	@MethodSource
	void wrongPropertyIsExplained(String property, String expectedDescription, String expectedAction) {
		this.contextRunner.withPropertyValues("llmcache.directory=" + this.directory, property).run((context) -> {
			FailureAnalysis analysis = analyze(context);
			assertThat(analysis.getDescription()).contains(expectedDescription);
			assertThat(analysis.getAction()).contains(expectedAction);
		});
	}

	static Stream<Arguments> wrongPropertyIsExplained() {
		return Stream.of(Arguments.of("llmcache.max-entry-size=0B", "'llmcache.max-entry-size' is 0", "from 1"),
				Arguments.of("llmcache.time-to-live=0s", "'llmcache.time-to-live' is too short", "1ms"),
				Arguments.of("llmcache.max-size=1000KB", "'llmcache.max-size' is too small", "1MB"),
				Arguments.of("llmcache.max-size=-1MB", "'llmcache.max-size' is too small", "1MB"),
				Arguments.of("llmcache.max-entries=0", "'llmcache.max-entries' is 0", "from 1"),
				Arguments.of("llmcache.models.[gpt-4.1].time-to-live=-1s",
						"'llmcache.models.[gpt-4.1].time-to-live' is too short", "1ms"),
				Arguments.of("llmcache.models.[gpt-4.1].max-size=0",
						"'llmcache.models.[gpt-4.1].max-size' is too small", "1MB"),
				Arguments.of("llmcache.models.[gpt-4.1].max-entries=-1",
						"'llmcache.models.[gpt-4.1].max-entries' is -1", "from 1"),
				Arguments.of("llmcache.maintenance.interval=0s", "'llmcache.maintenance.interval' is too short", "1ms"),
				Arguments.of("llmcache.sqlite.busy-timeout=-1s", "'llmcache.sqlite.busy-timeout' is negative",
						"zero or more"),
				Arguments.of("llmcache.sqlite.readers=0", "'llmcache.sqlite.readers' is 0", "from 1"),
				Arguments.of("llmcache.sqlite.max-open-files=0", "'llmcache.sqlite.max-open-files' is 0", "from 1"),
				Arguments.of("llmcache.retry.max-attempts=0", "'llmcache.retry.max-attempts' is 0", "from 1"),
				Arguments.of("llmcache.retry.multiplier=NaN", "'llmcache.retry.multiplier' is NaN", "1 or more"),
				Arguments.of("llmcache.retry.multiplier=0.5", "'llmcache.retry.multiplier' is 0.5", "1 or more"),
				Arguments.of("llmcache.batch.poll-interval=0s", "'llmcache.batch.poll-interval' is too short", "1ms"),
				Arguments.of("llmcache.batch.max-poll-interval=-1s", "'llmcache.batch.max-poll-interval' is too short",
						"1ms"),
				Arguments.of("llmcache.providers.mine.api-key=secret", "llmcache.providers.mine.protocol must be set",
						"llmcache.providers.mine"),
				Arguments.of("llmcache.providers.OpenAI.api-key=secret", "no preset for a provider 'OpenAI'",
						"llmcache.providers.openai"),
				Arguments.of("llmcache.memory.maximum-size=-1B", "'llmcache.memory.maximum-size' is -1", "from 0"),
				Arguments.of("llmcache.memory.time-to-live=-1s", "'llmcache.memory.time-to-live' is negative",
						"zero or more"),
				Arguments.of("llmcache.redis.key-prefix={a}", "'llmcache.redis.key-prefix' contains braces",
						"Leave them out"),
				Arguments.of("llmcache.redis.command-timeout=-1s", "'llmcache.redis.command-timeout' is too short",
						"1ms"),
				Arguments.of("llmcache.redis.lease-time=99ms", "'llmcache.redis.lease-time' is too short", "100ms"),
				Arguments.of("llmcache.providers.openai.protocol=soap", "openai", "llmcache.providers.openai"),
				Arguments.of("llmcache.providers.openai.base-url=ftp://host", "llmcache.providers.openai.base-url",
						"llmcache.providers.openai"),
				Arguments.of("llmcache.providers.openai.max-concurrency=0", "max-concurrency",
						"llmcache.providers.openai"),
				Arguments.of("llmcache.providers.openai.requests-per-minute=0",
						"llmcache.providers.openai.requests-per-minute must be positive", "llmcache.providers.openai"),
				Arguments.of("llmcache.providers.openai.tokens-per-minute=-1",
						"llmcache.providers.openai.tokens-per-minute must be positive", "llmcache.providers.openai"),
				Arguments.of("llmcache.providers.openai.limits.[gpt-4.1].requests-per-minute=0",
						"llmcache.providers.openai.limits[gpt-4.1].requests-per-minute must be positive",
						"llmcache.providers.openai"),
				Arguments.of("llmcache.providers.openai.rate-limit-fraction=0",
						"rate-limit-fraction must be from 0.01 to 1", "llmcache.providers.openai"),
				Arguments.of("llmcache.providers.openai.rate-limit-fraction=1.5",
						"rate-limit-fraction must be from 0.01 to 1", "llmcache.providers.openai"),
				Arguments.of("llmcache.providers.openai.rate-limit-fraction=NaN",
						"rate-limit-fraction must be from 0.01 to 1", "llmcache.providers.openai"),
				Arguments.of("llmcache.prices.file=/does/not/exist.json", "/does/not/exist.json", "Correct the file"),
				Arguments.of("llmcache.prices.models.m.input=1", "The price of 'm' is incomplete", "'output'"),
				Arguments.of("llmcache.prices.models.m.batch-input=1", "The batch price of 'm' is incomplete",
						"'batch-output'"),
				Arguments.of("llmcache.prices.models.m.output=-1", "The price of 'm'", "llmcache.prices.models.m"));
	}

	@Test
	void wrongPropertyNeverShowsTheKey() {
		this.contextRunner
			.withPropertyValues("llmcache.providers.openai.api-key=sk secret", "llmcache.providers.openai.timeout=0s")
			.run((context) -> {
				FailureAnalysis analysis = analyze(context);
				assertThat(analysis.getDescription()).contains("llmcache.providers.openai").doesNotContain("secret");
				assertThat(analysis.getCause()).hasMessageNotContaining("secret");
			});
	}

	@Test
	void keysComeFromPropertiesOrTheUsualVariables() {
		this.contextRunner
			.withPropertyValues("OPENAI_API_KEY=from-environment", "ANTHROPIC_API_KEY=from-environment",
					"llmcache.providers.anthropic.api-key=from-property")
			.run((context) -> {
				assertThat(provider(context, "openai").apiKey()).isEqualTo("from-environment");
				assertThat(provider(context, "anthropic").apiKey()).isEqualTo("from-property");
				assertThat(provider(context, "deepseek").apiKey()).isNull();
				assertThat(context.getBean(LlmCacheProperties.class).toString()).doesNotContain("from-property");
			});
	}

	@Test
	void providersAreConfigured() {
		this.contextRunner.withPropertyValues("llmcache.providers.mine.protocol=openai",
				"llmcache.providers.mine.base-url=http://gpu:8000/v1", "llmcache.providers.mine.models=llama*,qwen*",
				"llmcache.providers.mine.max-concurrency=3", "llmcache.providers.mine.timeout=5s",
				"llmcache.providers.mine.headers.X-Team=a", "llmcache.providers.mine.cache-identity=farm",
				"llmcache.providers.mine.max-tokens-parameter=max_output")
			.run((context) -> {
				ProviderDefinition provider = context.getBean(ProviderRouter.class).route("llama-9", null);
				assertThat(provider.name()).isEqualTo("mine");
				assertThat(provider.maxConcurrency()).isEqualTo(3);
				assertThat(provider.timeout()).hasSeconds(5);
				assertThat(provider.headers()).containsEntry("X-Team", "a");
				assertThat(provider.endpointIdentity()).isEqualTo("farm");
				assertThat(provider.maxTokensParameter()).isEqualTo("max_output");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "openai", "openai-responses", "openai-completions", "anthropic" })
	void protocolsAreThere(String protocol) {
		this.contextRunner.withPropertyValues("llmcache.providers.openai.protocol=" + protocol)
			.run((context) -> assertThat(provider(context, "openai").protocol().name()).isEqualTo(protocol));
	}

	@Test
	void limitsAreConfigured() {
		this.contextRunner
			.withPropertyValues("llmcache.providers.openai.requests-per-minute=500",
					"llmcache.providers.openai.tokens-per-minute=30000",
					"llmcache.providers.openai.rate-limit-fraction=0.8",
					"llmcache.providers.openai.limits.[gpt-4.1].requests-per-minute=50",
					"llmcache.providers.openai.limits.o3.tokens-per-minute=1000")
			.run((context) -> {
				RateLimits limits = provider(context, "openai").limits();
				assertThat(limits.fraction()).isEqualTo(0.8);
				assertThat(limits.of("gpt-4.1")).isEqualTo(new PerMinute(50, 30_000));
				assertThat(limits.of("o3")).isEqualTo(new PerMinute(500, 1000));
				assertThat(limits.of("gpt-4o")).isEqualTo(new PerMinute(500, 30_000));
				assertThat(provider(context, "anthropic").limits()).isEqualTo(RateLimits.NONE);
			});
	}

	@Test
	void pricesAreOverridden() throws Exception {
		Path file = Files.writeString(this.directory.resolve("prices.json"), """
				{"my-model": {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}}""");
		this.contextRunner
			.withPropertyValues("llmcache.prices.models.[gpt-4o].input=7", "llmcache.prices.models.[gpt-4o].output=8",
					"llmcache.prices.models.[openai/gpt-4.1].input=9",
					"llmcache.prices.models.[openai/gpt-4.1].output=9", "llmcache.prices.file=" + file,
					"llmcache.providers.proxy.protocol=openai", "llmcache.providers.proxy.base-url=http://proxy/v1",
					"llmcache.providers.proxy.priced-as=openai",
					"llmcache.providers.deepseek.base-url=http://somewhere-else/v1")
			.run((context) -> {
				PriceTable prices = context.getBean(PriceTable.class);
				assertThat(nanos(prices, "openai", "gpt-4o")).isEqualTo(7_000);
				assertThat(nanos(prices, "openai", "gpt-4.1")).isEqualTo(9_000);
				assertThat(nanos(prices, "openai", "my-model")).isEqualTo(1_000);
				assertThat(nanos(prices, "proxy", "gpt-4o-mini")).isEqualTo(nanos(prices, "openai", "gpt-4o-mini"))
					.isPositive();
				assertThat(prices.costNanos(query("openai", "unknown"))).isNull();
				assertThat(prices.costNanos(query("deepseek", "deepseek-chat"))).isNull();
			});
	}

	@Test
	void applicationCanReplaceEveryPart() {
		this.contextRunner.withBean("mine", InferenceApi.class, () -> Mockito.mock(InferenceApi.class))
			.withBean("batches", BatchInferenceApi.class, () -> Mockito.mock(BatchInferenceApi.class))
			.withBean(CacheStore.class, () -> Mockito.mock(CacheStore.class))
			.withBean(PriceTable.class, () -> PriceTable.builder().bundled(false).build())
			.run((context) -> {
				assertThat(context).hasSingleBean(InferenceApi.class)
					.hasSingleBean(CacheStore.class)
					.hasSingleBean(PriceTable.class)
					.hasSingleBean(ProviderClient.class);
				assertThat(context.getBeanNamesForType(InferenceApi.class)).containsExactly("mine");
				assertThat(context.getBeanNamesForType(BatchInferenceApi.class)).containsExactly("batches");
			});
	}

	@Test
	void everythingIsClosedInTheOrderOfItsUse() {
		List<String> closed = new ArrayList<>();
		this.contextRunner.withBean(DestructionAwareBeanPostProcessor.class, () -> (bean, name) -> closed.add(name))
			.run((context) -> assertThat(context).hasSingleBean(InferenceApi.class));
		assertThat(closed).containsSubsequence("inferenceApi", "llmCacheManager", "llmCacheStore",
				"llmCacheEntryCodec");
		assertThat(closed).containsSubsequence("inferenceApi", "llmCacheProviderClient");
		assertThat(closed).containsSubsequence("batchInferenceApi", "llmCacheProviderClient");
	}

	@Test
	void severalBuildersOfTheApplicationAreLeftToIt() {
		try (StandInProvider standIn = StandInProvider.start()) {
			withStandIn(standIn).withPropertyValues("llmcache.directory=" + this.directory)
				.withBean("first", RestClient.Builder.class, RestClient::builder)
				.withBean("second", RestClient.Builder.class, RestClient::builder)
				.withBean(RestClientCustomizer.class, () -> (builder) -> builder.defaultHeader("X-Team", "a"))
				.run((context) -> {
					assertThat(context.getBean(InferenceApi.class).ask("gpt-4o-mini", "Hello")).isNotEmpty();
					assertThat(standIn.lastRequest().header("X-Team")).isEqualTo("a");
				});
		}
	}

	private ApplicationContextRunner withStandIn(StandInProvider standIn) {
		return this.contextRunner.withPropertyValues("llmcache.providers.openai.base-url=" + standIn.baseUrl(),
				"llmcache.providers.openai.api-key=" + StandInProvider.API_KEY);
	}

	private static ProviderDefinition provider(AssertableApplicationContext context, String name) {
		return context.getBean(ProviderRouter.class)
			.providers()
			.stream()
			.filter((provider) -> provider.name().equals(name))
			.findFirst()
			.orElseThrow();
	}

	private static long nanos(PriceTable prices, String provider, String model) {
		return Objects.requireNonNull(prices.costNanos(query(provider, model)));
	}

	private static PriceQuery query(String provider, String model) {
		return PriceQuery.of(provider, model, Usage.of(1, 0), Instant.EPOCH);
	}

	private static FailureAnalysis analyze(AssertableApplicationContext context) {
		assertThat(context).hasFailed();
		FailureAnalysis analysis = new LlmCacheFailureAnalyzer()
			.analyze(Objects.requireNonNull(context.getStartupFailure()));
		return Objects.requireNonNull(analysis);
	}

}
