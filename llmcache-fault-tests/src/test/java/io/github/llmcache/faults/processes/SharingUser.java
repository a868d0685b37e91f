package io.github.llmcache.faults.processes;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import io.github.llmcache.cache.CacheHealth;
import io.github.llmcache.cache.CacheKeyHasher;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheManager.CacheLookup;
import io.github.llmcache.cache.CacheManager.CacheWrite;
import io.github.llmcache.cache.CacheRequest;
import io.github.llmcache.cache.CacheSettings;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.DefaultCacheManager;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.MemorySettings;
import io.github.llmcache.cache.RetentionPolicy;
import io.github.llmcache.cache.StoreOpener;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

import static io.github.llmcache.testsupport.JavaProcess.say;

/**
 * Uses a cache that others use as well, and says what it has done and seen as soon as it
 * knows: {@code own KEY VERSION;}, {@code put KEY BEGUN ENDED;},
 * {@code read KEY VERSION BEGUN;}, {@code sample KEY VERSION;}, and {@code failed}. Times
 * are nanoseconds of a clock that all processes of a machine share, and are versions as
 * well.
 */
final class SharingUser {

	static final String MODEL = "shared";

	static final int MAX_ENTRY_SIZE = 16 * 1024 * 1024;

	/** So long, all processes add samples to the same entry. */
	private static final long ENTRY_NANOS = Duration.ofMillis(250).toNanos();

	private static final int THREADS = 3;

	private static final int OWN_KEYS = 20;

	private static final int CONTENDED_KEYS = 5;

	private static final CacheKeyHasher HASHER = new CacheKeyHasher();

	private final DefaultCacheManager manager;

	private final String name;

	private volatile boolean ending;

	private SharingUser(DefaultCacheManager manager, String name) {
		this.manager = manager;
		this.name = name;
	}

	/**
	 * Use a cache from when it is told to begin until it is told to end. The arguments
	 * are a name, the class of a {@link StoreOpener}, and what that needs.
	 */
	public static void main(String[] args) throws Exception {
		StoreOpener opener = (StoreOpener) Class.forName(args[1]).getDeclaredConstructor().newInstance();
		SharingUser user = new SharingUser(new DefaultCacheManager(
				opener.open(List.of(args).subList(2, args.length), new EntryCodec(MAX_ENTRY_SIZE)),
				new CacheSettings(MemorySettings.OFF, MAX_ENTRY_SIZE, RetentionPolicy.UNLIMITED, true,
						Duration.ofMillis(100)),
				Clock.systemUTC()), args[0]);
		say("ready");
		System.in.read();
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			int number = i;
			Thread thread = new Thread(() -> user.run(number));
			thread.start();
			threads.add(thread);
		}
		System.in.read();
		user.ending = true;
		for (Thread thread : threads) {
			thread.join();
		}
		user.manager.close();
		user.checkHealth();
		say("ended");
	}

	private void run(int thread) {
		try {
			SplittableRandom random = new SplittableRandom();
			for (int i = 0; !this.ending; i++) {
				writeOwn(this.name + "-" + thread + "-" + i % OWN_KEYS);
				String contended = "contended-" + random.nextInt(CONTENDED_KEYS);
				if (i % 4 == thread) {
					writeContended(contended);
				}
				readContended(contended);
				addSample();
				checkHealth();
			}
		}
		catch (Throwable ex) {
			say("failed: " + ex);
		}
	}

	/**
	 * Write what nobody else writes, and read it.
	 */
	private void writeOwn(String key) {
		long version = System.nanoTime();
		save(key, version, false);
		String found = find(this.manager, key);
		if (found == null || Body.version(key, found.getBytes(StandardCharsets.UTF_8)) != version) {
			say("failed: " + key + " is not what was just written");
		}
		say("own " + key + " " + version + ";");
	}

	private void writeContended(String key) {
		long begun = System.nanoTime();
		save(key, begun, false);
		say("put " + key + " " + begun + " " + System.nanoTime() + ";");
	}

	private void readContended(String key) {
		long begun = System.nanoTime();
		String found = find(this.manager, key);
		if (found != null) {
			long version = Body.version(key, found.getBytes(StandardCharsets.UTF_8));
			say((version >= 0) ? "read " + key + " " + version + " " + begun + ";" : "failed: " + key + " is torn");
		}
	}

	private void addSample() {
		long version = System.nanoTime();
		String key = "samples-" + version / ENTRY_NANOS;
		save(key, version, true);
		say("sample " + key + " " + version + ";");
	}

	private void checkHealth() {
		CacheHealth health = this.manager.health();
		long errors = this.manager.statistics().total().errors();
		if (!health.isUp() || errors > 0) {
			say("failed: " + errors + " errors, " + health.failure());
		}
	}

	private void save(String key, long version, boolean append) {
		byte[] body = Body.of(key, version).getBytes(StandardCharsets.UTF_8);
		CachedResponse response = new CachedResponse(body, 1, 1, 1, 1L, "STOP",
				Instant.now().truncatedTo(ChronoUnit.MILLIS), Duration.ofMillis(1), null);
		this.manager.saveAll(List.of(new CacheWrite(request(key), List.of(response), append, null)));
	}

	static @Nullable String find(CacheManager manager, String key) {
		return manager.lookup(new CacheLookup(request(key), null), new BodyReader());
	}

	static CacheRequest request(String key) {
		return new CacheRequest("", "endpoint", "operation", MODEL,
				JsonNodeFactory.instance.objectNode().put("messages", key), "messages", HASHER);
	}

}
