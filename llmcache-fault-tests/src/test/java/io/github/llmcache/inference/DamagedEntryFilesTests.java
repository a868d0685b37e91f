package io.github.llmcache.inference;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;

import io.github.llmcache.faults.Area;
import io.github.llmcache.faults.Scale;
import io.github.llmcache.faults.Survival;
import io.github.llmcache.inference.FaultyCache.Damage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever is done to the files of entries, callers get answers, and the right ones, the
 * other entries stay, and what was damaged is replaced.
 */
class DamagedEntryFilesTests {

	private static final int ENTRIES = 20;

	/** Fixed, so that a failure can be repeated. */
	private final Random random = new Random(20260102);

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path temp;

	@Test
	void oneDamagedFileIsOneMissAndReplaced() {
		Survival line = Survival.of(Area.FILES, "Files: an entry cut off, emptied, overwritten or with a flipped bit");
		int rounds = Scale.of(1000, 60);
		long stale = 0;
		long unharmed = 0;
		try (FaultyCache cache = FaultyCache.file(this.temp).fill(ENTRIES)) {
			for (int i = 0; i < rounds; i++) {
				int kind = i % 6;
				cache.damage((directory) -> damage(entry(directory), kind));
				int kept = cache.askAll(ENTRIES);
				assertThat(kept).isGreaterThanOrEqualTo(ENTRIES - 1);
				unharmed += kept - (ENTRIES - 1);
				stale += cache.stale();
				assertThat(cache.askAll(ENTRIES)).isEqualTo(ENTRIES);
			}
			cache.record(line.count("files", rounds).count("misses counted as stale", stale));
			assertSurvived(cache);
			// A bit of what means nothing may flip
			assertThat(stale).isEqualTo(rounds - unharmed).isGreaterThan(rounds / 2);
		}
	}

	@Test
	void whatIsInTheWayIsSurvived() {
		Survival line = Survival.of(Area.FILES, "Files: directories in the way, and statistics that are damaged");
		List<Damage> damages = List.of((directory) -> {
			Path file = entry(directory);
			Files.delete(file);
			Files.createDirectory(file);
		}, (directory) -> {
			Path folder = Objects.requireNonNull(entry(directory).getParent());
			FaultyCache.delete(folder);
			Files.createFile(folder);
		}, (directory) -> {
			Path file = entry(directory);
			Files.delete(file);
			Files.createSymbolicLink(file, directory.resolve("nowhere"));
		}, (directory) -> Files.writeString(statistics(directory), "{ no statistics"),
				(directory) -> Files.write(statistics(directory), new byte[0]), (directory) -> {
					Files.deleteIfExists(statistics(directory));
					Files.createDirectory(statistics(directory));
				});
		try (FaultyCache cache = FaultyCache.file(this.temp).fill(ENTRIES)) {
			for (Damage damage : damages) {
				cache.damage(damage);
				assertThat(cache.askAll(ENTRIES)).isPositive();
				cache.awaitStores();
				assertThat(cache.askAll(ENTRIES)).isPositive();
			}
			cache.record(line.count("files", damages.size()));
			assertSurvived(cache);
		}
	}

	private static void assertSurvived(FaultyCache cache) {
		assertThat(cache.thrown()).isEmpty();
		assertThat(cache.wrong()).isEmpty();
	}

	private Path entry(Path directory) {
		List<Path> entries = FaultyCache.find(directory, ".json")
			.stream()
			.filter((file) -> !String.valueOf(file.getFileName()).startsWith("."))
			.toList();
		return entries.get(this.random.nextInt(entries.size()));
	}

	private static Path statistics(Path directory) {
		Path model = FaultyCache.find(directory, ".json")
			.stream()
			.filter((file) -> !String.valueOf(file.getFileName()).startsWith("."))
			.findFirst()
			.orElseThrow();
		return Objects.requireNonNull(model.getParent()).resolveSibling(".llmcache.statistics.json");
	}

	private void damage(Path file, int kind) throws IOException {
		byte[] noise = new byte[2000];
		this.random.nextBytes(noise);
		switch (kind) {
			case 0 -> Files.write(file, new byte[0]);
			case 1 -> Files.write(file, noise);
			case 2 -> {
				try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
					access.setLength(this.random.nextLong(access.length() - 2));
				}
			}
			default -> {
				byte[] bytes = Files.readAllBytes(file);
				bytes[this.random.nextInt(bytes.length)] ^= (byte) (1 << this.random.nextInt(8));
				Files.write(file, bytes);
			}
		}
	}

}
