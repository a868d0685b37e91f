package io.github.llmcache.cache;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.llmcache.cache.CacheManager.CacheLookup;
import io.github.llmcache.cache.CacheManager.CacheWrite;
import io.github.llmcache.cache.CacheManager.EntryReader;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.CacheStore.StoredAmount;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.EntryDetails.Facts;
import io.github.llmcache.testsupport.JavaProcess;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.JsonNodeFactory;

import static io.github.llmcache.cache.TestEntries.bodies;
import static io.github.llmcache.cache.TestEntries.entry;
import static io.github.llmcache.cache.TestEntries.entryIn;
import static io.github.llmcache.cache.TestEntries.key;
import static io.github.llmcache.cache.TestEntries.request;
import static io.github.llmcache.cache.TestEntries.response;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What every store does. A store's tests extend this class.
 */
public abstract class CacheStoreContractTests {

	protected static final String MODEL = "gpt-4o-mini";

	protected static final int MAX_ENTRY_SIZE = 32 * 1024 * 1024;

	private static final LocalDate DAY = LocalDate.of(2026, 1, 2);

	/** Names that somebody may choose to see or to spoil what others have. */
	private static final List<String> ODD_NAMESPACES = List.of("", " ", "a", "A", "a/b", "a:b", "a:", "*", "?", "[a]",
			"%", "_", "'", "\"", "\\", "\\u0000", "\0", "\n", "\ud800", "\ufffd", "e\u0301", "\u00e9", "..", "{a}",
			DailyStatistics.SHARED, "n".repeat(2000));

	/** Later than any clock of a store. */
	private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

	protected final EntryCodec codec = new EntryCodec(MAX_ENTRY_SIZE);

	private static final EntryReader<String> TEXT = new EntryReader<>() {

		@Override
		public Class<String> type() {
			return String.class;
		}

		@Override
		public String read(CacheEntry entry) {
			return bodies(entry).get(0);
		}

	};

	private final List<CacheStore> stores = new ArrayList<>();

	@TempDir
	@SuppressWarnings("NullAway.Init")
	protected Path temp;

	private final List<JavaProcess> processes = new ArrayList<>();

	/**
	 * Create a store over the same content as those that have been created before.
	 * @return the store
	 */
	protected abstract CacheStore createStore();

	/**
	 * Say how another process opens a store over the same content.
	 * @return the class that opens it
	 */
	protected abstract Class<? extends StoreOpener> opener();

	/**
	 * Say what another process needs to open a store over the same content.
	 * @return the arguments of the {@linkplain #opener() opener}
	 */
	protected abstract List<String> openerArguments();

	/**
	 * Replace what is stored of an entry with garbage, past the store.
	 * @param key the key of an entry that is stored
	 * @throws Exception if that fails
	 */
	protected abstract void damage(CacheKey key) throws Exception;

	/**
	 * Start a process that uses a store over the same content.
	 * @param what what it does, as {@link StoreUser} has it
	 * @param name its name
	 * @param options options of its JVM
	 * @return the process
	 */
	protected final JavaProcess start(String what, String name, String... options) {
		List<String> arguments = new ArrayList<>(List.of(what, name, opener().getName()));
		arguments.addAll(openerArguments());
		JavaProcess process = JavaProcess.of(StoreUser.class)
			// Who is killed leaves native libraries behind
			.options("-Djava.io.tmpdir=" + this.temp)
			.options(options)
			.arguments(arguments.toArray(String[]::new))
			.start();
		this.processes.add(process);
		return process;
	}

	protected final CacheStore store() {
		CacheStore store = createStore();
		this.stores.add(store);
		return store;
	}

	@AfterEach
	void end() {
		this.processes.forEach(JavaProcess::close);
		this.stores.forEach(CacheStore::close);
		this.codec.close();
	}

	@Test
	void nameIsNotEmpty() {
		assertThat(store().name()).isNotEmpty();
	}

	@Test
	void whatIsNotStoredIsNotFound() {
		CacheStore store = store();
		assertThat(store.get(key(MODEL, 1))).isNull();
		assertThat(store.getAll(List.of(key(MODEL, 1), key("other", 1)))).isEmpty();
		assertThat(store.getAll(List.of())).isEmpty();
		assertThat(store.deleteAll(List.of(key(MODEL, 1)))).isZero();
		assertThat(store.deleteModel(MODEL)).isZero();
		assertThat(store.deleteNamespace("namespace")).isZero();
		assertThat(store.size()).isEmpty();
		assertThat(store.amount(MODEL)).isEqualTo(StoredAmount.NOTHING);
		assertThat(scan(store, null)).isEmpty();
		assertThat(scan(store, MODEL)).isEmpty();
	}

	@Test
	void storingNothingStoresNothing() {
		CacheStore store = store();
		store.putAll(List.of());
		store.appendAll(List.of());
		assertThat(store.size()).isEmpty();
	}

	@Test
	void everythingButTheRequestIsReadAsItWasStored() throws Exception {
		CachedResponse unknownCost = new CachedResponse("é\0\uFFFF".getBytes(StandardCharsets.UTF_8), 3, 0,
				1_000_000_000_000_000L, null, "LENGTH", Instant.ofEpochMilli(1), Duration.ZERO, null);
		Instant expiresAt = Instant.parse("2100-12-31T23:59:59.999Z");
		CacheEntry entry = new CacheEntry(key(MODEL, 1), "näme\\space\0\uD800",
				List.of(unknownCost, response("second")), expiresAt, request("{}"));
		CacheStore store = store();
		store.putAll(List.of(entry));
		assertThat(read(store, entry.key()))
			.isEqualTo(new CacheEntry(entry.key(), entry.namespace(), entry.responses(), expiresAt, null));
	}

	@Test
	void anEntryMayNeverExpire() throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(key(MODEL, 1), "a")));
		assertThat(read(store, key(MODEL, 1)).expiresAt()).isNull();
	}

	@Test
	void putReplaces() throws Exception {
		CacheStore store = store();
		CacheKey key = key(MODEL, 1);
		store.putAll(List.of(new CacheEntry(key, "a", List.of(response("1"), response("2")), Instant.EPOCH, null)));
		store.putAll(List.of(entryIn("b", key, "3")));
		assertThat(read(store, key)).isEqualTo(entryIn("b", key, "3"));
		assertThat(store.size()).singleElement().extracting(StoreSize::entries).isEqualTo(1L);
	}

	@Test
	void theLastOfEqualKeysCounts() throws Exception {
		CacheStore store = store();
		CacheKey key = key(MODEL, 1);
		store.putAll(List.of(entry(key, "1"), entry(key(MODEL, 2), "other"), entry(key, "2")));
		assertThat(bodies(read(store, key))).containsExactly("2");
	}

	@Test
	void appendAddsAfterWhatIsStored() throws Exception {
		CacheStore store = store();
		CacheKey key = key(MODEL, 1);
		store.appendAll(List.of(entry(key, "1")));
		store.appendAll(List.of(entry(key, "2", "3"), entry(key(MODEL, 2), "other"), entry(key, "4")));
		assertThat(bodies(read(store, key))).containsExactly("1", "2", "3", "4");
		assertThat(bodies(read(store, key(MODEL, 2)))).containsExactly("other");
	}

	@Test
	void whatIsTooLargeFailsAloneAndChangesNothing() throws Exception {
		CacheStore store = store();
		CacheKey key = key(MODEL, 1);
		CacheKey large = key(MODEL, 2);
		byte[] half = new byte[MAX_ENTRY_SIZE / 2 + 1];
		store.putAll(List.of(new CacheEntry(large, "", List.of(response(half)), null, null)));
		CacheEntry second = new CacheEntry(large, "", List.of(response(half)), null, null);
		assertThatExceptionOfType(CacheStoreException.class)
			.isThrownBy(() -> store.appendAll(List.of(second, entry(key, "1"))));
		assertThat(read(store, large).responses()).hasSize(1);
		assertThat(bodies(read(store, key))).containsExactly("1");
		CacheEntry both = new CacheEntry(large, "", List.of(response(half), response(half)), null, null);
		assertThatExceptionOfType(CacheStoreException.class)
			.isThrownBy(() -> store.putAll(List.of(both, entry(key, "2"))));
		assertThat(read(store, large).responses()).hasSize(1);
		assertThat(bodies(read(store, key))).containsExactly("2");
	}

	@Test
	void anEmptyBodyIsKept() throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(key(MODEL, 1), "")));
		assertThat(bodies(read(store, key(MODEL, 1)))).containsExactly("");
	}

	@Test
	void aBodyOfTenMegabytesIsKept() throws Exception {
		byte[] body = new byte[10_000_000];
		new Random(42).nextBytes(body);
		CacheStore store = store();
		store.putAll(List.of(new CacheEntry(key(MODEL, 1), "", List.of(response(body)), null, null)));
		assertThat(read(store, key(MODEL, 1)).responses().get(0).body()).isEqualTo(body);
	}

	@Test
	void aTextOfTenMegabytesIsKept() throws Exception {
		CacheStore store = store();
		CacheEntry entry = entry(key(MODEL, 1), "{\"text\":\"" + "é\\n 12345".repeat(1_000_000) + "\"}");
		store.putAll(List.of(entry));
		assertThat(read(store, key(MODEL, 1))).isEqualTo(entry);
	}

	static Stream<String> oddBodies() {
		return Stream.of("{}", "[]", "null", "true", "\"text\"", "1", " {} ", "\n", "\r\n{ }\r\n",
				"{\"a\": [ ], \"b\": { } }",
				"{\"a\":1.0,\"b\":1.00,\"c\":1e2,\"d\":1E+2,\"e\":-0.0,\"f\":12345678901234567890.12345678901234567890}",
				"{\"a\":1,\"a\":2}", "{\"\":\"\"}", "{\"a\":\"\\/\\u00e9\\u00E9é\\ud83d\\ude80\\ud800\"}", "{\"a\"",
				"{\"a\":1}{\"b\":2}", "not JSON", "\uFEFF{}", "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}\n",
				"{\n    \"a\": 1\n}", "{\"a\": [1, 2], \"b\": \"{\\\"x\\\": 1}\"}", "[".repeat(5000) + "]".repeat(5000),
				"[" + "[[[1]]],".repeat(500) + "0]", "\0\u0001\u007F\u2028", "NaN", "// comment\n1",
				"{\"a\":\"\u2028\"}");
	}

	@ParameterizedTest
	@MethodSource("oddBodies")
	void aBodyIsKeptByteForByte(String body) throws Exception {
		CacheStore store = store();
		CacheEntry entry = entry(key(MODEL, 1), body);
		store.putAll(List.of(entry));
		assertThat(read(store, key(MODEL, 1))).isEqualTo(entry);
	}

	@Test
	void bodiesNeedNotBeText() throws Exception {
		byte[][] bodies = { { -1 }, { (byte) 0xC3 }, { '"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"' },
				{ '"', (byte) 0xC0, (byte) 0xAF, '"' }, "{\"a\":1}".getBytes(StandardCharsets.UTF_16) };
		CacheStore store = store();
		for (byte[] body : bodies) {
			store.putAll(List.of(new CacheEntry(key(MODEL, 1), "", List.of(response(body)), null, null)));
			assertThat(read(store, key(MODEL, 1)).responses().get(0).body()).isEqualTo(body);
		}
	}

	@Test
	void thousandsOfKeysAtOnce() throws Exception {
		CacheStore store = store();
		List<CacheKey> keys = IntStream.range(0, 2500).mapToObj((i) -> key(MODEL, i)).toList();
		store.putAll(keys.stream().map((key) -> entry(key, key.hex())).toList());
		List<CacheKey> wanted = new ArrayList<>(keys);
		IntStream.range(0, 100).forEach((i) -> wanted.add(key(MODEL, -1 - i)));
		wanted.addAll(keys.subList(0, 100));
		Map<CacheKey, StoredEntry> found = store.getAll(wanted);
		assertThat(found.keySet()).isEqualTo(new HashSet<>(keys));
		for (Map.Entry<CacheKey, StoredEntry> entry : found.entrySet()) {
			assertThat(entry.getValue().read()).isEqualTo(entry(entry.getKey(), entry.getKey().hex()));
		}
		assertThat(store.deleteAll(keys)).isEqualTo(2500);
		assertThat(store.getAll(keys)).isEmpty();
	}

	@Test
	void batchesOfAnySize() {
		CacheStore store = store();
		List<CacheKey> keys = IntStream.range(0, 600).mapToObj((i) -> key(MODEL, i)).toList();
		store.putAll(keys.stream().map((key) -> entry(key, "a")).toList());
		for (int size : new int[] { 1, 2, 7, 8, 9, 15, 16, 17, 63, 64, 65, 73, 511, 512, 513, 577, 585, 600 }) {
			List<CacheKey> wanted = keys.subList(0, size);
			assertThat(store.getAll(wanted).keySet()).as("%s keys", size).isEqualTo(Set.copyOf(wanted));
		}
	}

	@Test
	void aBatchMayHaveManyModels() throws Exception {
		CacheStore store = store();
		List<CacheKey> keys = IntStream.range(0, 60).mapToObj((i) -> key("model-" + i % 6, i)).toList();
		store.putAll(keys.stream().map((key) -> entry(key, key.model())).toList());
		Map<CacheKey, StoredEntry> found = store.getAll(keys);
		assertThat(found).hasSize(60);
		for (CacheKey key : keys) {
			assertThat(bodies(Objects.requireNonNull(found.get(key)).read())).containsExactly(key.model());
		}
		assertThat(store.deleteAll(keys.subList(0, 30))).isEqualTo(30);
		assertThat(store.getAll(keys)).hasSize(30);
	}

	@Test
	void deletedKeysAreGone() {
		CacheStore store = store();
		store.putAll(List.of(entry(key(MODEL, 1), "1"), entry(key(MODEL, 2), "2")));
		assertThat(store.deleteAll(List.of(key(MODEL, 1), key(MODEL, 3)))).isEqualTo(1);
		assertThat(store.get(key(MODEL, 1))).isNull();
		assertThat(store.get(key(MODEL, 2))).isNotNull();
	}

	@Test
	void aModelIsDeletedAlone() throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(key(MODEL, 1), "1"), entry(key(MODEL, 2), "2"), entry(key("other", 1), "3")));
		assertThat(store.deleteModel(MODEL)).isEqualTo(2);
		assertThat(store.getAll(List.of(key(MODEL, 1), key(MODEL, 2)))).isEmpty();
		assertThat(store.get(key("other", 1))).isNotNull();
		store.putAll(List.of(entry(key(MODEL, 1), "4")));
		assertThat(bodies(read(store, key(MODEL, 1)))).containsExactly("4");
	}

	@Test
	void keysWithTheSameFingerprintAreKeptApart() throws Exception {
		CacheStore store = store();
		List<CacheKey> keys = IntStream.range(0, 3)
			.mapToObj((i) -> CacheKey.of(MODEL, 42, key(MODEL, i).toBytes()))
			.toList();
		store.putAll(List.of(entry(keys.get(0), "0"), entry(keys.get(1), "1")));
		assertThat(store.get(keys.get(2))).isNull();
		assertThat(read(store, keys.get(0))).isEqualTo(entry(keys.get(0), "0"));
		assertThat(read(store, keys.get(1))).isEqualTo(entry(keys.get(1), "1"));
		assertThat(store.getAll(keys)).containsOnlyKeys(keys.get(0), keys.get(1));
		store.appendAll(List.of(entry(keys.get(1), "1b"), entry(keys.get(2), "2")));
		store.putAll(List.of(entry(keys.get(0), "0b")));
		assertThat(read(store, keys.get(0))).isEqualTo(entry(keys.get(0), "0b"));
		assertThat(read(store, keys.get(1))).isEqualTo(entry(keys.get(1), "1", "1b"));
		assertThat(store.deleteAll(List.of(keys.get(1)))).isOne();
		assertThat(store.getAll(keys)).containsOnlyKeys(keys.get(0), keys.get(2));
	}

	@Test
	void aNamespaceIsDeletedInAllModels() {
		CacheStore store = store();
		store.putAll(List.of(entryIn("a", key(MODEL, 1), "1"), entryIn("", key(MODEL, 2), "2"),
				entryIn("a", key("other", 3), "3"), entryIn("A", key("other", 4), "4")));
		assertThat(store.deleteNamespace("a")).isEqualTo(2);
		assertThat(store.get(key(MODEL, 1))).isNull();
		assertThat(store.get(key("other", 3))).isNull();
		assertThat(store.deleteNamespace("")).isEqualTo(1);
		assertThat(store.get(key(MODEL, 2))).isNull();
		assertThat(store.get(key("other", 4))).isNotNull();
	}

	@Test
	void sizeTellsEntriesBytesAndCostOfEachModel() {
		CacheStore store = store();
		CachedResponse free = new CachedResponse(new byte[10], 1, 1, 1, null, "STOP", TestEntries.CREATED_AT,
				Duration.ZERO, null);
		store.putAll(List.of(entry(key(MODEL, 1), "1", "2"), entry(key(MODEL, 2), "3"),
				new CacheEntry(key("other", 3), "", List.of(free), null, null)));
		List<StoreSize> sizes = store.size();
		assertThat(sizes).extracting(StoreSize::model).containsExactlyInAnyOrder(MODEL, "other");
		for (StoreSize size : sizes) {
			boolean first = size.model().equals(MODEL);
			assertThat(size.entries()).isEqualTo(first ? 2 : 1);
			assertThat(size.costNanos()).isEqualTo(first ? 12_000 : 0);
			assertThat(size.bytes()).isPositive();
			assertThat(store.amount(size.model())).isEqualTo(new StoredAmount(size.entries(), size.bytes()));
		}
		assertThat(store.amount("unknown")).isEqualTo(StoredAmount.NOTHING);
	}

	static Stream<String> oddModels() {
		return Stream.of("", ".", "..", "../../etc/passwd", "/", "/absolute", "a/b/c", "C:\\windows\\system32",
				".hidden", "con", "model with spaces", "accounts/fireworks/models/llama-v3p1-405b", "m".repeat(300),
				"m".repeat(299) + "x", "\uD83D\uDE80 rocket", "\uD800", "\uDC00", "?", "nul\0byte", "GPT-4", "gpt-4",
				"Gpt-4", "a%2Fb", "a#b?c=d&mode=memory", "*", "|", "new\nline", ":memory:", "file:x", "'; DROP TABLE",
				"é", "e\u0301", "\\u0000", "-", "--help");
	}

	@ParameterizedTest
	@MethodSource("oddModels")
	void aModelIsAnyString(String model) throws Exception {
		CacheStore store = store();
		CacheKey key = key(model, 1);
		store.putAll(List.of(entry(key, model + "!")));
		assertThat(read(store, key)).isEqualTo(entry(key, model + "!"));
		assertThat(store.size()).singleElement().extracting(StoreSize::model).isEqualTo(model);
		store.close();
		CacheStore reopened = store();
		assertThat(reopened.getAll(List.of(key))).containsOnlyKeys(key);
		assertThat(reopened.deleteModel(model)).isEqualTo(1);
	}

	@Test
	void oddModelsAreKeptApart() throws Exception {
		CacheStore store = store();
		List<String> models = oddModels().toList();
		List<CacheEntry> entries = new ArrayList<>();
		for (int i = 0; i < models.size(); i++) {
			entries.add(entry(key(models.get(i), "same"), "body " + i));
		}
		store.putAll(entries);
		for (CacheEntry entry : entries) {
			assertThat(bodies(read(store, entry.key()))).isEqualTo(bodies(entry));
		}
		assertThat(store.size()).extracting(StoreSize::model).containsExactlyInAnyOrderElementsOf(models);
		assertThat(scan(store, "GPT-4")).extracting(StoredEntry::read)
			.containsExactly(entry(key("GPT-4", "same"), bodyOf(entries, "GPT-4")));
		assertThat(store.deleteModel("GPT-4")).isEqualTo(1);
		assertThat(store.getAll(entries.stream().map(CacheEntry::key).toList())).hasSize(models.size() - 1);
	}

	private static String bodyOf(List<CacheEntry> entries, String model) {
		return entries.stream()
			.filter((entry) -> entry.key().model().equals(model))
			.map((entry) -> bodies(entry).get(0))
			.findFirst()
			.orElseThrow();
	}

	@Test
	void appendKeepsTheEarlierExpiry() throws Exception {
		CacheStore store = store();
		Instant soon = Instant.parse("2099-01-01T00:00:00Z");
		Instant later = Instant.parse("2100-01-01T00:00:00.001Z");
		store.putAll(List.of(expiring(1, "a", soon), expiring(2, "a", later), expiring(3, "a", null),
				expiring(4, "a", null)));
		assertThat(read(store, key(MODEL, 1)).expiresAt()).isEqualTo(soon);
		store.appendAll(List.of(expiring(1, "b", later), expiring(2, "b", soon), expiring(3, "b", soon),
				expiring(4, "b", null)));
		store.appendAll(List.of(expiring(1, "c", null)));
		assertThat(read(store, key(MODEL, 1)).expiresAt()).isEqualTo(soon);
		assertThat(bodies(read(store, key(MODEL, 1)))).containsExactly("a", "b", "c");
		for (int i = 2; i <= 4; i++) {
			assertThat(read(store, key(MODEL, i)).expiresAt()).isEqualTo((i != 4) ? soon : null);
			assertThat(bodies(read(store, key(MODEL, i)))).containsExactly("a", "b");
		}
	}

	private static CacheEntry expiring(int seed, String body, @Nullable Instant expiresAt) {
		return new CacheEntry(key(MODEL, seed), "", List.of(response(body)), expiresAt, null);
	}

	@Test
	void appendReplacesWhatHadExpired() throws Exception {
		CacheStore store = store();
		CacheKey key = key(MODEL, 1);
		Instant expiry = Instant.parse("2099-01-01T00:00:00Z");
		store.putAll(List.of(expiring(1, "a", expiry)));
		store.appendAll(List.of(new CacheEntry(key, "",
				List.of(responseAt(expiry.minusMillis(1), "b"), responseAt(expiry, "c")), null, null)));
		assertThat(read(store, key).expiresAt()).isEqualTo(expiry);
		assertThat(bodies(read(store, key))).containsExactly("a", "b", "c");
		CacheEntry next = new CacheEntry(key, "n", List.of(responseAt(expiry, "d")), expiry.plusSeconds(1), null);
		store.appendAll(List.of(next));
		assertThat(read(store, key)).isEqualTo(next);
		CacheEntry last = new CacheEntry(key, "", List.of(responseAt(expiry.plusSeconds(1), "e")), null, null);
		store.appendAll(List.of(last));
		assertThat(read(store, key)).isEqualTo(last);
	}

	private static CachedResponse responseAt(Instant createdAt, String body) {
		return new CachedResponse(body.getBytes(StandardCharsets.UTF_8), 1, 20, 30, 4_000L, "STOP", createdAt,
				Duration.ofMillis(1234), null);
	}

	@Test
	void aScanSeesAllEntriesWithTheirRequests() throws Exception {
		CacheStore store = store();
		List<CacheEntry> entries = new ArrayList<>();
		for (int i = 0; i < 700; i++) {
			entries.add(new CacheEntry(key("model-" + i % 2, i), "namespace " + i % 3, List.of(response("body " + i)),
					(i % 5 == 0) ? Instant.parse("2100-01-01T00:00:00Z") : null,
					(i % 7 != 0) ? request("{\"a\":" + i + "}") : null));
		}
		store.putAll(entries);
		assertThat(scan(store, null)).extracting(StoredEntry::read).containsExactlyInAnyOrderElementsOf(entries);
		assertThat(scan(store, "model-1")).extracting(StoredEntry::read)
			.containsExactlyInAnyOrderElementsOf(
					entries.stream().filter((entry) -> entry.key().model().equals("model-1")).toList());
		assertThat(scan(store, "model-2")).isEmpty();
		CacheEntry first = entries.get(1);
		store.appendAll(List.of(first));
		assertThat(scan(store, "model-1")).extracting(StoredEntry::read)
			.contains(new CacheEntry(first.key(), first.namespace(), List.of(response("body 1"), response("body 1")),
					first.expiresAt(), first.request()));
	}

	@Test
	void aRequestIsReadAsItWasStored() throws Exception {
		CacheStore store = store();
		List<RequestRecord> requests = Stream
			.of("{\"a\":1.0,\"b\":[],\"c\":\"\\ud800é\"}", "{ \"a\" : 1 }", "not JSON", "",
					"{\"text\":\"" + "x".repeat(3_000_000) + "\"}")
			.map((json) -> new RequestRecord(new RequestHashes(new byte[] { 1, -2, 3, 4, 5, 6, 7, 8 }, new byte[0],
					new byte[RequestHashes.SKETCH_LENGTH]), json.getBytes(StandardCharsets.UTF_8)))
			.toList();
		for (RequestRecord request : requests) {
			store.putAll(List.of(new CacheEntry(key(MODEL, 1), "", List.of(response("a")), null, request)));
			assertThat(scan(store, MODEL)).extracting(StoredEntry::read)
				.extracting(CacheEntry::request)
				.containsExactly(request);
		}
	}

	@Test
	void aRequestThatIsTooLargeDoesNotKeepItsEntryFromBeingStored() throws Exception {
		CacheStore store = store();
		RequestRecord large = request("{\"text\":\"" + "x".repeat(MAX_ENTRY_SIZE) + "\"}");
		store.putAll(List.of(new CacheEntry(key(MODEL, 1), "", List.of(response("a")), null, large)));
		assertThat(read(store, key(MODEL, 1))).isEqualTo(entry(key(MODEL, 1), "a"));
		assertThat(scan(store, null)).extracting(StoredEntry::read).containsExactly(entry(key(MODEL, 1), "a"));
	}

	@Test
	void aStoreMayBeUsedAndClosedWhileItIsScanned() {
		CacheStore store = store();
		store.putAll(IntStream.range(0, 600).mapToObj((i) -> entry(key(MODEL, i), "a")).toList());
		Set<CacheKey> seen = new HashSet<>();
		store.scan(null, (entry) -> {
			CacheKey key = readUnchecked(entry).key();
			seen.add(key);
			store.appendAll(List.of(entry(key, "b")));
			store.deleteAll(List.of(key));
		});
		assertThat(seen).hasSize(600);
		assertThat(scan(store, null)).isEmpty();
		store.putAll(List.of(entry(key(MODEL, 1), "a")));
		store.scan(null, (entry) -> store.deleteModel(MODEL));
		store.putAll(IntStream.range(0, 600).mapToObj((i) -> entry(key(MODEL, i), "a")).toList());
		assertFails(() -> store.scan(null, (entry) -> store.close()));
	}

	@Test
	void aScanEndsThoughItsActionAddsEntries() {
		CacheStore store = store();
		store.putAll(List.of(entry(key(MODEL, 1), "a"), entry(key(MODEL, 2), "a")));
		AtomicInteger seen = new AtomicInteger();
		store.scan(MODEL, (entry) -> {
			assertThat(seen.incrementAndGet()).isLessThan(1000);
			store.putAll(List.of(entry(key(MODEL, "added " + seen), "a")));
		});
		assertThat(seen).hasValueGreaterThanOrEqualTo(2);
	}

	@Test
	void whatTheActionOfAScanThrowsIsThrown() {
		CacheStore store = store();
		store.putAll(List.of(entry(key(MODEL, 1), "a"), entry(key(MODEL, 2), "a"), entry(key("other", 2), "a")));
		IllegalStateException exception = new IllegalStateException();
		List<StoredEntry> seen = new ArrayList<>();
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> store.scan(null, (entry) -> {
			seen.add(entry);
			throw exception;
		})).isSameAs(exception);
		assertThat(seen).hasSize(1);
	}

	@Test
	void aDamagedEntryIsUnreadableAndHarmsNoOther() throws Exception {
		CacheStore store = store();
		CacheKey key = key(MODEL, 1);
		CacheEntry other = entry(key(MODEL, 2), "other");
		store.putAll(List.of(entry(key, "a"), other));
		damage(key);
		assertUnreadable(store.get(key));
		Map<CacheKey, StoredEntry> found = store.getAll(List.of(key, other.key()));
		assertUnreadable(found.get(key));
		assertThat(Objects.requireNonNull(found.get(other.key())).read()).isEqualTo(other);
		List<StoredEntry> scanned = scan(store, null);
		assertThat(scanned).hasSize(2);
		assertThat(scanned.stream().filter(CacheStoreContractTests::isReadable)).extracting(StoredEntry::read)
			.containsExactly(other);
		assertThat(store.size()).extracting(StoreSize::model).containsExactly(MODEL);
		store.deleteNamespace("other");
		store.appendAll(List.of(entry(key, "b")));
		assertThat(read(store, key)).isEqualTo(entry(key, "b"));
		damage(key);
		store.putAll(List.of(entry(key, "c")));
		assertThat(read(store, key)).isEqualTo(entry(key, "c"));
		damage(key);
		assertThat(store.deleteAll(List.of(key))).isEqualTo(1);
		assertThat(store.get(key)).isNull();
	}

	@Test
	void anEntryIsFoundWithItsRequest() throws Exception {
		CacheStore store = store();
		CacheEntry with = new CacheEntry(key(MODEL, 1), "n", List.of(response("a"), response("b")),
				Instant.parse("2100-01-01T00:00:00Z"),
				new RequestRecord(hashes(1), "{\"a\":1.0}".getBytes(StandardCharsets.UTF_8)));
		CacheEntry without = entry(key(MODEL, 2), "c");
		assertThat(store.getWithRequest(with.key())).isNull();
		store.putAll(List.of(with, without));
		assertThat(readWithRequest(store, with.key())).isEqualTo(with);
		assertThat(readWithRequest(store, without.key())).isEqualTo(without);
		assertThat(read(store, with.key()).request()).isNull();
		assertThat(store.getWithRequest(key(MODEL, 3))).isNull();
		assertThat(store.getWithRequest(key("other", 1))).isNull();
		damage(with.key());
		assertUnreadable(store.getWithRequest(with.key()));
		store.deleteAll(List.of(with.key()));
		assertThat(store.getWithRequest(with.key())).isNull();
	}

	private static CacheEntry readWithRequest(CacheStore store, CacheKey key) throws UnreadableEntryException {
		return Objects.requireNonNull(store.getWithRequest(key), "There is no such entry").read();
	}

	/**
	 * Return hashes that are different for each seed.
	 */
	private static RequestHashes hashes(int seed) {
		Random random = new Random(seed);
		byte[] parameters = new byte[RequestHashes.HASH_LENGTH];
		byte[] messages = new byte[seed % 4 * RequestHashes.HASH_LENGTH];
		byte[] sketch = new byte[RequestHashes.SKETCH_LENGTH];
		random.nextBytes(parameters);
		random.nextBytes(messages);
		random.nextBytes(sketch);
		return new RequestHashes(parameters, messages, sketch);
	}

	@Test
	void anInspectionTellsTheDetailsOfAllEntries() {
		CacheStore store = store();
		assertThat(inspect(store, null)).isEmpty();
		assertThat(inspect(store, MODEL)).isEmpty();
		Map<CacheKey, CacheEntry> entries = new HashMap<>();
		for (int i = 0; i < 2100; i++) {
			CachedResponse first = new CachedResponse(new byte[i % 50], 1 + i % 3, 20, 30, (i % 4 != 0) ? i * 7L : null,
					(i % 6 != 0) ? "STOP" : "LENGTH", TestEntries.CREATED_AT.plusMillis(i), Duration.ZERO, null);
			CacheEntry entry = new CacheEntry(key("model-" + i % 2, i), "n\u00e4me " + i % 3, List.of(first),
					(i % 5 == 0) ? Instant.parse("2100-01-01T00:00:00.001Z").plusMillis(i) : null,
					(i % 7 != 0) ? new RequestRecord(hashes(i), "{}".getBytes(StandardCharsets.UTF_8)) : null);
			entries.put(entry.key(), entry);
		}
		store.putAll(List.copyOf(entries.values()));
		assertThat(inspect(store, "model-2")).isEmpty();
		List<Inspected> ofOne = inspect(store, "model-1");
		assertThat(ofOne).hasSize(1050).allMatch((details) -> details.key().model().equals("model-1"));
		List<Inspected> all = inspect(store, null);
		assertThat(all).hasSize(2100).containsAll(ofOne);
		assertThat(all).extracting(Inspected::key).doesNotHaveDuplicates();
		assertThat(all).allSatisfy((details) -> {
			CacheEntry entry = Objects.requireNonNull(entries.get(details.key()));
			CachedResponse first = entry.responses().get(0);
			RequestRecord request = entry.request();
			assertThat(details.facts()).isEqualTo(new Facts(entry.namespace(), first.createdAt(), entry.expiresAt(),
					first.samples(), first.costNanos(), first.finishReason()));
			assertThat(details.hashes()).isEqualTo((request != null) ? request.hashes() : null);
			assertThat(details.bytes()).isPositive();
			assertThat(details.lastUsed()).isAfterOrEqualTo(first.createdAt());
		});
	}

	@Test
	void anInspectionSeesWhatHasBecomeOfAnEntry() {
		CacheStore store = store();
		CacheKey key = key(MODEL, 1);
		Instant newest = TestEntries.CREATED_AT.plusSeconds(3600);
		RequestRecord request = new RequestRecord(hashes(5), new byte[0]);
		store.putAll(List.of(new CacheEntry(key, "a", List.of(response("a".repeat(1000))), null, null),
				entry(key(MODEL, 2), "a")));
		store.appendAll(List.of(new CacheEntry(key, "b", List.of(responseAt(newest, "b")), null, request)));
		Inspected appended = inspectOne(store, key);
		assertThat(appended.facts()).isEqualTo(new Facts("b", TestEntries.CREATED_AT, null, 2, 8000L, "STOP"));
		assertThat(appended.hashes()).isEqualTo(request.hashes());
		assertThat(appended.lastUsed()).isAfterOrEqualTo(newest);
		store.putAll(List.of(new CacheEntry(key, "c", List.of(responseAt(newest, "c")), null, null)));
		assertThat(inspectOne(store, key).facts()).isEqualTo(new Facts("c", newest, null, 1, 4000L, "STOP"));
		assertThat(inspectOne(store, key).hashes()).isNull();
		store.deleteAll(List.of(key));
		assertThat(inspect(store, null)).extracting(Inspected::key).containsExactly(key(MODEL, 2));
		store.deleteModel(MODEL);
		assertThat(inspect(store, null)).isEmpty();
	}

	@Test
	void anInspectionPassesADamagedEntryBy() throws Exception {
		CacheStore store = store();
		CacheEntry other = new CacheEntry(key(MODEL, 2), "", List.of(response("a")), null,
				new RequestRecord(hashes(7), new byte[0]));
		store.putAll(List.of(entry(key(MODEL, 1), "a"), other));
		damage(key(MODEL, 1));
		List<Inspected> inspected = inspect(store, null);
		// Its fingerprint can be any
		assertThat(inspected).extracting(Inspected::key)
			.extracting(CacheKey::hex)
			.containsExactlyInAnyOrder(key(MODEL, 1).hex(), key(MODEL, 2).hex());
		assertThat(inspectOne(store, key(MODEL, 2)).facts())
			.isEqualTo(new Facts("", TestEntries.CREATED_AT, null, 1, 4000L, "STOP"));
		assertThat(inspectOne(store, key(MODEL, 2)).hashes()).isEqualTo(hashes(7));
		store.touch(Map.of(key(MODEL, 1), LATER, key(MODEL, 2), LATER));
		assertThat(inspectOne(store, key(MODEL, 2)).lastUsed()).isEqualTo(LATER);
		assertThat(store.deleteAll(List.of(key(MODEL, 1)))).isOne();
		assertThat(inspect(store, null)).hasSize(1);
	}

	@Test
	void aStoreMayBeUsedAndClosedWhileItIsInspected() {
		CacheStore store = store();
		store.putAll(IntStream.range(0, 3000).mapToObj((i) -> entry(key(MODEL, i), "a")).toList());
		Set<CacheKey> seen = new HashSet<>();
		store.inspect(null, (details) -> {
			seen.add(details.key());
			if (seen.size() % 100 == 0) {
				store.putAll(List.of(entry(key(MODEL, "added " + seen.size()), "a")));
				store.touch(Map.of(details.key(), LATER));
				store.deleteAll(List.of(details.key()));
			}
			assertThat(seen).hasSizeLessThan(4000);
		});
		assertThat(seen).containsAll(IntStream.range(0, 3000).mapToObj((i) -> key(MODEL, i)).toList());
		store.inspect(MODEL, (details) -> store.deleteModel(MODEL));
		assertThat(inspect(store, null)).isEmpty();
		store.putAll(IntStream.range(0, 3000).mapToObj((i) -> entry(key(MODEL, i), "a")).toList());
		assertFails(() -> store.inspect(null, (details) -> store.close()));
	}

	@Test
	void whatTheActionOfAnInspectionThrowsIsThrown() {
		CacheStore store = store();
		store.putAll(List.of(entry(key(MODEL, 1), "a"), entry(key(MODEL, 2), "a"), entry(key("other", 2), "a")));
		IllegalStateException exception = new IllegalStateException();
		List<CacheKey> seen = new ArrayList<>();
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> store.inspect(null, (details) -> {
			seen.add(details.key());
			throw exception;
		})).isSameAs(exception);
		assertThat(seen).hasSize(1);
	}

	@Test
	void usesAreRecordedAndOnlyForward() {
		CacheStore store = store();
		CacheKey other = key("other", 3);
		store.putAll(List.of(entry(key(MODEL, 1), "a"), entry(key(MODEL, 2), "a"), entry(other, "a")));
		Instant untouched = inspectOne(store, key(MODEL, 2)).lastUsed();
		store.touch(Map.of());
		store.touch(Map.of(key(MODEL, 1), LATER, other, LATER.plusSeconds(1), key(MODEL, "missing"), LATER,
				key("missing", 1), LATER));
		assertThat(inspectOne(store, key(MODEL, 1)).lastUsed()).isEqualTo(LATER);
		assertThat(inspectOne(store, key(MODEL, 2)).lastUsed()).isEqualTo(untouched);
		assertThat(inspectOne(store, other).lastUsed()).isEqualTo(LATER.plusSeconds(1));
		assertThat(inspect(store, null)).hasSize(3);
		store.touch(Map.of(key(MODEL, 1), LATER.minusSeconds(1), key(MODEL, 2), Instant.EPOCH, other,
				LATER.plusSeconds(2)));
		assertThat(inspectOne(store, key(MODEL, 1)).lastUsed()).isEqualTo(LATER);
		assertThat(inspectOne(store, key(MODEL, 2)).lastUsed()).isEqualTo(untouched);
		assertThat(inspectOne(store, other).lastUsed()).isEqualTo(LATER.plusSeconds(2));
		store.close();
		CacheStore reopened = store();
		assertThat(inspectOne(reopened, other).lastUsed()).isEqualTo(LATER.plusSeconds(2));
		reopened.appendAll(List.of(new CacheEntry(other, "", List.of(responseAt(LATER, "b")), null, null)));
		assertThat(inspectOne(reopened, other).lastUsed()).isAfterOrEqualTo(LATER);
	}

	@Test
	void usesOfManyEntriesAreRecorded() throws Exception {
		CacheStore store = store();
		Map<CacheKey, Instant> uses = new HashMap<>();
		for (int i = 0; i < 3000; i++) {
			uses.put(key(MODEL, i), LATER.plusSeconds(i));
		}
		store.putAll(uses.keySet().stream().map((key) -> entry(key, "a")).toList());
		store.touch(uses);
		assertThat(inspect(store, MODEL)).hasSize(3000)
			.allSatisfy((details) -> assertThat(details.lastUsed()).isEqualTo(uses.get(details.key())));
		assertThat(read(store, key(MODEL, 42))).isEqualTo(entry(key(MODEL, 42), "a"));
	}

	@Test
	void whatIsCountedIsAddedUpForEachModelAndDay() {
		CacheStore store = store();
		assertThat(store.statistics()).isEmpty();
		store.addStatistics(List.of());
		assertThat(store.statistics()).isEmpty();
		LocalDate next = LocalDate.of(2027, 12, 31);
		store.addStatistics(List.of(counted(MODEL, DAY, 1), counted("other", DAY, 2), counted(MODEL, next, 3),
				counted(MODEL, DAY, 4)));
		store.addStatistics(List.of(counted(MODEL, DAY, 1L << 53), counted("(other)", next, 6)));
		List<DailyStatistics> expected = List.of(counted(MODEL, DAY, (1L << 53) + 5), counted("other", DAY, 2),
				counted(MODEL, next, 3), counted("(other)", next, 6));
		assertThat(store.statistics()).containsExactlyInAnyOrderElementsOf(expected);
		assertThat(store().statistics()).containsExactlyInAnyOrderElementsOf(expected);
		store.close();
		assertThat(store().statistics()).containsExactlyInAnyOrderElementsOf(expected);
		assertThat(inspect(store(), null)).isEmpty();
		assertThat(scan(store(), null)).isEmpty();
	}

	@Test
	void whatIsCountedOfAStoredModelIsKeptWhateverItIs() {
		CacheStore store = store();
		store.putAll(List.of(entry(key(MODEL, 1), "a")));
		DailyStatistics hits = new DailyStatistics(MODEL, DAY,
				new ModelStatistics(1, 0, 0, 0, 0, 0, 0, 2, 3, 0, 0, 0, 0, 0));
		store.addStatistics(List.of(hits));
		assertThat(store.statistics()).containsExactly(hits);
	}

	@Test
	void whatIsCountedOutlivesTheEntries() {
		CacheStore store = store();
		store.putAll(List.of(entry(key(MODEL, 1), "a"), entry(key("other", 2), "a")));
		List<DailyStatistics> counted = List.of(counted(MODEL, DAY, 1), counted("other", DAY, 2));
		store.addStatistics(counted);
		store.deleteModel(MODEL);
		store.deleteNamespace("");
		assertThat(inspect(store, null)).isEmpty();
		store.reclaim(MODEL);
		assertThat(store.statistics()).containsExactlyInAnyOrderElementsOf(counted);
		store.close();
		assertThat(store().statistics()).containsExactlyInAnyOrderElementsOf(counted);
	}

	@Test
	void whatIsCountedOfOddModelsIsKeptApart() {
		CacheStore store = store();
		List<DailyStatistics> counted = new ArrayList<>();
		oddModels().forEach((model) -> counted.add(counted(model, DAY, counted.size() + 1)));
		store.addStatistics(counted);
		assertThat(store.statistics()).containsExactlyInAnyOrderElementsOf(counted);
	}

	@Test
	void whatIsCountedOfNamespacesIsKeptApart() {
		CacheStore store = store();
		List<DailyStatistics> counted = new ArrayList<>();
		for (String namespace : ODD_NAMESPACES) {
			counted.add(new DailyStatistics(namespace, MODEL, DAY, counters(counted.size() + 1)));
			counted.add(new DailyStatistics(namespace, MODEL, DAY.plusDays(1), counters(100)));
		}
		store.addStatistics(counted);
		assertThat(store.statistics()).containsExactlyInAnyOrderElementsOf(counted);
		store.addStatistics(counted);
		store.close();
		assertThat(store().statistics()).containsExactlyInAnyOrderElementsOf(counted.stream()
			.map((each) -> new DailyStatistics(each.namespace(), MODEL, each.day(),
					each.counters().plus(each.counters())))
			.toList());
	}

	@Test
	void deletionOfANamespaceTakesNothingOfOthers() {
		CacheStore store = store();
		List<CacheEntry> entries = new ArrayList<>();
		for (String namespace : ODD_NAMESPACES) {
			entries.add(TestEntries.entryIn(namespace, key(MODEL, entries.size()), "a"));
		}
		store.putAll(entries);
		List<CacheEntry> left = new ArrayList<>(entries);
		for (CacheEntry entry : entries) {
			assertThat(store.deleteNamespace(entry.namespace())).isOne();
			left.remove(entry);
			assertThat(inspect(store, null)).hasSize(left.size());
			left.forEach((other) -> assertThat(store.get(other.key())).isNotNull());
		}
	}

	@Test
	void nothingIsLostWhenManyCount() throws Exception {
		CacheStore store = store();
		CacheStore second = store();
		concurrently(8, (thread) -> {
			for (int i = 0; i < 25; i++) {
				((thread % 2 == 0) ? store : second)
					.addStatistics(List.of(counted(MODEL, DAY, 1), counted("model-" + thread % 3, DAY, 2)));
			}
			return thread;
		});
		assertThat(store.statistics()).containsExactlyInAnyOrder(counted(MODEL, DAY, 200),
				counted("model-0", DAY, 3 * 50), counted("model-1", DAY, 3 * 50), counted("model-2", DAY, 2 * 50));
		assertThat(second.statistics()).containsExactlyInAnyOrderElementsOf(store.statistics());
	}

	@Test
	void nothingIsLostWhenProcessesCount() throws Exception {
		List<JavaProcess> processes = List.of(start("count", ""), start("count", ""));
		for (JavaProcess process : processes) {
			assertThat(process.hear()).isEqualTo("ready");
		}
		processes.forEach(JavaProcess::nudge);
		for (JavaProcess process : processes) {
			assertThat(process.hear()).isEqualTo("done");
		}
		long count = 2 * StoreUser.APPENDED;
		assertThat(store().statistics()).containsExactly(new DailyStatistics(StoreUser.MODEL, StoreUser.DAY,
				new ModelStatistics(count, 0, 0, count, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)));
	}

	private static DailyStatistics counted(String model, LocalDate day, long count) {
		return new DailyStatistics(model, day, counters(count));
	}

	private static ModelStatistics counters(long count) {
		return new ModelStatistics(count, 2 * count, 3 * count, 4 * count, 5 * count, 6 * count, 7 * count, 8 * count,
				9 * count, 10 * count, 11 * count, 12 * count, 13 * count, 14 * count);
	}

	@Test
	void reclaimingGivesSpaceBackAndHarmsNothing() throws Exception {
		CacheStore store = store();
		store.reclaim(MODEL);
		assertThat(store.size()).isEmpty();
		Map<CacheKey, CacheEntry> entries = new HashMap<>();
		for (int i = 0; i < 300; i++) {
			byte[] body = new byte[5000];
			new Random(i).nextBytes(body);
			CacheKey key = key(MODEL, i);
			entries.put(key,
					new CacheEntry(key, "", List.of(response(body)), null, new RequestRecord(hashes(i), new byte[0])));
		}
		store.putAll(List.copyOf(entries.values()));
		store.reclaim(MODEL);
		long before = bytes(store);
		assertThat(store.deleteAll(IntStream.range(0, 250).mapToObj((i) -> key(MODEL, i)).toList())).isEqualTo(250);
		assertThat(bytes(store)).isLessThan(before / 2);
		store.reclaim(MODEL);
		store.reclaim(MODEL);
		store.reclaim("other");
		assertThat(bytes(store)).isBetween(1L, before / 2);
		for (int i = 0; i < 300; i++) {
			CacheKey key = key(MODEL, i);
			if (i < 250) {
				assertThat(store.get(key)).isNull();
			}
			else {
				assertThat(readWithRequest(store, key)).isEqualTo(entries.get(key));
			}
		}
		assertThat(inspect(store, null)).hasSize(50);
	}

	private static long bytes(CacheStore store) {
		return store.amount(MODEL).bytes();
	}

	@Test
	void statusTellsThatAStoreCanBeUsed() throws Exception {
		CacheStore store = store();
		StoreStatus unused = store.status();
		assertThat(unused.readFailure()).isNull();
		assertThat(unused.writeFailure()).isNull();
		assertThat(store.size()).isEmpty();
		assertThat(store.statistics()).isEmpty();
		store.putAll(List.of(entry(key(MODEL, 1), "a")));
		for (CacheStore used : List.of(store, store())) {
			StoreStatus status = used.status();
			assertThat(status.readFailure()).isNull();
			assertThat(status.writeFailure()).isNull();
			assertThat(status.version()).isNotBlank();
			assertThat(used.size()).extracting(StoreSize::entries).containsExactly(1L);
			assertThat(inspect(used, null)).hasSize(1);
			assertThat(read(used, key(MODEL, 1))).isEqualTo(entry(key(MODEL, 1), "a"));
		}
	}

	private static List<Inspected> inspect(CacheStore store, @Nullable String model) {
		List<Inspected> inspected = new ArrayList<>();
		store.inspect(model, (details) -> inspected
			.add(new Inspected(details.key(), details.bytes(), details.lastUsed(), details.facts(), details.hashes())));
		return inspected;
	}

	private static Inspected inspectOne(CacheStore store, CacheKey key) {
		return inspect(store, key.model()).stream()
			.filter((details) -> details.key().equals(key))
			.findFirst()
			.orElseThrow();
	}

	@Test
	void aBrowserFindsWhatIsStored() throws Exception {
		CacheStore store = store();
		EntryBrowser browser = new EntryBrowser(store, () -> TestEntries.CREATED_AT.plusSeconds(100));
		assertThat(browser.find(EntryFilter.ALL, EntryOrder.NEWEST, 5).matching()).isZero();
		assertThat(browser.read(key(MODEL, 1))).isNull();
		List<CacheEntry> entries = new ArrayList<>();
		for (int i = 0; i < 30; i++) {
			CachedResponse response = new CachedResponse(new byte[] { '{', '}' }, 1, 1, 1,
					(i % 5 != 0) ? i * 10L : null, (i % 2 == 0) ? "STOP" : "LENGTH",
					TestEntries.CREATED_AT.plusSeconds(i), Duration.ZERO, null);
			entries.add(new CacheEntry(key((i < 20) ? MODEL : "other", i), (i % 3 == 0) ? "namespace" : "",
					List.of(response), (i % 4 == 0) ? TestEntries.CREATED_AT.plusSeconds(99 + i) : null,
					request("{\"number\":" + i + "}")));
		}
		store.putAll(entries);
		assertThat(numbers(browser, EntryFilter.ALL, EntryOrder.NEWEST, 3)).containsExactly(29, 28, 27);
		assertThat(numbers(browser, EntryFilter.ALL, EntryOrder.OLDEST, 3)).containsExactly(0, 1, 2);
		assertThat(numbers(browser, EntryFilter.ALL, EntryOrder.COSTLIEST, 2)).containsExactly(29, 28);
		assertThat(numbers(browser, EntryFilter.ALL, EntryOrder.LEAST_RECENTLY_USED, 2)).containsExactly(0, 1);
		assertThat(numbers(browser, filter("other", null, null, null, null, false), EntryOrder.OLDEST, 1))
			.containsExactly(20);
		assertThat(numbers(browser, filter(null, "namespace", null, null, "length", false), EntryOrder.OLDEST, 2))
			.containsExactly(3, 9);
		assertThat(
				numbers(browser, filter(null, null, Duration.ofSeconds(99), null, null, false), EntryOrder.OLDEST, 9))
			.containsExactly(0, 1);
		assertThat(
				numbers(browser, filter(null, null, null, Duration.ofSeconds(72), null, false), EntryOrder.OLDEST, 9))
			.containsExactly(28, 29);
		assertThat(numbers(browser, filter(null, null, null, null, null, true), EntryOrder.OLDEST, 9))
			.containsExactly(0);
		FoundEntries found = browser.find(EntryFilter.ALL, EntryOrder.LARGEST, 0);
		assertThat(found.matching()).isEqualTo(30);
		assertThat(found.costNanos()).isEqualTo(IntStream.range(0, 30).filter((i) -> i % 5 != 0).sum() * 10L);
		assertThat(browser.read(entries.get(7).key())).isEqualTo(entries.get(7));
		String hex = entries.get(7).key().hex();
		assertThat(browser.keys(hex.substring(0, 20), null, 2)).containsExactly(entries.get(7).key());
	}

	@Test
	void aBrowserListsWhatCannotBeReadLast() throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(key(MODEL, 1), "a"), entry(key(MODEL, 2), "b"), entry(key(MODEL, 3), "c")));
		damage(key(MODEL, 2));
		EntryBrowser browser = new EntryBrowser(store, () -> LATER);
		for (EntryOrder order : EntryOrder.values()) {
			List<EntrySummary> entries = browser.find(EntryFilter.ALL, order, 9).entries();
			assertThat(entries).hasSize(3);
			// A store may keep what can be said of an entry apart from it
			assertThat(entries.subList(0, 2)).allMatch((summary) -> summary.facts() != null);
		}
		assertThat(browser.read(key(MODEL, 1))).isNotNull();
		assertThatExceptionOfType(UnreadableEntryException.class).isThrownBy(() -> browser.read(key(MODEL, 2)));
	}

	@Test
	void aVisitorOfABrowserMayUseTheStore() throws Exception {
		CacheStore store = store();
		List<CacheEntry> entries = IntStream.range(0, 100).mapToObj((i) -> entry(key(MODEL, i), "body " + i)).toList();
		store.putAll(entries);
		List<CacheKey> visited = new ArrayList<>();
		new EntryBrowser(store, () -> LATER).forEach(EntryFilter.ALL, (key, stored) -> {
			visited.add(key);
			assertThat(store.get(key)).isNotNull();
			store.deleteAll(List.of(key));
		});
		assertThat(visited).containsExactlyInAnyOrderElementsOf(entries.stream().map(CacheEntry::key).toList());
		assertThat(store.amount(MODEL).entries()).isZero();
	}

	private static List<Integer> numbers(EntryBrowser browser, EntryFilter filter, EntryOrder order, int limit) {
		return browser.find(filter, order, limit)
			.entries()
			.stream()
			.map((summary) -> (int) Duration
				.between(TestEntries.CREATED_AT, Objects.requireNonNull(summary.facts()).createdAt())
				.toSeconds())
			.toList();
	}

	private static EntryFilter filter(@Nullable String model, @Nullable String namespace, @Nullable Duration olderThan,
			@Nullable Duration newerThan, @Nullable String finishReason, boolean expired) {
		return new EntryFilter(model, namespace, olderThan, newerThan, null, finishReason, null, expired);
	}

	@Test
	void aSoundStoreHasNoProblems() throws Exception {
		CacheStore store = store();
		assertThat(store.problems()).isEmpty();
		assertThat(store.leftOut()).isEmpty();
		CacheKey key = key(MODEL, 1);
		CacheEntry entry = new CacheEntry(key, "namespace", List.of(response("1"), response("2")), LATER,
				request("{}"));
		store.putAll(List.of(entry, entry(key("other\u001b\n/model", 1), "a"), entry(key(MODEL, 2), "b")));
		store.appendAll(List.of(entry(key(MODEL, 2), "c")));
		store.touch(Map.of(key, LATER));
		store.addStatistics(List.of(counted(MODEL, DAY, 3)));
		store.deleteAll(List.of(key(MODEL, 2)));
		assertThat(store.problems()).isEmpty();
		assertThat(store().problems()).as("another store's").isEmpty();
		assertThat(store.leftOut()).isEmpty();
		StoredEntry found = Objects.requireNonNull(store.getWithRequest(key));
		assertThat(found.read()).isEqualTo(entry);
		assertThat(store.statistics()).isNotEmpty();
	}

	@Test
	void aSoundStoreHasNoProblemsWhileItIsUsed() throws Exception {
		CacheStore store = store();
		concurrently(3, (thread) -> {
			for (int i = 0; i < 30; i++) {
				CacheKey key = key(MODEL, thread + " " + i);
				store.putAll(List.of(new CacheEntry(key, "", List.of(response("a")), null, request("{}"))));
				if (i % 10 == 0) {
					assertThat(store.problems()).isEmpty();
				}
				else if (i % 3 == 0) {
					store.deleteAll(List.of(key));
				}
			}
			return thread;
		});
		assertThat(store.problems()).isEmpty();
	}

	@Test
	void whatHappensIsCountedAbove() throws Exception {
		Instant now = TestEntries.CREATED_AT.plusSeconds(60);
		CacheRequest request = new CacheRequest("", "https://api.example.org", "chat/completions", MODEL,
				JsonNodeFactory.instance.objectNode().put("seed", 1), "messages", new CacheKeyHasher());
		CacheStore store = store();
		try (DefaultCacheManager manager = new DefaultCacheManager(store,
				new CacheSettings(MemorySettings.OFF, MAX_ENTRY_SIZE), () -> now)) {
			assertThat(manager.lookup(new CacheLookup(request, null), TEXT)).isNull();
			manager.saveAll(List.of(new CacheWrite(request, response("answer"))));
			assertThat(manager.lookup(new CacheLookup(request, null), TEXT)).isEqualTo("answer");
			assertThat(manager.lookupAll(List.of(new CacheLookup(request, null)), List.of(TEXT)))
				.containsExactly("answer");
			assertThat(manager.statistics().total())
				.isEqualTo(new ModelStatistics(2, 1, 0, 1, 0, 0, 0, 8000, 100, 0, 0, 0, 0, 0));
			assertThat(manager.size()).singleElement().extracting(StoreSize::entries).isEqualTo(1L);
			damage(request.key());
			assertThat(manager.lookup(new CacheLookup(request, null), TEXT)).isNull();
			assertThat(manager.statistics().total().stale()).isEqualTo(1);
			assertThat(manager.statistics().total().errors()).isZero();
			assertThat(manager.health().isUp()).isTrue();
			store.putAll(List.of(new CacheEntry(request.key(), "", List.of(response("b")), now.plusMillis(1), null)));
			assertThat(manager.lookup(new CacheLookup(request, null), TEXT)).isEqualTo("b");
			assertThat(manager.lookup(new CacheLookup(request, Duration.ofSeconds(60)), TEXT)).isNull();
			store.putAll(List.of(new CacheEntry(request.key(), "", List.of(response("b")), now, null)));
			assertThat(manager.lookup(new CacheLookup(request, null), TEXT)).isNull();
			manager.saveAll(List.of(new CacheWrite(request, response("c"))));
			assertThat(manager.lookup(new CacheLookup(request, null), TEXT)).isEqualTo("c");
			assertThat(manager.deleteModel(MODEL)).isEqualTo(1);
			assertThat(manager.lookup(new CacheLookup(request, null), TEXT)).isNull();
		}
	}

	private static void assertUnreadable(@Nullable StoredEntry entry) {
		StoredEntry found = Objects.requireNonNull(entry);
		assertThatExceptionOfType(UnreadableEntryException.class).isThrownBy(found::read);
	}

	private static boolean isReadable(StoredEntry entry) {
		try {
			entry.read();
			return true;
		}
		catch (UnreadableEntryException ex) {
			return false;
		}
	}

	private static CacheEntry readUnchecked(StoredEntry entry) {
		try {
			return entry.read();
		}
		catch (UnreadableEntryException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static List<StoredEntry> scan(CacheStore store, @Nullable String model) {
		List<StoredEntry> entries = new ArrayList<>();
		store.scan(model, entries::add);
		return entries;
	}

	@Test
	void noSampleIsLostWhenManyAppendToOneKey() throws Exception {
		CacheStore store = store();
		CacheStore second = store();
		CacheKey key = key(MODEL, 1);
		concurrently(8, (thread) -> {
			for (int i = 0; i < 25; i++) {
				((thread % 2 == 0) ? store : second).appendAll(List.of(entry(key, thread + "/" + i)));
			}
			return thread;
		});
		List<String> expected = new ArrayList<>();
		for (int thread = 0; thread < 8; thread++) {
			for (int i = 0; i < 25; i++) {
				expected.add(thread + "/" + i);
			}
		}
		List<String> actual = bodies(read(store, key));
		assertThat(actual).containsExactlyInAnyOrderElementsOf(expected);
		assertThat(actual.stream().filter((body) -> body.startsWith("3/")))
			.containsExactlyElementsOf(expected.stream().filter((body) -> body.startsWith("3/")).toList());
	}

	@Test
	void noEntryIsTornWhenManyReplaceOneKey() throws Exception {
		CacheStore store = store();
		CacheKey key = key(MODEL, 1);
		store.putAll(List.of(entry(key, "0".repeat(5000), "0")));
		concurrently(8, (thread) -> {
			for (int i = 0; i < 50; i++) {
				if (thread % 2 == 0) {
					String digit = String.valueOf(thread);
					store.putAll(List.of(entry(key, digit.repeat(5000), digit)));
				}
				else {
					List<String> bodies = bodies(read(store, key));
					assertThat(bodies).hasSize(2);
					assertThat(bodies.get(0)).isEqualTo(bodies.get(1).repeat(5000));
				}
			}
			return thread;
		});
	}

	@Test
	void manySaveDifferentKeys() throws Exception {
		CacheStore store = store();
		concurrently(16, (thread) -> {
			for (int i = 0; i < 50; i++) {
				CacheKey key = key("model-" + i % 3, thread + "/" + i);
				store.putAll(List.of(entry(key, key.hex())));
				assertThat(read(store, key)).isEqualTo(entry(key, key.hex()));
			}
			return thread;
		});
		assertThat(store.size().stream().mapToLong(StoreSize::entries).sum()).isEqualTo(16 * 50);
	}

	@Test
	void whatIsStoredOutlivesTheStore() throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(key(MODEL, 1), "1")));
		store.close();
		assertThat(bodies(read(store(), key(MODEL, 1)))).containsExactly("1");
	}

	@Test
	void whatIsStoredIsSeenByOtherStoresAtOnce() throws Exception {
		CacheStore reader = store();
		assertThat(reader.get(key(MODEL, 1))).isNull();
		CacheStore writer = store();
		writer.putAll(List.of(entry(key(MODEL, 1), "1")));
		assertThat(bodies(read(reader, key(MODEL, 1)))).containsExactly("1");
		writer.deleteModel(MODEL);
		assertThat(reader.get(key(MODEL, 1))).isNull();
	}

	@Test
	void closingTwiceIsHarmless() {
		CacheStore store = store();
		store.putAll(List.of(entry(key(MODEL, 1), "1")));
		store.close();
		store.close();
	}

	@Test
	void aClosedStoreCannotBeUsed() {
		CacheStore store = store();
		store.putAll(List.of(entry(key(MODEL, 1), "1")));
		store.close();
		CacheKey key = key(MODEL, 1);
		assertFails(() -> store.get(key));
		assertFails(() -> store.getAll(List.of(key)));
		assertFails(() -> store.putAll(List.of(entry(key, "2"))));
		assertFails(() -> store.appendAll(List.of(entry(key, "2"))));
		assertFails(() -> store.deleteAll(List.of(key)));
		assertFails(() -> store.deleteModel(MODEL));
		assertFails(() -> store.deleteNamespace(""));
		assertFails(store::size);
		assertFails(() -> store.scan(null, (entry) -> {
		}));
		assertFails(() -> store.scan(MODEL, (entry) -> {
		}));
		assertFails(() -> store.getWithRequest(key));
		assertFails(() -> store.inspect(null, (details) -> {
		}));
		assertFails(() -> store.inspect(MODEL, (details) -> {
		}));
		assertFails(() -> store.touch(Map.of(key, Instant.EPOCH)));
		assertFails(() -> store.addStatistics(List.of(counted(MODEL, DAY, 1))));
		assertFails(store::statistics);
		assertFails(() -> store.reclaim(MODEL));
		assertFails(store::problems);
		assertFails(() -> store.amount(MODEL));
		assertThat(store.status().readFailure()).isNotNull();
		assertThat(store.status().writeFailure()).isNotNull();
	}

	@Test
	void closingWaitsForWritesThatAreUnderWay() throws Exception {
		CacheStore store = store();
		Set<CacheKey> saved = ConcurrentHashMap.newKeySet();
		CountDownLatch started = new CountDownLatch(50);
		ExecutorService executor = Executors.newFixedThreadPool(4);
		try {
			for (int thread = 0; thread < 4; thread++) {
				int number = thread;
				executor.submit(() -> {
					for (int i = 0; i < 100_000; i++) {
						CacheKey key = key(MODEL, number + "/" + i);
						store.putAll(List.of(entry(key, "a")));
						saved.add(key);
						started.countDown();
					}
				});
			}
			started.await();
			store.close();
		}
		finally {
			executor.shutdownNow();
		}
		assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
		assertThat(store().getAll(saved).keySet()).isEqualTo(saved);
	}

	@Test
	void whatAnotherProcessDoesIsSeen() throws Exception {
		CacheStore store = store();
		assertThat(store.get(key(MODEL, 1))).isNull();
		assertThat(start("put", "first").hear()).isEqualTo("put");
		assertThat(read(store, key(MODEL, 1))).isEqualTo(entry(key(MODEL, 1), "first"));
		assertThat(start("put", "second").hear()).isEqualTo("put");
		assertThat(read(store, key(MODEL, 1))).isEqualTo(entry(key(MODEL, 1), "second"));
		assertThat(start("delete", "").hear()).isEqualTo("deleted 1");
		assertThat(store.get(key(MODEL, 1))).isNull();
		store.putAll(List.of(entry(key(MODEL, 1), "third")));
		assertThat(start("delete", "").hear()).isEqualTo("deleted 1");
	}

	@Test
	void noSampleIsLostWhenProcessesAppendToOneKey() throws Exception {
		List<JavaProcess> processes = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			processes.add(start("append", "child " + i));
		}
		for (JavaProcess process : processes) {
			assertThat(process.hear()).isEqualTo("ready");
		}
		processes.forEach(JavaProcess::nudge);
		for (JavaProcess process : processes) {
			assertThat(process.hear()).isEqualTo("done");
		}
		List<String> expected = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			for (int j = 0; j < StoreUser.APPENDED; j++) {
				expected.add("child " + i + "/" + j);
			}
		}
		assertThat(bodies(read(store(), key(MODEL, 1)))).containsExactlyInAnyOrderElementsOf(expected);
	}

	@Test
	void noEntryIsTornWhenAnotherProcessReplacesIt() throws Exception {
		CacheStore store = store();
		CacheKey key = key(MODEL, 1);
		store.putAll(List.of(entry(key, "0".repeat(5000), "0")));
		JavaProcess process = start("replace", "1");
		assertThat(process.hear()).isEqualTo("ready");
		Set<String> seen = new HashSet<>();
		for (int i = 0; i < 200 || !seen.contains("1"); i++) {
			List<String> bodies = bodies(read(store, key));
			assertThat(bodies).hasSize(2);
			assertThat(bodies.get(0)).isEqualTo(bodies.get(1).repeat(5000));
			seen.add(bodies.get(1));
			if (i % 10 == 0) {
				store.putAll(List.of(entry(key, "0".repeat(5000), "0")));
			}
		}
		process.nudge();
		assertThat(process.hear()).isEqualTo("done");
	}

	@Test
	void whatHasBeenSavedSurvivesTheProcessBeingKilled() throws Exception {
		JavaProcess process = start("save", "");
		int last = -1;
		for (String line = process.hear(); line != null; line = process.hear()) {
			last = Integer.parseInt(line.substring("saved ".length()));
			if (last == 300) {
				process.kill();
			}
		}
		assertThat(process.waitFor()).isNotZero();
		assertThat(last).isGreaterThanOrEqualTo(300);
		CacheStore store = store();
		for (int i = 0; i <= last; i++) {
			assertThat(read(store, key(MODEL, i))).isEqualTo(entry(key(MODEL, i), "body " + i));
			assertThat(bodies(read(store, key(MODEL, "all " + i / 100)))).contains("body " + i);
			store.appendAll(List.of(entry(key(MODEL, i), "more")));
			assertThat(read(store, key(MODEL, i))).isEqualTo(entry(key(MODEL, i), "body " + i, "more"));
		}
	}

	private static void assertFails(ThrowingCallable use) {
		assertThatExceptionOfType(CacheStoreException.class).isThrownBy(use);
	}

	protected static CacheEntry read(CacheStore store, CacheKey key) throws UnreadableEntryException {
		StoredEntry entry = store.get(key);
		return Objects.requireNonNull(entry, "There is no such entry").read();
	}

	/**
	 * Run work in threads that start together.
	 * @param threads the number of threads
	 * @param work the work, which is given the number of its thread
	 * @throws Exception if the work fails
	 */
	protected static void concurrently(int threads, Work work) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			CountDownLatch ready = new CountDownLatch(threads);
			List<Future<?>> futures = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				int thread = i;
				futures.add(executor.submit(() -> {
					ready.countDown();
					ready.await();
					return work.run(thread);
				}));
			}
			for (Future<?> future : futures) {
				future.get();
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	/**
	 * The details of an entry, all of them read.
	 */
	private record Inspected(CacheKey key, long bytes, Instant lastUsed, @Nullable Facts facts,
			@Nullable RequestHashes hashes) {
	}

	/**
	 * The work of a thread.
	 */
	@FunctionalInterface
	protected interface Work {

		Object run(int thread) throws Exception;

	}

}
