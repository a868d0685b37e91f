package io.github.llmcache.cache.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.FileNames;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.util.FileSystemUtils;

import static io.github.llmcache.cache.TestEntries.entry;
import static io.github.llmcache.cache.TestEntries.key;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DirectoryCheck}.
 */
class DirectoryCheckTests {

	private static final String MODEL = "model";

	private static final CacheKey KEY = key(MODEL, 1);

	private static final Instant NOW = Instant.parse("2100-01-01T00:00:00Z");

	private static final ModelStatistics COUNTED = new ModelStatistics(1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0);

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path temp;

	@BeforeEach
	void store() {
		try (CacheStore store = create()) {
			store.putAll(List.of(entry(KEY, "a"), entry(key(MODEL, 2), "b"), entry(key("other", 1), "c")));
			store.addStatistics(List.of(new DailyStatistics(MODEL, LocalDate.of(2026, 1, 2), COUNTED)));
		}
	}

	@Test
	void nothingIsChangedOrCreated() throws Exception {
		List<String> before = files();
		assertThat(problems()).isEmpty();
		assertThat(files()).isEqualTo(before);
		try (CacheStore store = create(this.temp.resolve("missing"))) {
			assertThat(store.problems()).isEmpty();
		}
		assertThat(this.temp.resolve("missing")).doesNotExist();
	}

	@Test
	void filesInTheWrongPlace() throws Exception {
		String name = KEY.hex() + ".json";
		Path wrong = KEY.hex().startsWith("00") ? model().resolve("11") : model().resolve("00");
		privately(wrong);
		Files.copy(file(KEY), wrong.resolve(name));
		Files.copy(file(KEY), model().resolve(name));
		Files.copy(file(KEY), directory().resolve(name));
		Files.createDirectory(wrong.resolve("00".repeat(32) + ".json"));
		assertThat(problems()).hasSize(4)
			.filteredOn((problem) -> problem.contains("is not where its key is looked for"))
			.hasSize(KEY.hex().startsWith("00") ? 4 : 3);
	}

	@Test
	void leftovers() throws Exception {
		Path old = Files.createFile(file(KEY).resolveSibling(".x.0123456789abcdef.tmp"));
		Files.setLastModifiedTime(old, FileTime.from(NOW.minus(Duration.ofMinutes(61))));
		Path young = Files.createFile(directory().resolve(".x.0123456789abcdef.tmp"));
		Files.setLastModifiedTime(young, FileTime.from(NOW.minus(Duration.ofMinutes(59))));
		assertThat(problems()).singleElement().asString().contains(old.toString(), "left behind");
		assertThat(old).exists();
	}

	@Test
	void manyLeftoversAreSummedUp() throws Exception {
		for (int i = 0; i < 150; i++) {
			Path old = Files.createFile(model().resolve(".x.%016x.tmp".formatted(i)));
			Files.setLastModifiedTime(old, FileTime.from(Instant.EPOCH));
		}
		assertThat(problems()).hasSize(101).contains("There are 50 more files that were left behind");
	}

	@Test
	void statisticsThatCannotBeRead() throws Exception {
		Path file = model().resolve(StatisticsFiles.FILE_NAME);
		Path other = directory().resolve(FileNames.of("other")).resolve(StatisticsFiles.FILE_NAME);
		Files.copy(file, other);
		privately(other);
		Files.writeString(file, "{ secret");
		assertThat(problems()).hasSize(2)
			.anySatisfy((problem) -> assertThat(problem).contains(file.toString()).doesNotContain("secret"))
			.anySatisfy((problem) -> assertThat(problem).contains(other.toString(), "belongs to another model"));
	}

	@Test
	void entriesOfWhichNoneCanBeRead() throws Exception {
		Files.writeString(file(KEY), "garbage");
		assertThat(problems()).isEmpty();
		Files.writeString(file(key(MODEL, 2)), "garbage");
		assertThat(problems()).singleElement().asString().contains("holds 2 entries, none of which can be read");
		try (CacheStore store = create(directory())) {
			assertThat(store.leftOut()).singleElement().asString().contains(model().toString());
		}
	}

	@Test
	void whatIsNoDirectory() throws Exception {
		Files.createFile(directory().resolve(FileNames.of("third")));
		assertThat(problems()).singleElement().asString().contains("is no directory");
		try (CacheStore store = create(file(KEY))) {
			assertThat(store.problems()).singleElement().asString().contains("is no directory");
		}
	}

	@Test
	void whatIsDeletedMeanwhile() {
		AtomicInteger checkpoints = new AtomicInteger();
		for (int last = 1; last <= 10; last++) {
			int deletion = last;
			checkpoints.set(0);
			store();
			assertThat(check(() -> {
				if (checkpoints.incrementAndGet() == deletion) {
					delete(model());
				}
			})).isEmpty();
		}
	}

	private List<String> check(Runnable checkpoint) {
		EntryPaths paths = new EntryPaths(directory());
		EntryFormat format = new EntryFormat(new FileSettings(directory(), 1000, true));
		EntryFiles files = new EntryFiles(format.maxFileSize(), () -> NOW);
		DamageLog damages = new DamageLog();
		return new DirectoryCheck(directory(), new EntrySource(paths, format, files, damages),
				new StatisticsFiles(new FileWalk(paths), files, new EntryLocks(directory()), damages),
				new Leftovers(() -> NOW))
			.problems(checkpoint);
	}

	private static void delete(Path directory) {
		try {
			FileSystemUtils.deleteRecursively(directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void whatOthersMayRead() throws Exception {
		Files.setPosixFilePermissions(file(KEY), PosixFilePermissions.fromString("rw-r--r--"));
		Files.setPosixFilePermissions(model(), PosixFilePermissions.fromString("rwx--x---"));
		assertThat(problems()).singleElement()
			.asString()
			.startsWith("Others may read or write 2 files and directories, such as " + model());
	}

	@Test
	void whatIsOfOthersIsLeftAlone() throws Exception {
		Files.writeString(directory().resolve("README.md"), "hello");
		Files.createDirectories(directory().resolve(".git/objects"));
		Files.createFile(model().resolve("notes.json"));
		assertThat(problems()).isEmpty();
	}

	private List<String> problems() {
		try (CacheStore store = create()) {
			return store.problems();
		}
	}

	private CacheStore create() {
		return create(directory());
	}

	private static CacheStore create(Path directory) {
		return new FileCacheStore(new FileSettings(directory, 1000, true), () -> NOW);
	}

	private Path directory() {
		return this.temp.resolve("cache");
	}

	private Path model() {
		return directory().resolve(FileNames.of(MODEL));
	}

	private Path file(CacheKey key) {
		return new EntryPaths(directory()).file(key);
	}

	private static void privately(Path path) throws Exception {
		if (Files.notExists(path)) {
			Files.createDirectories(path);
		}
		Files.setPosixFilePermissions(path,
				PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwx------" : "rw-------"));
	}

	private List<String> files() throws Exception {
		try (Stream<Path> paths = Files.walk(this.temp)) {
			return paths.sorted().map((path) -> path + " " + Objects.hash(lastModified(path))).toList();
		}
	}

	private static FileTime lastModified(Path path) {
		try {
			return Files.getLastModifiedTime(path);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
