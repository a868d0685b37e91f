package io.github.llmcache.cache;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EntryBrowser}. What depends on a store is in
 * {@link CacheStoreContractTests}.
 */
class EntryBrowserTests {

	private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

	private final InMemoryStore store = new InMemoryStore();

	private final EntryBrowser browser = new EntryBrowser(this.store, () -> NOW);

	@Test
	void orders() {
		put("old", 3, "aaa", 5L);
		put("new", 1, "a", null);
		put("middle", 2, "aaaaaa", 7L);
		touch("old", NOW);
		assertThat(find(EntryOrder.NEWEST, 9)).containsExactly("new", "middle", "old");
		assertThat(find(EntryOrder.OLDEST, 9)).containsExactly("old", "middle", "new");
		assertThat(find(EntryOrder.LARGEST, 9)).containsExactly("middle", "old", "new");
		assertThat(find(EntryOrder.COSTLIEST, 9)).containsExactly("middle", "old", "new");
		assertThat(find(EntryOrder.LEAST_RECENTLY_USED, 9)).containsExactly("middle", "new", "old");
	}

	@ParameterizedTest
	@EnumSource
	void theFirstOnesAreThoseOfAll(EntryOrder order) {
		for (int i = 0; i < 200; i++) {
			// Every value comes more than once
			put("seed " + i, i * 7 % 40, "a".repeat(i * 11 % 30), (i % 3 != 0) ? (long) (i * 13 % 50) : null);
			touch("seed " + i, NOW.minusSeconds(i * 17 % 60));
		}
		List<String> all = find(order, 1000);
		assertThat(all).hasSize(200);
		for (int limit : new int[] { 1, 2, 10, 199, 200 }) {
			assertThat(find(order, limit)).isEqualTo(all.subList(0, limit));
		}
	}

	@ParameterizedTest
	@EnumSource
	void keysDecideBetweenEqualEntries(EntryOrder order) {
		IntStream.range(0, 50).forEach((i) -> put("seed " + i, 1, "a", 1L));
		assertThat(this.browser.find(EntryFilter.ALL, order, 20).entries()).extracting((summary) -> summary.key().hex())
			.hasSize(20)
			.isSorted();
	}

	@Test
	void nothingIsListedOfNone() {
		put("one", 1, "abc", 5L);
		put("two", 2, "abcd", null);
		for (int limit : new int[] { 0, -1 }) {
			FoundEntries found = this.browser.find(EntryFilter.ALL, EntryOrder.NEWEST, limit);
			assertThat(found.entries()).isEmpty();
			assertThat(found.matching()).isEqualTo(2);
			assertThat(found.bytes()).isPositive();
			assertThat(found.costNanos()).isEqualTo(5);
		}
		assertThat(new EntryBrowser(new InMemoryStore(), () -> NOW).find(EntryFilter.ALL, EntryOrder.NEWEST, 5))
			.isEqualTo(new FoundEntries(List.of(), 0, 0, 0));
	}

	@Test
	void allThatMatchIsAddedUp() {
		IntStream.range(0, 10).forEach((i) -> put("seed " + i, i, "a", 3L));
		FoundEntries some = this.browser.find(newerThan(Duration.ofDays(4)), EntryOrder.OLDEST, 2);
		assertThat(some.matching()).isEqualTo(5);
		assertThat(some.costNanos()).isEqualTo(15);
		assertThat(some.entries()).extracting((summary) -> Objects.requireNonNull(summary.facts()).createdAt())
			.containsExactly(NOW.minus(Duration.ofDays(4)), NOW.minus(Duration.ofDays(3)));
	}

	@ParameterizedTest
	@EnumSource
	void timesThatNobodyHasLivedIn(EntryOrder order) {
		put("now", 0, "a", 1L);
		for (Instant time : List.of(Instant.MIN, Instant.MAX)) {
			CacheKey key = TestEntries.key("model", time);
			this.store.entries.put(key, new CacheEntry(key, "", List.of(response(time, "a", 1L)), null, null));
		}
		List<Instant> times = this.browser.find(EntryFilter.ALL, order, 9)
			.entries()
			.stream()
			.map((summary) -> Objects.requireNonNull(summary.facts()).createdAt())
			.toList();
		assertThat(times).hasSize(3);
		if (order == EntryOrder.OLDEST) {
			assertThat(times).containsExactly(Instant.MIN, NOW, Instant.MAX);
		}
	}

	@Test
	void entriesThatHaveExpired() {
		CacheKey expired = TestEntries.key("model", "expired");
		CacheKey fresh = TestEntries.key("model", "fresh");
		put("for ever", 1, "a", 1L);
		this.store.entries.put(expired, new CacheEntry(expired, "", List.of(response(NOW, "a", 1L)), NOW, null));
		this.store.entries.put(fresh,
				new CacheEntry(fresh, "", List.of(response(NOW, "a", 1L)), NOW.plusMillis(1), null));
		EntryFilter filter = new EntryFilter(null, null, null, null, null, null, null, true);
		assertThat(this.browser.find(filter, EntryOrder.NEWEST, 9).entries()).extracting(EntrySummary::key)
			.containsExactly(expired);
	}

	@Test
	void keysByTheirFirstDigits() {
		IntStream.range(0, 300).forEach((i) -> put("seed " + i, 1, "a", 1L));
		String hex = TestEntries.key("model", "seed 7").hex();
		for (int length = 0; length <= hex.length(); length++) {
			String prefix = hex.substring(0, length);
			List<String> expected = this.store.entries.keySet()
				.stream()
				.map(CacheKey::hex)
				.filter((each) -> each.startsWith(prefix))
				.toList();
			assertThat(this.browser.keys(prefix, null, 1000)).extracting(CacheKey::hex)
				.containsExactlyInAnyOrderElementsOf(expected);
			assertThat(this.browser.keys(prefix.toUpperCase(), "model", 1000)).hasSameSizeAs(expected);
		}
		assertThat(this.browser.keys("", null, 3)).hasSize(3);
		assertThat(this.browser.keys("", "other", 3)).isEmpty();
		for (String none : List.of(hex + "0", "g", hex.substring(0, 5) + "x", " ", "\0")) {
			assertThat(this.browser.keys(none, null, 3)).as(none).isEmpty();
		}
	}

	@Test
	void anEntryThatIsGoneMeanwhileIsNotVisited() {
		put("one", 1, "a", 1L);
		put("two", 1, "a", 1L);
		CacheKey gone = TestEntries.key("model", "one");
		this.store.found.put(gone, Optional.empty());
		List<CacheKey> visited = new ArrayList<>();
		this.browser.forEach(EntryFilter.ALL, (key, stored) -> visited.add(key));
		assertThat(visited).containsExactly(TestEntries.key("model", "two"));
	}

	private EntryFilter newerThan(Duration age) {
		return new EntryFilter(null, null, null, age, null, null, null, false);
	}

	private List<String> find(EntryOrder order, int limit) {
		return this.browser.find(EntryFilter.ALL, order, limit).entries().stream().map(this::name).toList();
	}

	private String name(EntrySummary summary) {
		return Objects.requireNonNull(Objects.requireNonNull(this.store.entries.get(summary.key())).namespace());
	}

	private void put(String seed, int daysAgo, String body, @Nullable Long costNanos) {
		CacheKey key = TestEntries.key("model", seed);
		this.store.entries.put(key, new CacheEntry(key, seed,
				List.of(response(NOW.minus(Duration.ofDays(daysAgo)), body, costNanos)), null, null));
	}

	private void touch(String seed, Instant time) {
		this.store.lastUsed.put(TestEntries.key("model", seed), time);
	}

	private static CachedResponse response(Instant createdAt, String body, @Nullable Long costNanos) {
		return new CachedResponse(body.getBytes(StandardCharsets.UTF_8), 1, 1, 1, costNanos, "STOP", createdAt,
				Duration.ZERO, null);
	}

}
