package io.github.llmcache.cache.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.CacheStoreContractTests;
import io.github.llmcache.cache.StoreOpener;
import io.github.llmcache.cache.TestEntries;
import io.github.llmcache.cache.UnreadableEntryException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.github.llmcache.cache.TestEntries.bodies;
import static io.github.llmcache.cache.TestEntries.entry;
import static io.github.llmcache.cache.TestEntries.key;
import static io.github.llmcache.cache.TestEntries.request;
import static io.github.llmcache.cache.TestEntries.response;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a {@link RedisCacheStore} does, wherever it keeps its entries.
 */
abstract class AbstractRedisCacheStoreTests extends CacheStoreContractTests {

	static final RedisKeys KEYS = new RedisKeys(RedisSettings.DEFAULT_KEY_PREFIX);

	/**
	 * Return the connection, which all tests share.
	 */
	abstract RedisFixture redis();

	/**
	 * Return where the connection leads.
	 */
	abstract String nodes();

	@BeforeEach
	void clear() {
		redis().clear();
	}

	@Override
	protected CacheStore createStore() {
		return redis().store(RedisFixture.PATIENT, this.codec);
	}

	@Override
	protected Class<? extends StoreOpener> opener() {
		return RedisStoreOpener.class;
	}

	@Override
	protected List<String> openerArguments() {
		return List.of(nodes());
	}

	@Override
	protected void damage(CacheKey key) throws Exception {
		byte[] name = KEYS.entry(key);
		byte[] value = redis().lettuce((commands) -> commands.get(name));
		value[value.length - 1] ^= 1;
		redis().lettuce((commands) -> commands.set(name, value));
	}

	@Test
	void somethingElseUnderTheNameOfAnEntryIsReplaced() throws Exception {
		CacheStore store = store();
		CacheKey key = key(MODEL, 1);
		byte[] name = KEYS.entry(key);
		redis().lettuce((commands) -> commands.rpush(name, name));
		StoredEntry found = Objects.requireNonNull(store.get(key));
		assertThatExceptionOfType(UnreadableEntryException.class).isThrownBy(found::read);
		assertThat(store.getAll(List.of(key))).isEmpty();
		assertThat(store.size()).isEmpty();
		store.scan(null, (entry) -> assertThat(entry).isNull());
		assertThat(store.deleteNamespace("")).isZero();
		store.appendAll(List.of(entry(key, "a")));
		assertThat(bodies(read(store, key))).containsExactly("a");
		redis().lettuce((commands) -> commands.del(name));
		redis().lettuce((commands) -> commands.rpush(name, name));
		store.putAll(List.of(entry(key, "b")));
		assertThat(bodies(read(store, key))).containsExactly("b");
	}

	@Test
	void whatIsNoEntryIsUnreadableHoweverItBegins() throws Exception {
		CacheStore store = store();
		CacheKey key = key(MODEL, 1);
		byte[] name = KEYS.entry(key);
		store.putAll(List.of(new CacheEntry(key, "namespace", List.of(response("a"), response("b")), null, null)));
		store.appendAll(List.of(entry(key, "c")));
		byte[] value = redis().lettuce((commands) -> commands.get(name));
		int cost = 3 + Integer.BYTES + Long.BYTES;
		for (int i = 0; i < value.length; i++) {
			if (i < cost || i >= cost + Long.BYTES) {
				byte[] flipped = value.clone();
				flipped[i] ^= 1;
				assertUnreadable(flipped, key);
			}
			assertUnreadable(Arrays.copyOf(value, i), key);
		}
		assertUnreadable(value, key(MODEL, 2));
		assertUnreadable(value, key("other", 1));
		for (byte[] garbage : List.of(new byte[0], new byte[1000], Arrays.copyOf(value, 3), value("text"))) {
			redis().lettuce((commands) -> commands.set(name, garbage));
			store.appendAll(List.of(entry(key, "d")));
			assertThat(bodies(read(store, key))).containsExactly("d");
		}
	}

	private void assertUnreadable(byte[] value, CacheKey key) {
		assertThatExceptionOfType(UnreadableEntryException.class)
			.isThrownBy(() -> EntryValue.read(value, key, this.codec));
	}

	@Test
	void anEntryOfAnotherKeyIsUnreadable() throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(key(MODEL, 1), "a")));
		byte[] value = redis().lettuce((commands) -> commands.get(KEYS.entry(key(MODEL, 1))));
		redis().lettuce((commands) -> commands.set(KEYS.entry(key(MODEL, 2)), value));
		StoredEntry found = Objects.requireNonNull(store.get(key(MODEL, 2)));
		assertThatExceptionOfType(UnreadableEntryException.class).isThrownBy(found::read);
	}

	@Test
	void aHitDoesNotReadTheRequest() throws Exception {
		CacheStore store = store();
		CacheKey key = key(MODEL, 1);
		store.putAll(List.of(new CacheEntry(key, "", List.of(response("a")), null, request("{}"))));
		String renamed = redis().lettuce((commands) -> commands.rename(KEYS.request(key), KEYS.lease(key)));
		assertThat(renamed).isEqualTo("OK");
		assertThat(bodies(read(store, key))).containsExactly("a");
	}

	@Test
	void whatIsStoredEndsWithItsTime() throws Exception {
		RedisSettings settings = new RedisSettings("other*[prefix]:", Duration.ofHours(1), Duration.ofSeconds(30),
				Duration.ofSeconds(10), true);
		RedisKeys keys = new RedisKeys(settings.keyPrefix());
		CacheKey key = key(MODEL, 1);
		try (CacheStore store = redis().store(settings, this.codec)) {
			Instant soon = TestEntries.CREATED_AT.plusSeconds(60);
			store.putAll(List.of(new CacheEntry(key, "", List.of(response("a")), null, request("{}"))));
			assertThat(secondsLeft(keys.entry(key))).isBetween(3500L, 3600L);
			assertThat(secondsLeft(keys.request(key))).isBetween(3500L, 3600L);
			store.appendAll(List.of(new CacheEntry(key, "", List.of(response("b")), soon, request("{}"))));
			assertThat(secondsLeft(keys.entry(key))).isBetween(1L, 60L);
			store.appendAll(List.of(entry(key, "c")));
			assertThat(secondsLeft(keys.entry(key))).isBetween(3500L, 3600L);
			assertThat(store.size()).singleElement().extracting(StoreSize::entries).isEqualTo(1L);
			assertThat(store().size()).isEmpty();
			assertThat(store.deleteModel(MODEL)).isOne();
		}
		Long left = redis().lettuce((commands) -> commands.exists(keys.entry(key), keys.request(key)));
		assertThat(left).isZero();
	}

	private long secondsLeft(byte[] name) throws Exception {
		return redis().lettuce((commands) -> commands.ttl(name));
	}

	@Test
	void whatOthersKeepIsLeftAlone() throws Exception {
		byte[] foreign = value("llmcache:mine");
		redis().lettuce((commands) -> commands.set(foreign, foreign));
		CacheStore store = store();
		store.putAll(List.of(entry(key(MODEL, 1), "a")));
		assertThat(store.deleteModel(MODEL)).isOne();
		assertThat(store.deleteNamespace("")).isZero();
		byte[] left = redis().lettuce((commands) -> commands.get(foreign));
		assertThat(left).isEqualTo(foreign);
	}

	private static byte[] value(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
