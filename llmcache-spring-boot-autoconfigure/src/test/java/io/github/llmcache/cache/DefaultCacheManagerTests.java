package io.github.llmcache.cache;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import io.github.llmcache.SampleRange;
import io.github.llmcache.cache.CacheManager.CacheLookup;
import io.github.llmcache.cache.CacheManager.CacheWrite;
import io.github.llmcache.cache.CacheManager.EntryReader;
import io.github.llmcache.cache.CacheManager.Found;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DefaultCacheManager}: the policy, over a store that can be made to
 * fail.
 */
@ExtendWith(OutputCaptureExtension.class)
class DefaultCacheManagerTests {

	private static final CacheKeyHasher HASHER = new CacheKeyHasher();

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private static final EntryReader<String> TEXT = reader(
			(entry) -> new String(entry.responses().get(0).body(), StandardCharsets.UTF_8));

	private Instant now = START;

	private final InMemoryStore store = new InMemoryStore();

	private final DefaultCacheManager manager = new DefaultCacheManager(this.store,
			new CacheSettings(MemorySettings.OFF, 100), () -> this.now);

	@Test
	void hitIsReadAndCounted() {
		save("question", "answer", 1500L);
		assertThat(lookup("question", null)).isEqualTo("answer");
		assertThat(lookup("other question", null)).isNull();
		ModelStatistics statistics = this.manager.statistics().models().get("model");
		assertThat(statistics).isEqualTo(new ModelStatistics(1, 1, 0, 1, 0, 0, 0, 1500, 30, 0, 0, 0, 0, 0));
		assertThat(this.manager.statistics().total()).isEqualTo(statistics);
	}

	@Test
	void secondLookCountsNothing() {
		save("question", "answer", null);
		assertThat(this.manager.lookupAgain(new CacheLookup(request("question"), null), TEXT)).isEqualTo("answer");
		assertThat(this.manager.statistics().total().hits()).isZero();
	}

	@Test
	void entryWithTooFewSamplesIsAMissThatIsNotStale() {
		append("question", samples("one", 2, 9L), samples("two", 3, null));
		EntryReader<Integer> count = count();
		assertThat(this.manager.lookup(lookupOf("question", 0, 5), count)).isEqualTo(5);
		assertThat(this.manager.lookup(lookupOf("question", 5, 1), count)).isNull();
		assertThat(this.manager.lookupAll(List.of(lookupOf("question", 1, 4), lookupOf("question", 0, 6)),
				List.of(count, count)))
			.containsExactly(5, null);
		ModelStatistics statistics = this.manager.statistics().total();
		assertThat(statistics.hits()).isEqualTo(2);
		assertThat(statistics.misses()).isEqualTo(2);
		assertThat(statistics.stale()).isZero();
		assertThat(statistics.writes()).isEqualTo(2);
		// Of the first response all, and then the second of two samples: 9 nanos are 5
		// and 4
		assertThat(statistics.savedNanos()).isEqualTo(9 + 4);
	}

	@Test
	void samplesOfOneCallShareItsCostToTheLastNano() {
		CachedResponse response = samples("text", 3, 10L);
		assertThat(response.share(10, 0, 1)).isEqualTo(4);
		assertThat(response.share(10, 1, 2)).isEqualTo(3);
		assertThat(response.share(10, 2, 3)).isEqualTo(3);
		assertThat(response.share(10, 0, 3)).isEqualTo(10);
		assertThat(response.share(Long.MAX_VALUE, 0, 3)).isEqualTo(Long.MAX_VALUE);
		assertThat(response.share(2, 1, 3)).isOne();
	}

	@Test
	void whateverSamplesThereAreAreFoundUncounted() {
		assertThat(this.manager.lookupSamples(lookupOf("question", 0, 3), count())).isEqualTo(new Found<>(null, false));
		append("question", samples("one", 2, 9L));
		assertThat(this.manager.lookupSamples(lookupOf("question", 0, 3), count())).isEqualTo(new Found<>(2, false));
		CacheLookup tooOld = new CacheLookup(request("question"), Duration.ZERO, new SampleRange(0, 3));
		assertThat(this.manager.lookupSamples(tooOld, count())).isEqualTo(new Found<>(null, true));
		EntryReader<String> unreadable = reader((entry) -> {
			throw new UnreadableEntryException("damaged", null);
		});
		assertThat(this.manager.lookupSamples(lookupOf("question", 0, 1), unreadable))
			.isEqualTo(new Found<>(null, true));
		assertThat(this.manager.statistics().total().misses()).isZero();
		assertThat(this.manager.statistics().total().hits()).isZero();
	}

	@Test
	void replacingAndAddingTogether() {
		this.manager.saveAll(List.of(new CacheWrite(request("question"), List.of(response("2", null)), true, null),
				new CacheWrite(request("question"), response("1", null))));
		assertThat(this.manager.lookup(lookupOf("question", 0, 2), count())).isEqualTo(2);
		this.manager.saveAll(List.of(new CacheWrite(request("question"), response("new", null))));
		assertThat(this.manager.lookup(lookupOf("question", 0, 2), count())).isNull();
		assertThat(lookup("question", null)).isEqualTo("new");
	}

	@Test
	void ofSeveralResponsesOnlyThoseThatAreTooLargeAreLeftOut() {
		append("question", response("x".repeat(101), null), response("small", null));
		assertThat(this.manager.lookup(lookupOf("question", 0, 1), count())).isOne();
		assertThat(lookup("question", null)).isEqualTo("small");
	}

	@Test
	void memoryKeepsTheFirstSampleApartFromOthers() {
		DefaultCacheManager remembering = remembering(Duration.ofMinutes(10));
		remembering.saveAll(List
			.of(new CacheWrite(request("question"), List.of(response("1", 5L), response("2", 7L)), true, null)));
		EntryReader<String> second = reader(
				(entry) -> new String(entry.responses().get(1).body(), StandardCharsets.UTF_8));
		for (int i = 0; i < 2; i++) {
			assertThat(remembering.lookup(lookupOf("question", 0, 1), TEXT)).isEqualTo("1");
			assertThat(remembering.lookup(lookupOf("question", 1, 1), second)).isEqualTo("2");
			assertThat(remembering.lookupAll(List.of(lookupOf("question", 0, 1), lookupOf("question", 1, 1)),
					List.of(TEXT, second)))
				.containsExactly("1", "2");
		}
		assertThat(remembering.statistics().total().savedNanos()).isEqualTo(4 * (5 + 7));
		assertThat(this.store.reads.get()).isEqualTo(1 + 4);
	}

	@Test
	void entryIsStaleWhenItIsOlderThanTheRequestAllows() {
		save("question", "answer", null);
		this.now = START.plusMillis(59_999);
		assertThat(lookup("question", Duration.ofSeconds(60))).isEqualTo("answer");
		assertThat(lookup("question", Duration.ZERO)).isNull();
		this.now = START.plusSeconds(60);
		assertThat(lookup("question", Duration.ofSeconds(60))).isNull();
		assertThat(this.manager.statistics().total().stale()).isEqualTo(2);
	}

	@Test
	void entryIsStaleWhenItHasExpired() {
		CacheRequest request = request("question");
		this.store.putAll(List
			.of(new CacheEntry(request.key(), "", List.of(response("answer", null)), START.plusSeconds(1), null)));
		assertThat(lookup("question", null)).isEqualTo("answer");
		this.now = START.plusSeconds(1);
		assertThat(lookup("question", null)).isNull();
		assertThat(this.manager.statistics().total().stale()).isOne();
	}

	@Test
	void entryThatCannotBeReadIsStaleAndHealthy() {
		save("question", "answer", null);
		EntryReader<String> unreadable = reader((entry) -> {
			throw new UnreadableEntryException("damaged", null);
		});
		EntryReader<String> broken = reader((entry) -> {
			throw new IllegalStateException("bug");
		});
		assertThat(this.manager.lookup(new CacheLookup(request("question"), null), unreadable)).isNull();
		assertThat(this.manager.lookup(new CacheLookup(request("question"), null), broken)).isNull();
		assertThat(this.manager.statistics().total().stale()).isEqualTo(2);
		assertThat(this.manager.statistics().total().errors()).isZero();
		assertThat(this.manager.health().isUp()).isTrue();
	}

	@Test
	void storeThatFailsIsAMissIsLoggedOnceAndHeals(CapturedOutput output) {
		save("question", "answer", null);
		this.store.failure.set(new CacheStoreException("The disk is gone: plug it in", null));
		assertThat(lookup("question", null)).isNull();
		assertThat(lookup("question", null)).isNull();
		save("question", "new answer", null);
		assertThat(this.manager.statistics().total().errors()).isEqualTo(3);
		assertThat(this.manager.statistics().total().misses()).isEqualTo(2);
		assertThat(this.manager.health().failure()).isEqualTo("The disk is gone: plug it in");
		assertThat(this.manager.health().since()).isEqualTo(START);
		assertThat(output.toString().split("cannot read", -1)).hasSize(2);
		assertThat(output.toString().split("cannot write", -1)).hasSize(2);
		this.store.failure.set(null);
		assertThat(lookup("question", null)).isEqualTo("answer");
		assertThat(this.manager.health().isUp()).isFalse();
		save("question", "new answer", null);
		assertThat(this.manager.health().isUp()).isTrue();
		assertThat(output).contains("can read again").contains("can write again");
	}

	@Test
	void failureIsForgottenWhenItIsNotTriedAgain() {
		this.store.failure.set(new CacheStoreException("The database is locked", null));
		save("question", "answer", null);
		this.store.failure.set(null);
		assertThat(this.manager.health().isUp()).isFalse();
		this.now = START.plusSeconds(299);
		assertThat(this.manager.health().isUp()).isFalse();
		this.now = START.plusSeconds(300);
		assertThat(this.manager.health().isUp()).isTrue();
	}

	@Test
	void failuresOfManyModelsAreForgottenToo() {
		this.store.failure.set(new CacheStoreException("The disk is full", null));
		for (int i = 0; i < 1000; i++) {
			this.manager.lookup(new CacheLookup(request("model-" + i, "question"), null), TEXT);
		}
		this.now = START.plusSeconds(300);
		assertThat(this.manager.health().isUp()).isTrue();
		assertThat(lookup("question", null)).isNull();
		assertThat(this.manager.health().failure()).isEqualTo("The disk is full");
	}

	@Test
	void unexpectedFailureDoesNotShowWhatItSays(CapturedOutput output) {
		this.store.failure.set(new IllegalStateException("secret prompt"));
		assertThat(lookup("question", null)).isNull();
		assertThat(this.manager.health().failure()).isEqualTo("java.lang.IllegalStateException");
		assertThat(output).contains("java.lang.IllegalStateException").doesNotContain("secret prompt");
	}

	@Test
	void oneModelThatFailsDoesNotAffectAnother() {
		this.store.failingModel = "broken";
		List<CacheWrite> writes = Stream.of("model", "broken")
			.map((model) -> new CacheWrite(request(model, "question"), response("answer", null)))
			.toList();
		this.manager.saveAll(writes);
		List<CacheLookup> lookups = writes.stream().map((write) -> new CacheLookup(write.request(), null)).toList();
		assertThat(this.manager.lookupAll(lookups, List.of(TEXT, TEXT))).containsExactly("answer", null);
		assertThat(statistics("model").errors()).isZero();
		assertThat(statistics("broken").errors()).isEqualTo(2);
	}

	@Test
	void manyAreLookedUpInTheirOrderWithDuplicates() {
		save("one", "1", 5L);
		save("two", "2", null);
		List<CacheLookup> lookups = Stream.of("two", "none", "one", "two")
			.map((question) -> new CacheLookup(request(question), null))
			.toList();
		assertThat(this.manager.lookupAll(lookups, List.of(TEXT, TEXT, TEXT, TEXT))).containsExactly("2", null, "1",
				"2");
		assertThat(this.manager.statistics().total().hits()).isEqualTo(3);
		assertThat(this.manager.statistics().total().misses()).isOne();
		assertThat(this.store.batches.get()).isOne();
	}

	@Test
	void responseThatIsLargerThanAnEntryMayBeIsNotStored() {
		save("question", "x".repeat(101), null);
		assertThat(this.store.entries).isEmpty();
		assertThat(this.manager.statistics().total().writes()).isZero();
		save("question", "x".repeat(100), null);
		assertThat(this.store.entries).hasSize(1);
	}

	@Test
	void requestIsKeptBesideItsEntry() {
		save("question", "answer", null);
		RequestRecord record = Objects.requireNonNull(this.store.entries.values().iterator().next().request());
		assertThat(record.hashes().messages()).hasSize(RequestHashes.HASH_LENGTH);
		assertThat(new String(record.json(), StandardCharsets.UTF_8))
			.isEqualTo("{\"namespace\":\"\",\"endpoint\":\"e\","
					+ "\"operation\":\"o\",\"body\":{\"model\":\"model\",\"messages\":[\"question\"]}}");
	}

	@Test
	void requestWithALoneSurrogateIsKeptAsItIs() {
		save("\ud800", "answer", null);
		RequestRecord record = Objects.requireNonNull(this.store.entries.values().iterator().next().request());
		assertThat(new String(record.json(), StandardCharsets.UTF_8)).containsIgnoringCase("\"\\ud800\"");
	}

	@Test
	void nothingIsDoneWithoutAStore() {
		DefaultCacheManager disabled = new DefaultCacheManager(null, new CacheSettings(MemorySettings.OFF, 100),
				() -> this.now);
		disabled.saveAll(List.of(new CacheWrite(request("question"), response("answer", null))));
		assertThat(disabled.lookup(new CacheLookup(request("question"), null), TEXT)).isNull();
		assertThat(disabled.statistics().total())
			.isEqualTo(new ModelStatistics(0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
		assertThat(disabled.backend()).isEqualTo("none");
		assertThat(disabled.size()).isEmpty();
		assertThat(disabled.deleteModel("model")).isZero();
		disabled.close();
	}

	@Test
	void modelsAreCountedInBoundedMemory() {
		for (int i = 0; i < StatisticsRecorder.MAX_MODELS + 500; i++) {
			this.manager.recordSpent("", "model-" + i, 1L, 2, 3);
		}
		assertThat(this.manager.statistics().models()).hasSize(StatisticsRecorder.MAX_MODELS + 1)
			.containsKey(StatisticsRecorder.OTHER_MODELS);
		assertThat(this.manager.statistics().total().spentNanos()).isEqualTo(StatisticsRecorder.MAX_MODELS + 500);
	}

	@Test
	void namespacesAreCountedApartInBoundedMemory() {
		int counted = StatisticsRecorder.MAX_NAMESPACES + 500;
		for (int i = 0; i < counted; i++) {
			this.manager.recordSpent("namespace-" + i, "model", 1L, 2, 3);
		}
		assertThat(this.manager.statistics("namespace-0").total().spentNanos()).isOne();
		assertThat(this.manager.statistics("namespace-" + (counted - 1)).models()).isEmpty();
		assertThat(this.manager.lifetimeStatistics()).hasSize(StatisticsRecorder.MAX_NAMESPACES + 1)
			.filteredOn((day) -> day.namespace().equals(DailyStatistics.SHARED))
			.singleElement()
			.satisfies((shared) -> assertThat(shared.counters().spentNanos()).isEqualTo(500));
		assertThat(this.manager.statistics().models()).hasSize(1);
		assertThat(this.manager.statistics().total().spentNanos()).isEqualTo(counted);
	}

	@Test
	void namespaceThatIsCalledLikeWhatIsSharedSeesOnlyItsOwn() {
		List<String> namespaces = List.of("(shared)", "((shared))", "((shared)", "shared", "");
		for (int i = 0; i < namespaces.size(); i++) {
			this.manager.recordSpent(namespaces.get(i), "model", i + 1L, 0, 0);
		}
		for (int i = 0; i < namespaces.size(); i++) {
			assertThat(this.manager.statistics(namespaces.get(i)).total().spentNanos()).isEqualTo(i + 1);
			assertThat(this.manager.lifetimeStatistics(namespaces.get(i))).singleElement()
				.satisfies((day) -> assertThat(day.namespace()).isNotEqualTo(DailyStatistics.SHARED))
				.extracting((day) -> day.counters().spentNanos())
				.isEqualTo(i + 1L);
		}
	}

	@Test
	void unknownPriceIsCountedAsUnknown() {
		this.manager.recordSpent("", "model", null, 1, 2);
		this.manager.recordSpent("", "model", 7L, 10, 20);
		this.manager.recordCoalesced("", "model", null, 10);
		ModelStatistics statistics = this.manager.statistics().total();
		assertThat(statistics).isEqualTo(new ModelStatistics(0, 0, 0, 0, 0, 1, 7, 0, 10, 1, 11, 22, 0, 0));
	}

	@Test
	void whatWasReadIsRememberedUntilItChanges() {
		DefaultCacheManager remembering = remembering(Duration.ofDays(1));
		CacheLookup lookup = new CacheLookup(request("question"), null);
		remembering.saveAll(List.of(new CacheWrite(lookup.request(), response("answer", 5L))));
		assertThat(remembering.lookup(lookup, TEXT)).isEqualTo("answer");
		int read = this.store.reads.get();
		assertThat(remembering.lookup(new CacheLookup(request("question"), null), TEXT)).isEqualTo("answer");
		assertThat(remembering.lookupAll(List.of(lookup), List.of(TEXT))).containsExactly("answer");
		assertThat(this.store.reads.get()).isEqualTo(read);
		assertThat(remembering.statistics().total().hits()).isEqualTo(3);
		assertThat(remembering.statistics().total().savedNanos()).isEqualTo(15);
		remembering.saveAll(List.of(new CacheWrite(lookup.request(), response("new answer", 5L))));
		assertThat(remembering.lookup(lookup, TEXT)).isEqualTo("new answer");
		remembering.deleteModel("model");
		assertThat(remembering.lookup(lookup, TEXT)).isNull();
	}

	@Test
	void whatIsRememberedAgesLikeItsEntry() {
		DefaultCacheManager remembering = remembering(Duration.ofDays(1));
		CacheRequest request = request("question");
		this.store.putAll(List
			.of(new CacheEntry(request.key(), "", List.of(response("answer", null)), START.plusSeconds(60), null)));
		assertThat(remembering.lookup(new CacheLookup(request, null), TEXT)).isEqualTo("answer");
		this.now = START.plusSeconds(10);
		assertThat(remembering.lookup(new CacheLookup(request, Duration.ofSeconds(10)), TEXT)).isNull();
		assertThat(remembering.lookup(new CacheLookup(request, null), TEXT)).isEqualTo("answer");
		this.now = START.plusSeconds(60);
		assertThat(remembering.lookup(new CacheLookup(request, null), TEXT)).isNull();
	}

	@Test
	void changeWhileAnEntryIsReadIsNotMissed() {
		DefaultCacheManager remembering = remembering(Duration.ofDays(1));
		CacheLookup lookup = new CacheLookup(request("question"), null);
		remembering.saveAll(List.of(new CacheWrite(lookup.request(), response("old", null))));
		String read = remembering.lookup(lookup, reader((entry) -> {
			remembering.saveAll(List.of(new CacheWrite(lookup.request(), response("new", null))));
			return TEXT.read(entry);
		}));
		assertThat(read).isEqualTo("old");
		assertThat(remembering.lookup(lookup, TEXT)).isEqualTo("new");
	}

	@Test
	void differentQuestionsWithTheSameFingerprintAreNotConfused() {
		DefaultCacheManager remembering = remembering(Duration.ofDays(1));
		CacheLookup wide = new CacheLookup(request("\u0161"), null);
		CacheLookup narrow = new CacheLookup(request("a"), null);
		assertThat(wide.request().key().fingerprint()).isEqualTo(narrow.request().key().fingerprint());
		remembering.saveAll(List.of(new CacheWrite(wide.request(), response("wide", null))));
		assertThat(remembering.lookup(wide, TEXT)).isEqualTo("wide");
		assertThat(remembering.lookup(narrow, TEXT)).isNull();
	}

	@Test
	void changeIsSeenByWhoAsksTheSameInOtherWords() {
		DefaultCacheManager remembering = remembering(Duration.ofDays(1));
		CacheRequest integer = request(JsonNodeFactory.instance.objectNode().put("temperature", 1));
		CacheRequest decimal = request(JsonNodeFactory.instance.objectNode().put("temperature", new BigDecimal("1.0")));
		CacheRequest withNull = request(JsonNodeFactory.instance.objectNode().put("temperature", 1).putNull("top_p"));
		assertThat(decimal.key()).isEqualTo(integer.key()).isEqualTo(withNull.key());
		remembering.saveAll(List.of(new CacheWrite(integer, response("old", null))));
		assertThat(remembering.lookup(new CacheLookup(decimal, null), TEXT)).isEqualTo("old");
		assertThat(remembering.lookup(new CacheLookup(withNull, null), TEXT)).isEqualTo("old");
		remembering.saveAll(List.of(new CacheWrite(integer, response("new", null))));
		assertThat(remembering.lookup(new CacheLookup(decimal, null), TEXT)).isEqualTo("new");
		assertThat(remembering.lookup(new CacheLookup(withNull, null), TEXT)).isEqualTo("new");
	}

	private static CacheRequest request(ObjectNode body) {
		return new CacheRequest("", "e", "o", "model", body, "messages", HASHER);
	}

	@Test
	void whatAnotherProcessChangesIsSeenInTime() {
		DefaultCacheManager remembering = remembering(Duration.ZERO);
		CacheLookup lookup = new CacheLookup(request("question"), null);
		remembering.saveAll(List.of(new CacheWrite(lookup.request(), response("answer", null))));
		assertThat(remembering.lookup(lookup, TEXT)).isEqualTo("answer");
		this.store.deleteModel("model");
		assertThat(remembering.lookup(lookup, TEXT)).isNull();
	}

	private DefaultCacheManager remembering(Duration timeToLive) {
		return new DefaultCacheManager(this.store, new CacheSettings(new MemorySettings(1_000_000, timeToLive), 100),
				() -> this.now);
	}

	private static EntryReader<String> reader(TextReader reader) {
		return new EntryReader<>() {

			@Override
			public Class<String> type() {
				return String.class;
			}

			@Override
			public String read(CacheEntry entry) throws UnreadableEntryException {
				return reader.read(entry);
			}

		};
	}

	private ModelStatistics statistics(String model) {
		return Objects.requireNonNull(this.manager.statistics().models().get(model));
	}

	private @Nullable String lookup(String question, @Nullable Duration maxAge) {
		return this.manager.lookup(new CacheLookup(request(question), maxAge), TEXT);
	}

	private void save(String question, String answer, @Nullable Long costNanos) {
		this.manager.saveAll(List.of(new CacheWrite(request(question), response(answer, costNanos))));
	}

	private void append(String question, CachedResponse... responses) {
		this.manager.saveAll(List.of(new CacheWrite(request(question), List.of(responses), true, null)));
	}

	private static CacheLookup lookupOf(String question, int first, int count) {
		return new CacheLookup(request(question), null, new SampleRange(first, count));
	}

	private static CachedResponse samples(String answer, int samples, @Nullable Long costNanos) {
		return new CachedResponse(answer.getBytes(StandardCharsets.UTF_8), samples, 10, 20, costNanos, "STOP", START,
				Duration.ofMillis(5), null);
	}

	private static EntryReader<Integer> count() {
		return new EntryReader<>() {

			@Override
			public Class<Integer> type() {
				return Integer.class;
			}

			@Override
			public Integer read(CacheEntry entry) {
				return entry.samples();
			}

		};
	}

	private static CacheRequest request(String question) {
		return request("model", question);
	}

	private static CacheRequest request(String model, String question) {
		return new CacheRequest("", "e", "o", model,
				JsonNodeFactory.instance.objectNode()
					.put("model", model)
					.set("messages", JsonNodeFactory.instance.arrayNode().add(question)),
				"messages", HASHER);
	}

	private static CachedResponse response(String answer, @Nullable Long costNanos) {
		return new CachedResponse(answer.getBytes(StandardCharsets.UTF_8), 1, 10, 20, costNanos, "STOP", START,
				Duration.ofMillis(5), null);
	}

	@FunctionalInterface
	private interface TextReader {

		String read(CacheEntry entry) throws UnreadableEntryException;

	}

}
