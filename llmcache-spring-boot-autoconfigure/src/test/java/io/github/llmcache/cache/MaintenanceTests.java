package io.github.llmcache.cache;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.llmcache.cache.CacheManager.CacheLookup;
import io.github.llmcache.cache.CacheManager.CacheWrite;
import io.github.llmcache.cache.CacheManager.EntryReader;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.sqlite.SqliteCacheStore;
import io.github.llmcache.cache.sqlite.SqliteSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Maintenance} and what it consists of, through the
 * {@link DefaultCacheManager}.
 */
@ExtendWith(OutputCaptureExtension.class)
class MaintenanceTests {

	private static final CacheKeyHasher HASHER = new CacheKeyHasher();

	private static final Instant START = Instant.parse("2026-01-01T23:00:00Z");

	private static final Duration NEVER = Duration.ofDays(1_000_000);

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

	private volatile Instant now = START;

	private volatile Retention retention = Retention.UNLIMITED;

	private final InMemoryStore store = new InMemoryStore();

	private final DefaultCacheManager manager = manager(this.store, MemorySettings.OFF, true, NEVER);

	@AfterEach
	void close() {
		this.manager.close();
	}

	@Test
	void entryExpiresWhenItsTimeHasPassedSinceItsFirstResponse() {
		this.retention = new Retention(Duration.ofMinutes(10), null, null);
		Instant later = START.plusSeconds(60);
		save(new CacheWrite(request("q"), List.of(response("a", START), response("b", later)), true, null));
		save(new CacheWrite(request("own"), List.of(response("a", START)), false, Duration.ofMinutes(1)));
		assertThat(expiry("q")).isEqualTo(START.plusSeconds(600));
		assertThat(expiry("own")).isEqualTo(START.plusSeconds(60));
		this.now = START.plusSeconds(600).minusMillis(1);
		assertThat(lookup("q")).isEqualTo("a");
		assertThat(lookup("own")).isNull();
		this.now = START.plusSeconds(600);
		assertThat(lookup("q")).isNull();
		assertThat(this.manager.statistics().total().stale()).isEqualTo(2);
	}

	@Test
	void whatCanNeverExpireDoesNot() {
		for (Duration forEver : List.of(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
				Duration.ofDays(365L * 300_000), Duration.ofDays(365L * 1_500_000_000))) {
			save(new CacheWrite(request("q"), List.of(response("a", START)), false, forEver));
			assertThat(lookup("q")).isEqualTo("a");
			assertThat(expiry("q")).isNull();
		}
		save(new CacheWrite(request("q"), List.of(response("a", START)), false, Duration.ofDays(365 * 300)));
		assertThat(expiry("q")).isEqualTo(START.plus(Duration.ofDays(365 * 300)));
	}

	@Test
	void memoryHonoursExpiry() {
		DefaultCacheManager remembering = manager(this.store, memory(), true, NEVER);
		remembering.saveAll(
				List.of(new CacheWrite(request("q"), List.of(response("a", START)), false, Duration.ofSeconds(1))));
		CacheLookup lookup = new CacheLookup(request("q"), null);
		assertThat(remembering.lookup(lookup, TEXT)).isEqualTo("a");
		assertThat(remembering.lookup(lookup, TEXT)).isEqualTo("a");
		this.now = START.plusSeconds(1);
		assertThat(remembering.lookup(lookup, TEXT)).isNull();
		remembering.close();
	}

	@Test
	void expiredEntriesAreDeletedAndCounted() {
		for (int i = 0; i < 1000; i++) {
			Duration timeToLive = (i % 2 == 0) ? Duration.ofMinutes(1) : Duration.ofMinutes(2);
			save(new CacheWrite(request("q" + i), List.of(response("a", START)), false, timeToLive));
		}
		save("for ever");
		this.manager.maintain();
		assertThat(this.store.inspections).hasValue(0);
		assertThat(this.store.entries).hasSize(1001);
		this.now = START.plusSeconds(60);
		this.manager.maintain();
		assertThat(this.store.entries).hasSize(501);
		assertThat(this.store.reclaimed).containsExactly("model");
		assertThat(statistics().expirations()).isEqualTo(500);
		this.manager.maintain();
		assertThat(this.store.inspections).hasValue(1);
		this.now = START.plusSeconds(120);
		this.manager.maintain();
		assertThat(this.store.entries).hasSize(1);
		assertThat(statistics().expirations()).isEqualTo(1000);
		assertThat(statistics().evictions()).isZero();
	}

	@Test
	void expiredEntryThatIsReplacedMeanwhileStays() {
		save(new CacheWrite(request("q"), List.of(response("old", START)), false, Duration.ofMinutes(1)));
		save(new CacheWrite(request("r"), List.of(response("old", START)), false, Duration.ofMinutes(1)));
		this.now = START.plusSeconds(60);
		this.store.afterInspection = () -> save("q");
		this.manager.maintain();
		assertThat(this.store.entries).containsOnlyKeys(request("q").key());
		assertThat(statistics().expirations()).isOne();
	}

	@Test
	void whatOthersHaveStoredExpiresToo() {
		CacheRequest request = request("q");
		this.store.putAll(
				List.of(new CacheEntry(request.key(), "", List.of(response("a", START)), START.plusSeconds(1), null)));
		this.manager.maintain();
		this.now = START.plus(Duration.ofHours(1));
		this.manager.maintain();
		assertThat(this.store.entries).isEmpty();
	}

	@Test
	void leastRecentlyUsedEntriesGo() {
		this.retention = new Retention(null, null, 1000L);
		for (int i = 0; i < 1000; i++) {
			save("q" + i);
			this.now = this.now.plusMillis(10);
		}
		this.manager.maintain();
		assertThat(this.store.entries).hasSize(1000);
		for (int i = 0; i < 100; i++) {
			assertThat(lookup("q" + i)).isEqualTo("answer");
		}
		save("one more");
		this.manager.maintain();
		assertThat(this.store.entries).hasSize(950);
		assertThat(IntStream.range(0, 1000).filter((i) -> !isStored("q" + i)).boxed().toList())
			.containsExactlyElementsOf(IntStream.range(100, 151).boxed().toList());
		assertThat(isStored("one more")).isTrue();
		assertThat(statistics().evictions()).isEqualTo(51);
		assertThat(this.store.reclaimed).containsOnly("model");
	}

	@Test
	void spaceIsBounded() {
		for (int i = 0; i < 150; i++) {
			save(new CacheWrite(request("q" + i), List.of(response("x".repeat(1000), this.now)), false, null));
			this.now = this.now.plusMillis(10);
		}
		// Not before, or room is made in the background meanwhile
		this.retention = new Retention(null, 100_000L, null);
		this.manager.maintain();
		assertThat(this.store.entries).hasSize(95);
		assertThat(isStored("q149")).isTrue();
		assertThat(isStored("q54")).isFalse();
	}

	@Test
	void useOfWhatIsInMemoryCounts() {
		this.retention = new Retention(null, null, 20L);
		DefaultCacheManager remembering = manager(this.store, memory(), true, NEVER);
		CacheLookup lookup = new CacheLookup(request("first"), null);
		remembering.saveAll(List.of(new CacheWrite(lookup.request(), response("answer", this.now))));
		assertThat(remembering.lookup(lookup, TEXT)).isEqualTo("answer");
		remembering.maintain();
		for (int i = 0; i < 20; i++) {
			this.now = this.now.plusSeconds(1);
			remembering.saveAll(List.of(new CacheWrite(request("q" + i), response("answer", this.now))));
		}
		assertThat(remembering.lookup(new CacheLookup(request("first"), null), TEXT)).isEqualTo("answer");
		remembering.maintain();
		assertThat(isStored("first")).isTrue();
		assertThat(isStored("q0")).isFalse();
		remembering.close();
	}

	@Test
	void useOfAnUnboundedModelIsNotRecorded() {
		save("q");
		lookup("q");
		this.manager.maintain();
		assertThat(this.store.touches).hasValue(0);
	}

	@Test
	void usesTakeBoundedMemoryAndKeepNoRequest() {
		AtomicBoolean many = new AtomicBoolean();
		Uses uses = new Uses(() -> many.set(true));
		for (int i = 0; i < Uses.MAX_KEYS + 1000; i++) {
			uses.record(TestEntries.key("model", i % (Uses.MAX_KEYS / 2)));
		}
		assertThat(many).isFalse();
		for (int i = 0; i < Uses.MAX_KEYS + 1000; i++) {
			uses.record(TestEntries.key("model", i));
		}
		assertThat(many).isTrue();
		assertThat(uses.take()).hasSize(Uses.MAX_KEYS);
		assertThat(uses.take()).isEmpty();
		CacheKey key = request("q").key();
		uses.record(key);
		uses.record(request("q").key());
		assertThat(uses.take()).singleElement().isEqualTo(key).isNotSameAs(key).satisfies((recorded) -> {
			assertThat(recorded.detached()).isSameAs(recorded);
		});
	}

	@Test
	void manySavesAreNotLeftToTheNextRound() {
		this.retention = new Retention(null, null, 100L);
		for (int i = 0; i < 5000; i++) {
			save("q" + i);
		}
		await().untilAsserted(() -> assertThat(this.store.entries.size()).isLessThanOrEqualTo(105));
		assertThat(this.store.entries.size()).isGreaterThanOrEqualTo(95);
	}

	@Test
	void roundsComeByThemselves() {
		DefaultCacheManager ticking = manager(this.store, MemorySettings.OFF, true, Duration.ofMillis(1));
		ticking.recordSpent("", "model", 5L, 1, 1);
		await().untilAsserted(() -> assertThat(this.store.statistics).isNotEmpty());
		ticking.recordSpent("", "model", 6L, 1, 1);
		await().untilAsserted(() -> assertThat(this.store.statistics).hasSize(2));
		ticking.close();
		assertThat(threads()).isEmpty();
	}

	@Test
	void noThreadWithoutUse() {
		this.manager.statistics();
		this.manager.lifetimeStatistics();
		this.manager.size();
		assertThat(threads()).isEmpty();
	}

	@Test
	void twoProcessesTogetherEvictWhatIsTooMuchOnce() {
		this.retention = new Retention(null, null, 10_000L);
		for (int i = 0; i < 20_000; i++) {
			this.store.putAll(List.of(entry("q" + i)));
			this.now = this.now.plusMillis(1);
		}
		AtomicBoolean second = new AtomicBoolean();
		DefaultCacheManager other = manager(this.store, MemorySettings.OFF, true, NEVER);
		other.lookup(new CacheLookup(request("unknown"), null), TEXT);
		this.store.beforeDeletion = () -> {
			if (second.compareAndSet(false, true)) {
				other.maintain();
			}
		};
		lookup("unknown");
		this.manager.maintain();
		assertThat(second).isTrue();
		// Beside what the second had deleted when the first looked at the size again
		assertThat(this.store.entries.size()).isBetween(9500 - 2 * 10_000 / 64 - 256, 9500);
		other.close();
	}

	@Test
	void whatStaysWhenOthersHaveMadeRoomIsNotEvicted() {
		this.retention = new Retention(null, null, 1000L);
		for (int i = 0; i < 2000; i++) {
			this.store.putAll(List.of(entry("q" + i)));
			this.now = this.now.plusMillis(1);
		}
		lookup("unknown");
		this.store.afterInspection = () -> {
			for (int i = 100; i < 2000; i++) {
				this.store.entries.remove(request("q" + i).key());
			}
		};
		this.manager.maintain();
		assertThat(this.store.entries).hasSize(100);
		assertThat(statistics().evictions()).isZero();
	}

	@Test
	void whatIsStoredMeanwhileIsNotEvictedBecauseMuchIsStored() {
		this.retention = new Retention(null, null, 100L);
		this.store.putAll(IntStream.range(0, 110).mapToObj((i) -> entry("q" + i)).toList());
		AtomicBoolean stored = new AtomicBoolean();
		this.store.afterInspection = () -> {
			if (stored.compareAndSet(false, true)) {
				this.now = this.now.plusSeconds(1);
				this.store.putAll(IntStream.range(0, 200).mapToObj((i) -> entry("r" + i)).toList());
			}
		};
		lookup("unknown");
		this.manager.maintain();
		assertThat(stored).isTrue();
		assertThat(this.store.entries).hasSize(95);
		assertThat(this.store.entries.keySet())
			.noneMatch((key) -> IntStream.range(0, 110).anyMatch((i) -> key.equals(request("q" + i).key())));
	}

	@Test
	void whatIsStoredMeanwhileAtTheSameTimeIsNotEvictedBecauseMuchIsStored() {
		this.retention = new Retention(null, null, 100L);
		this.store.putAll(IntStream.range(0, 110).mapToObj((i) -> entry("q" + i)).toList());
		AtomicBoolean stored = new AtomicBoolean();
		this.store.afterInspection = () -> {
			if (stored.compareAndSet(false, true)) {
				this.store.putAll(IntStream.range(0, 100).mapToObj((i) -> entry("r" + i)).toList());
			}
		};
		lookup("unknown");
		this.manager.maintain();
		assertThat(this.store.entries).hasSize(95);
	}

	@Test
	void readOnlyProcessWritesNothing() {
		this.retention = new Retention(Duration.ofMinutes(1), null, 1L);
		this.store.putAll(List.of(entry("q"), entry("r"), entry("s")));
		DefaultCacheManager reading = manager(this.store, memory(), false, NEVER);
		for (int i = 0; i < 3; i++) {
			assertThat(reading.lookup(new CacheLookup(request("q"), null), TEXT)).isEqualTo("answer");
		}
		this.now = START.plus(Duration.ofDays(1));
		reading.maintain();
		assertThat(reading.lifetimeStatistics()).singleElement()
			.satisfies((day) -> assertThat(day.counters().hits()).isEqualTo(3));
		reading.close();
		assertThat(this.store.writes).hasValue(0);
		assertThat(this.store.entries).hasSize(3);
		assertThat(threads()).isEmpty();
	}

	@Test
	void statisticsOutliveTheProcess() {
		save("q");
		lookup("q");
		this.manager.close();
		assertThat(this.store.closed).isTrue();
		DefaultCacheManager next = manager(this.store, MemorySettings.OFF, true, NEVER);
		next.lookup(new CacheLookup(request("q"), null), TEXT);
		assertThat(next.lifetimeStatistics()).singleElement().satisfies((day) -> {
			assertThat(day.model()).isEqualTo("model");
			assertThat(day.day()).isEqualTo(LocalDate.of(2026, 1, 1));
			assertThat(day.counters().hits()).isEqualTo(2);
			assertThat(day.counters().writes()).isOne();
		});
		next.close();
		next.close();
		assertThat(sum(this.store.statistics)).isEqualTo(sum(next.lifetimeStatistics()));
	}

	@Test
	void daysAreCountedApart() {
		lookup("q");
		this.manager.maintain();
		this.now = START.plus(Duration.ofHours(1));
		lookup("q");
		lookup("q");
		assertThat(this.manager.lifetimeStatistics())
			.extracting((day) -> day.day().getDayOfMonth() + ": " + day.counters().misses())
			.containsExactlyInAnyOrder("1: 1", "2: 2");
		this.manager.maintain();
		this.manager.maintain();
		assertThat(this.store.statistics).hasSize(2);
	}

	@Test
	void statisticsThatCannotBeSavedAreSavedLater(CapturedOutput output) {
		save("q");
		this.store.failure.set(new CacheStoreException("The disk is full", null));
		this.manager.maintain();
		this.manager.maintain();
		assertThatExceptionOfType(CacheStoreException.class).isThrownBy(this.manager::lifetimeStatistics);
		assertThat(output.toString().split("cannot be kept in order", -1)).hasSize(2);
		assertThat(this.manager.health().isUp()).isFalse();
		this.store.failure.set(null);
		lookup("q");
		assertThat(sum(this.manager.lifetimeStatistics()).writes()).isOne();
		this.manager.maintain();
		assertThat(sum(this.store.statistics)).isEqualTo(statistics());
		assertThat(sum(this.manager.lifetimeStatistics())).isEqualTo(statistics());
		assertThat(this.manager.health().isUp()).isTrue();
	}

	@Test
	void storeThatCannotBeReachedIsTriedOnce() {
		for (int i = 0; i < 100; i++) {
			this.manager.recordSpent("", "model-" + i, 1L, 1, 1);
		}
		this.store.failure.set(new CacheStoreUnavailableException("Redis is gone", null));
		this.manager.maintain();
		assertThat(this.store.writes).hasValue(1);
		this.manager.close();
		assertThat(this.store.writes).hasValue(2);
	}

	@Test
	void withoutAStoreOnlyThisProcessIsCounted() {
		DefaultCacheManager disabled = new DefaultCacheManager(null,
				new CacheSettings(MemorySettings.OFF, 100, RetentionPolicy.UNLIMITED, true, NEVER), () -> this.now);
		disabled.recordSpent("", "model", 7L, 1, 2);
		assertThat(disabled.lifetimeStatistics()).singleElement()
			.satisfies((day) -> assertThat(day.counters().spentNanos()).isEqualTo(7));
		assertThat(disabled.delete(EntryFilter.ALL)).isZero();
		disabled.close();
	}

	@Test
	void closingDoesNotWaitForASlowStore() throws Exception {
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch released = new CountDownLatch(1);
		this.retention = new Retention(null, null, 1L);
		this.store.beforeDeletion = () -> {
			entered.countDown();
			try {
				released.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		};
		save("q");
		save("r");
		save("s");
		assertThat(entered.await(1, TimeUnit.MINUTES)).isTrue();
		this.manager.close();
		assertThat(this.store.closed).isTrue();
		assertThat(sum(this.store.statistics).writes()).isEqualTo(3);
		released.countDown();
		await().untilAsserted(() -> assertThat(threads()).isEmpty());
	}

	@Test
	void closingEndsGoingThroughTheEntries() {
		for (int i = 0; i < 1000; i++) {
			save(new CacheWrite(request("q" + i), List.of(response("a", START)), false, Duration.ofMinutes(1)));
		}
		AtomicBoolean ended = new AtomicBoolean();
		this.now = START.plusSeconds(60);
		this.store.beforeDeletion = this.manager::close;
		this.store.afterInspection = () -> ended.set(true);
		this.manager.maintain();
		assertThat(ended).isFalse();
		assertThat(this.store.entries).hasSize(1000 - 256);
	}

	@Test
	void errorDoesNotEndTheMaintenance() {
		this.retention = new Retention(null, null, 1L);
		this.store.beforeDeletion = () -> {
			throw new StackOverflowError();
		};
		save("q");
		save("r");
		save("s");
		await().until(() -> !this.manager.health().isUp());
		this.store.beforeDeletion = () -> {
		};
		save("t");
		await().untilAsserted(() -> assertThat(this.store.entries).hasSize(1));
		assertThat(this.manager.health().isUp()).isTrue();
	}

	@Test
	void clockThatIsSetBackEndsNeitherTheExpirationNorTheLookingForModels() {
		Instant future = START.plus(Duration.ofDays(3650));
		this.now = future;
		save(new CacheWrite(request("q"), List.of(response("a", this.now)), false, Duration.ofMinutes(1)));
		this.now = future.plusSeconds(3600);
		this.manager.maintain();
		assertThat(this.store.entries).isEmpty();
		this.now = START;
		save(new CacheWrite(request("q"), List.of(response("a", this.now)), false, Duration.ofMinutes(1)));
		this.store.putAll(List.of(new CacheEntry(
				new CacheRequest("", "e", "o", "other", JsonNodeFactory.instance.objectNode(), "messages", HASHER)
					.key(),
				"", List.of(response("a", START)), START.plusSeconds(60), null)));
		this.now = START.plusSeconds(60);
		this.manager.maintain();
		assertThat(this.store.entries).isEmpty();
	}

	@Test
	void clockThatIsSetBackDoesNotKeepTheHealthDown() {
		this.store.failure.set(new CacheStoreException("full", null));
		save("q");
		assertThat(this.manager.health().isUp()).isFalse();
		this.now = START.minus(Duration.ofDays(3650));
		assertThat(this.manager.health().isUp()).isTrue();
		save("q");
		assertThat(this.manager.health().isUp()).isFalse();
	}

	@Test
	void policyThatFailsKeepsEverything(CapturedOutput output) {
		DefaultCacheManager unsure = new DefaultCacheManager(this.store,
				new CacheSettings(MemorySettings.OFF, 100, (model) -> {
					throw new IllegalStateException("secret");
				}, true, NEVER), () -> this.now);
		for (int i = 0; i < 3; i++) {
			unsure.saveAll(List.of(new CacheWrite(request("q" + i), response("a", START))));
		}
		unsure.maintain();
		assertThat(this.store.entries).hasSize(3);
		assertThat(output.toString().split("retention policy fails", -1)).hasSize(2);
		assertThat(output).doesNotContain("secret");
		unsure.close();
	}

	@Test
	void policyMayChangeItsMind() {
		for (int i = 0; i < 10; i++) {
			save("q" + i);
		}
		this.manager.maintain();
		this.retention = new Retention(null, null, 5L);
		this.manager.maintain();
		assertThat(this.store.entries).hasSize(5);
	}

	@Test
	void deletesWhatIsNewOrHasExpired(CapturedOutput output) {
		CacheEntry plain = entry("old", "", START, "STOP");
		CacheEntry expired = new CacheEntry(request("expired").key(), "", plain.responses(), START.plusSeconds(7200),
				null);
		CacheEntry fresh = new CacheEntry(request("fresh").key(), "", plain.responses(), START.plusSeconds(7201), null);
		this.store.putAll(List.of(plain, expired, fresh, entry("new", "", START.plusSeconds(3600), "STOP")));
		this.now = START.plusSeconds(7200);
		assertThat(this.manager.delete(new EntryFilter(null, null, null, null, null, null, null, true))).isOne();
		assertThat(isStored("expired")).isFalse();
		Duration hour = Duration.ofHours(1);
		assertThat(
				this.manager.delete(new EntryFilter("model", null, null, hour.minusMillis(1), null, null, null, false)))
			.isZero();
		assertThat(this.manager.delete(new EntryFilter("model", null, null, hour, null, null, null, false))).isOne();
		assertThat(isStored("new")).isFalse();
		assertThat(this.store.entries).containsOnlyKeys(plain.key(), fresh.key());
		assertThat(output).contains("Deleted 1 entries: expired only")
			.contains("Deleted 0 entries: model model, newer than PT59M59.999S")
			.contains("Deleted 1 entries: model model, newer than PT1H");
	}

	@Test
	void entriesAreDeletedByWhatIsTrueOfThem(CapturedOutput output) {
		this.store.putAll(List.of(entry("old", "", START, "STOP"), entry("young", "", START.plusSeconds(3600), "STOP"),
				entry("cut off", "team", START, "LENGTH"), entry("other", "team", START.plusSeconds(3600), "STOP")));
		this.now = START.plusSeconds(7200);
		assertThat(delete(null, "team", null, null, "length")).isOne();
		assertThat(isStored("cut off")).isFalse();
		assertThat(this.store.reclaimed).containsExactly("model");
		assertThat(delete(null, null, Duration.ofSeconds(7201), null, null)).isZero();
		assertThat(delete("other model", null, Duration.ofSeconds(7200), null, null)).isZero();
		assertThat(delete("model", null, Duration.ofSeconds(7200), null, null)).isOne();
		assertThat(isStored("old")).isFalse();
		assertThat(delete(null, "team", null, null, null)).isOne();
		assertThat(this.store.entries).containsOnlyKeys(request("young").key());
		String key = request("young").key().hex();
		assertThat(this.manager.delete(new EntryFilter(null, null, null, null, null, "0".repeat(64)))).isZero();
		assertThat(this.manager.delete(new EntryFilter("model", null, null, null, null, key.toUpperCase()))).isOne();
		assertThat(output).contains("Deleted 1 entries: namespace team, finish reason length")
			.contains("Deleted 0 entries: model other model, older than PT2H")
			.doesNotContain(key)
			.doesNotContain(key.toUpperCase());
	}

	@Test
	void conditionsDoNotForgeTheLog(CapturedOutput output) {
		delete("m\nINFO All is well\u2028\u0085\r", null, Duration.ZERO, null, null);
		assertThat(output).contains("model m?INFO All is well???, older than PT0S");
	}

	@Test
	void unusedEntriesAreDeleted() {
		this.retention = new Retention(null, null, 100L);
		save("used");
		save("unused");
		this.now = START.plus(Duration.ofDays(10));
		lookup("used");
		assertThat(delete(null, null, null, Duration.ofDays(10), null)).isOne();
		assertThat(isStored("used")).isTrue();
		assertThat(isStored("unused")).isFalse();
		assertThat(delete(null, null, null, Duration.ofSeconds(Long.MAX_VALUE), null)).isZero();
	}

	@Test
	void whatIsDeletedIsForgotten() {
		DefaultCacheManager remembering = manager(this.store, memory(), true, NEVER);
		List<EntryFilter> filters = List.of(EntryFilter.ALL, new EntryFilter("model", null, null, null, null, null),
				new EntryFilter(null, "", null, null, null, null),
				new EntryFilter(null, null, Duration.ZERO, null, null, null));
		for (EntryFilter filter : filters) {
			for (int i = 0; i < 600; i++) {
				CacheLookup lookup = new CacheLookup(request("q" + i), null);
				remembering.saveAll(List.of(new CacheWrite(lookup.request(), response("answer", START))));
				assertThat(remembering.lookup(lookup, TEXT)).isEqualTo("answer");
			}
			assertThat(remembering.delete(filter)).isEqualTo(600);
			assertThat(this.store.entries).isEmpty();
			for (int i = 0; i < 600; i++) {
				assertThat(remembering.lookup(new CacheLookup(request("q" + i), null), TEXT)).isNull();
			}
		}
		remembering.close();
	}

	@Test
	void filtersAreChecked() {
		assertThatIllegalArgumentException().isThrownBy(() -> delete(null, null, Duration.ofSeconds(-1), null, null));
		assertThatIllegalArgumentException().isThrownBy(() -> delete(null, null, null, Duration.ofSeconds(-1), null));
		for (String key : List.of("", "abc", "g".repeat(64), "0".repeat(66))) {
			assertThatIllegalArgumentException().isThrownBy(() -> new EntryFilter(null, null, null, null, null, key));
		}
	}

	@Test
	void retentionIsChecked() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Retention(Duration.ZERO, null, null));
		assertThatIllegalArgumentException().isThrownBy(() -> new Retention(null, 0L, null));
		assertThatIllegalArgumentException().isThrownBy(() -> new Retention(null, null, 0L));
	}

	@Test
	void databaseStaysWithinItsBounds(@TempDir Path directory) throws Exception {
		long bound = 2_000_000;
		this.retention = new Retention(null, bound, null);
		byte[] noise = new byte[3000];
		Random random = new Random(1);
		SqliteCacheStore sqlite = new SqliteCacheStore(SqliteSettings.of(directory), new EntryCodec(1_000_000));
		DefaultCacheManager bounded = manager(sqlite, MemorySettings.OFF, true, NEVER);
		for (int i = 0; i < 4000; i++) {
			random.nextBytes(noise);
			this.now = this.now.plusMillis(10);
			bounded.saveAll(
					List.of(new CacheWrite(request("q" + i), response(HexFormat.of().formatHex(noise), this.now))));
			assertThat(bounded.lookup(new CacheLookup(request("q" + i % 20), null), TEXT)).isNotNull();
		}
		bounded.maintain();
		assertThat(sqlite.amount("model").bytes()).isBetween(bound / 2, bound);
		for (int i = 0; i < 20; i++) {
			assertThat(bounded.lookup(new CacheLookup(request("q" + i), null), TEXT)).isNotNull();
		}
		assertThat(bounded.lookup(new CacheLookup(request("q1000"), null), TEXT)).isNull();
		assertThat(bounded.delete(new EntryFilter(null, null, Duration.ofSeconds(1), null, null, null))).isPositive();
		ModelStatistics counted = sum(bounded.lifetimeStatistics());
		assertThat(counted.evictions()).isBetween(3000L, 4000L);
		bounded.close();
		try (SqliteCacheStore next = new SqliteCacheStore(SqliteSettings.of(directory), new EntryCodec(1_000_000))) {
			assertThat(sum(next.statistics())).isEqualTo(counted);
		}
		try (Stream<Path> files = Files.list(directory)) {
			assertThat(files.filter((file) -> file.toString().endsWith(".sqlite")))
				.allSatisfy((file) -> assertThat(Files.size(file)).isLessThan(bound));
		}
	}

	@Test
	void everythingAtOnce() throws Exception {
		this.retention = new Retention(Duration.ofMinutes(5), null, 500L);
		DefaultCacheManager busy = manager(this.store, memory(), true, Duration.ofMillis(1));
		AtomicBoolean done = new AtomicBoolean();
		ExecutorService executor = Executors.newCachedThreadPool();
		List<Future<?>> running = new ArrayList<>();
		for (int thread = 0; thread < 2; thread++) {
			int offset = thread * 3000;
			running.add(executor.submit(() -> {
				for (int i = offset; i < offset + 6000; i++) {
					busy.saveAll(List.of(new CacheWrite(request("q" + i), response("answer", this.now))));
					busy.lookup(new CacheLookup(request("q" + (i - 50)), null), TEXT);
				}
			}));
		}
		Future<?> operator = executor.submit(() -> {
			while (!done.get()) {
				busy.delete(new EntryFilter(null, null, Duration.ofSeconds(2), null, null, null));
				busy.lifetimeStatistics();
				this.now = this.now.plusSeconds(1);
			}
		});
		for (Future<?> saver : running) {
			saver.get();
		}
		done.set(true);
		operator.get();
		executor.shutdown();
		busy.maintain();
		assertThat(this.store.entries.size()).isLessThanOrEqualTo(525);
		assertThat(busy.health().isUp()).isTrue();
		busy.close();
		ModelStatistics counted = Objects.requireNonNull(busy.statistics().models().get("model"));
		assertThat(counted.writes()).isEqualTo(12_000);
		assertThat(sum(this.store.statistics)).isEqualTo(counted);
	}

	private static MemorySettings memory() {
		return new MemorySettings(10_000_000, Duration.ofDays(1));
	}

	private DefaultCacheManager manager(CacheStore store, MemorySettings memory, boolean maintained,
			Duration interval) {
		return new DefaultCacheManager(store,
				new CacheSettings(memory, 10_000, (model) -> this.retention, maintained, interval), () -> this.now);
	}

	private static List<Thread> threads() {
		Thread[] threads = new Thread[Thread.activeCount() + 100];
		int count = Thread.enumerate(threads);
		return Arrays.stream(threads, 0, count)
			.filter((thread) -> thread.getName().equals("llmcache-maintenance"))
			.toList();
	}

	private long delete(@Nullable String model, @Nullable String namespace, @Nullable Duration olderThan,
			@Nullable Duration unusedFor, @Nullable String finishReason) {
		return this.manager.delete(new EntryFilter(model, namespace, olderThan, unusedFor, finishReason, null));
	}

	private void save(String question) {
		save(new CacheWrite(request(question), response("answer", this.now)));
	}

	private void save(CacheWrite write) {
		this.manager.saveAll(List.of(write));
	}

	private @Nullable String lookup(String question) {
		return this.manager.lookup(new CacheLookup(request(question), null), TEXT);
	}

	private boolean isStored(String question) {
		return this.store.entries.containsKey(request(question).key());
	}

	private @Nullable Instant expiry(String question) {
		return Objects.requireNonNull(this.store.entries.get(request(question).key())).expiresAt();
	}

	private ModelStatistics statistics() {
		return Objects.requireNonNull(this.manager.statistics().models().get("model"));
	}

	private static ModelStatistics sum(List<DailyStatistics> days) {
		return days.stream().map(DailyStatistics::counters).reduce(ModelStatistics.NONE, ModelStatistics::plus);
	}

	private CacheEntry entry(String question) {
		return entry(question, "", this.now, "STOP");
	}

	private static CacheEntry entry(String question, String namespace, Instant createdAt, String finishReason) {
		return new CacheEntry(request(question).key(), namespace, List.of(response("answer", createdAt, finishReason)),
				null, null);
	}

	private static CachedResponse response(String body, Instant createdAt) {
		return response(body, createdAt, "STOP");
	}

	private static CachedResponse response(String body, Instant createdAt, String finishReason) {
		return new CachedResponse(body.getBytes(StandardCharsets.UTF_8), 1, 10, 20, 5L, finishReason, createdAt,
				Duration.ofMillis(5), null);
	}

	private static CacheRequest request(String question) {
		return new CacheRequest("", "e", "o", "model",
				JsonNodeFactory.instance.objectNode()
					.put("model", "model")
					.set("messages", JsonNodeFactory.instance.arrayNode().add(question)),
				"messages", HASHER);
	}

}
