package io.github.llmcache.faults.processes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.StoreOpener;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.cache.file.FileStoreOpener;
import io.github.llmcache.cache.sqlite.SqliteStoreOpener;
import io.github.llmcache.faults.Area;
import io.github.llmcache.faults.Scale;
import io.github.llmcache.faults.Survival;
import io.github.llmcache.testsupport.JavaProcess;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Processes that share a directory, which they create together, and of which one is
 * killed again and again, do not get into each other's way.
 */
class SharedDirectoryTests {

	private static final int PROCESSES = 4;

	private static final Duration BETWEEN_KILLS = Duration.ofSeconds(3);

	private final SplittableRandom random = new SplittableRandom();

	private final List<User> users = new ArrayList<>();

	private final Queue<String> said = new ConcurrentLinkedQueue<>();

	private final List<String> failures = new ArrayList<>();

	private int started;

	private long lost;

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	@AfterEach
	void kill() {
		this.users.forEach((user) -> user.process.close());
	}

	@Test
	void nobodyNoticesOthersInTheDatabase() throws Exception {
		share("SQLite: processes on one directory, one killed every few seconds", new SqliteStoreOpener());
	}

	@Test
	void nobodyNoticesOthersInTheFiles() throws Exception {
		share("Files: processes on one directory, one killed every few seconds", new FileStoreOpener());
	}

	private void share(String what, StoreOpener opener) throws Exception {
		for (int i = 0; i < PROCESSES; i++) {
			this.users.add(start(opener));
		}
		this.users.forEach(User::awaitReady);
		this.users.forEach(User::begin);
		long end = System.nanoTime() + Duration.ofSeconds(Scale.of(60, 8)).toNanos();
		int kills = 0;
		while (System.nanoTime() < end) {
			long next = System.nanoTime() + BETWEEN_KILLS.toNanos();
			await().atMost(Duration.ofMinutes(1)).until(() -> System.nanoTime() >= next);
			User killed = this.users.remove(this.random.nextInt(PROCESSES));
			killed.process.kill();
			killed.join();
			kills++;
			User replacement = start(opener);
			replacement.awaitReady();
			replacement.begin();
			this.users.add(replacement);
		}
		for (User user : this.users) {
			user.process.nudge();
			user.join();
			assertThat(user.process.waitFor()).as("%s", user.name).isZero();
		}
		check(opener);
		long thrown = this.said.stream().filter((line) -> line.startsWith("failed")).peek(this.failures::add).count();
		Survival.of(Area.PROCESSES, what)
			.count("processes", this.started)
			.count("kills", kills)
			.count("reads and acknowledged writes", this.said.size())
			.lost(this.lost)
			.thrown(thrown)
			.record();
		assertThat(this.failures).isEmpty();
		assertThat(this.said).filteredOn((line) -> line.equals("ended")).hasSize(PROCESSES);
		for (String kind : List.of("own ", "put ", "read ", "sample ")) {
			assertThat(this.said).anyMatch((line) -> line.startsWith(kind));
		}
	}

	private User start(StoreOpener opener) {
		String name = "user-" + this.started++;
		JavaProcess process = JavaProcess.of(SharingUser.class)
			// Who is killed leaves native libraries behind
			.options("-Djava.io.tmpdir=" + this.directory)
			.arguments(name, opener.getClass().getName(), this.directory.resolve("cache").toString())
			.start();
		return new User(name, process);
	}

	private void check(StoreOpener opener) {
		Map<String, Long> own = new HashMap<>();
		Map<String, Set<Long>> samples = new HashMap<>();
		Map<String, TreeMap<Long, Long>> puts = new HashMap<>();
		List<String[]> reads = new ArrayList<>();
		for (String line : this.said) {
			if (!line.endsWith(";")) {
				continue;
			}
			String[] words = line.substring(0, line.length() - 1).split(" ");
			long version = Long.parseLong(words[2]);
			switch (words[0]) {
				case "own" -> own.merge(words[1], version, Math::max);
				case "sample" -> samples.computeIfAbsent(words[1], (key) -> new HashSet<>()).add(version);
				case "put" ->
					puts.computeIfAbsent(words[1], (key) -> new TreeMap<>()).put(version, Long.parseLong(words[3]));
				case "read" -> reads.add(words);
				default -> throw new IllegalStateException(line);
			}
		}
		checkStored(opener, own, samples);
		puts.forEach((key, ofKey) -> checkReads(key, ofKey, reads));
	}

	private void checkStored(StoreOpener opener, Map<String, Long> own, Map<String, Set<Long>> samples) {
		try (EntryCodec codec = new EntryCodec(SharingUser.MAX_ENTRY_SIZE);
				CacheStore store = opener.open(List.of(this.directory.resolve("cache").toString()), codec)) {
			own.forEach((key, version) -> {
				List<Long> found = versions(store, key);
				if (found.size() != 1 || found.get(0) < version) {
					lost(key + " is " + found + " instead of " + version);
				}
			});
			samples.forEach((key, versions) -> {
				List<Long> found = versions(store, key);
				if (!found.containsAll(versions)) {
					lost(key + " lacks samples");
				}
				if (new HashSet<>(found).size() != found.size()) {
					this.failures.add(key + " has samples twice");
				}
			});
			this.failures.addAll(store.problems());
			this.failures.addAll(store.leftOut());
		}
	}

	private static List<Long> versions(CacheStore store, String key) {
		@Nullable StoredEntry stored = store.get(SharingUser.request(key).key());
		List<Long> versions = new ArrayList<>();
		try {
			for (CachedResponse response : (stored != null) ? stored.read().responses() : List.<CachedResponse>of()) {
				versions.add(Body.version(key, response.body()));
			}
		}
		catch (UnreadableEntryException ex) {
			versions.add(-1L);
		}
		return versions;
	}

	/**
	 * Whoever begins to read after something was written sees it, or what others have
	 * begun to write before it was.
	 */
	private void checkReads(String key, TreeMap<Long, Long> puts, List<String[]> reads) {
		// The latest beginning of what had ended by then
		TreeMap<Long, Long> latest = new TreeMap<>();
		List<Map.Entry<Long, Long>> byEnd = new ArrayList<>(puts.entrySet());
		byEnd.sort(Map.Entry.comparingByValue());
		long begun = Long.MIN_VALUE;
		for (Map.Entry<Long, Long> put : byEnd) {
			begun = Math.max(begun, put.getKey());
			latest.put(put.getValue(), begun);
		}
		for (String[] read : reads) {
			if (!read[1].equals(key)) {
				continue;
			}
			Map.Entry<Long, Long> before = latest.lowerEntry(Long.parseLong(read[3]));
			Long end = puts.get(Long.parseLong(read[2]));
			// Of what was not acknowledged nobody knows when it ended
			if (before != null && end != null && end < before.getValue()) {
				lost(key + " was read as it had been before it was replaced");
			}
		}
	}

	private void lost(String failure) {
		this.lost++;
		this.failures.add(failure);
	}

	/**
	 * A process, and who listens to it.
	 */
	private final class User {

		private final String name;

		private final JavaProcess process;

		private final Thread listener = new Thread(this::listen);

		private User(String name, JavaProcess process) {
			this.name = name;
			this.process = process;
		}

		private void awaitReady() {
			assertThat(this.process.hear()).isEqualTo("ready");
		}

		private void begin() {
			this.process.nudge();
			this.listener.start();
		}

		private void listen() {
			for (String line = this.process.hear(); line != null; line = this.process.hear()) {
				SharedDirectoryTests.this.said.add(line);
			}
		}

		private void join() throws InterruptedException {
			this.listener.join();
		}

	}

}
