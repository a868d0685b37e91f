package io.github.llmcache.cache.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.CacheStoreContractTests;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.RequestHashes;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cache.StoreOpener;
import io.github.llmcache.cache.StoreStatus;
import io.github.llmcache.cache.TestEntries;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;
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
	void whatShouldNotBeInRedisIsAProblem() throws Exception {
		CacheStore store = store();
		CacheEntry entry = new CacheEntry(key(MODEL, 1), "", List.of(response("a")), null, request("{}"));
		store.putAll(List.of(entry, entry(key(MODEL, 2), "b"), entry(key(MODEL, 3), "c")));
		redis().lettuce((commands) -> commands.del(KEYS.entry(key(MODEL, 1))));
		redis().lettuce((commands) -> commands.set(KEYS.entry(key(MODEL, 2)), value("LC garbage")));
		redis().lettuce((commands) -> commands.del(KEYS.entry(key(MODEL, 3))));
		redis().lettuce((commands) -> commands.rpush(KEYS.entry(key(MODEL, 3)), value("x")));
		redis().lettuce((commands) -> commands.set(KEYS.statistics(MODEL), value("x")));
		redis().lettuce((commands) -> commands.set(KEYS.models(), value("x")));
		redis().lettuce((commands) -> commands.set(value("llmcache:other\u001b"), value("x")));
		redis().lettuce((commands) -> commands.set(value("of somebody else"), value("x")));
		redis().lettuce((commands) -> commands.set(KEYS.lease(key(MODEL, 4)), value("x")));
		redis().lettuce((commands) -> commands.set(KEYS.status("x"), value("x")));
		assertThat(store.problems()).containsExactlyInAnyOrder(
				"1 keys begin as ours do and are none, such as llmcache:other?",
				"1 keys that are named as entries hold something else than a string",
				"1 keys that are named as statistics hold something else than a hash",
				"1 keys that are named as the set of models hold something else than a set",
				"1 entries are damaged so that they do not say of which model they are",
				"1 requests are kept without their entries");
	}

	@Test
	void lookingForProblemsChangesNothing() {
		store().problems();
		assertThat(redis().<Long>command((connection) -> connection.serverCommands().dbSize())).isZero();
	}

	@Test
	void whatIsNoEntryIsUnreadableHoweverItBegins() throws Exception {
		CacheStore store = store();
		CacheKey key = key(MODEL, 1);
		byte[] name = KEYS.entry(key);
		store.putAll(List.of(new CacheEntry(key, "namespace", List.of(response("a"), response("b")), null, null)));
		store.appendAll(List.of(entry(key, "c")));
		byte[] value = redis().lettuce((commands) -> commands.get(name));
		int cost = 3 + Integer.BYTES + 3 * Long.BYTES;
		int namespace = cost + Long.BYTES + Integer.BYTES + Long.BYTES;
		for (int i = 0; i < value.length; i++) {
			if (i < cost || i >= namespace) {
				byte[] flipped = value.clone();
				flipped[i] ^= 1;
				assertUnreadable(flipped, key);
			}
			assertUnreadable(Arrays.copyOf(value, i), key);
		}
		assertUnreadable(withNegativeLength(value), key);
		assertUnreadable(value, key(MODEL, 2));
		assertUnreadable(value, key("other", 1));
		for (byte[] garbage : List.of(new byte[0], new byte[1000], Arrays.copyOf(value, 3), value("text"))) {
			redis().lettuce((commands) -> commands.set(name, garbage));
			store.appendAll(List.of(entry(key, "d")));
			assertThat(bodies(read(store, key))).containsExactly("d");
		}
	}

	private static byte[] withNegativeLength(byte[] value) {
		ByteBuffer part = ByteBuffer.allocate(2 * Integer.BYTES).putInt(-1);
		CRC32C checksum = new CRC32C();
		checksum.update(part.array(), 0, Integer.BYTES);
		part.putInt((int) checksum.getValue());
		byte[] extended = Arrays.copyOf(value, value.length + part.capacity());
		System.arraycopy(part.array(), 0, extended, value.length, part.capacity());
		return extended;
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
		RedisSettings settings = new RedisSettings("other*[prefix]:", Duration.ofSeconds(30), Duration.ofSeconds(10),
				true);
		RedisKeys keys = new RedisKeys(settings.keyPrefix());
		CacheKey key = key(MODEL, 1);
		try (CacheStore store = redis().store(settings, this.codec)) {
			store.putAll(List.of(expiringIn(Duration.ofHours(1), key)));
			assertThat(secondsLeft(keys.entry(key))).isBetween(3500L, 3600L);
			assertThat(secondsLeft(keys.request(key))).isBetween(3500L, 3600L);
			store.appendAll(List.of(expiringIn(Duration.ofMinutes(1), key)));
			assertThat(secondsLeft(keys.entry(key))).isBetween(1L, 60L);
			assertThat(secondsLeft(keys.request(key))).isBetween(1L, 60L);
			store.appendAll(List.of(expiringIn(null, key)));
			assertThat(secondsLeft(keys.entry(key))).isBetween(1L, 60L);
			assertThat(secondsLeft(keys.request(key))).isBetween(1L, 60L);
			store.putAll(List.of(expiringIn(null, key)));
			assertThat(secondsLeft(keys.entry(key))).isEqualTo(-1);
			assertThat(secondsLeft(keys.request(key))).isEqualTo(-1);
			store.appendAll(List.of(expiringIn(Duration.ofHours(1), key)));
			assertThat(secondsLeft(keys.entry(key))).isBetween(3500L, 3600L);
			assertThat(secondsLeft(keys.request(key))).isBetween(3500L, 3600L);
			assertThat(store.size()).singleElement().extracting(StoreSize::entries).isEqualTo(1L);
			assertThat(store().size()).isEmpty();
			assertThat(store.deleteModel(MODEL)).isOne();
		}
		Long left = redis().lettuce((commands) -> commands.exists(keys.entry(key), keys.request(key)));
		assertThat(left).isZero();
	}

	private static CacheEntry expiringIn(@Nullable Duration time, CacheKey key) {
		return new CacheEntry(key, "", List.of(response("a")),
				(time != null) ? TestEntries.CREATED_AT.plus(time) : null, request("{}"));
	}

	private long secondsLeft(byte[] name) throws Exception {
		return redis().lettuce((commands) -> commands.ttl(name));
	}

	@Test
	void namesAreReadHoweverLongTheyAre() {
		CacheStore store = store();
		String model = "m".repeat(2000);
		byte[] messages = new byte[100 * RequestHashes.HASH_LENGTH];
		Arrays.fill(messages, (byte) 7);
		RequestHashes hashes = new RequestHashes(new byte[RequestHashes.HASH_LENGTH], messages,
				new byte[RequestHashes.SKETCH_LENGTH]);
		store.putAll(List.of(new CacheEntry(key(model, 1), "n".repeat(2000), List.of(response("a")), null,
				new RequestRecord(hashes, value("{}")))));
		List<RequestHashes> seen = new ArrayList<>();
		store.inspect(null, (details) -> {
			assertThat(details.key()).isEqualTo(key(model, 1));
			assertThat(Objects.requireNonNull(details.facts()).namespace()).hasSize(2000);
			seen.add(Objects.requireNonNull(details.hashes()));
		});
		assertThat(seen).containsExactly(hashes);
	}

	@Test
	void anEntryThatDoesNotSayWhatItIsCanBeDeletedOfItsModel() throws Exception {
		CacheStore store = store();
		redis().lettuce((commands) -> commands.set(KEYS.entry(key(MODEL, 1)), value("garbage")));
		redis().lettuce((commands) -> commands.set(KEYS.request(key(MODEL, 1)), value("garbage")));
		store.inspect(null, (details) -> assertThat(details).isNull());
		List<CacheKey> keys = new ArrayList<>();
		store.inspect(MODEL, (details) -> {
			assertThat(details.facts()).isNull();
			assertThat(details.hashes()).isNull();
			assertThat(details.lastUsed()).isEqualTo(Instant.EPOCH);
			keys.add(details.key());
		});
		store.touch(Map.of(key(MODEL, 1), TestEntries.CREATED_AT));
		assertThat(store.deleteAll(keys)).isOne();
		assertThat(store.get(key(MODEL, 1))).isNull();
	}

	@Test
	void aUseChangesNothingElse() throws Exception {
		CacheStore store = store();
		CacheEntry entry = expiringIn(Duration.ofHours(1), key(MODEL, 1));
		store.putAll(List.of(entry));
		store.touch(Map.of(entry.key(), TestEntries.CREATED_AT.plusSeconds(5)));
		assertThat(Objects.requireNonNull(store.getWithRequest(entry.key())).read()).isEqualTo(entry);
		assertThat(secondsLeft(KEYS.entry(entry.key()))).isBetween(3500L, 3600L);
		Long keys = redis().lettuce((commands) -> commands.dbsize());
		assertThat(keys).isEqualTo(2);
	}

	@Test
	void whatIsNoCounterIsCountedAnew() throws Exception {
		CacheStore store = store();
		ModelStatistics two = new ModelStatistics(1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
		DailyStatistics counted = new DailyStatistics(MODEL, LocalDate.EPOCH, two);
		byte[] name = KEYS.statistics(MODEL);
		redis().lettuce((commands) -> commands.set(name, name));
		store.addStatistics(List.of(counted));
		assertThat(store.statistics()).containsExactly(counted);
		for (String garbage : List.of("x", "-1", "1e3", "9223372036854775807")) {
			redis().lettuce((commands) -> commands.hset(name, value("1970-01-01:hits"), value(garbage)));
			redis().lettuce((commands) -> commands.hset(name, value("1970-01-01:misses"), value("0")));
			store.addStatistics(List.of(counted));
			assertThat(store.statistics()).containsExactly(counted);
		}
		redis().lettuce((commands) -> commands.hset(name, value("someday:hits"), value("1")));
		redis().lettuce((commands) -> commands.hset(name, value("1970-01-02:unknown"), value("x")));
		redis().lettuce((commands) -> commands.hset(name, value("hits"), value("1")));
		redis().lettuce((commands) -> commands.sadd(KEYS.models(), value("garbage"), new byte[0]));
		assertThat(store.statistics()).containsExactly(counted);
		redis().lettuce((commands) -> commands.del(name));
		redis().lettuce((commands) -> commands.set(name, name));
		assertThat(store.statistics()).isEmpty();
	}

	@Test
	void statusTellsTheVersionAndLeavesNothingBehind() throws Exception {
		StoreStatus status = store().status();
		assertThat(status).isEqualTo(new StoreStatus(null, null, status.version(), null));
		assertThat(status.version()).matches("(Redis|Valkey) \\d+\\..*");
		Long keys = redis().lettuce((commands) -> commands.dbsize());
		assertThat(keys).isZero();
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
