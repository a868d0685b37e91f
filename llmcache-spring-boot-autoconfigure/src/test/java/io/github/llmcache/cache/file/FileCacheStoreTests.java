package io.github.llmcache.cache.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.CacheStoreContractTests;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.FileNames;
import io.github.llmcache.cache.RequestHashes;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cache.StoreOpener;
import io.github.llmcache.cache.StoreStatus;
import io.github.llmcache.cache.TestEntries;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.testsupport.JavaProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static io.github.llmcache.cache.TestEntries.bodies;
import static io.github.llmcache.cache.TestEntries.entry;
import static io.github.llmcache.cache.TestEntries.entryIn;
import static io.github.llmcache.cache.TestEntries.key;
import static io.github.llmcache.cache.TestEntries.response;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link FileCacheStore}.
 */
@ExtendWith(OutputCaptureExtension.class)
class FileCacheStoreTests extends CacheStoreContractTests {

	private static final CacheKey KEY = key(MODEL, 1);

	private static final ModelStatistics WRITTEN = new ModelStatistics(1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

	private static final String BODY = "{\n  \"text\": \"Paris\",\n  \"n\": 1.50\n}\n";

	@Override
	protected CacheStore createStore() {
		return new FileStoreOpener().open(openerArguments(), this.codec);
	}

	@Override
	protected Class<? extends StoreOpener> opener() {
		return FileStoreOpener.class;
	}

	@Override
	protected List<String> openerArguments() {
		return List.of(directory().toString());
	}

	@Override
	protected void damage(CacheKey key) throws Exception {
		Files.writeString(file(key), "{\n  \"llmcache\": 1,\n  \"secret garbage");
	}

	private Path directory() {
		return this.temp.resolve("cache");
	}

	private Path file(CacheKey key) {
		return new EntryPaths(directory()).file(key);
	}

	@Test
	void pathsArePartOfTheFormat() {
		assertThat(directory().relativize(file(KEY))).isEqualTo(Path.of("gpt-4o-mini-a4c3051a41cf", "6b",
				"6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b.json"));
	}

	@Test
	void theSameEntryIsTheSameBytes() throws Exception {
		byte[] expected;
		try (InputStream golden = FileCacheStoreTests.class.getResourceAsStream("entry.json")) {
			expected = Objects.requireNonNull(golden).readAllBytes();
		}
		CacheEntry entry = goldenEntry();
		CacheStore store = store();
		store.putAll(List.of(entry));
		assertThat(file(entry.key())).hasBinaryContent(expected);
		store.putAll(List.of(entry(entry.key(), "other")));
		store.putAll(List.of(entry));
		assertThat(file(entry.key())).hasBinaryContent(expected);
		assertThat(scanned(store)).containsExactly(entry);
	}

	private static CacheEntry goldenEntry() {
		Instant createdAt = Instant.parse("2026-01-02T03:04:05Z");
		CachedResponse indented = new CachedResponse(BODY.getBytes(StandardCharsets.UTF_8), 2, 20, 30, 4_000L, "STOP",
				TestEntries.CREATED_AT, Duration.ofMillis(1234), "req-1");
		List<CachedResponse> responses = new ArrayList<>(List.of(indented));
		for (String body : List.of("{\"é\":[1E+2,-0.0,{}],\"escaped\":\"\\u00e9\\/\"}", "not JSON\n\t\"é\"",
				"{\"a\": [1, 2]}")) {
			responses.add(new CachedResponse(body.getBytes(StandardCharsets.UTF_8), 1, 0, 0, null, "LENGTH", createdAt,
					Duration.ZERO, null));
		}
		responses.add(new CachedResponse(new byte[] { -1, 0, 1 }, 1, 0, 1_000_000_000_000_000L, 0L, "OTHER", createdAt,
				Duration.ZERO, null));
		RequestRecord request = new RequestRecord(
				new RequestHashes(HexFormat.of().parseHex("0123456789abcdef"),
						HexFormat.of().parseHex("00112233445566778899aabbccddeeff"),
						HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")),
				"{\"namespace\":\"tests\",\"body\":{\"temperature\":0.70,\"messages\":[]}}"
					.getBytes(StandardCharsets.UTF_8));
		return new CacheEntry(key("Odd/Modél \uD800 \\\u0000", "golden"), "tests", responses,
				Instant.parse("2100-12-31T23:59:59.999Z"), request);
	}

	@Test
	void anEditedBodyIsServed() throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, BODY)));
		edit("\"Paris\"", "\"Lyon\",\r\n\t\t\"added\": [ true ]");
		StoredEntry found = Objects.requireNonNull(store.get(KEY));
		assertThatExceptionOfType(UnreadableEntryException.class).isThrownBy(found::read)
			.withMessageContaining("still has its member 'checksum'");
		edit("\"checksum\"", "\"removed\"");
		assertThat(bodies(read(store, KEY)))
			.containsExactly("{\n  \"text\": \"Lyon\",\n  \"added\": [\n    true\n  ],\n  \"n\": 1.50\n}\n");
		store.appendAll(List.of(entry(KEY, "{}")));
		assertThat(read(store, KEY).responses()).hasSize(2);
	}

	@Test
	void whatAFormatterOrGitMakesOfAFileIsTheSameEntry() throws Exception {
		CacheStore store = store();
		CacheEntry entry = new CacheEntry(KEY, "n",
				List.of(response(BODY), response("text\n"), response(new byte[] { -1 })),
				Instant.parse("2100-01-01T00:00:00Z"), TestEntries.request("{\"a\":[1.0]}"));
		store.putAll(List.of(entry));
		String text = Files.readString(file(KEY));
		for (String edited : List.of(text.replace("\n", "\r\n"), "\uFEFF" + text, text.replace("  ", "\t"),
				String.valueOf(JsonLayout.COMPACT.apply(text, "", 100_000)),
				text.replaceFirst("\\{", "{ \"note\": { \"why\": [1] },"))) {
			Files.writeString(file(KEY), edited);
			assertThat(scanned(store)).containsExactly(entry);
		}
	}

	@Test
	void whatIsNotAsItWasWrittenIsStale() throws Exception {
		CacheStore store = store();
		CacheEntry entry = new CacheEntry(KEY, "n", List.of(response(BODY)), Instant.parse("2100-01-01T00:00:00Z"),
				TestEntries.request("{\"a\":[1.0]}"));
		store.putAll(List.of(entry));
		byte[] bytes = Files.readAllBytes(file(KEY));
		for (int i = 0; i < bytes.length; i++) {
			byte[] damaged = bytes.clone();
			damaged[i] ^= (byte) (1 << (i % 7));
			Files.write(file(KEY), damaged);
			StoredEntry found = Objects.requireNonNull(store.getWithRequest(KEY));
			try {
				CacheEntry read = found.read();
				assertThat(read.responses()).as("byte %d", i).isEqualTo(entry.responses());
				assertThat(read.expiresAt()).as("byte %d", i).isEqualTo(entry.expiresAt());
				assertThat(read.namespace()).as("byte %d", i).isEqualTo(entry.namespace());
			}
			catch (UnreadableEntryException ex) {
				assertThat(ex.getMessage()).contains(file(KEY).toString());
			}
		}
	}

	private void edit(String old, String replacement) throws IOException {
		String text = Files.readString(file(KEY));
		assertThat(text).contains(old);
		Files.writeString(file(KEY), text.replace(old, replacement));

	}

	static Stream<Arguments> aFileThatIsNoEntryIsStaleAndReportedOnce() {
		String wrongKind = "has a value that is none of its kind";
		String elsewhere = "belongs to another model or key than its path says";
		return Stream.of(Arguments.of("\"Paris\"", "Paris", "is no valid JSON (line 20, column"),
				Arguments.of("\"Paris\"", "\"Paris\" \"b\"", "is no valid JSON (line 20, column"),
				Arguments.of("\"Paris\"", "\"\\x\"", "is no valid JSON (line 20, column"),
				Arguments.of("1.50", "01.50", "is no valid JSON (line 21, column"),
				Arguments.of("\"namespace\": \"\"", "\"namespace\": 1", wrongKind + " (line 4, column"),
				Arguments.of("\"namespace\"", "\"name\"", "lacks the member 'namespace'"),
				Arguments.of("\"body\"", "\"bodies\"", "lacks the member 'body'"),
				Arguments.of("\"llmcache\": 1", "\"llmcache\": 2", "has another format than 1"),
				Arguments.of("\"llmcache\": 1", "\"llmcache\": 1e9", wrongKind + " (line 2, column"),
				Arguments.of("\"samples\": 1", "\"samples\": 0", wrongKind),
				Arguments.of("\"samples\": 1", "\"samples\": 99999999999", wrongKind),
				Arguments.of("\"samples\": 1", "\"samples\": 99999999999999999999",
						"is no valid JSON (line 11, column"),
				Arguments.of("2026-01-02T", "yesterday T", wrongKind + " (line 9, column"),
				Arguments.of("indented-2", "indented-3", wrongKind), Arguments.of("indented-2", "base64", wrongKind),
				Arguments.of("\"lineBreak\": true", "\"lineBreak\": 1", "is no valid JSON (line 18, column"),
				Arguments.of("\"responses\": [", "\"responses\": {", wrongKind + " (line 7, column"),
				Arguments.of("\"responses\"", "\"answers\"", wrongKind),
				Arguments.of("\"fingerprint\": \"", "\"fingerprint\": \"x", wrongKind),
				Arguments.of("\"key\": \"6b", "\"key\": \"66", elsewhere),
				Arguments.of("\"gpt-4o-mini\"", "\"gpt-4o\"", elsewhere));
	}

	@ParameterizedTest
	@MethodSource
	void aFileThatIsNoEntryIsStaleAndReportedOnce(String old, String replacement, String reason, CapturedOutput output)
			throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, BODY)));
		edit(old, replacement);
		for (int i = 0; i < 3; i++) {
			StoredEntry found = Objects.requireNonNull(store.get(KEY));
			assertThatExceptionOfType(UnreadableEntryException.class).isThrownBy(found::read)
				.withMessageContaining(file(KEY).toString())
				.withMessageContaining(reason)
				.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("Paris"));
		}
		assertThat(output.toString().split("WARN", -1)).hasSize(2);
		assertThat(output).contains(file(KEY) + " " + reason).contains("counts as stale").doesNotContain("Paris");
		store.putAll(List.of(entry(KEY, BODY)));
		assertThat(read(store, KEY)).isEqualTo(entry(KEY, BODY));
	}

	@Test
	void aMergeConflictIsStale(CapturedOutput output) throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, BODY)));
		edit("        \"text\"", "<<<<<<< HEAD\n        \"text\"");
		StoredEntry found = Objects.requireNonNull(store.get(KEY));
		assertThatExceptionOfType(UnreadableEntryException.class).isThrownBy(found::read);
		assertThat(output).contains("is no valid JSON (line 20, column 1)").doesNotContain("HEAD");
	}

	@Test
	void whatIsNoUtf8IsStale() throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, "\uFFFD")));
		assertThat(read(store, KEY)).isEqualTo(entry(KEY, "\uFFFD"));
		byte[] bytes = Files.readAllBytes(file(KEY));
		bytes[20] = (byte) 0xFF;
		Files.write(file(KEY), bytes);
		StoredEntry found = Objects.requireNonNull(store.get(KEY));
		assertThatExceptionOfType(UnreadableEntryException.class).isThrownBy(found::read)
			.withMessageContaining("is not UTF-8 (byte 20)");
	}

	@Test
	void aFileIsNotReadIfItIsTooLarge() throws Exception {
		try (CacheStore store = new FileCacheStore(new FileSettings(directory(), 1000, true), Clock.systemUTC())) {
			store.putAll(List.of(entry(KEY, "\"" + "x".repeat(900) + "\"")));
			edit("xxx", "xxxx");
			edit("\"checksum\"", "\"removed\"");
			assertUnreadable(store);
			Files.writeString(file(KEY), Files.readString(file(KEY)) + " ".repeat(10_000_000));
			assertUnreadable(store);
			assertThat(store.size()).isEmpty();
		}
	}

	private static void assertUnreadable(CacheStore store) {
		StoredEntry found = Objects.requireNonNull(store.get(KEY));
		assertThatExceptionOfType(UnreadableEntryException.class).isThrownBy(found::read)
			.withMessageContaining("llmcache.max-entry-size");
	}

	@Test
	void nestingIsBounded() throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, "[]")));
		edit("\"body\": []", "\"body\": " + "[".repeat(100_000) + "]".repeat(100_000));
		StoredEntry found = Objects.requireNonNull(store.get(KEY));
		assertThatExceptionOfType(UnreadableEntryException.class).isThrownBy(found::read);
	}

	@Test
	void nothingIsCreatedBeforeSomethingIsStored() {
		CacheStore store = store();
		assertThat(store.get(KEY)).isNull();
		assertThat(store.getAll(List.of(KEY))).isEmpty();
		store.deleteAll(List.of(KEY));
		store.deleteModel(MODEL);
		store.deleteNamespace("");
		store.size();
		assertThat(directory()).doesNotExist();
	}

	@Test
	void neitherCreatingAStoreNorAMissLoadsAParser() throws Exception {
		JavaProcess process = start("miss", "", "-verbose:class");
		assertThat(process.printed()).contains("> found null")
			.anyMatch((line) -> line.contains(FileCacheStore.class.getName()))
			.noneMatch((line) -> line.contains("tools.jackson") || line.contains("com.github.luben"));
		assertThat(process.waitFor()).isZero();
	}

	@Test
	void whatBecomesEmptyIsDeleted() throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, "a"), entry(key("other", 1), "b")));
		store.deleteModel(MODEL);
		assertThat(directory().resolve(FileNames.of(MODEL))).doesNotExist();
		assertThat(file(key("other", 1))).exists();
		store.deleteNamespace("");
		assertThat(paths()).containsExactly(Path.of(EntryLocks.FILE_NAME));
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void aLinkToADirectoryThatHoldsEntriesIsNotDeleted() throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entryIn("a", KEY, "a"), entryIn("b", key(MODEL, 2), "b")));
		Path model = directory().resolve(FileNames.of(MODEL));
		Path elsewhere = this.temp.resolve("elsewhere");
		Files.move(model, elsewhere);
		Files.createSymbolicLink(model, elsewhere);
		assertThat(store.deleteNamespace("a")).isOne();
		assertThat(read(store, key(MODEL, 2))).isEqualTo(entryIn("b", key(MODEL, 2), "b"));
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void aDirectoryThatCannotBeAccessedForAWhileIsNotLocked() throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, "a")));
		Path elsewhere = this.temp.resolve("elsewhere");
		Files.move(directory(), elsewhere);
		Files.createSymbolicLink(directory(), directory());
		assertThatExceptionOfType(CacheStoreException.class).isThrownBy(() -> store.putAll(List.of(entry(KEY, "b"))));
		Files.delete(directory());
		Files.move(elsewhere, directory());
		store.putAll(List.of(entry(KEY, "c")));
		assertThat(read(store, KEY)).isEqualTo(entry(KEY, "c"));
	}

	private List<Path> paths() throws IOException {
		try (Stream<Path> paths = Files.walk(directory())) {
			return paths.filter((path) -> !path.equals(directory())).map(directory()::relativize).toList();
		}
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void filesArePrivate() throws IOException {
		store().putAll(List.of(entry(KEY, "a")));
		try (Stream<Path> paths = Files.walk(directory())) {
			assertThat(paths).hasSize(5)
				.allSatisfy((path) -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
					.isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
		}
	}

	@Test
	void filesOfOthersAreLeftAlone() throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, "a")));
		Path model = directory().resolve(FileNames.of(MODEL));
		List<Path> others = List.of(directory().resolve("README.md"), model.resolve("README.md"),
				file(KEY).resolveSibling("notes.json"), file(KEY).resolveSibling(file(KEY).getFileName() + ".orig"),
				directory().resolve("x").resolve("6b").resolve(file(KEY).getFileName()),
				directory().resolve("gpt-4o-mini-a4c3051a41cf.sqlite"),
				model.resolve("ff").resolve(file(KEY).getFileName()));
		for (Path other : others) {
			Files.createDirectories(Objects.requireNonNull(other.getParent()));
			Files.copy(file(KEY), other);
		}
		Path directory = file(key(MODEL, 2));
		Files.createDirectories(directory);
		Files.createFile(directory().resolve(FileNames.of("file")));
		assertThat(store.size()).singleElement().extracting(StoreSize::entries).isEqualTo(1L);
		assertThat(scanned(store)).containsExactly(entry(KEY, "a"));
		assertThat(store.deleteModel(MODEL)).isOne();
		assertThat(others).allSatisfy((other) -> assertThat(other).exists());
		assertThat(directory).exists();
	}

	@Test
	void aCopyUnderAnotherNameAnswersNothing() throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, "a"), entry(key(MODEL, 2), "b")));
		Files.write(file(key(MODEL, 2)), Files.readAllBytes(file(KEY)));
		StoredEntry found = Objects.requireNonNull(store.get(key(MODEL, 2)));
		assertThatExceptionOfType(UnreadableEntryException.class).isThrownBy(found::read);
	}

	@Test
	void whatKilledWritersHaveLeftIsIgnoredAndDeletedOnceItIsOld() throws Exception {
		Instant now = Instant.now();
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, "a")));
		Path young = leftover("0123456789abcdef", now);
		Path old = leftover("fedcba9876543210", now.minus(Duration.ofMinutes(61)));
		assertThat(store.size()).singleElement().extracting(StoreSize::entries).isEqualTo(1L);
		try (CacheStore other = store()) {
			other.putAll(List.of(entry(KEY, "b")));
		}
		assertThat(old).doesNotExist();
		assertThat(young).exists();
		try (CacheStore later = new FileCacheStore(new FileSettings(directory(), 1000, true),
				() -> now.plus(Duration.ofHours(2)))) {
			later.putAll(List.of(entry(KEY, "c")));
		}
		assertThat(young).doesNotExist();
		assertThat(read(store, KEY)).isEqualTo(entry(KEY, "c"));
	}

	@Test
	void writerWithAFastClockKeepsNobodyFromWriting() throws Exception {
		AtomicReference<Instant> fast = new AtomicReference<>(Instant.now());
		// Each time it writes, all that others write in the same folder looks old
		CacheStore hasty = new FileCacheStore(new FileSettings(directory(), 1000, true),
				() -> fast.updateAndGet((time) -> time.plus(Duration.ofHours(2))));
		CacheKey sameFolder = IntStream.iterate(0, (i) -> i + 1)
			.mapToObj((i) -> key(KEY.model(), "other " + i))
			.filter((key) -> Objects.equals(file(key).getParent(), file(KEY).getParent()))
			.findFirst()
			.orElseThrow();
		AtomicBoolean done = new AtomicBoolean();
		Thread thread = new Thread(() -> {
			while (!done.get()) {
				hasty.putAll(List.of(entry(sameFolder, "a")));
			}
		});
		thread.start();
		CacheStore store = store();
		for (int i = 0; i < 200; i++) {
			store.putAll(List.of(entry(KEY, "b" + i)));
		}
		done.set(true);
		thread.join();
		hasty.close();
		assertThat(read(store, KEY)).isEqualTo(entry(KEY, "b199"));
	}

	private Path leftover(String random, Instant time) throws IOException {
		Path path = file(KEY).resolveSibling(Leftovers.name(EntryPaths.name(file(KEY)), random));
		Files.writeString(path, "{");
		Files.setLastModifiedTime(path, FileTime.from(time));
		return path;
	}

	@Test
	void anInterruptedThreadCanReadAndWrite() throws Exception {
		CacheStore store = store();
		Thread.currentThread().interrupt();
		try {
			for (int i = 0; i < 3; i++) {
				store.appendAll(List.of(entry(KEY, "a")));
				assertThat(store.get(KEY)).isNotNull();
			}
			assertThat(Thread.currentThread().isInterrupted()).isTrue();
		}
		finally {
			Thread.interrupted();
		}
		assertThat(read(store, KEY)).isEqualTo(entry(KEY, "a", "a", "a"));
	}

	@Test
	void aThreadThatIsInterruptedWhileItAppendsTakesNoLockAway() throws Exception {
		CacheStore store = store();
		JavaProcess process = start("append", "child");
		assertThat(process.hear()).isEqualTo("ready");
		process.nudge();
		concurrently(2, (thread) -> {
			for (int i = 0; i < 50; i++) {
				if (thread == 0) {
					Thread.currentThread().interrupt();
				}
				store.appendAll(List.of(entry(KEY, thread + "/" + i)));
			}
			return Thread.interrupted();
		});
		assertThat(process.hear()).isEqualTo("done");
		assertThat(read(store, KEY).responses()).hasSize(150);
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void aDirectoryThatIsDeletedIsCreatedAnewAndStillLocked() throws Exception {
		CacheStore store = store();
		CacheStore other = store();
		store.putAll(List.of(entry(KEY, "a")));
		other.putAll(List.of(entry(KEY, "b")));
		try (Stream<Path> paths = Files.walk(directory())) {
			for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
				Files.delete(path);
			}
		}
		assertThat(store.get(KEY)).isNull();
		concurrently(4, (thread) -> {
			for (int i = 0; i < 25; i++) {
				((thread % 2 == 0) ? store : other).appendAll(List.of(entry(KEY, "c")));
			}
			return thread;
		});
		assertThat(read(store, KEY).responses()).hasSize(100);
		assertThat(directory().resolve(EntryLocks.FILE_NAME)).exists();
	}

	@Test
	void writersAndDeletersOfAModelDoNotDisturbEachOther() throws Exception {
		CacheStore store = store();
		concurrently(4, (thread) -> {
			for (int i = 0; i < 100; i++) {
				if (thread == 0) {
					store.deleteModel(MODEL);
				}
				else {
					store.putAll(List.of(entry(key(MODEL, thread + "/" + i), "a")));
				}
			}
			return thread;
		});
		store.deleteModel(MODEL);
		assertThat(store.size()).isEmpty();
	}

	@Test
	void closingAStoreTakesNoLockOfAnotherAway() throws Exception {
		CacheStore store = store();
		JavaProcess process = start("append", "child");
		assertThat(process.hear()).isEqualTo("ready");
		process.nudge();
		for (int i = 0; i < 50; i++) {
			try (CacheStore other = createStore()) {
				other.putAll(List.of(entry(key(MODEL, 2), "a")));
			}
			store.appendAll(List.of(entry(KEY, "own " + i)));
		}
		assertThat(process.hear()).isEqualTo("done");
		assertThat(read(store, KEY).responses()).hasSize(100);
	}

	@Test
	void aDirectoryThatIsNoneIsExplained() throws Exception {
		Files.createFile(directory());
		CacheStore store = store();
		assertThat(store.size()).isEmpty();
		assertThatExceptionOfType(CacheStoreException.class).isThrownBy(() -> store.get(KEY))
			.withMessageContaining(file(KEY).toString())
			.withMessageContaining("llmcache.directory");
		assertThatExceptionOfType(CacheStoreException.class).isThrownBy(() -> store.putAll(List.of(entry(KEY, "a"))))
			.withMessageContaining("Make sure that its directory is one")
			.withMessageContaining("llmcache.directory");
		Files.delete(directory());
		store.putAll(List.of(entry(KEY, "a")));
		assertThat(read(store, KEY)).isEqualTo(entry(KEY, "a"));
	}

	@Test
	void requestsAreOptional() throws Exception {
		try (CacheStore store = new FileCacheStore(new FileSettings(directory(), 1000, false), Clock.systemUTC())) {
			store.putAll(List.of(new CacheEntry(KEY, "", List.of(response("a")), null, TestEntries.request("{}"))));
			assertThat(scanned(store)).containsExactly(entry(KEY, "a"));
			assertThat(Files.readString(file(KEY))).doesNotContain("\"request\"");
		}
	}

	@Test
	void manySmallNumbersDoNotMakeAFileLarge() throws Exception {
		String body = "[" + "[[[[[[[[[[1]]]]]]]]]],".repeat(50_000) + "0]";
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, body)));
		assertThat(read(store, KEY)).isEqualTo(entry(KEY, body));
		assertThat(Files.size(file(KEY))).isLessThan(2L * body.length());
	}

	@Test
	void settingsAreChecked() {
		Path directory = directory();
		assertThatIllegalArgumentException().isThrownBy(() -> new FileSettings(directory, 0, true));
		assertThatIllegalArgumentException().isThrownBy(() -> new FileSettings(directory, Long.MAX_VALUE, true));
		assertThat(new FileSettings(Path.of("relative"), 1, true).directory()).isAbsolute();
	}

	@Test
	void anInspectionReadsNoFileUntilItIsAskedWhatOnlyTheFileSays(CapturedOutput output) throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, BODY)));
		damage(KEY);
		long size = Files.size(file(KEY));
		List<String> seen = new ArrayList<>();
		store.inspect(MODEL, (details) -> {
			assertThat(details.bytes()).isEqualTo(size);
			assertThat(details.lastUsed()).isNotNull();
			seen.add(details.key().hex());
			assertThat(output).doesNotContain("WARN");
			assertThat(details.facts()).isNull();
			assertThat(details.hashes()).isNull();
			assertThat(output).contains("WARN");
		});
		assertThat(seen).containsExactly(KEY.hex());
	}

	@Test
	void aKeyThatWasInspectedIsTheSameAfterItsEntryIsDeleted() {
		CacheStore store = store();
		CacheKey key = CacheKey.of(MODEL, 42, KEY.toBytes());
		store.putAll(List.of(entry(key, "a")));
		List<CacheKey> inspected = new ArrayList<>();
		store.inspect(null, (details) -> inspected.add(details.key()));
		assertThat(store.deleteAll(inspected)).isOne();
		assertThat(inspected).containsExactly(key);
	}

	@Test
	void aUseChangesTheTimeOfTheFileAndNotItsContent() throws Exception {
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, BODY)));
		assertThat(Files.getLastModifiedTime(file(KEY)).toInstant()).isEqualTo(TestEntries.CREATED_AT);
		String content = Files.readString(file(KEY));
		Instant used = TestEntries.CREATED_AT.plusSeconds(1);
		store.touch(Map.of(KEY, used));
		assertThat(Files.getLastModifiedTime(file(KEY)).toInstant()).isEqualTo(used);
		assertThat(file(KEY)).hasContent(content);
	}

	@Test
	void aFileOfAnEarlierVersionHasNoSketch() throws Exception {
		CacheStore store = store();
		CacheEntry entry = goldenEntry();
		CacheEntry expected = new CacheEntry(KEY, "", List.of(response("a")), null, entry.request());
		store.putAll(List.of(expected));
		edit("    \"sketch\": \"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\",\n", "");
		edit("\"checksum\"", "\"removed\"");
		assertThat(read(store, KEY)).isEqualTo(entry(KEY, "a"));
		RequestHashes hashes = Objects.requireNonNull(expected.request()).hashes();
		store.inspect(null, (details) -> assertThat(details.hashes()).isEqualTo(
				new RequestHashes(hashes.parameters(), hashes.messages(), new byte[RequestHashes.SKETCH_LENGTH])));
		assertThat(scanned(store)).hasSize(1);
	}

	@Test
	void whatIsCountedIsReadable() throws Exception {
		CacheStore store = store();
		store.addStatistics(List.of(new DailyStatistics(MODEL, LocalDate.of(2026, 1, 2), WRITTEN),
				new DailyStatistics(MODEL, LocalDate.of(2025, 12, 31), WRITTEN)));
		assertThat(statisticsFile(MODEL)).hasContent("""
				{
				  "llmcacheStatistics": 1,
				  "model": "gpt-4o-mini",
				  "days": {
				    "2025-12-31": {
				      "hits": 1,
				      "writes": 2
				    },
				    "2026-01-02": {
				      "hits": 1,
				      "writes": 2
				    }
				  }
				}
				""");
		assertThat(store.size()).isEmpty();
		assertThat(scanned(store)).isEmpty();
		assertThat(store.deleteModel(MODEL)).isZero();
		assertThat(store.statistics()).hasSize(2);
	}

	@Test
	void whatIsCountedOfNamespacesIsReadable() {
		CacheStore store = store();
		store.addStatistics(List.of(new DailyStatistics("b", MODEL, LocalDate.of(2026, 1, 2), WRITTEN),
				new DailyStatistics("a", MODEL, LocalDate.of(2026, 1, 2), WRITTEN)));
		assertThat(statisticsFile(MODEL)).hasContent("""
				{
				  "llmcacheStatistics": 1,
				  "model": "gpt-4o-mini",
				  "days": {},
				  "namespaces": [
				    {
				      "namespace": "a",
				      "days": {
				        "2026-01-02": {
				          "hits": 1,
				          "writes": 2
				        }
				      }
				    },
				    {
				      "namespace": "b",
				      "days": {
				        "2026-01-02": {
				          "hits": 1,
				          "writes": 2
				        }
				      }
				    }
				  ]
				}
				""");
	}

	@Test
	void whatIsCountedOfTooManyNamespacesIsSummedUpBeforeItIsTooLarge() {
		CacheStore store = new FileCacheStore(new FileSettings(directory(), 1000, false), Clock.systemUTC());
		LocalDate first = LocalDate.of(2025, 1, 1);
		long sums = 0;
		for (int day = 0; day < 800; day += 40) {
			List<DailyStatistics> counted = new ArrayList<>();
			for (int namespace = 0; namespace < 300; namespace++) {
				for (int i = 0; i < 40; i++) {
					counted.add(new DailyStatistics("tenant-" + namespace, MODEL, first.plusDays(day + i), WRITTEN));
				}
			}
			counted.add(new DailyStatistics("", MODEL, first.plusDays(day), WRITTEN));
			store.addStatistics(counted);
			sums += counted.size();
		}
		List<DailyStatistics> read = store.statistics();
		assertThat(read).hasSizeLessThan(300 * 800);
		assertThat(read.stream().mapToLong((each) -> each.counters().writes()).sum()).isEqualTo(2 * sums);
		assertThat(read).filteredOn((each) -> each.isOf("")).hasSize(20);
		assertThat(read).filteredOn((each) -> each.isOf("tenant-7"))
			.extracting((each) -> each.counters().hits())
			.satisfies((hits) -> assertThat(hits.stream().mapToLong(Long::longValue).sum()).isEqualTo(800));
	}

	private Path statisticsFile(String model) {
		return directory().resolve(FileNames.of(model)).resolve(StatisticsFiles.FILE_NAME);
	}

	@Test
	void aModelOfWhichNothingIsStoredGetsNoDirectoryForItsMisses() {
		CacheStore store = store();
		store.addStatistics(List.of(new DailyStatistics(MODEL, LocalDate.EPOCH,
				new ModelStatistics(0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0))));
		assertThat(directory()).doesNotExist();
		assertThat(store.statistics()).isEmpty();
	}

	static Stream<String> statisticsThatCannotBeReadAreReportedOnceAndBegunAnew() {
		return Stream.of("", "{", "[]", "{}", "<<<<<<< HEAD",
				"{\"llmcacheStatistics\": 2, \"model\": \"gpt-4o-mini\", \"days\": {}}",
				"{\"llmcacheStatistics\": 1, \"model\": \"other\", \"days\": {}}",
				"{\"llmcacheStatistics\": 1, \"model\": 1, \"days\": {}}",
				"{\"llmcacheStatistics\": 1, \"model\": \"gpt-4o-mini\", \"days\": {\"today\": {}}}",
				"{\"llmcacheStatistics\": 1, \"model\": \"gpt-4o-mini\", \"days\": {\"2026-01-02\": {\"hits\": \"secret\"}}}",
				"{\"llmcacheStatistics\": 1, \"model\": \"gpt-4o-mini\", \"days\": {\"2026-01-02\": {\"hits\": 99999999999999999999}}}",
				"[".repeat(100_000));
	}

	@ParameterizedTest
	@MethodSource
	void statisticsThatCannotBeReadAreReportedOnceAndBegunAnew(String content, CapturedOutput output) throws Exception {
		CacheStore store = store();
		DailyStatistics counted = new DailyStatistics(MODEL, LocalDate.of(2026, 1, 2), WRITTEN);
		store.addStatistics(List.of(counted));
		Files.writeString(statisticsFile(MODEL), content);
		assertThat(store.statistics()).isEmpty();
		assertThat(store.statistics()).isEmpty();
		assertThat(output.toString().split("WARN", -1)).hasSize(2);
		assertThat(output).contains(statisticsFile(MODEL).toString()).doesNotContain("secret", "HEAD");
		store.addStatistics(List.of(counted));
		assertThat(store.statistics()).containsExactly(counted);
	}

	@Test
	void reclaimingDeletesWhatIsEmptyOrLeftBehind() throws Exception {
		Instant now = Instant.now();
		CacheStore store = store();
		store.putAll(List.of(entry(KEY, "a"), entry(key(MODEL, 2), "b")));
		Path old = leftover("fedcba9876543210", now.minus(Duration.ofMinutes(61)));
		Path folderOfOthers = directory().resolve(FileNames.of(MODEL)).resolve("6c");
		Files.createFile(folderOfOthers);
		store.deleteAll(List.of(KEY));
		try (CacheStore other = store()) {
			other.reclaim(MODEL);
		}
		assertThat(old).doesNotExist();
		assertThat(file(KEY).getParent()).doesNotExist();
		assertThat(folderOfOthers).exists();
		assertThat(read(store, key(MODEL, 2))).isEqualTo(entry(key(MODEL, 2), "b"));
	}

	@Test
	void statusCreatesNothing() throws Exception {
		CacheStore store = store();
		StoreStatus unused = store.status();
		assertThat(unused).isEqualTo(new StoreStatus(null, null, "file format 1", unused.freeBytes()));
		assertThat(unused.freeBytes()).isPositive();
		assertThat(directory()).doesNotExist();
		Files.createDirectories(directory());
		assertThat(store.status().writeFailure()).isNull();
		assertThat(paths()).isEmpty();
		store.putAll(List.of(entry(KEY, "a")));
		List<Path> paths = paths();
		assertThat(store.status().writeFailure()).isNull();
		assertThat(paths()).isEqualTo(paths);
	}

	@Test
	void statusExplainsADirectoryThatIsNone() throws Exception {
		Files.createFile(directory());
		StoreStatus status = store().status();
		assertThat(status.readFailure()).contains("Make sure that its directory is one").contains("llmcache.directory");
		assertThat(status.writeFailure()).contains("Make sure that its directory is one")
			.contains("llmcache.directory");
		try (CacheStore below = new FileCacheStore(new FileSettings(directory().resolve("below"), 1000, true),
				Clock.systemUTC())) {
			assertThat(below.status().writeFailure()).contains("Make sure that its directory is one");
		}
	}

	private static List<CacheEntry> scanned(CacheStore store) {
		List<CacheEntry> entries = new ArrayList<>();
		store.scan(null, (stored) -> {
			try {
				entries.add(stored.read());
			}
			catch (UnreadableEntryException ex) {
				assertThat(ex).hasMessageContaining("belongs to another");
			}
		});
		return entries;
	}

}
