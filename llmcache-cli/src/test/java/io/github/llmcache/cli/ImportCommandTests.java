package io.github.llmcache.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.github.luben.zstd.Zstd;
import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cli.transfer.TransferEntries;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ImportCommand}.
 */
class ImportCommandTests {

	private static final CacheEntry ONE = TransferEntries.entry("gpt-4o", "one", "{\"answer\":1}");

	private static final CacheEntry TWO = TransferEntries.entryIn("ns", "claude", "{\"messages\":\"two\"}", null,
			TransferEntries.responses("{\"answer\":2}"));

	private static final CacheEntry EXPIRED = TransferEntries.expiring(TransferEntries.entry("gpt-4o", "expired", "{}"),
			TransferEntries.NOW);

	private final TransferFixture cli = new TransferFixture();

	@TempDir
	private Path temporary;

	private List<String> cache = List.of();

	private Path file = Path.of("");

	@BeforeEach
	void prepare() {
		this.cache = TransferFixture.sqlite(this.temporary.resolve("cache"));
		this.file = this.temporary.resolve("export.jsonl");
	}

	@Test
	void entriesAreAddedOnce() throws IOException {
		export(ONE, TWO, EXPIRED);
		assertThat(importFile()).isEqualTo(ExitCode.INCOMPLETE);
		assertThat(this.cli.out()).isEqualTo("Imported 2 entries: 2 added, 0 replaced, 0 extended. Of the others, "
				+ "0 were there already, 0 differ from what is there, 0 were not wanted.\n");
		assertThat(this.cli.err())
			.isEqualTo("1 skipped: has expired (key " + EXPIRED.key().hex().substring(0, 16) + ")\n");
		assertThat(stored()).isEqualTo(TransferFixture.byKey(List.of(ONE, TWO)));
		assertThat(importFile("--replace")).isEqualTo(ExitCode.INCOMPLETE);
		assertThat(this.cli.out()).contains("Imported 0 entries", "2 were there already");
		assertThat(importFile("--include-expired")).isEqualTo(ExitCode.OK);
		assertThat(stored()).isEqualTo(TransferFixture.byKey(List.of(ONE, TWO, EXPIRED)));
		assertThat(importFile("--include-expired")).isEqualTo(ExitCode.OK);
		assertThat(this.cli.out()).contains("Imported 0 entries", "3 were there already");
	}

	@Test
	void anotherEntryStaysUnlessItIsToBeReplaced() throws IOException {
		CacheEntry other = with(ONE, TransferEntries.responses("{\"answer\":0}"));
		TransferFixture.store(this.cache, List.of(other));
		export(ONE, TWO);
		assertThat(importFile()).isEqualTo(ExitCode.OK);
		assertThat(this.cli.out()).contains("1 added", "1 differ from what is there");
		assertThat(stored()).isEqualTo(TransferFixture.byKey(List.of(other, TWO)));
		assertThat(importFile("--replace")).isEqualTo(ExitCode.OK);
		assertThat(this.cli.out()).contains("1 replaced", "1 were there already");
		assertThat(stored()).isEqualTo(TransferFixture.byKey(List.of(ONE, TWO)));
	}

	@Test
	void anotherEntryGetsTheAnswersThatItDoesNotHave() throws IOException {
		List<CachedResponse> stored = TransferEntries.responses("{\"answer\":0}", "{\"answer\":1}");
		TransferFixture.store(this.cache, List.of(with(ONE, stored)));
		export(with(ONE, TransferEntries.responses("{\"answer\":1}", "{\"answer\":2}")));
		assertThat(importFile("--append")).isEqualTo(ExitCode.OK);
		assertThat(this.cli.out()).contains("1 extended");
		CacheEntry all = with(ONE, TransferEntries.responses("{\"answer\":0}", "{\"answer\":1}", "{\"answer\":2}"));
		assertThat(stored()).isEqualTo(TransferFixture.byKey(List.of(all)));
		assertThat(importFile("--append")).isEqualTo(ExitCode.OK);
		assertThat(this.cli.out()).contains("0 extended", "1 were there already");
		assertThat(stored()).isEqualTo(TransferFixture.byKey(List.of(all)));
		assertThat(importFile("--append", "--replace")).isEqualTo(ExitCode.USAGE);
	}

	@Test
	void whatCannotBeAnsweredWithIsReplaced() throws IOException {
		this.cache = TransferFixture.file(this.temporary.resolve("files"));
		TransferFixture.store(this.cache, List.of(TransferEntries.expiring(ONE, TransferEntries.NOW), TWO));
		try (Stream<Path> paths = Files.walk(this.temporary.resolve("files"))) {
			Path damaged = paths.filter((path) -> path.toString().endsWith(TWO.key().hex() + ".json"))
				.findFirst()
				.orElseThrow();
			Files.writeString(damaged, "{");
		}
		export(ONE, TWO);
		assertThat(importFile()).isEqualTo(ExitCode.OK);
		assertThat(this.cli.out()).contains("0 added, 2 replaced");
		assertThat(stored()).isEqualTo(TransferFixture.byKey(List.of(ONE, TWO)));
	}

	@Test
	void theSameKeySeveralTimes() throws IOException {
		CacheEntry other = with(ONE, TransferEntries.responses("{\"answer\":0}"));
		export(ONE, other, ONE);
		assertThat(importFile()).isEqualTo(ExitCode.OK);
		assertThat(this.cli.out()).contains("1 added", "1 were there already, 1 differ");
		assertThat(stored()).isEqualTo(TransferFixture.byKey(List.of(ONE)));
	}

	@Test
	void dryRunStoresNothing() throws IOException {
		export(ONE, TWO);
		assertThat(importFile("--dry-run")).isEqualTo(ExitCode.OK);
		assertThat(this.cli.out()).startsWith("Would have imported 2 entries");
		assertThat(this.temporary.resolve("cache")).doesNotExist();
		TransferFixture.store(this.cache, List.of(with(ONE, TransferEntries.responses("{}"))));
		Map<CacheKey, CacheEntry> before = stored();
		assertThat(importFile("--dry-run", "--replace")).isEqualTo(ExitCode.OK);
		assertThat(importFile("--dry-run", "--append")).isEqualTo(ExitCode.OK);
		assertThat(stored()).isEqualTo(before);
	}

	@ParameterizedTest
	@CsvSource({ "--model=gpt-4o, 1", "--namespace=ns, 1", "--namespace=, 1", "--older-than=29d, 2",
			"--newer-than=29d, 0", "--model=none, 0" })
	void filters(String option, int expected) throws IOException {
		export(ONE, TWO);
		assertThat(importFile(option)).isEqualTo(ExitCode.OK);
		assertThat(this.cli.out()).contains(expected + " added", (2 - expected) + " were not wanted");
		assertThat(stored()).hasSize(expected);
	}

	@Test
	void brokenLinesLoseNoOthers() throws IOException {
		export(ONE, TWO);
		List<String> lines = Files.readAllLines(this.file);
		List<String> hostile = new ArrayList<>(
				List.of("\uFEFF" + lines.get(0), "", "  ", "{", "{\"llmcache\":2}", "null", "\u0000".repeat(100),
						lines.get(0).substring(0, 100), lines.get(1).replace("llmcache\":1", "llmcache\":3")));
		hostile.addAll(Collections.nCopies(5, "not JSON: my secret"));
		hostile.add(lines.get(1));
		Files.write(this.file, hostile);
		assertThat(importFile()).isEqualTo(ExitCode.INCOMPLETE);
		assertThat(this.cli.out()).contains("2 added");
		assertThat(this.cli.err()).isEqualTo("""
				9 skipped: no valid JSON, or a member occurs twice (line 4, line 6, line 7, \u2026)
				2 skipped: another version of the format than 1 (line 5, line 9)
				""");
		assertThat(stored()).isEqualTo(TransferFixture.byKey(List.of(ONE, TWO)));
	}

	@Test
	void lineThatIsTooLongIsPassedOver() throws IOException {
		export(ONE, TWO);
		List<String> lines = Files.readAllLines(this.file);
		String endless = "{\"llmcache\":1,\"x\":\"" + "x".repeat(2 * 1024 * 1024) + "\"}";
		Files.write(this.file, List.of(lines.get(0), endless, lines.get(1), endless));
		assertThat(importFile("--max-entry-size", "1KB")).isEqualTo(ExitCode.INCOMPLETE);
		assertThat(this.cli.err()).isEqualTo("2 skipped: longer than a line may be (line 2, line 4)\n");
		assertThat(stored()).hasSize(2);
	}

	@Test
	void entryThatIsLargerThanTheLimit() throws IOException {
		export(ONE, with(TWO, TransferEntries.responses("x".repeat(2000))));
		assertThat(importFile("--max-entry-size", "1KB")).isEqualTo(ExitCode.INCOMPLETE);
		assertThat(this.cli.err()).isEqualTo("1 skipped: larger than an entry may be (line 2)\n");
	}

	@Test
	void standardInputCompressedOrNot() throws IOException {
		export(ONE, TWO);
		byte[] plain = Files.readAllBytes(this.file);
		assertThat(importBytes(plain)).isEqualTo(ExitCode.OK);
		assertThat(importBytes(Zstd.compress(plain))).isEqualTo(ExitCode.OK);
		assertThat(importBytes(new byte[0])).isEqualTo(ExitCode.OK);
		assertThat(importBytes(Arrays.copyOf(plain, plain.length - 1))).isEqualTo(ExitCode.OK);
		assertThat(importBytes(new byte[] { '\n' })).isEqualTo(ExitCode.OK);
		assertThat(stored()).isEqualTo(TransferFixture.byKey(List.of(ONE, TWO)));
	}

	@Test
	void severalFramesInOneFile() throws IOException {
		export(ONE);
		ByteArrayOutputStream frames = new ByteArrayOutputStream();
		frames.writeBytes(new byte[] { 0x50, 0x2A, 0x4D, 0x18, 1, 0, 0, 0, 42 });
		frames.writeBytes(Zstd.compress(Files.readAllBytes(this.file)));
		Files.delete(this.file);
		export(TWO);
		frames.writeBytes(Zstd.compress(Files.readAllBytes(this.file)));
		assertThat(importBytes(frames.toByteArray())).as(this.cli.err()).isEqualTo(ExitCode.OK);
		assertThat(stored()).isEqualTo(TransferFixture.byKey(List.of(ONE, TWO)));
	}

	@Test
	void compressedFileThatIsCutOff() throws IOException {
		List<CacheEntry> entries = new ArrayList<>();
		for (int i = 0; i < 3000; i++) {
			entries.add(TransferEntries.entry("gpt-4o", "question " + i, "{\"answer\":\"" + i * 7919L + "\"}"));
		}
		Path whole = this.temporary.resolve("whole.jsonl.zst");
		List<String> source = TransferFixture.sqlite(this.temporary.resolve("source"));
		TransferFixture.store(source, entries);
		assertThat(this.cli.run(TransferFixture.on(source, "export", whole))).isEqualTo(ExitCode.OK);
		byte[] bytes = Files.readAllBytes(whole);
		Files.write(this.file, Arrays.copyOf(bytes, bytes.length - 10));
		export(this.temporary.resolve("other.jsonl"), ONE);
		assertThat(this.cli
			.run(TransferFixture.on(this.cache, "import", this.file, this.temporary.resolve("other.jsonl"))))
			.isEqualTo(ExitCode.FAILURE);
		assertThat(this.cli.err()).containsOnlyOnce("\n")
			.containsPattern("export.jsonl: the compressed data is cut off or damaged after line \\d+\n");
		assertThat(stored()).hasSizeGreaterThan(1000).containsEntry(ONE.key(), ONE);
		int changed = bytes.length / 2;
		bytes[changed] ^= 1;
		Files.write(this.file, bytes);
		assertThat(importFile()).isEqualTo(ExitCode.FAILURE);
		assertThat(this.cli.err()).contains("cut off or damaged after line");
	}

	@Test
	void bombIsPassedOver() {
		byte[] bomb = Zstd.compress(new byte[200 * 1024 * 1024]);
		assertThat(importBytes(bomb)).isEqualTo(ExitCode.INCOMPLETE);
		assertThat(this.cli.err()).isEqualTo("1 skipped: longer than a line may be (line 1)\n");
	}

	@Test
	void filesThatCannotBeReadLoseNoOthers() throws IOException {
		export(ONE);
		assertThat(this.cli
			.run(TransferFixture.on(this.cache, "import", this.temporary.resolve("none"), this.file, this.temporary)))
			.isEqualTo(ExitCode.FAILURE);
		assertThat(this.cli.err().lines()).hasSize(2)
			.anyMatch((line) -> line.contains("none: There is no file"))
			.anyMatch((line) -> line.endsWith("It is a folder"));
		assertThat(stored()).hasSize(1);
		assertThat(this.cli.run(TransferFixture.on(this.cache, "import"))).isEqualTo(ExitCode.USAGE);
	}

	@Test
	void severalFilesAreNamed() throws IOException {
		export(ONE);
		Path broken = this.temporary.resolve("broken.jsonl");
		Files.writeString(broken, "\nx\n");
		assertThat(this.cli.run(TransferFixture.on(this.cache, "import", this.file, broken)))
			.isEqualTo(ExitCode.INCOMPLETE);
		assertThat(this.cli.err()).contains("(" + broken + ", line 2)");
	}

	@Test
	void storeThatDoesNotWork() throws IOException {
		export(ONE);
		Path notAFolder = Files.writeString(this.temporary.resolve("file"), "x");
		assertThat(this.cli.run(TransferFixture.on(TransferFixture.sqlite(notAFolder), "import", this.file)))
			.isEqualTo(ExitCode.FAILURE);
		assertThat(this.cli.err()).containsOnlyOnce("\n");
		assertThat(this.cli
			.run(TransferFixture.on(TransferFixture.redis("redis://127.0.0.1:1", "x:"), "import", this.file)))
			.isEqualTo(ExitCode.FAILURE);
		assertThat(this.cli.err()).containsOnlyOnce("\n");
	}

	@Test
	void summaryForPrograms() throws IOException {
		export(ONE, TWO, EXPIRED);
		assertThat(importFile("--json")).isEqualTo(ExitCode.INCOMPLETE);
		JsonNode result = new JsonMapper().readTree(this.cli.out());
		assertThat(result.at("/summary/added").intValue()).isEqualTo(2);
		assertThat(result.at("/summary/skipped/0/reason").stringValue()).isEqualTo("has expired");
		assertThat(result.at("/dryRun").booleanValue()).isFalse();
		assertThat(result.at("/failures").size()).isZero();
		assertThat(this.cli.err()).isEmpty();
	}

	private static CacheEntry with(CacheEntry entry, List<CachedResponse> responses) {
		return new CacheEntry(entry.key(), entry.namespace(), responses, entry.expiresAt(), entry.request());
	}

	private void export(CacheEntry... entries) throws IOException {
		export(this.file, entries);
	}

	private void export(Path file, CacheEntry... entries) throws IOException {
		Files.writeString(file, TransferEntries.lines(List.of(entries)), StandardCharsets.UTF_8);
	}

	private int importFile(String... options) {
		Object[] arguments = Arrays.copyOf(options, options.length + 1, Object[].class);
		arguments[options.length] = this.file;
		return this.cli.run(TransferFixture.on(this.cache, "import", arguments));
	}

	private int importBytes(byte[] in) {
		return this.cli.run(in, new ByteArrayOutputStream(), TransferFixture.on(this.cache, "import", "-"));
	}

	private Map<CacheKey, CacheEntry> stored() {
		return TransferFixture.entries(this.cache);
	}

}
