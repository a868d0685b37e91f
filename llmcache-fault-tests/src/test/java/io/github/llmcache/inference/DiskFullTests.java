package io.github.llmcache.inference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.github.llmcache.faults.Area;
import io.github.llmcache.faults.Scale;
import io.github.llmcache.faults.Survival;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A full disk keeps nobody from being answered, and what was stored before, is; once
 * there is space again, answers are stored again.
 */
class DiskFullTests {

	private static final int MEGABYTES = 3;

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path temp;

	@Test
	void sqliteGoesOn() throws Exception {
		try (SmallDisk disk = mount(); FaultyCache cache = FaultyCache.sqlite(disk.directory())) {
			survive(disk, cache, "SQLite: a full disk");
			cache.shutDown();
			for (Path file : FaultyCache.find(cache.directory(), ".sqlite")) {
				try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
						Statement statement = connection.createStatement();
						ResultSet row = statement.executeQuery("PRAGMA integrity_check")) {
					assertThat(row.next()).isTrue();
					assertThat(row.getString(1)).isEqualTo("ok");
				}
			}
			assertThat(cache.aside()).isEmpty();
		}
	}

	@Test
	void filesGoOn() throws Exception {
		try (SmallDisk disk = mount(); FaultyCache cache = FaultyCache.file(disk.directory())) {
			survive(disk, cache, "Files: a full disk");
			cache.shutDown();
			try (Stream<Path> files = Files.walk(cache.directory())) {
				assertThat(files.filter((file) -> file.toString().endsWith(".tmp")).toList()).isEmpty();
			}
			for (Path file : FaultyCache.find(cache.directory(), ".json")) {
				assertThat(Files.size(file)).isPositive();
			}
		}
	}

	private static void survive(SmallDisk disk, FaultyCache cache, String name) throws IOException {
		Survival line = Survival.of(Area.DISK, name);
		Set<Integer> acknowledged = new HashSet<>();
		int asked = 0;
		int lost = 0;
		int refused = 0;
		int rounds = Scale.of(4, 1);
		for (int round = 0; round < rounds; round++) {
			for (int i = 0; i < 20; i++) {
				cache.ask(asked);
				acknowledged.add(asked++);
			}
			assertThat(cache.health().isUp()).isTrue();
			disk.fill();
			boolean told = false;
			for (int i = 0; i < Scale.of(100, 30); i++) {
				cache.ask(asked);
				if (cache.ask(asked)) {
					acknowledged.add(asked);
				}
				else {
					refused++;
				}
				asked++;
				told |= !cache.health().isUp();
			}
			assertThat(told).as("health tells of the full disk").isTrue();
			lost += missing(cache, acknowledged);
			disk.free();
			cache.awaitStores();
			lost += missing(cache, acknowledged);
			if (round % 2 == 0) {
				cache.restart();
				lost += missing(cache, acknowledged);
			}
			assertThat(cache.stores()).isTrue();
			assertThat(cache.health().isUp()).isTrue();
		}
		cache.record(line.count("times full", rounds).count("answers that could not be stored", refused).lost(lost));
		assertThat(cache.thrown()).isEmpty();
		assertThat(cache.wrong()).isEmpty();
		assertThat(lost).isZero();
		assertThat(refused).isPositive();
	}

	private static int missing(FaultyCache cache, Set<Integer> acknowledged) {
		int missing = 0;
		for (int number : List.copyOf(acknowledged)) {
			missing += cache.ask(number) ? 0 : 1;
		}
		return missing;
	}

	private SmallDisk mount() {
		try {
			return SmallDisk.mount(this.temp.resolve("disk"), MEGABYTES);
		}
		catch (IOException ex) {
			return Assumptions.abort("No file system can be mounted here: " + ex.getMessage());
		}
	}

}
