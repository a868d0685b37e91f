package io.github.llmcache.cache.redis;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.SharedCacheStore.ChangeListener;
import io.github.llmcache.cache.TestEntries;
import io.github.llmcache.testsupport.RedisServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Whoever connects to Redis while the application ends leaves no connection behind, and
 * no thread.
 */
class ConnectingThreadTests {

	private static final CacheKey KEY = TestEntries.key("model", 1);

	private final RedisServer server = RedisServer.start();

	private final EntryCodec codec = new EntryCodec(1_000_000);

	private final SlowFactory factory = new SlowFactory(this.server.port());

	private final RedisCacheStore store = new RedisCacheStore(this.factory,
			new RedisSettings(RedisSettings.DEFAULT_KEY_PREFIX, Duration.ofMillis(200), Duration.ofSeconds(10), true),
			this.codec, InstantSource.system());

	@AfterEach
	void stop() {
		this.factory.go.countDown();
		this.store.close();
		this.server.close();
		this.factory.destroy();
		this.codec.close();
	}

	@Test
	void isWaitedForBeforeTheConnectionIsStopped() throws Exception {
		this.factory.slow = "llmcache-redis-subscribe";
		this.store.onChange(new Listener());
		await().untilAsserted(() -> assertThat(this.store.get(KEY)).isNull());
		assertThat(this.factory.asked.await(1, TimeUnit.MINUTES)).isTrue();
		Thread ending = new Thread(this.store::disconnect);
		ending.start();
		await().until(() -> ending.getState() == Thread.State.TIMED_WAITING);
		this.factory.go.countDown();
		ending.join();
		assertThat(threads()).isEmpty();
		try (RedisConnection connection = this.factory.getConnection()) {
			List<String> commands = connection.serverCommands()
				.getClientList()
				.stream()
				.map((client) -> client.get("cmd"))
				.toList();
			assertThat(commands).noneMatch("subscribe"::equals);
		}
	}

	@Test
	void isInterruptedIfTheServerDoesNotAnswer() {
		this.server.pause();
		assertThatExceptionOfType(CacheStoreException.class).isThrownBy(() -> this.store.get(KEY));
		assertThat(threads()).containsExactly("llmcache-redis-connect");
		this.store.close();
		await().untilAsserted(() -> assertThat(threads()).isEmpty());
	}

	private static List<String> threads() {
		Map<Thread, StackTraceElement[]> all = Thread.getAllStackTraces();
		return all.keySet().stream().map(Thread::getName).filter((name) -> name.startsWith("llmcache-redis")).toList();
	}

	/**
	 * Connects, as soon as it may.
	 */
	private static final class SlowFactory extends LettuceConnectionFactory {

		private final CountDownLatch asked = new CountDownLatch(1);

		private final CountDownLatch go = new CountDownLatch(1);

		private volatile @Nullable String slow;

		SlowFactory(int port) {
			super(new RedisStandaloneConfiguration(RedisServer.HOST, port));
			afterPropertiesSet();
			start();
		}

		@Override
		public RedisConnection getConnection() {
			if (Thread.currentThread().getName().equals(this.slow)) {
				this.asked.countDown();
				try {
					this.go.await();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			}
			return super.getConnection();
		}

	}

	private static final class Listener implements ChangeListener {

		@Override
		public void entriesChanged(String model, Set<Long> fingerprints) {
		}

		@Override
		public void allChanged(@Nullable String model) {
		}

	}

}
