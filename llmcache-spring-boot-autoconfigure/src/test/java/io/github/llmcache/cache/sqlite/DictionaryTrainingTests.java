package io.github.llmcache.cache.sqlite;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.RequestHashes;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cache.TestEntries;
import io.github.llmcache.cache.UnreadableEntryException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DictionaryTraining}.
 */
class DictionaryTrainingTests {

	private static final String MODEL = "gpt-4o-mini";

	private static final int FIRST = DictionaryTraining.FIRST;

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	private final EntryCodec codec = new EntryCodec(1024 * 1024);

	@SuppressWarnings("NullAway.Init")
	private SqliteCacheStore store;

	@BeforeEach
	void openStore() {
		this.store = new SqliteCacheStore(SqliteSettings.of(this.directory), this.codec);
	}

	@AfterEach
	void closeStore() {
		this.store.close();
		this.codec.close();
	}

	@Test
	void thereIsNoneUntilThereAreEnoughEntries() throws Exception {
		save(0, FIRST - 1);
		reopen();
		assertThat(query("SELECT count(*) FROM dictionary")).isZero();
		assertThat(dictionaries()).containsExactly(0);
	}

	@Test
	void entriesAreSmallerOnceThereIsOne() throws Exception {
		save(0, FIRST);
		awaitDictionary(1);
		save(FIRST, FIRST + 100);
		assertThat(dictionaries()).containsExactly(0, 1);
		double before = query("SELECT avg(length(payload) + length(request)) FROM entry WHERE id <= " + FIRST);
		double after = query("SELECT avg(length(payload) + length(request)) FROM entry WHERE id > " + FIRST);
		assertThat(after).isLessThan(0.6 * before);
		assertIntact(FIRST + 100);
	}

	@Test
	void whoOpensTheFileLaterUsesIt() throws Exception {
		save(0, FIRST);
		awaitDictionary(1);
		reopen();
		assertIntact(FIRST);
		save(FIRST, FIRST + 10);
		assertThat(dictionaries()).containsExactly(0, 1);
		reopen();
		assertIntact(FIRST + 10);
	}

	@Test
	void whoHasTheFileOpenCanReadWhatIsWrittenWithIt() throws Exception {
		save(0, 1);
		try (SqliteCacheStore other = new SqliteCacheStore(SqliteSettings.of(this.directory), this.codec)) {
			assertThat(other.get(key(0))).isNotNull();
			save(1, FIRST);
			awaitDictionary(1);
			save(FIRST, FIRST + 10);
			SqliteCacheStore own = this.store;
			this.store = other;
			assertIntact(FIRST + 10);
			this.store = own;
		}
	}

	@Test
	void thereIsANewOneWhenThereAreTenTimesAsManyOfAnotherKind() throws Exception {
		save(0, FIRST);
		awaitDictionary(1);
		List<CacheEntry> others = new ArrayList<>();
		for (int i = 0; i < 10 * FIRST; i++) {
			byte[] body = ("<answer><kind>other</kind><confidence unit=\"percent\">" + new Random(i).nextLong()
					+ "</confidence><sources/></answer>")
				.getBytes(StandardCharsets.UTF_8);
			others.add(new CacheEntry(TestEntries.key(MODEL, "other" + i), "", List.of(TestEntries.response(body)),
					null, null));
		}
		this.store.putAll(others);
		awaitDictionary(2);
		save(FIRST, FIRST + 10);
		assertThat(dictionaries()).contains(0, 2);
		reopen();
		assertIntact(FIRST + 10);
	}

	@Test
	void thereIsNoneIfEntriesHaveNothingInCommon() throws Exception {
		List<CacheEntry> entries = new ArrayList<>();
		for (int i = 0; i < FIRST; i++) {
			byte[] body = new byte[1000];
			new Random(i).nextBytes(body);
			entries.add(new CacheEntry(key(i), "", List.of(TestEntries.response(body)), null, null));
		}
		this.store.putAll(entries);
		Awaitility.await().until(() -> query("SELECT count(*) FROM metadata WHERE name = 'dictionary_examined'") == 1);
		assertThat(query("SELECT count(*) FROM dictionary")).isZero();
	}

	@Test
	void anEntryWhoseDictionaryIsGoneOrDamagedIsUnreadable() throws Exception {
		save(0, FIRST);
		awaitDictionary(1);
		save(FIRST, FIRST + 1);
		this.store.close();
		execute("UPDATE dictionary SET content = x'010203'");
		assertUnreadable();
		execute("UPDATE dictionary SET content = zeroblob(2000000)");
		assertUnreadable();
		execute("DELETE FROM dictionary");
		assertUnreadable();
	}

	@Test
	void aDamagedDictionaryKeepsNothingFromBeingSaved() throws Exception {
		save(0, FIRST);
		awaitDictionary(1);
		save(FIRST, FIRST + 1);
		this.store.close();
		// It begins like a dictionary, which is why zstd looks at the rest
		execute("UPDATE dictionary SET content = x'37A430EC01000000" + "FF".repeat(2000) + "'");
		assertUnreadable();
		openStore();
		this.store.appendAll(List.of(entry(FIRST), entry(FIRST + 1)));
		assertThat(Objects.requireNonNull(this.store.get(key(FIRST))).read().responses())
			.isEqualTo(entry(FIRST).responses());
		assertThat(Objects.requireNonNull(this.store.get(key(FIRST + 1))).read().responses())
			.isEqualTo(entry(FIRST + 1).responses());
	}

	@Test
	void anEntryWithManyResponsesIsNotMoreThanOneSample() throws Exception {
		List<CachedResponse> responses = Collections.nCopies(1000, TestEntries.response("{}"));
		this.store.putAll(List.of(new CacheEntry(key(0), "", responses, null, TestEntries.request("{}"))));
		try (Connection connection = connect(); Dictionaries dictionaries = new Dictionaries(this.codec)) {
			assertThat(new DictionarySampler(dictionaries, connection).sample().all()).hasSize(2 * 250);
		}
	}

	private void assertUnreadable() {
		openStore();
		assertThatExceptionOfType(UnreadableEntryException.class)
			.isThrownBy(() -> Objects.requireNonNull(this.store.get(key(FIRST))).read());
		this.store.close();
	}

	private void awaitDictionary(int number) {
		Awaitility.await().until(() -> query("SELECT max(id) FROM dictionary") == number);
		// It is used as soon as it is there, but not at the same moment
		Awaitility.await().until(() -> {
			this.store.putAll(List.of(entry(-number)));
			return dictionaryOf(-number) == number;
		});
		this.store.deleteAll(List.of(key(-number)));
	}

	private void reopen() {
		this.store.close();
		openStore();
	}

	private void save(int from, int to) {
		for (int i = from; i < to; i++) {
			this.store.putAll(List.of(entry(i)));
		}
	}

	private void assertIntact(int entries) throws Exception {
		for (int i = 0; i < entries; i++) {
			assertThat(Objects.requireNonNull(this.store.get(key(i))).read().responses())
				.isEqualTo(entry(i).responses());
		}
	}

	private static CacheKey key(int seed) {
		return TestEntries.key(MODEL, seed);
	}

	private static CacheEntry entry(int seed) {
		Random random = new Random(seed);
		byte[] body = """
				{"id":"chatcmpl-%x","object":"chat.completion","model":"gpt-4o-mini","choices":[{"index":0,"message":\
				{"role":"assistant","content":"%x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":%d}}"""
			.formatted(random.nextLong(), random.nextLong(), random.nextInt(1000))
			.getBytes(StandardCharsets.UTF_8);
		byte[] request = """
				{"model":"gpt-4o-mini","messages":[{"role":"system","content":"You answer every question shortly"},\
				{"role":"user","content":"What is %d?"}],"temperature":0}""".formatted(random.nextInt())
			.getBytes(StandardCharsets.UTF_8);
		return new CacheEntry(key(seed), "", List.of(TestEntries.response(body)), null,
				new RequestRecord(new RequestHashes(new byte[RequestHashes.HASH_LENGTH],
						new byte[RequestHashes.HASH_LENGTH], new byte[RequestHashes.SKETCH_LENGTH]), request));
	}

	private List<Integer> dictionaries() throws SQLException {
		List<Integer> numbers = new ArrayList<>();
		try (Connection connection = connect();
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("SELECT payload FROM entry")) {
			while (row.next()) {
				numbers.add(this.codec.dictionaryOf(row.getBytes(1)));
			}
		}
		return numbers.stream().distinct().sorted().toList();
	}

	private int dictionaryOf(int seed) throws SQLException {
		try (Connection connection = connect();
				Statement statement = connection.createStatement();
				ResultSet row = statement
					.executeQuery("SELECT payload FROM entry WHERE key = x'" + key(seed).hex() + "'")) {
			row.next();
			return this.codec.dictionaryOf(row.getBytes(1));
		}
	}

	private double query(String sql) throws SQLException {
		try (Connection connection = connect();
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery(sql)) {
			row.next();
			return row.getDouble(1);
		}
	}

	private void execute(String sql) throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.executeUpdate(sql);
		}
	}

	private Connection connect() throws SQLException {
		return new SQLiteConfig().createConnection("jdbc:sqlite:" + this.directory.resolve(DatabaseNames.of(MODEL)));
	}

}
