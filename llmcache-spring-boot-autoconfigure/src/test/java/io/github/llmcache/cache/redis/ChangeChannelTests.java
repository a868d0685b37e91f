package io.github.llmcache.cache.redis;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheManager.CacheLookup;
import io.github.llmcache.cache.CacheManager.CacheWrite;
import io.github.llmcache.cache.CacheManager.EntryReader;
import io.github.llmcache.cache.CacheKeyHasher;
import io.github.llmcache.cache.CacheRequest;
import io.github.llmcache.cache.CacheSettings;
import io.github.llmcache.cache.DefaultCacheManager;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.MemorySettings;
import io.github.llmcache.cache.TestEntries;
import io.github.llmcache.testsupport.RedisServer;
import io.lettuce.core.KillArgs;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What one process changes is soon seen by others, although they have it in memory.
 */
class ChangeChannelTests {

	private static final int MAX_ENTRY_SIZE = 1_000_000;

	private static final byte[] CHANNEL = new RedisKeys(RedisSettings.DEFAULT_KEY_PREFIX).channel();

	/** Longer than any test. */
	private static final MemorySettings MEMORY = new MemorySettings(10_000_000, Duration.ofHours(1));

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

	private final RedisServer server = RedisServer.start();

	private final RedisFixture redis = RedisFixture.of(RedisServer.HOST + ":" + this.server.port());

	private final List<DefaultCacheManager> nodes = new ArrayList<>();

	private final CacheManager here = node();

	private final CacheManager there = node();

	@AfterEach
	void stop() {
		this.nodes.forEach(DefaultCacheManager::close);
		this.redis.close();
		this.server.close();
		this.codec.close();
	}

	private CacheManager node() {
		DefaultCacheManager node = new DefaultCacheManager(this.redis.store(RedisFixture.PATIENT, this.codec),
				new CacheSettings(MEMORY, MAX_ENTRY_SIZE), Clock.systemUTC());
		this.nodes.add(node);
		return node;
	}

	@Test
	void nobodySubscribesBeforeTheFirstUse() throws Exception {
		assertThat(subscribers()).isZero();
		lookup(this.here, 1);
		awaitSubscribers(1);
	}

	@Test
	void aDeletedModelIsForgotten() throws Exception {
		rememberThere(1, "answer");
		this.here.deleteModel("model");
		await().until(() -> lookup(this.there, 1) == null);
	}

	@Test
	void aReplacedEntryIsForgottenAndNoOther() throws Exception {
		rememberThere(1, "old");
		rememberThere(2, "kept");
		deleteInRedis(2);
		save(this.here, 1, "new");
		await().until(() -> "new".equals(lookup(this.there, 1)));
		assertThat(lookup(this.there, 2)).isEqualTo("kept");
		assertThat(lookup(this.here, 1)).isEqualTo("new");
	}

	@Test
	void anAnswerThatNobodyCanHaveInMemoryIsNotAnnounced() throws Exception {
		rememberThere(1, "answer");
		List<byte[]> messages = new ArrayList<>();
		this.redis.command((connection) -> {
			connection.subscribe((message, pattern) -> messages.add(message.getBody()), CHANNEL);
			save(this.here, 2, "first of its kind");
			save(this.here, 1, "replaced");
			await().until(() -> !messages.isEmpty());
			return null;
		});
		assertThat(messages).hasSize(1);
		assertThat(Objects.requireNonNull(ChangeMessage.read(messages.get(0))).fingerprints())
			.containsExactly(request(1).key().fingerprint());
	}

	@Test
	void whatWasChangedWithoutAConnectionIsForgottenWithTheNextOne() throws Exception {
		rememberThere(1, "answer");
		deleteInRedis(1);
		assertThat(lookup(this.there, 1)).isEqualTo("answer");
		this.redis.lettuce((commands) -> commands.clientKill(KillArgs.Builder.typePubsub()));
		await().until(() -> lookup(this.there, 1) == null);
		rememberThere(1, "another");
		this.here.deleteModel("model");
		await().until(() -> lookup(this.there, 1) == null);
	}

	@Test
	void aMessageThatNobodyUnderstandsForgetsEverything() throws Exception {
		rememberThere(1, "answer");
		deleteInRedis(1);
		this.redis.lettuce((commands) -> commands.publish(CHANNEL, new byte[] { 9, 9, 9 }));
		await().until(() -> lookup(this.there, 1) == null);
	}

	@Test
	void aMessageIsReadAsItWasWritten() {
		byte[] sender = new byte[ChangeMessage.SENDER_LENGTH];
		for (ChangeMessage message : List.of(new ChangeMessage(sender, null, Set.of()),
				new ChangeMessage(sender, "\uD800 model", Set.of(1L, -1L)))) {
			assertThat(ChangeMessage.read(message.toBytes())).isEqualTo(message);
			byte[] bytes = message.toBytes();
			for (int length = 0; length < bytes.length; length++) {
				assertThat(ChangeMessage.read(Arrays.copyOf(bytes, length))).isNull();
			}
		}
	}

	private void rememberThere(int number, String answer) throws Exception {
		save(this.here, number, answer);
		lookup(this.here, number);
		lookup(this.there, number);
		awaitSubscribers(2);
		// Whoever subscribes forgets what it has read before
		await().until(() -> answer.equals(lookup(this.there, number)));
	}

	private void deleteInRedis(int number) throws Exception {
		byte[] name = new RedisKeys(RedisSettings.DEFAULT_KEY_PREFIX).entry(request(number).key());
		Long deleted = this.redis.lettuce((commands) -> commands.del(name));
		assertThat(deleted).isOne();
	}

	private void awaitSubscribers(long count) {
		await().until(() -> subscribers() == count);
	}

	private long subscribers() throws Exception {
		return this.redis.lettuce((commands) -> commands.pubsubNumsub(CHANNEL)).values().iterator().next();
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
