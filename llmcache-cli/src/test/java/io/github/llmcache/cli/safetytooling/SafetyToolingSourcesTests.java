package io.github.llmcache.cli.safetytooling;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.StoredRequest;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.cache.sqlite.SqliteCacheStore;
import io.github.llmcache.cache.sqlite.SqliteSettings;
import io.github.llmcache.cli.transfer.EntrySource;
import io.github.llmcache.testsupport.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static io.github.llmcache.cli.safetytooling.LibraryCache.message;
import static io.github.llmcache.cli.safetytooling.LibraryCache.params;
import static io.github.llmcache.cli.safetytooling.LibraryCache.response;
import static io.github.llmcache.cli.safetytooling.LibraryCache.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What cannot be imported, in whole or in part.
 */
class SafetyToolingSourcesTests {

	private static final String MODEL = "gpt-4o";

	private static final String PARAMS = params(MODEL, 1);

	private static final String ANSWER = response(MODEL, "Hello");

	private static final String SECRET = "s3cret";

	@TempDir
	private Path directory;

	@ParameterizedTest
	@MethodSource
	void whatHasNoEquivalentIsSkippedWithTheReason(String params, String messages, String response, String reason)
			throws IOException {
		new LibraryCache().answer(params, messages, response)
			.answer(PARAMS, user("Hi"), ANSWER)
			.writeBins(this.directory);
		CollectedEntries collected = collect();
		assertThat(collected.entries).hasSize(1);
		assertThat(collected.skipped.values()).singleElement().asString().contains(reason).doesNotContain(SECRET);
	}

	static Stream<Arguments> whatHasNoEquivalentIsSkippedWithTheReason() {
		String question = user(SECRET);
		String answer = response(MODEL, SECRET);
		String tools = "[\"{\\\"name\\\":\\\"" + SECRET + "\\\"}\"]";
		String claude = "claude-3-5-haiku-20241022";
		return Stream.of(
				Arguments.of(PARAMS, "[" + message("audio", "/data/" + SECRET + ".wav") + "]", answer, "audio"),
				Arguments.of(PARAMS,
						"[" + message("image", "/data/" + SECRET + ".png") + "," + message("user", SECRET) + "]",
						answer, "an image by its path"),
				Arguments.of(PARAMS,
						"[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":"
								+ "{\"url\":\"https://" + SECRET + "\"}}]}]",
						answer, "an image by its address"),
				Arguments.of(PARAMS,
						"[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"" + SECRET
								+ "\",\"cache_control\":{\"type\":\"ephemeral\"}}]}]",
						answer, "a part of a message"),
				Arguments.of(PARAMS, "[" + message("none", SECRET) + "]", answer, "role 'none'"),
				Arguments.of(PARAMS, "[" + message("tool_result", SECRET) + "]", answer, "whose role"),
				Arguments.of(PARAMS, "[{\"role\":\"user\",\"content\":42}]", answer, "'content'"),
				Arguments.of(PARAMS, "[]", answer, "'messages'"), Arguments.of(PARAMS, "42", answer, "'messages'"),
				Arguments.of(params("deepseek-chat", 1), "[" + message("assistant", SECRET) + "]", answer,
						"beginning of the answer"),
				Arguments.of(params("gemini-2.0-flash", 1),
						"[" + message("system", SECRET) + "," + message("system", SECRET) + "," + message("user", "a")
								+ "]",
						answer, "several system messages"),
				Arguments.of(params("deepseek-ai/DeepSeek-R1", 1), question, answer, "--provider"),
				Arguments.of(params(SECRET, 1), question, answer, "--provider"),
				Arguments.of(params(" ", 1), question, answer, "'model'"),
				Arguments.of(params(MODEL, 1, "tools", tools), question, answer, "tools"),
				Arguments.of(params(MODEL, 1, "temperature", "\"hot\""), question, answer, "'temperature'"),
				Arguments.of(params(MODEL, 1, "max_tokens", "12345678901"), question, answer, "'max_tokens'"),
				Arguments.of(params(MODEL, 1, "max_tokens", "1e999999999"), question, answer, "'max_tokens'"),
				Arguments.of(params(MODEL, 1, "stop", "[1]"), question, answer, "'stop'"),
				Arguments.of(params(MODEL, 1, "unknown_kwargs", "{\"response_format\":\"" + SECRET + " ['a']\"}"),
						question, answer, "a class of Python"),
				Arguments.of(params(MODEL, 1, "unknown_kwargs", "{\"extra_headers\":{\"a\":\"b\"}}"), question, answer,
						"headers"),
				Arguments.of(params(MODEL, 1, "unknown_kwargs", "{\"\\u001b[2J\":1}"), question, answer,
						"'unknown_kwargs'"),
				Arguments.of(params(MODEL, 1, "unknown_kwargs", "{\"stream\":true}"), question, answer,
						"cannot be asked here"),
				Arguments.of(params(claude, 1, "logprobs", "1"), question, answer, "no parameter 'logprobs'"),
				Arguments.of(PARAMS, question, response(MODEL, SECRET, "stop_reason", "\"api_error\""),
						"the call had failed"),
				Arguments.of(PARAMS, question, response(MODEL, SECRET, "stop_reason", "\"unknown\""), "not known why"),
				Arguments.of(PARAMS, question, response(MODEL, SECRET, "cost", "-0.1"), "'cost'"),
				Arguments.of(PARAMS, question, response(MODEL, SECRET, "audio_out", "\"" + SECRET + ".wav\""), "audio"),
				Arguments.of(PARAMS, question, response(MODEL, ""), "empty"),
				Arguments.of(PARAMS, question, response(MODEL, SECRET, "stop_reason", "\"content_filter\""),
						"filtered"),
				Arguments.of(PARAMS, question,
						response(MODEL, SECRET, "generated_content",
								"[{\"role\":\"assistant\",\"content\":{}},{\"role\":\"tool\",\"content\":{}},"
										+ "{\"role\":\"assistant\",\"content\":{}}]"),
						"tools"),
				Arguments.of(params(claude, 1), question,
						response(claude, SECRET, "generated_content",
								"[{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":42}]}]"),
						"none that the provider's protocol knows"),
				Arguments.of(PARAMS, question, "\"" + SECRET + "\"", "'responses'"),
				Arguments.of(PARAMS, question, "{}", "'stop_reason'"));
	}

	@Test
	void aResponseThatCannotBeMappedDoesNotLoseTheOthers() throws IOException {
		new LibraryCache()
			.answer(params(MODEL, 3), user("Hi"), response(MODEL, "", "api_duration", "1"),
					response(MODEL, "Hello", "api_duration", "2"),
					response(MODEL, "x", "stop_reason", "\"api_error\"", "api_duration", "3"))
			.writeBins(this.directory);
		CollectedEntries collected = collect();
		assertThat(collected.entries).singleElement().extracting(CacheEntry::samples).isEqualTo(1);
		assertThat(collected.skipped).hasSize(2);
		assertThat(collected.skipped.keySet()).anySatisfy((where) -> assertThat(where).endsWith("value 1, response 3"));
	}

	@Test
	void refusalsAreImportedIfTheyAreWanted() throws IOException {
		new LibraryCache().answer(PARAMS, user("Hi"), response(MODEL, "", "stop_reason", "\"content_filter\""))
			.writeBins(this.directory);
		assertThat(collect(new SafetyToolingOptions("", null, null, null, true)).entries).hasSize(1);
	}

	@Test
	void imagesWhoseContentIsThereAreImported() throws IOException, UnreadableEntryException {
		new LibraryCache()
			.answer(PARAMS,
					"[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"What?\"},{\"type\":\"image_url\","
							+ "\"image_url\":{\"url\":\"data:image/png;base64,QUJD\"}}]}]",
					ANSWER)
			.writeBins(this.directory);
		assertThat(request(collect().entries.get(0)).path("messages").path(0).path("content").path(1).toString())
			.isEqualTo("{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,QUJD\"}}");
	}

	@Test
	void nothingThatTheLibraryKeepsIsLost() throws IOException {
		new LibraryCache()
			.answer(params(MODEL, 1, "num_candidates_per_completion", "2"), user("Hi"),
					response(MODEL, "Hello", "recitation_retries", "3", "batch_custom_id", "\"b1\"", "logprobs",
							"[{\"a\":-1.5,\"b\":-2.5}]"))
			.writeBins(this.directory);
		CacheEntry entry = collect().entries.get(0);
		JsonNode imported = new JsonMapper().readTree(entry.responses().get(0).body()).path("llmcache_import");
		assertThat(imported.path("source").stringValue()).isEqualTo("safety-tooling");
		assertThat(imported.path("params").path("num_candidates_per_completion").intValue()).isEqualTo(2);
		assertThat(imported.path("response").path("recitation_retries").intValue()).isEqualTo(3);
		assertThat(imported.path("response").path("batch_custom_id").stringValue()).isEqualTo("b1");
		assertThat(imported.path("response").path("logprobs")).hasSize(1);
	}

	@Test
	void theTimeIsThatOfTheRowOrOfTheFile() throws IOException, SQLException {
		LibraryCache cache = new LibraryCache().answer(PARAMS, user("Hi"), ANSWER);
		cache.writeSqlite(this.directory.resolve("sqlite"));
		cache.writeBins(this.directory.resolve("bins"));
		Instant modifiedAt = Instant.parse("2024-05-06T07:08:09Z");
		for (Path bin : files(this.directory.resolve("bins")).keySet()) {
			Files.setLastModifiedTime(bin, FileTime.from(modifiedAt));
		}
		assertThat(collect().entries).extracting(CacheEntry::createdAt)
			.containsExactlyInAnyOrder(LibraryCache.CREATED_AT, modifiedAt);
	}

	@ParameterizedTest
	@CsvSource({ "2024-05-06 07:08:09, 2024-05-06T07:08:09Z", "2024-05-06T07:08:09.250+02:00, 2024-05-06T05:08:09.250Z",
			"yesterday, 2023-01-01T00:00:00Z" })
	void theTimeOfTheRowMayBeAText(String createdAt, Instant expected) throws IOException, SQLException {
		new LibraryCache().answer(PARAMS, user("Hi"), ANSWER).writeSqlite(this.directory);
		Path database = files(this.directory).keySet()
			.stream()
			.filter((file) -> file.toString().endsWith(".sqlite"))
			.findFirst()
			.orElseThrow();
		try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
				Statement statement = connection.createStatement()) {
			statement.executeUpdate("ALTER TABLE responses RENAME TO old");
			statement.executeUpdate(
					"CREATE TABLE responses AS SELECT prompt_hash, params_hash, response_blob, schema_version, '"
							+ createdAt + "' AS created_at FROM old");
			statement.executeUpdate("DROP TABLE old");
		}
		Files.setLastModifiedTime(database, FileTime.from(Instant.parse("2023-01-01T00:00:00Z")));
		assertThat(collect().entries).singleElement().extracting(CacheEntry::createdAt).isEqualTo(expected);
	}

	@Test
	void embeddingsWithoutTheirTextsAreReported() throws IOException {
		new LibraryCache()
			.embeddings(LibraryCache.sha1("x"),
					"{\"model_id\":\"text-embedding-3-small\",\"embeddings\":[\"AAAAAA==\"],\"tokens\":1,\"cost\":0.1}")
			.writeBins(this.directory);
		assertThat(collect().skipped.values()).singleElement().asString().contains("only their hash");
	}

	@Test
	void textsOfEmbeddingsThatCannotBeReadAreAnError() throws IOException {
		Path texts = Files.writeString(this.directory.resolve("texts"),
				"{\"model\":\"m\",\"texts\":\"" + SECRET + "\"}");
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> collect(new SafetyToolingOptions("", null, null, texts, false)))
			.withMessageContaining("Line 1")
			.withMessageNotContaining(SECRET);
	}

	@Test
	void brokenBinsLoseNothingElse() throws IOException {
		new LibraryCache().answer(PARAMS, user("Hi"), ANSWER).writeBins(this.directory);
		LibraryCache more = new LibraryCache();
		for (int i = 0; i < 200; i++) {
			more.answer(PARAMS, user("Question " + i), ANSWER);
		}
		Path cutOff = this.directory.resolve("cut");
		more.writeBins(cutOff);
		Path bin = files(cutOff).keySet()
			.stream()
			.filter((file) -> file.toString().endsWith(".json"))
			.findFirst()
			.orElseThrow();
		int complete = new JsonMapper().readTree(Files.readAllBytes(bin)).size();
		byte[] bytes = Files.readAllBytes(bin);
		Files.write(this.directory.resolve("bin1.json"), Arrays.copyOf(bytes, bytes.length - 20));
		Files.writeString(this.directory.resolve("bin2.json"), "[1, 2]");
		Files.writeString(this.directory.resolve("bin3.json"), "");
		Files.writeString(this.directory.resolve("bin4.json"),
				"{\"a\":{\"params\":[]},\"b\":\"{\",\"c\":\"[]\",\"d\":\"{}\",\"e\":\"" + "[".repeat(1000)
						+ "\"} true");
		Files.writeString(this.directory.resolve("bin5.json"), "[".repeat(100_000));
		Files.write(this.directory.resolve("bin6.json"), new byte[] { '{', '"', (byte) 0xff, (byte) 0xfe });
		Files.writeString(this.directory.resolve("package.json"), "{\"name\":\"not of the library\"}");
		CollectedEntries collected = collect();
		assertThat(collected.entries).hasSize(1 + 200 + complete - 1);
		assertThat(collected.skipped).hasSize(11)
			.containsKeys("bin1.json", "bin2.json", "bin3.json", "bin4.json, value 1", "bin4.json, value 2",
					"bin4.json, value 3", "bin4.json, value 4", "bin4.json, value 5", "bin4.json", "bin5.json",
					"bin6.json");
		assertThat(collected.progress).isSorted().last().isEqualTo(collected.total());
	}

	@Test
	void brokenRowsLoseNothingElse() throws IOException, SQLException {
		new LibraryCache().answer(PARAMS, user("Hi"), ANSWER).writeSqlite(this.directory);
		Path file = files(this.directory).keySet().iterator().next();
		byte[] bomb = Zstd.compress(new byte[Home.MAX_VALUE_SIZE + 1]);
		byte[] good = Zstd.compress("{}".getBytes(StandardCharsets.UTF_8));
		try (Connection connection = connect(file)) {
			insert(connection, "broken", "no zstd".getBytes(StandardCharsets.UTF_8), 1);
			insert(connection, "empty", new byte[0], 1);
			insert(connection, "cut", Arrays.copyOf(good, good.length - 1), 1);
			insert(connection, "bomb", bomb, 1);
			insert(connection, "streamed bomb", stream(new byte[Home.MAX_VALUE_SIZE + 1]), 1);
			insert(connection, "streamed", stream("{}".getBytes(StandardCharsets.UTF_8)), 1);
			insert(connection, "no UTF-8", Zstd.compress(new byte[] { (byte) 0xff }), 1);
			insert(connection, "version", good, 2);
			connection.createStatement()
				.execute("INSERT INTO responses VALUES ('text', 'p', 'no blob', 1, 'never', 0, 1, 0, 0)");
		}
		CollectedEntries collected = collect();
		assertThat(collected.entries).hasSize(1);
		assertThat(collected.skipped).hasSize(9);
		assertThat(collected.skipped.values()).filteredOn((reason) -> reason.contains("damaged")).hasSize(3);
		assertThat(collected.skipped.values()).filteredOn(Home.TOO_LARGE::equals).hasSize(2);
	}

	private static byte[] stream(byte[] bytes) throws IOException {
		ByteArrayOutputStream frame = new ByteArrayOutputStream();
		try (ZstdOutputStream stream = new ZstdOutputStream(frame)) {
			stream.write(bytes);
		}
		assertThat(Zstd.getFrameContentSize(frame.toByteArray())).isLessThanOrEqualTo(0);
		return frame.toByteArray();
	}

	private static void insert(Connection connection, String hash, byte[] blob, int version) throws SQLException {
		LibraryCache.insert(connection, new LibraryCache.Value("p", hash, ""), blob, version);
	}

	@Test
	void databasesThatAreNotOfTheLibraryAreSkipped() throws IOException, SQLException {
		try (Connection connection = connect(this.directory.resolve("other.sqlite"))) {
			connection.createStatement().execute("CREATE TABLE other (a)");
			connection.createStatement()
				.execute("CREATE VIEW responses AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) "
						+ "SELECT n AS prompt_hash FROM r");
		}
		try (Connection connection = connect(this.directory.resolve("columns.sqlite"))) {
			connection.createStatement().execute("CREATE TABLE responses (a)");
		}
		Files.writeString(this.directory.resolve("damaged.sqlite"), "SQLite format 3\0and then nothing");
		Files.writeString(this.directory.resolve("none.sqlite"), "nothing");
		CollectedEntries collected = collect();
		assertThat(collected.entries).isEmpty();
		assertThat(collected.skipped).containsOnlyKeys("other.sqlite", "columns.sqlite", "damaged.sqlite",
				"none.sqlite");
	}

	@Test
	void whatIsOnlyInTheLogIsReadAndNothingBesideTheDatabaseChanges() throws Exception {
		Path source = this.directory.resolve("source");
		Path copy = Files.createDirectories(this.directory.resolve("copy #1 100%?"));
		new LibraryCache().answer(PARAMS, user("Hi"), ANSWER).writeSqlite(source);
		Path file = files(source).keySet().iterator().next();
		try (Connection connection = connect(file)) {
			insertAnswer(connection, "second");
			// While it is open, the row is in the log alone
			Files.copy(file, copy.resolve("a.sqlite"));
			Files.copy(Path.of(file + "-wal"), copy.resolve("a.sqlite-wal"));
			Map<Path, Long> whileOpen = files(source);
			assertThat(collect(source.toString()).entries).hasSize(2);
			assertThat(files(source).keySet()).isEqualTo(whileOpen.keySet());
		}
		Map<Path, Long> before = files(this.directory);
		assertThat(collect(copy.toString()).entries).hasSize(2);
		assertThat(collect(source.toString()).entries).hasSize(2);
		assertThat(files(this.directory)).isEqualTo(before);
	}

	private static void insertAnswer(Connection connection, String question) throws SQLException {
		String json = "{\"params\":" + PARAMS + ",\"prompt\":{\"messages\":" + user(question) + "},\"responses\":["
				+ ANSWER + "]}";
		insert(connection, question, Zstd.compress(json.getBytes(StandardCharsets.UTF_8)), 1);
	}

	@Test
	void redisIsReadBelowOneDirectoryOrAll() throws IOException {
		String text = "{\"texts\":[\"a\"],\"moderation\":[{\"model_id\":\"text-moderation-007\",\"moderation\":"
				+ "{\"categories\":{},\"category_scores\":{},\"flagged\":false}}]}";
		try (RedisServer redis = RedisServer.start()) {
			new LibraryCache().answer(PARAMS, user("Hi"), ANSWER).moderation(text).writeRedis(redis.url(), "/a[b]*:c");
			new LibraryCache().answer(PARAMS, user("Ho"), ANSWER).writeRedis(redis.url(), "/other");
			RedisClient client = RedisClient.create(redis.url());
			try (StatefulRedisConnection<String, String> connection = client.connect()) {
				connection.sync().set("somebody:else", SECRET);
				connection.sync().rpush("/a[b]*:c:/a[b]*:c/1/2", SECRET);
				connection.sync().set("/a[b]*:c:/a[b]*:c/1/3", SECRET);
			}
			finally {
				client.shutdown();
			}
			CollectedEntries collected = collect(redis.url(),
					new SafetyToolingOptions("", null, "/a[b]*:c", null, false));
			assertThat(collected.entries).hasSize(2);
			assertThat(collected.skipped).containsEntry("key …/2", "it is not a string in Redis")
				.containsEntry("key …/3", "it is not valid JSON");
			assertThat(collect(redis.url()).entries).hasSize(3);
		}
	}

	@Test
	void importingAgainAddsNothing() throws Exception {
		Path library = this.directory.resolve("library");
		LibraryCache cache = new LibraryCache().answer(PARAMS, user("Hi"), response(MODEL, "1", "api_duration", "1"))
			.answer(params(MODEL, 2), user("Hi"), response(MODEL, "2", "api_duration", "2"),
					response(MODEL, "3", "api_duration", "3"));
		cache.writeBins(library);
		try (EntryCodec codec = new EntryCodec(1024 * 1024);
				SqliteCacheStore store = new SqliteCacheStore(SqliteSettings.of(this.directory.resolve("cache")),
						codec)) {
			read(library, new KnownResponses(store, new StoringSink(store), (key) -> {
			}));
			for (Path bin : files(library).keySet()) {
				Files.setLastModifiedTime(bin, FileTime.from(Instant.EPOCH));
			}
			CollectedEntries again = new CollectedEntries();
			read(library, new KnownResponses(store, again, (key) -> {
			}));
			assertThat(again.entries).hasSize(2);
			CacheEntry stored = Objects.requireNonNull(store.get(again.entries.get(0).key())).read();
			assertThat(stored.responses()).hasSize(3);
			assertThat(again.entries)
				.allSatisfy((entry) -> assertThat(stored.responses()).containsAll(entry.responses()));
		}
	}

	private static void read(Path library, KnownResponses sink) throws IOException {
		try (EntrySource source = SafetyToolingSources.open(library.toString(), SafetyToolingOptions.DEFAULT,
				Clock.systemUTC())) {
			source.readAll(sink);
		}
	}

	@Test
	void aPlaceWithoutACacheIsAnErrorOrReported() throws IOException {
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> collect(this.directory.resolve("missing").toString()));
		assertThat(collect().skipped).containsValue("there are no files of safety-tooling in the folder");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> collect(new SafetyToolingOptions("", "nobody", null, null, false)))
			.withMessageContaining("together");
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> collect("redis://:" + SECRET + "@127.0.0.1:1"))
			.withMessageNotContaining(SECRET)
			.withNoCause();
	}

	private CollectedEntries collect() throws IOException {
		return collect(SafetyToolingOptions.DEFAULT);
	}

	private CollectedEntries collect(SafetyToolingOptions options) throws IOException {
		return collect(this.directory.toString(), options);
	}

	private static CollectedEntries collect(String location) throws IOException {
		return collect(location, SafetyToolingOptions.DEFAULT);
	}

	private static CollectedEntries collect(String location, SafetyToolingOptions options) throws IOException {
		return CollectedEntries.of(location, options);
	}

	private static Connection connect(Path file) throws SQLException {
		return DriverManager.getConnection("jdbc:sqlite:" + file);
	}

	private static Map<Path, Long> files(Path directory) throws IOException {
		Map<Path, Long> files = new TreeMap<>();
		try (Stream<Path> paths = Files.walk(directory)) {
			for (Path file : paths.filter(Files::isRegularFile).toList()) {
				files.put(file, Files.size(file));
			}
		}
		return files;
	}

	private static JsonNode request(CacheEntry entry) throws UnreadableEntryException {
		return StoredRequest.parse(Objects.requireNonNull(entry.request()).json()).body();
	}

}
