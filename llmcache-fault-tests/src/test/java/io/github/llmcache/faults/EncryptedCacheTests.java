package io.github.llmcache.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.FileNames;
import io.github.llmcache.cache.TestEntries;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.cache.encryption.EncryptionKey;
import io.github.llmcache.cache.encryption.EncryptionKeys;
import io.github.llmcache.cache.encryption.StoreEncryption;
import io.github.llmcache.testsupport.JavaProcess;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Kills whoever encrypts a cache with another key, and changes what is encrypted.
 */
class EncryptedCacheTests {

	private static final String MODEL = "gpt-4o-mini";

	private static final int ENTRIES = 1000;

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	private static String key(int number) {
		byte[] bytes = new byte[EncryptionKey.LENGTH];
		new Random(number).nextBytes(bytes);
		return HexFormat.of().formatHex(bytes);
	}

	@ParameterizedTest
	@ValueSource(strings = { "sqlite", "file" })
	void keyIsChangedHoweverOftenThatIsKilled(String backend) throws Exception {
		Random random = new Random(8);
		int rounds = Scale.of(15, 2);
		List<CacheEntry> entries = entries();
		try (EntryCodec codec = new EntryCodec(EncryptingProcess.MAX_SIZE);
				CacheStore store = encrypted(backend, codec, key(0))) {
			store.putAll(entries);
		}
		int kills = 0;
		int changes = 0;
		for (int round = 0; round < rounds; round++) {
			if (change(backend, changes, random.nextInt(ENTRIES / 64 + 1))) {
				changes++;
			}
			else {
				kills++;
			}
		}
		assertThat(change(backend, changes, Integer.MAX_VALUE)).isTrue();
		long lost = 0;
		long wrong = 0;
		try (EntryCodec codec = new EntryCodec(EncryptingProcess.MAX_SIZE);
				CacheStore store = encrypted(backend, codec, key(changes + 1))) {
			for (CacheEntry entry : entries) {
				CacheEntry found = read(store.getWithRequest(entry.key()));
				lost += (found == null) ? 1 : 0;
				wrong += (found != null && !found.equals(entry)) ? 1 : 0;
			}
			wrong += Math.abs(store.size().stream().mapToLong(CacheStore.StoreSize::entries).sum() - ENTRIES);
		}
		Survival.of(Area.SECURITY, backend + ": killed while it is encrypted with another key")
			.count("kills", kills)
			.count("entries compared", ENTRIES)
			.lost(lost)
			.wrong(wrong)
			.record();
		assertThat(kills).isPositive();
		assertThat(lost + wrong).isZero();
	}

	/**
	 * Change the key, and kill who does so.
	 * @param number which key it is
	 * @param killAfter after how many portions
	 * @return whether it was done by then
	 */
	private boolean change(String backend, int number, int killAfter) {
		try (JavaProcess process = JavaProcess.of(EncryptingProcess.class)
			.options("-Djava.io.tmpdir=" + this.directory.toAbsolutePath())
			.arguments(backend, this.directory.resolve("cache").toString(), key(number), key(number + 1))
			.start()) {
			int portions = 0;
			String said = process.hear();
			while (said != null && !said.startsWith("moved")) {
				if (portions++ >= killAfter) {
					process.kill();
					return false;
				}
				said = process.hear();
			}
			assertThat(said).as("what the process ended with").isNotNull();
			return true;
		}
	}

	@Test
	void whatWasSwappedOrChangedIsNeverReturned() throws Exception {
		int entries = Scale.of(200, 50);
		List<CacheEntry> stored = entries().subList(0, entries);
		long refused = 0;
		long wrong = 0;
		try (EntryCodec codec = new EntryCodec(EncryptingProcess.MAX_SIZE);
				CacheStore store = encrypted("sqlite", codec, key(0))) {
			store.putAll(stored);
			try (Connection connection = DriverManager.getConnection(
					"jdbc:sqlite:" + this.directory.resolve("cache").resolve(FileNames.of(MODEL) + ".sqlite"));
					Statement statement = connection.createStatement()) {
				statement.executeUpdate("CREATE TEMP TABLE swapped AS SELECT rowid AS id, lead(payload, 1, (SELECT "
						+ "payload FROM entry ORDER BY rowid LIMIT 1)) OVER (ORDER BY rowid) AS payload FROM entry");
				statement.executeUpdate(
						"UPDATE entry SET payload = (SELECT payload FROM swapped WHERE id = " + "entry.rowid)");
			}
			for (CacheEntry entry : stored) {
				CacheEntry found = read(store.get(entry.key()));
				refused += (found == null) ? 1 : 0;
				wrong += (found != null) ? 1 : 0;
			}
		}
		Survival.of(Area.SECURITY, "sqlite: encrypted answers put under other keys")
			.count("answers refused", refused)
			.wrong(wrong)
			.record();
		assertThat(wrong).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "sqlite", "file" })
	void nothingTellsWhatWasAsked(String backend) throws IOException {
		List<CacheEntry> entries = entries();
		try (EntryCodec codec = new EntryCodec(EncryptingProcess.MAX_SIZE);
				CacheStore store = encrypted(backend, codec, key(0))) {
			store.putAll(entries);
		}
		StringBuilder written = new StringBuilder();
		try (Stream<Path> files = Files.walk(this.directory.resolve("cache"))) {
			for (Path file : files.toList()) {
				written.append(file).append('\n');
				if (Files.isRegularFile(file)) {
					written.append(Files.readString(file, StandardCharsets.ISO_8859_1));
				}
			}
		}
		List<String> secrets = new ArrayList<>(List.of("secret answer", "secret question", "req-1"));
		for (CacheEntry entry : entries.subList(0, 20)) {
			secrets.add(entry.key().hex());
			secrets.add(new String(entry.key().toBytes(), StandardCharsets.ISO_8859_1));
			secrets.add(HexFormat.of().toHexDigits(entry.key().fingerprint()));
		}
		long found = secrets.stream().filter((secret) -> written.indexOf(secret) >= 0).count();
		Survival.of(Area.SECURITY, backend + ": files searched for what was asked")
			.count("secrets", secrets.size())
			.count("bytes", written.length())
			.wrong(found)
			.record();
		assertThat(found).isZero();
	}

	private static List<CacheEntry> entries() {
		List<CacheEntry> entries = new ArrayList<>();
		for (int i = 0; i < ENTRIES; i++) {
			CacheKey key = TestEntries.key(MODEL, i);
			entries.add(new CacheEntry(key, "", List.of(TestEntries.response("{\"text\":\"secret answer " + i + "\"}")),
					null, TestEntries.request("{\"messages\":\"secret question " + i + "\"}")));
		}
		return entries;
	}

	private CacheStore encrypted(String backend, EntryCodec codec, String key) {
		return new StoreEncryption(EncryptionKeys.of(EncryptionKey.parse(key)), EncryptingProcess.MAX_SIZE,
				Clock.systemUTC())
			.over(EncryptingProcess.open(backend, this.directory.resolve("cache"), codec));
	}

	private static @Nullable CacheEntry read(@Nullable StoredEntry stored) {
		try {
			return (stored != null) ? stored.read() : null;
		}
		catch (UnreadableEntryException ex) {
			return null;
		}
	}

}
