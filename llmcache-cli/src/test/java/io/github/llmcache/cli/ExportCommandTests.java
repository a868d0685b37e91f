package io.github.llmcache.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import com.github.luben.zstd.Zstd;
import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cli.transfer.TransferEntries;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ExportCommand}.
 */
class ExportCommandTests {

	private final TransferFixture cli = new TransferFixture();

	@TempDir
	private Path temporary;

	private List<String> cache = List.of();

	private Path file = Path.of("");

	@BeforeEach
	void store() {
		this.cache = TransferFixture.file(this.temporary.resolve("cache"));
		this.file = this.temporary.resolve("export.jsonl");
		Instant now = TransferEntries.NOW;
		TransferFixture.store(this.cache,
				List.of(TransferEntries.entry("gpt-4o", "one", "{}"),
						TransferEntries.expiring(TransferEntries.entry("gpt-4o", "expired", "{}"), now),
						TransferEntries.entryIn("ns", "claude", "{\"messages\":\"two\"}", now.plusSeconds(1),
								List.of(new CachedResponse(new byte[0], 1, 0, 0, null, "MAX_TOKENS",
										now.minusSeconds(60), Duration.ZERO, null)))));
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			; 2
			--include-expired; 3
			--expired; 1
			--model gpt-4o; 1
			--model none; 0
			--namespace ns; 1
			--older-than 1d; 1
			--newer-than 1m; 1
			--finish-reason max_tokens; 1
			--model gpt-4o --include-expired; 2
			""")
	void filters(String options, int expected) throws IOException {
		String[] arguments = Stream
			.concat(Stream.ofNullable(options).flatMap((all) -> Stream.of(all.split(" "))),
					Stream.of(this.file.toString()))
			.toArray(String[]::new);
		assertThat(this.cli.run(TransferFixture.on(this.cache, "export", (Object[]) arguments))).isEqualTo(ExitCode.OK);
		assertThat(Files.readAllLines(this.file)).hasSize(expected);
		assertThat(this.cli.out()).startsWith("Exported " + Readable.entries(expected) + ", ");
		assertThat(this.cli.err()).isEmpty();
	}

	@Test
	void fileIsPrivateAndAloneThere() throws IOException {
		this.cli.run(TransferFixture.on(this.cache, "export", this.file));
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(this.file))).isEqualTo("rw-------");
		assertThat(files()).containsExactlyInAnyOrder("cache", "export.jsonl");
	}

	@Test
	void fileThatExistsIsReplacedOnlyByForce() throws IOException {
		Files.writeString(this.file, "mine");
		assertThat(this.cli.run(TransferFixture.on(this.cache, "export", this.file))).isEqualTo(ExitCode.FAILURE);
		assertThat(this.cli.err()).containsOnlyOnce("\n").endsWith("export.jsonl exists: add --force\n");
		assertThat(this.file).hasContent("mine");
		assertThat(this.cli.run(TransferFixture.on(this.cache, "export", "--force", this.file))).isEqualTo(ExitCode.OK);
		assertThat(Files.readAllLines(this.file)).hasSize(2);
		assertThat(files()).containsExactlyInAnyOrder("cache", "export.jsonl");
	}

	@Test
	void folderIsNotReplaced() throws IOException {
		assertThat(this.cli.run(TransferFixture.on(this.cache, "export", "--force", this.temporary)))
			.isEqualTo(ExitCode.FAILURE);
		assertThat(this.cli.err()).endsWith(" is no file that could be replaced\n");
		assertThat(files()).containsExactly("cache");
	}

	@Test
	void folderThatIsMissing() {
		assertThat(this.cli.run(TransferFixture.on(this.cache, "export", this.temporary.resolve("missing/x.jsonl"))))
			.isEqualTo(ExitCode.FAILURE);
		assertThat(this.cli.err()).containsOnlyOnce("\n")
			.endsWith("There is no folder " + this.temporary.resolve("missing") + "\n");
	}

	@Test
	void cacheThatIsMissing() throws IOException {
		assertThat(this.cli
			.run(TransferFixture.on(TransferFixture.sqlite(this.temporary.resolve("none")), "export", this.file)))
			.isEqualTo(ExitCode.FAILURE);
		assertThat(files()).containsExactly("cache");
	}

	@Test
	void standardOutput() {
		assertThat(this.cli.run(TransferFixture.on(this.cache, "export", "-"))).isEqualTo(ExitCode.OK);
		assertThat(this.cli.out().lines()).hasSize(2).allMatch((line) -> line.startsWith("{\"llmcache\":1,"));
		assertThat(this.cli.err()).matches("Exported 2 entries, \\d.* KB of JSON\\.\n");
	}

	@Test
	void standardOutputCompressed() {
		assertThat(this.cli.run(TransferFixture.on(this.cache, "export", "--zstd", "-"))).isEqualTo(ExitCode.OK);
		byte[] plain = new byte[100_000];
		long length = Zstd.decompress(plain, this.cli.bytes());
		assertThat(new String(plain, 0, (int) length, StandardCharsets.UTF_8).lines()).hasSize(2);
	}

	@Test
	void summaryForPrograms() {
		assertThat(this.cli.run(TransferFixture.on(this.cache, "export", "--json", this.file))).isEqualTo(ExitCode.OK);
		JsonNode summary = new JsonMapper().readTree(this.cli.out());
		assertThat(summary.get("entries").intValue()).isEqualTo(2);
		assertThat(summary.get("skipped").size()).isZero();
		assertThat(this.cli.run(TransferFixture.on(this.cache, "export", "--json", "-"))).isEqualTo(ExitCode.USAGE);
	}

	@Test
	void readerThatHasEnough() {
		OutputStream closed = new FailingOutput("Broken pipe");
		assertThat(this.cli.run(new byte[0], closed, TransferFixture.on(this.cache, "export", "-")))
			.isEqualTo(ExitCode.OK);
		assertThat(this.cli.err()).isEmpty();
		assertThat(this.cli.run(new byte[0], closed, TransferFixture.on(this.cache, "export", "--zstd", "-")))
			.isEqualTo(ExitCode.OK);
		assertThat(this.cli.err()).isEmpty();
	}

	@Test
	void outputThatIsFull() {
		OutputStream full = new FailingOutput("No space left on device");
		assertThat(this.cli.run(new byte[0], full, TransferFixture.on(this.cache, "export", "-")))
			.isEqualTo(ExitCode.FAILURE);
		assertThat(this.cli.err()).containsOnlyOnce("\n").contains("No space left on device");
	}

	@Test
	void whatCannotBeReadIsSkipped() throws IOException {
		Path damaged;
		try (Stream<Path> paths = Files.walk(this.temporary.resolve("cache"))) {
			damaged = paths.filter((path) -> path.toString().contains("gpt-4o") && path.toString().endsWith(".json"))
				.filter((path) -> !path.getFileName().toString().startsWith("."))
				.findFirst()
				.orElseThrow();
		}
		Files.writeString(damaged, "{");
		assertThat(this.cli.run(TransferFixture.on(this.cache, "export", "--include-expired", this.file)))
			.isEqualTo(ExitCode.INCOMPLETE);
		assertThat(Files.readAllLines(this.file)).hasSize(2);
		String key = damaged.getFileName().toString().substring(0, 16);
		assertThat(this.cli.err())
			.isEqualTo("1 skipped: cannot be read: damaged, or of another version (key " + key + ")\n");
	}

	@ParameterizedTest
	@ValueSource(ints = { 3, 19 })
	void fileThatIsNoDatabaseAnyMoreIsTold(int position) throws IOException {
		Path directory = this.temporary.resolve("first-page");
		List<String> damaged = TransferFixture.sqlite(directory);
		TransferFixture.store(damaged,
				List.of(TransferEntries.entry("gpt-4o", "one", "{}"), TransferEntries.entry("claude", "two", "{}")));
		Path file;
		try (Stream<Path> files = Files.list(directory)) {
			file = files.filter((path) -> path.getFileName().toString().matches("claude.*sqlite"))
				.findFirst()
				.orElseThrow();
		}
		byte[] bytes = Files.readAllBytes(file);
		bytes[position] ^= (byte) 0xff;
		Files.write(file, bytes);
		assertThat(this.cli.run(TransferFixture.on(damaged, "export", this.file))).isEqualTo(ExitCode.INCOMPLETE);
		assertThat(this.cli.out()).startsWith("Exported 1 entry");
		assertThat(this.cli.err()).contains(file.getFileName().toString());
		this.cli.run(TransferFixture.on(damaged, "stats"));
		assertThat(this.cli.err()).contains(file.getFileName().toString());
	}

	@Test
	void whatIsListedButNotFoundIsSkipped() throws Exception {
		Path directory = this.temporary.resolve("damaged");
		List<String> damaged = TransferFixture.sqlite(directory);
		CacheEntry entry = TransferEntries.entry("gpt-4o", "one", "{}");
		TransferFixture.store(damaged, List.of(entry, TransferEntries.entry("gpt-4o", "two", "{}")));
		try (Stream<Path> files = Files.list(directory);
				Connection connection = DriverManager.getConnection("jdbc:sqlite:"
						+ files.filter((path) -> path.toString().endsWith(".sqlite")).findFirst().orElseThrow());
				Statement statement = connection.createStatement()) {
			statement.executeUpdate(
					"UPDATE entry SET fingerprint = fingerprint + 1 WHERE key = x'" + entry.key().hex() + "'");
		}
		assertThat(this.cli.run(TransferFixture.on(damaged, "export", this.file))).isEqualTo(ExitCode.INCOMPLETE);
		assertThat(this.cli.out()).startsWith("Exported 1 entry");
		assertThat(this.cli.err()).startsWith("1 skipped: not there any more, or damaged (key ");
	}

	@Test
	void requestThatIsNoneLeavesTheAnswer() throws IOException {
		CacheEntry other = TransferEntries.entry("gpt-4o", "other", "{}");
		CacheEntry entry = TransferEntries.entry("gpt-4o", "wrong request", "{}");
		CacheEntry wrong = new CacheEntry(entry.key(), "", entry.responses(), null, other.request());
		CacheEntry none = new CacheEntry(other.key(), "", entry.responses(), null, TransferEntries.request("{}"));
		List<String> cache = TransferFixture.sqlite(this.temporary.resolve("sqlite"));
		TransferFixture.store(cache, List.of(wrong, none));
		assertThat(this.cli.run(TransferFixture.on(cache, "export", this.file))).isEqualTo(ExitCode.INCOMPLETE);
		assertThat(this.cli.err()).contains("1 without the request: the key is not that of the request (key ",
				"1 without the request: the request is none that a key can be computed of (key ");
		List<String> target = TransferFixture.sqlite(this.temporary.resolve("target"));
		assertThat(this.cli.run(TransferFixture.on(target, "import", this.file))).isEqualTo(ExitCode.OK);
		assertThat(TransferFixture.entries(target)).isEqualTo(TransferFixture
			.byKey(List.of(TransferEntries.withoutRequest(wrong), TransferEntries.withoutRequest(none))));
	}

	private List<String> files() throws IOException {
		try (Stream<Path> files = Files.list(this.temporary)) {
			return files.map((path) -> path.getFileName().toString()).toList();
		}
	}

	/**
	 * What nothing can be written to.
	 */
	private static final class FailingOutput extends OutputStream {

		private final String message;

		private FailingOutput(String message) {
			this.message = message;
		}

		@Override
		public void write(int value) throws IOException {
			throw new IOException(this.message);
		}

	}

}
