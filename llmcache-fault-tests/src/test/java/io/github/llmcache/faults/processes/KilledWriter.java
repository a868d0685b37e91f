package io.github.llmcache.faults.processes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheKeyHasher;
import io.github.llmcache.cache.CacheManager.CacheLookup;
import io.github.llmcache.cache.CacheManager.CacheWrite;
import io.github.llmcache.cache.CacheRequest;
import io.github.llmcache.cache.CacheSettings;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.DefaultCacheManager;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.MemorySettings;
import io.github.llmcache.cache.Retention;
import io.github.llmcache.cache.StoreOpener;
import io.github.llmcache.cache.TestEntries;
import io.github.llmcache.faults.processes.WriteScript.Step;
import tools.jackson.databind.node.JsonNodeFactory;

import static io.github.llmcache.testsupport.JavaProcess.say;

/**
 * Writes until it is killed, with several threads and beside the maintenance of the cache
 * and its evictions. Says {@code thread step;} as soon as a step has been acknowledged.
 */
final class KilledWriter {

	/** Written by {@link WriteScript}: nothing is ever lost. */
	static final String MODEL = "kept";

	/** Evicted and expired all the time. */
	static final String BOUNDED_MODEL = "bounded";

	static final LocalDate DAY = LocalDate.of(2026, 1, 2);

	static final int MAX_ENTRY_SIZE = 4 * 1024 * 1024;

	private static final long MAX_ENTRIES = 40;

	private static final CacheKeyHasher HASHER = new CacheKeyHasher();

	private final CacheStore store;

	private KilledWriter(CacheStore store) {
		this.store = store;
	}

	/**
	 * Write. The arguments are the seed and the round, whether to say {@code ready} and
	 * wait for being told to begin, the class of a {@link StoreOpener}, and what that
	 * needs.
	 */
	public static void main(String[] args) throws Exception {
		say("begun");
		StoreOpener opener = (StoreOpener) Class.forName(args[3]).getDeclaredConstructor().newInstance();
		KilledWriter writer = new KilledWriter(
				opener.open(List.of(args).subList(4, args.length), new EntryCodec(MAX_ENTRY_SIZE)));
		if (Boolean.parseBoolean(args[2])) {
			writer.awaitTurn();
		}
		writer.run(Long.parseLong(args[0]), Integer.parseInt(args[1]));
	}

	/**
	 * Open everything, which puts in order what a killed process has left, and wait.
	 */
	private void awaitTurn() throws IOException {
		this.store.get(key("0-0"));
		say("ready");
		System.in.read();
	}

	private void run(long seed, int round) {
		for (int thread = 0; thread < WriteScript.THREADS; thread++) {
			int number = thread;
			start(() -> runScript(number, new WriteScript(seed, round, number)));
		}
		DefaultCacheManager manager = new DefaultCacheManager(this.store, new CacheSettings(MemorySettings.OFF,
				MAX_ENTRY_SIZE, KilledWriter::retention, true, Duration.ofMillis(20)), Clock.systemUTC());
		start(() -> fill(manager, round));
	}

	/**
	 * Start a thread that ends with the process.
	 */
	private static void start(Runnable task) {
		new Thread(() -> {
			try {
				task.run();
			}
			catch (Throwable ex) {
				say("failed: " + ex);
			}
		}).start();
	}

	private static Retention retention(String model) {
		return model.equals(BOUNDED_MODEL) ? new Retention(null, null, MAX_ENTRIES) : Retention.UNLIMITED;
	}

	private void runScript(int thread, WriteScript script) {
		for (int i = 0; true; i++) {
			run(script.next());
			say(thread + " " + i + ";");
		}
	}

	private void run(Step step) {
		switch (step.kind()) {
			case PUT -> this.store.putAll(entries(step));
			case APPEND -> this.store.appendAll(entries(step));
			case DELETE -> this.store.deleteAll(step.keys().stream().map(KilledWriter::key).toList());
			case COUNT -> this.store.addStatistics(List
				.of(new DailyStatistics(MODEL, DAY, new ModelStatistics(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))));
		}
	}

	private static List<CacheEntry> entries(Step step) {
		return step.keys().stream().map((key) -> {
			CacheEntry entry = TestEntries.entry(key(key), Body.of(key, step.version()));
			return new CacheEntry(entry.key(), "", entry.responses(), null,
					TestEntries.request("{\"question\":\"" + key + "\"}"));
		}).toList();
	}

	static CacheKey key(String key) {
		return TestEntries.key(MODEL, key);
	}

	/**
	 * Save more than is kept, some of it for a moment only, and use what is there.
	 */
	private void fill(DefaultCacheManager manager, int round) {
		for (long i = 0; true; i++) {
			String key = "b-" + i % 200;
			CacheRequest request = new CacheRequest("", "endpoint", "operation", BOUNDED_MODEL,
					JsonNodeFactory.instance.objectNode().put("messages", key), "messages", HASHER);
			CachedResponse response = new CachedResponse(
					Body.of("bounded", round * 1_000_000L + i).getBytes(StandardCharsets.UTF_8), 1, 1, 1, 1L, "STOP",
					Instant.now().truncatedTo(ChronoUnit.MILLIS), Duration.ofMillis(1), null);
			manager.saveAll(List
				.of(new CacheWrite(request, List.of(response), false, (i % 3 == 0) ? Duration.ofMillis(30) : null)));
			manager.lookup(new CacheLookup(request, null), new BodyReader());
			if (!manager.health().isUp()) {
				say("failed: " + manager.health().failure());
			}
		}
	}

}
