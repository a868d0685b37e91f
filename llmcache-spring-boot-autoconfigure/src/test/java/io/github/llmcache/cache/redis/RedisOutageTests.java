package io.github.llmcache.cache.redis;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheManager.CacheLookup;
import io.github.llmcache.cache.CacheManager.CacheWrite;
import io.github.llmcache.cache.CacheManager.EntryReader;
import io.github.llmcache.cache.CacheKeyHasher;
import io.github.llmcache.cache.CacheRequest;
import io.github.llmcache.cache.CallLease;
import io.github.llmcache.cache.CacheSettings;
import io.github.llmcache.cache.DefaultCacheManager;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.MemorySettings;
import io.github.llmcache.cache.StoreStatus;
import io.github.llmcache.cache.TestEntries;
import io.github.llmcache.testsupport.RedisServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.node.JsonNodeFactory;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an application notices of a Redis that does not do what it should: that it costs
 * more, and nothing else.
 */
@ExtendWith(OutputCaptureExtension.class)
class RedisOutageTests {

	private static final int MAX_ENTRY_SIZE = 1_000_000;

	private static final Duration TIMEOUT = Duration.ofMillis(500);

	/** A lookup that waits for nothing, on a machine that is busy. */
	private static final Duration AT_ONCE = Duration.ofMillis(250);

	private static final EntryReader<String> TEXT = new EntryReader<>() {

		@Override
		public Class<String> type() {
			return String.class;
		}

		@Override
		public String read(CacheEntry entry) {
			return TestEntries.bodies(entry).get(0);
		}

	};

	private final EntryCodec codec = new EntryCodec(MAX_ENTRY_SIZE);

	private @Nullable RedisServer server;

	private @Nullable RedisFixture redis;

	private @Nullable DefaultCacheManager manager;

	@AfterEach
	void stop() {
		if (this.server != null) {
			this.server.close();
		}
		if (this.manager != null) {
			this.manager.close();
		}
		if (this.redis != null) {
			this.redis.close();
		}
		this.codec.close();
	}

	private CacheManager start(String... options) {
		RedisServer server = RedisServer.start(options);
		this.server = server;
		RedisFixture redis = RedisFixture.of(RedisServer.HOST + ":" + server.port());
		this.redis = redis;
		RedisSettings settings = new RedisSettings(RedisSettings.DEFAULT_KEY_PREFIX, TIMEOUT, Duration.ofSeconds(10),
				true);
		DefaultCacheManager manager = new DefaultCacheManager(redis.store(settings, this.codec),
				new CacheSettings(MemorySettings.OFF, MAX_ENTRY_SIZE), Clock.systemUTC());
		this.manager = manager;
		return manager;
	}

	private RedisServer server() {
		return Objects.requireNonNull(this.server);
	}

	@Test
	void isNotWaitedForOnceItHasNotAnsweredSeveralTimes(CapturedOutput output) {
		CacheManager manager = start();
		save(manager, 1, "answer");
		assertThat(lookup(manager, 1)).isEqualTo("answer");
		server().pause();
		long start = System.nanoTime();
		for (int i = 0; i < 10; i++) {
			assertThat(lookup(manager, 1)).isNull();
		}
		// As many as it takes to notice, and perhaps one that tried again
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(TIMEOUT)
			.isLessThan(TIMEOUT.multipliedBy(10));
		assertThat(manager.health().failure()).contains("has not answered within 500 ms");
		save(manager, 2, "not stored");
		assertThat(manager.tryLease(request(2))).isSameAs(CallLease.NONE);
		server().resume();
		await().atMost(1, TimeUnit.MINUTES).until(() -> "answer".equals(lookup(manager, 1)));
		assertThat(manager.health().isUp()).isTrue();
		assertThat(output.getOut().lines().filter((line) -> line.contains("The redis cache c"))).hasSize(2)
			.satisfies((lines) -> assertThat(lines.get(0)).contains("cannot be reached; requests go to the provider"))
			.satisfies((lines) -> assertThat(lines.get(1)).contains("can be reached again"));
	}

	@Test
	void aLookupTakesNoTimeWhileItIsNotWaitedFor() {
		CacheManager manager = start();
		save(manager, 1, "answer");
		server().pause();
		await().atMost(1, TimeUnit.MINUTES).until(() -> {
			long start = System.nanoTime();
			for (int i = 0; i < 100; i++) {
				lookup(manager, 1);
			}
			return System.nanoTime() - start < AT_ONCE.toNanos();
		});
		server().resume();
	}

	@Test
	void isUsedAgainAfterItWasKilledAndStarted() throws Exception {
		CacheManager manager = start();
		save(manager, 1, "answer");
		server().kill();
		assertThat(lookup(manager, 1)).isNull();
		assertThat(manager.health().isUp()).isFalse();
		server().restart();
		await().atMost(1, TimeUnit.MINUTES).until(() -> {
			save(manager, 1, "another");
			return "another".equals(lookup(manager, 1));
		});
		assertThat(manager.health().isUp()).isTrue();
	}

	@Test
	void isTriedAgainIfItWasNotThereAtFirst() throws Exception {
		CacheManager manager = start();
		server().kill();
		assertThat(lookup(manager, 1)).isNull();
		assertThat(manager.health().failure()).contains("Connection refused");
		server().restart();
		await().atMost(1, TimeUnit.MINUTES).until(() -> {
			save(manager, 1, "answer");
			return "answer".equals(lookup(manager, 1));
		});
	}

	@Test
	void isReadAlthoughItIsFull(CapturedOutput output) throws Exception {
		CacheManager manager = start("--maxmemory-policy", "noeviction");
		save(manager, 1, "answer");
		limitMemory("1");
		for (int i = 0; i < 20; i++) {
			save(manager, 2, "not stored");
			assertThat(lookup(manager, 1)).isEqualTo("answer");
		}
		assertThat(manager.health().failure()).contains("OOM");
		assertThat(manager.tryLease(request(2))).isSameAs(CallLease.NONE);
		assertThat(manager.deleteModel("model")).isPositive();
		limitMemory("0");
		save(manager, 1, "again");
		assertThat(lookup(manager, 1)).isEqualTo("again");
		assertThat(manager.tryLease(request(2))).isNotSameAs(CallLease.NONE);
		assertThat(manager.health().isUp()).isTrue();
		assertThat(output.getOut().lines().filter((line) -> line.contains("The redis cache can"))).hasSize(4)
			.anyMatch((line) -> line.contains("cannot write; requests go to the provider until it can"))
			.anyMatch((line) -> line.contains("can write again"));
	}

	private void limitMemory(String bytes) throws Exception {
		Objects.requireNonNull(this.redis).lettuce((commands) -> commands.configSet("maxmemory", bytes));
	}

	@Test
	void aWrongPasswordIsExplained() {
		CacheManager manager = start("--requirepass", "secret");
		for (int i = 0; i < 10; i++) {
			save(manager, 1, "answer");
			assertThat(lookup(manager, 1)).isNull();
		}
		assertThat(manager.health().failure()).contains("NOAUTH").contains("spring.data.redis");
	}

	@Test
	void statusTellsHowMuchMemoryIsLeft() throws Exception {
		start("--maxmemory-policy", "noeviction");
		try (RedisCacheStore store = store()) {
			assertThat(store.status().freeBytes()).isNull();
			limitMemory("100mb");
			assertThat(store.status().freeBytes()).isBetween(1L, 100L << 20);
			limitMemory("1");
			StoreStatus full = store.status();
			assertThat(full.readFailure()).isNull();
			assertThat(full.writeFailure()).contains("OOM");
			assertThat(full.freeBytes()).isZero();
			assertThat(full.version()).startsWith("Redis ");
		}
	}

	@Test
	void statusTellsThatItIsUnreachable() throws Exception {
		start();
		try (RedisCacheStore store = store()) {
			server().kill();
			for (int i = 0; i < 10; i++) {
				StoreStatus status = store.status();
				assertThat(status.readFailure()).contains("unreachable");
				assertThat(status.writeFailure()).contains("unreachable");
				assertThat(status.version()).isNull();
				assertThat(status.freeBytes()).isNull();
			}
			server().restart();
			await().atMost(1, TimeUnit.MINUTES).until(() -> store.status().writeFailure() == null);
		}
	}

	private RedisCacheStore store() {
		return Objects.requireNonNull(this.redis)
			.store(new RedisSettings(RedisSettings.DEFAULT_KEY_PREFIX, TIMEOUT, Duration.ofSeconds(10), true),
					this.codec);
	}

	private static @Nullable String lookup(CacheManager manager, int number) {
		return manager.lookup(new CacheLookup(request(number), null), TEXT);
	}

	private static void save(CacheManager manager, int number, String answer) {
		manager.saveAll(List.of(new CacheWrite(request(number), TestEntries.response(answer))));
	}

	private static CacheRequest request(int number) {
		return new CacheRequest("", "https://api.example.org", "chat/completions", "model",
				JsonNodeFactory.instance.objectNode().put("seed", number), "messages", new CacheKeyHasher());
	}

}
