package io.github.llmcache.cache.encryption;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.CallLease;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.RequestHashes;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cache.StoreMark;
import io.github.llmcache.cache.TestEntries;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.cache.file.FileCacheStore;
import io.github.llmcache.cache.file.FileSettings;
import io.github.llmcache.cache.sqlite.SqliteCacheStore;
import io.github.llmcache.cache.sqlite.SqliteSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.llmcache.cache.TestEntries.bodies;
import static io.github.llmcache.cache.TestEntries.entry;
import static io.github.llmcache.cache.TestEntries.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for the encryption of stores, with real ones below it.
 */
class EncryptionTests {

	private static final String MODEL = "gpt-4o-mini";

	private static final int MAX_SIZE = 1024 * 1024;

	private static final EncryptionKey OLD = EncryptedStores.key(1);

	private static final EncryptionKey NEW = EncryptedStores.key(2);

	private final EntryCodec codec = new EntryCodec(MAX_SIZE);

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	@AfterEach
	void close() {
		this.codec.close();
	}

	@Test
	void keyIsReadInBase64AndInHexadecimal() {
		byte[] bytes = new byte[EncryptionKey.LENGTH];
		new SecureRandom().nextBytes(bytes);
		EncryptionKey key = EncryptionKey.of(bytes);
		assertThat(EncryptionKey.parse(" " + Base64.getEncoder().encodeToString(bytes) + "\n")).isEqualTo(key);
		assertThat(EncryptionKey.parse(HexFormat.of().withUpperCase().formatHex(bytes))).isEqualTo(key);
		assertThat(key.toString()).isEqualTo("EncryptionKey[" + key.id() + "]").hasSize(31);
		assertThat(new EncryptionKeys(key, List.of(key, OLD)).toString()).contains(key.id(), OLD.id())
			.doesNotContain(HexFormat.of().formatHex(bytes));
	}

	@ParameterizedTest
	@ValueSource(strings = { "secret!", "correct horse battery staple", "MDEyMzQ1Njc4OWFiY2RlZg==",
			"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
			"zz23456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" })
	void whatIsNoKeyIsRefusedAndNotTold(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> EncryptionKey.parse(text))
			.withNoCause()
			.withMessageNotContaining(text);
	}

	@Test
	void permutationGoesBackAndDependsOnTheKey() {
		KeyPermutation permutation = new KeyPermutation(OLD);
		Set<Long> fingerprints = new HashSet<>();
		for (int i = 0; i < 1000; i++) {
			CacheKey key = key(MODEL, i);
			CacheKey stored = permutation.stored(key);
			assertThat(permutation.plain(CacheKey.of(MODEL, stored.fingerprint(), stored.toBytes()))).isEqualTo(key);
			assertThat(stored.hex()).isNotEqualTo(key.hex());
			assertThat(new KeyPermutation(NEW).stored(key).hex()).isNotEqualTo(stored.hex());
			fingerprints.add(stored.fingerprint());
		}
		assertThat(fingerprints).hasSize(1000);
	}

	@Test
	void storedFormIsFrozen() throws Exception {
		CacheKey stored = new KeyPermutation(OLD).stored(key(MODEL, 1));
		assertThat(OLD.id()).isEqualTo("0e335385402e3423");
		assertThat(stored.hex()).isEqualTo("5d264ccfa234527ee4f7a3e48f571d295466f0b505dc6e0e2d955d504c9c1921");
		assertThat(HexFormat.of().toHexDigits(stored.fingerprint())).isEqualTo("1a4b0eb291a42219");
		byte[] sealed = HexFormat.of()
			.parseHex("010e335385402e34236db7e1fdb5bd65faac7e1b7492dd3553e90cd5a6a4a3e0186be41b1cce3e94b431d8");
		assertThat(new Seal(OLD, new SecureRandom()).unseal(sealed, new byte[] { 1, 2 }))
			.isEqualTo("secret".getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void whatWasChangedIsNotUnsealed() throws Exception {
		Seal seal = new Seal(OLD, new SecureRandom());
		byte[] bound = { 1, 2 };
		byte[] sealed = seal.seal("secret".getBytes(StandardCharsets.UTF_8), bound);
		assertThat(seal.seal("secret".getBytes(StandardCharsets.UTF_8), bound)).isNotEqualTo(sealed);
		assertThat(seal.unseal(sealed, bound)).isEqualTo("secret".getBytes(StandardCharsets.UTF_8));
		for (int i = 0; i < sealed.length; i++) {
			byte[] changed = sealed.clone();
			changed[i] ^= 1;
			assertUnreadable(seal, changed, bound);
			assertUnreadable(seal, Arrays.copyOf(sealed, i), bound);
		}
		assertUnreadable(seal, sealed, new byte[] { 1, 3 });
		assertUnreadable(new Seal(NEW, new SecureRandom()), sealed, bound);
	}

	private static void assertUnreadable(Seal seal, byte[] sealed, byte[] bound) {
		assertThatExceptionOfType(UnreadableEntryException.class).isThrownBy(() -> seal.unseal(sealed, bound));
	}

	@Test
	void entryIsTheSameAgainAndItsSecretsAreNotStored() throws Exception {
		CacheEntry entry = secretEntry(1);
		for (String backend : List.of("sqlite", "file")) {
			try (CacheStore store = encrypted(backend, OLD)) {
				store.putAll(List.of(entry));
				assertThat(Objects.requireNonNull(store.getWithRequest(entry.key())).read()).isEqualTo(entry);
				List<RequestHashes> hashes = new ArrayList<>();
				List<CacheKey> keys = new ArrayList<>();
				store.inspect(null, (details) -> {
					hashes.add(Objects.requireNonNull(details.hashes()));
					keys.add(details.key());
				});
				assertThat(hashes).containsExactly(Objects.requireNonNull(entry.request()).hashes());
				assertThat(keys).containsExactly(entry.key());
				store.scan(null, (stored) -> assertThat(readable(stored)).isEqualTo(entry));
			}
		}
		byte[] fingerprint = ByteBuffer.allocate(8).putLong(entry.key().fingerprint()).array();
		RequestHashes hashes = Objects.requireNonNull(entry.request()).hashes();
		for (byte[] secret : List.of(bytes("secret answer"), bytes("secret question"), bytes("req-secret"),
				entry.key().toBytes(), fingerprint, hashes.parameters(), hashes.messages(), hashes.sketch())) {
			assertNowhere(secret);
			assertNowhere(bytes(HexFormat.of().formatHex(secret)));
		}
	}

	private void assertNowhere(byte[] secret) throws IOException {
		String needle = new String(secret, StandardCharsets.ISO_8859_1);
		int files = 0;
		try (Stream<Path> all = Files.walk(this.directory)) {
			for (Path file : all.filter(Files::isRegularFile).toList()) {
				assertThat(Files.readString(file, StandardCharsets.ISO_8859_1).contains(needle)).as(file.toString())
					.isFalse();
				assertThat(file.toString()).doesNotContain(needle);
				files++;
			}
		}
		assertThat(files).isGreaterThan(3);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	@ParameterizedTest
	@ValueSource(strings = { "sqlite", "file" })
	void otherKeyAndNoKeyAreRefusedAndChangeNothing(String backend) throws Exception {
		CacheEntry entry = secretEntry(1);
		try (CacheStore store = encrypted(backend, OLD)) {
			store.putAll(List.of(entry));
		}
		for (boolean keyless : List.of(true, false)) {
			StoreEncryption encryption = new StoreEncryption(keyless ? null : EncryptionKeys.of(NEW), MAX_SIZE,
					Clock.systemUTC());
			try (CacheStore raw = raw(backend); CacheStore store = encryption.over(raw)) {
				assertThatExceptionOfType(EncryptionMismatchException.class).isThrownBy(() -> encryption.check(raw))
					.withMessageContaining(OLD.id())
					.withMessageContaining(keyless ? "no key is configured" : NEW.id());
				assertThatExceptionOfType(EncryptionMismatchException.class).isThrownBy(() -> store.get(entry.key()));
				assertThatExceptionOfType(EncryptionMismatchException.class)
					.isThrownBy(() -> store.putAll(List.of(entry)));
				assertThatExceptionOfType(EncryptionMismatchException.class).isThrownBy(() -> store.deleteModel(MODEL));
				assertThat(store.status().writeFailure()).contains(OLD.id());
			}
		}
		try (CacheStore store = encrypted(backend, OLD)) {
			assertThat(Objects.requireNonNull(store.getWithRequest(entry.key())).read()).isEqualTo(entry);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "sqlite", "file" })
	void entriesThatAreNotEncryptedAreNotMixedWithOthers(String backend) throws Exception {
		try (CacheStore raw = raw(backend)) {
			raw.putAll(List.of(entry(key(MODEL, 1), "a")));
		}
		try (CacheStore store = encrypted(backend, OLD)) {
			assertThatExceptionOfType(EncryptionMismatchException.class).isThrownBy(() -> store.get(key(MODEL, 1)))
				.withMessageContaining("llmcache reencrypt");
		}
		try (CacheStore raw = raw(backend); CacheStore store = new GuardedStore(raw, null, Clock.systemUTC())) {
			assertThat(bodies(Objects.requireNonNull(store.get(key(MODEL, 1))).read())).containsExactly("a");
		}
	}

	@Test
	void markThatWasLostIsFoundAgain() throws Exception {
		try (CacheStore store = encrypted("sqlite", OLD)) {
			store.putAll(List.of(entry(key(MODEL, 1), "a")));
		}
		Files.delete(this.directory.resolve("sqlite/.llmcache.sqlite.encryption"));
		try (CacheStore store = encrypted("sqlite", NEW)) {
			assertThatExceptionOfType(EncryptionMismatchException.class).isThrownBy(() -> store.get(key(MODEL, 1)));
		}
		try (CacheStore store = encrypted("sqlite", OLD)) {
			assertThat(bodies(Objects.requireNonNull(store.get(key(MODEL, 1))).read())).containsExactly("a");
		}
		Files.writeString(this.directory.resolve("sqlite/.llmcache.sqlite.encryption"), "garbage");
		try (CacheStore store = encrypted("sqlite", OLD)) {
			assertThatExceptionOfType(EncryptionMismatchException.class).isThrownBy(() -> store.get(key(MODEL, 1)))
				.withMessageContaining("damaged");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "sqlite", "file" })
	void previousKeysAreRead(String backend) throws Exception {
		CacheEntry first = secretEntry(1);
		CacheEntry second = secretEntry(2);
		try (CacheStore store = encrypted(backend, OLD)) {
			store.putAll(List.of(first, second));
		}
		try (CacheStore store = EncryptedStores.over(raw(backend), new EncryptionKeys(NEW, List.of(OLD)), MAX_SIZE)) {
			assertThat(Objects.requireNonNull(store.getWithRequest(first.key())).read()).isEqualTo(first);
			assertThat(store.getAll(List.of(first.key(), second.key()))).hasSize(2);
			store.appendAll(List.of(entry(first.key(), "more")));
			assertThat(Objects.requireNonNull(store.get(first.key())).read().responses()).hasSize(2);
			store.putAll(List.of(entry(second.key(), "replaced")));
			assertThat(bodies(Objects.requireNonNull(store.get(second.key())).read())).containsExactly("replaced");
			Set<CacheKey> keys = new HashSet<>();
			store.inspect(null, (details) -> keys.add(details.key()));
			assertThat(keys).containsExactlyInAnyOrder(first.key(), second.key());
			assertThat(store.size()).singleElement().extracting(CacheStore.StoreSize::entries).isEqualTo(2L);
			assertThat(store.deleteAll(List.of(first.key(), second.key()))).isEqualTo(2);
			assertThat(store.size()).allSatisfy((size) -> assertThat(size.entries()).isZero());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "sqlite", "file" })
	void entriesAreEncryptedAnewAndBack(String backend) throws Exception {
		List<CacheEntry> entries = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			entries.add(secretEntry(i));
		}
		Instant used = Instant.parse("2100-01-01T00:00:00Z");
		try (CacheStore raw = raw(backend)) {
			raw.putAll(entries);
			raw.touch(Map.of(entries.get(0).key(), used));
			assertThat(reencrypt(raw, List.of(), OLD)).isEqualTo(new Reencryption.Result(200, 0, List.of(), true));
			assertThat(reencrypt(raw, List.of(OLD), NEW).moved()).isEqualTo(200);
			assertThat(reencrypt(raw, List.of(OLD), NEW).moved()).isZero();
			assertThatExceptionOfType(EncryptionMismatchException.class)
				.isThrownBy(() -> reencrypt(raw, List.of(), EncryptedStores.key(3)))
				.withMessageContaining(NEW.id());
			CacheStore store = EncryptedStores.over(raw, EncryptionKeys.of(NEW), MAX_SIZE);
			for (CacheEntry entry : entries) {
				assertThat(Objects.requireNonNull(store.getWithRequest(entry.key())).read()).isEqualTo(entry);
			}
			store.inspect(null, (details) -> {
				if (details.key().equals(entries.get(0).key())) {
					assertThat(details.lastUsed()).isEqualTo(used);
				}
			});
			assertThat(reencrypt(raw, List.of(NEW), null).moved()).isEqualTo(200);
			assertThat(Objects.requireNonNull(raw.mark()).read()).isNull();
			for (CacheEntry entry : entries) {
				assertThat(Objects.requireNonNull(raw.getWithRequest(entry.key())).read()).isEqualTo(entry);
			}
			assertThat(raw.size()).singleElement().extracting(CacheStore.StoreSize::entries).isEqualTo(200L);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "sqlite", "file" })
	void whatSomebodyHasPutIntoAnEncryptedCacheIsNotEncrypted(String backend) throws Exception {
		CacheEntry forged = entry(key(MODEL, 1), "forged");
		try (CacheStore raw = raw(backend)) {
			EncryptedStores.over(raw, EncryptionKeys.of(OLD), MAX_SIZE).putAll(List.of(entry(key(MODEL, 2), "true")));
			raw.putAll(List.of(forged));
			assertThat(reencrypt(raw, List.of(OLD), NEW)).isEqualTo(new Reencryption.Result(1, 1, List.of(), true));
			assertThat(reencrypt(raw, List.of(), NEW)).isEqualTo(new Reencryption.Result(0, 1, List.of(), true));
			CacheStore store = EncryptedStores.over(raw, EncryptionKeys.of(NEW), MAX_SIZE);
			assertThat(store.get(forged.key())).isNull();
			assertThat(bodies(Objects.requireNonNull(store.get(key(MODEL, 2))).read())).containsExactly("true");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "sqlite", "file" })
	void firstEncryptionThatWasInterruptedIsFinishedAlsoAfterAnotherChange(String backend) throws Exception {
		try (CacheStore raw = raw(backend)) {
			raw.putAll(List.of(entry(key(MODEL, 1), "a"), entry(key(MODEL, 2), "b")));
			assertThatExceptionOfType(EncryptionMismatchException.class)
				.isThrownBy(() -> reencrypt(raw, List.of(OLD), NEW))
				.withMessageContaining("new key only");
			StoreMark mark = Objects.requireNonNull(raw.mark());
			assertThat(mark.read()).isNull();
			EntrySeal seal = new EntrySeal(OLD, this.codec, new SecureRandom());
			raw.putAll(List.of(seal.seal(entry(key(MODEL, 1), "a"))));
			raw.deleteAll(List.of(key(MODEL, 1)));
			mark.replace(null, new WrittenWith(List.of(OLD.id(), WrittenWith.PLAIN)).toBytes());
			assertThat(reencrypt(raw, List.of(OLD), NEW)).isEqualTo(new Reencryption.Result(1, 1, List.of(), true));
			assertThat(reencrypt(raw, List.of(), NEW)).isEqualTo(new Reencryption.Result(1, 0, List.of(), true));
			assertThat(WrittenWith.parse(mark.read()).ids()).containsExactly(NEW.id());
			CacheStore store = EncryptedStores.over(raw, EncryptionKeys.of(NEW), MAX_SIZE);
			assertThat(store.getAll(List.of(key(MODEL, 1), key(MODEL, 2)))).hasSize(2);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "sqlite", "file" })
	void sampleOfAClockThatIsBehindIsMovedAfterTheOthers(String backend) throws Exception {
		CacheKey key = key(MODEL, 1);
		try (CacheStore raw = raw(backend)) {
			CacheStore old = EncryptedStores.over(raw, EncryptionKeys.of(OLD), MAX_SIZE);
			CacheStore recent = EncryptedStores.over(raw, EncryptionKeys.of(NEW), MAX_SIZE);
			old.putAll(List.of(entry(key, "a")));
			// As whoever encrypts it anew leaves it while somebody else adds to it
			EntrySeal seal = new EntrySeal(NEW, this.codec, new SecureRandom());
			raw.putAll(List.of(seal.seal(entry(key, "a"))));
			CachedResponse early = response("b", TestEntries.CREATED_AT.minusSeconds(2));
			old.appendAll(List.of(new CacheEntry(key, "", List.of(early), null, null)));
			assertThat(reencrypt(raw, List.of(OLD), NEW).complete()).isTrue();
			assertThat(bodies(Objects.requireNonNull(recent.get(key)).read())).containsExactly("a", "b");
			assertThat(raw.size()).singleElement().extracting(CacheStore.StoreSize::entries).isEqualTo(1L);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "sqlite", "file" })
	void whatHasBeenReplacedIsNotMoved(String backend) throws Exception {
		CacheKey key = key(MODEL, 1);
		try (CacheStore raw = raw(backend)) {
			EncryptedStores.over(raw, EncryptionKeys.of(OLD), MAX_SIZE).putAll(List.of(entry(key, "a")));
			EntrySeal seal = new EntrySeal(NEW, this.codec, new SecureRandom());
			CachedResponse late = response("b", TestEntries.CREATED_AT.plusSeconds(2));
			raw.putAll(List.of(seal.seal(new CacheEntry(key, "", List.of(late), null, null))));
			assertThat(reencrypt(raw, List.of(OLD), NEW).complete()).isTrue();
			CacheStore store = EncryptedStores.over(raw, EncryptionKeys.of(NEW), MAX_SIZE);
			assertThat(bodies(Objects.requireNonNull(store.get(key)).read())).containsExactly("b");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "sqlite", "file" })
	void keyIsChangedAlthoughEntriesOfLostKeysAreLeft(String backend) throws Exception {
		try (CacheStore raw = raw(backend)) {
			EncryptedStores.over(raw, EncryptionKeys.of(OLD), MAX_SIZE).putAll(List.of(entry(key(MODEL, 0), "a")));
			for (int i = 1; i <= 100; i++) {
				EntrySeal lost = new EntrySeal(EncryptedStores.key(i + 2), this.codec, new SecureRandom());
				raw.putAll(List.of(lost.seal(entry(key(MODEL, i), "lost"))));
			}
			Reencryption.Result result = reencrypt(raw, List.of(OLD), NEW);
			assertThat(List.of(result.moved(), result.unreadable())).containsExactly(1L, 100L);
			EncryptionKey third = EncryptedStores.key(103);
			assertThat(reencrypt(raw, List.of(NEW), third).moved()).isEqualTo(1);
			CacheStore store = EncryptedStores.over(raw, EncryptionKeys.of(third), MAX_SIZE);
			assertThat(bodies(Objects.requireNonNull(store.get(key(MODEL, 0))).read())).containsExactly("a");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "sqlite", "file" })
	void keyIsChangedByOneAtATime(String backend) {
		try (CacheStore raw = raw(backend); CacheStore other = raw(backend)) {
			raw.putAll(List.of(entry(key(MODEL, 1), "a")));
			CallLease lease = Objects.requireNonNull(Objects.requireNonNull(other.mark()).tryLease());
			assertThatExceptionOfType(EncryptionMismatchException.class)
				.isThrownBy(() -> reencrypt(raw, List.of(), OLD))
				.withMessageContaining("another process");
			lease.close();
			lease.close();
			assertThat(reencrypt(raw, List.of(), OLD).moved()).isEqualTo(1);
		}
	}

	private static CachedResponse response(String body, Instant createdAt) {
		CachedResponse response = entry(key(MODEL, 1), body).responses().get(0);
		return new CachedResponse(response.body(), response.samples(), response.inputTokens(), response.outputTokens(),
				response.costNanos(), response.finishReason(), createdAt, response.duration(), response.requestId());
	}

	private static Reencryption.Result reencrypt(CacheStore store, List<EncryptionKey> from,
			@Nullable EncryptionKey to) {
		try (Reencryption reencryption = new Reencryption(store, from, to, MAX_SIZE)) {
			return reencryption.run((done) -> {
			});
		}
	}

	private static CacheEntry readable(StoredEntry stored) {
		try {
			return stored.read();
		}
		catch (UnreadableEntryException ex) {
			throw new AssertionError(ex);
		}
	}

	private static CacheEntry secretEntry(int number) {
		CacheKey key = key(MODEL, number);
		byte[] sketch = new byte[RequestHashes.SKETCH_LENGTH];
		byte[] messages = new byte[2 * RequestHashes.HASH_LENGTH];
		new Random(number).nextBytes(sketch);
		new Random(~number).nextBytes(messages);
		RequestRecord request = new RequestRecord(
				new RequestHashes(Arrays.copyOfRange(key.toBytes(), 20, 28), messages, sketch),
				bytes("{\"messages\":[\"secret question " + number + "\"]}"));
		CachedResponse response = new CachedResponse(bytes("{\"text\":\"secret answer " + number + "\"}"), 1, 20, 30,
				4_000L, "STOP", TestEntries.CREATED_AT, Duration.ofMillis(1234), "req-secret");
		return new CacheEntry(key, "namespace", List.of(response), null, request);
	}

	private CacheStore encrypted(String backend, EncryptionKey key) {
		return EncryptedStores.over(raw(backend), EncryptionKeys.of(key), MAX_SIZE);
	}

	private CacheStore raw(String backend) {
		Path folder = this.directory.resolve(backend);
		return backend.equals("sqlite") ? new SqliteCacheStore(SqliteSettings.of(folder), this.codec)
				: new FileCacheStore(new FileSettings(folder, MAX_SIZE, true), Clock.systemUTC());
	}

}
