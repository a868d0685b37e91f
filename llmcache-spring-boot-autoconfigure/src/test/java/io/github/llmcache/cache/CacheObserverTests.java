package io.github.llmcache.cache;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.cache.CacheManager.CacheLookup;
import io.github.llmcache.cache.CacheManager.CacheWrite;
import io.github.llmcache.cache.CacheManager.EntryReader;
import io.github.llmcache.cache.CacheObserver.LookupObservation;
import io.github.llmcache.cache.sqlite.SqliteCacheStore;
import io.github.llmcache.cache.sqlite.SqliteSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.node.JsonNodeFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what a {@link CacheObserver} is told, over a real database.
 */
@ExtendWith(OutputCaptureExtension.class)
class CacheObserverTests {

	private static final CacheKeyHasher HASHER = new CacheKeyHasher();

	private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

	private final List<String> events = new ArrayList<>();

	private final List<DefaultCacheManager> managers = new ArrayList<>();

	@TempDir
	Path directory;

	@AfterEach
	void close() {
		this.managers.forEach(DefaultCacheManager::close);
	}

	@Test
	void lookupsAreToldWithWhereTheyEnded() {
		DefaultCacheManager manager = manager(new Recording(""));
		lookup(manager, "question");
		save(manager, "question", "answer");
		lookup(manager, "question");
		lookup(manager, "question");
		assertThat(this.events).containsExactly("start 1", "MISS", "end", "stored model 6", "start 1", "STORE_HIT",
				"end", "start 1", "MEMORY_HIT", "end");
	}

	@Test
	void lookupsThatAreMadeTogetherAreToldTogether() {
		DefaultCacheManager manager = manager(new Recording(""));
		save(manager, "one", "1");
		save(manager, "two", "2");
		lookup(manager, "one");
		this.events.clear();
		List<CacheLookup> lookups = List.of(of("one"), of("two"), of("three"));
		assertThat(manager.lookupAll(lookups, List.of(TEXT, TEXT, TEXT))).containsExactly("1", "2", null);
		assertThat(this.events).containsExactly("start 3", "MEMORY_HIT", "STORE_HIT", "MISS", "end");
	}

	@Test
	void lookupsThatAreNotCountedAreNotTold() {
		DefaultCacheManager manager = manager(new Recording(""));
		manager.lookupAgain(of("question"), TEXT);
		manager.lookupSamples(of("question"), TEXT);
		assertThat(this.events).isEmpty();
	}

	@Test
	void whatIsEndedLastWasBegunFirst() {
		lookup(manager(new Recording("a "), new Recording("b ")), "question");
		assertThat(this.events).containsExactly("a start 1", "b start 1", "a MISS", "b MISS", "b end", "a end");
	}

	@Test
	void observerThatThrowsIsWarnedOfOnceWithoutWhatItSays(CapturedOutput output) {
		DefaultCacheManager manager = manager(new Recording("") {

			@Override
			public LookupObservation lookupsStarted(int count) {
				throw new IllegalStateException("secret");
			}

			@Override
			public void entryStored(String model, long bytes) {
				throw new NoSuchMethodError("secret");
			}

		}, new Recording("b "));
		save(manager, "question", "answer");
		assertThat(lookup(manager, "question")).isEqualTo("answer");
		assertThat(manager.statistics().total().errors()).isZero();
		assertThat(manager.health().isUp()).isTrue();
		assertThat(this.events).containsExactly("b stored model 6", "b start 1", "b STORE_HIT", "b end");
		assertThat(output).containsOnlyOnce("NoSuchMethodError").doesNotContain("secret");
	}

	private DefaultCacheManager manager(CacheObserver... observers) {
		DefaultCacheManager manager = new DefaultCacheManager(
				new SqliteCacheStore(SqliteSettings.of(this.directory), new EntryCodec(1000)),
				new CacheSettings(new MemorySettings(1_000_000, Duration.ofMinutes(1)), 1000), () -> NOW,
				List.of(observers));
		this.managers.add(manager);
		return manager;
	}

	private static final EntryReader<String> TEXT = new EntryReader<>() {

		@Override
		public Class<String> type() {
			return String.class;
		}

		@Override
		public String read(CacheEntry entry) {
			return new String(entry.responses().get(0).body(), StandardCharsets.UTF_8);
		}

	};

	private static String lookup(DefaultCacheManager manager, String text) {
		return String.valueOf(manager.lookup(of(text), TEXT));
	}

	private static CacheLookup of(String text) {
		return new CacheLookup(request(text), null);
	}

	private static void save(DefaultCacheManager manager, String text, String answer) {
		CachedResponse response = new CachedResponse(answer.getBytes(StandardCharsets.UTF_8), 1, 1, 1, null, "STOP",
				NOW, Duration.ZERO, null);
		manager.saveAll(List.of(new CacheWrite(request(text), response)));
	}

	private static CacheRequest request(String text) {
		return new CacheRequest("", "test", "chat", "model", JsonNodeFactory.instance.objectNode().put("text", text),
				"messages", HASHER);
	}

	private class Recording implements CacheObserver {

		private final String name;

		Recording(String name) {
			this.name = name;
		}

		@Override
		public LookupObservation lookupsStarted(int count) {
			add("start " + count);
			return new LookupObservation() {

				@Override
				public void lookedUp(LookupResult result) {
					add(result.name());
				}

				@Override
				public void ended() {
					add("end");
				}

			};
		}

		@Override
		public void entryStored(String model, long bytes) {
			add("stored " + model + " " + bytes);
		}

		private void add(String event) {
			CacheObserverTests.this.events.add(this.name + event);
		}

	}

}
