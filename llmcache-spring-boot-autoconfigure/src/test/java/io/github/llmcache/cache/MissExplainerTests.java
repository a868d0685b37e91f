package io.github.llmcache.cache;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.github.llmcache.MissExplanation;
import io.github.llmcache.MissExplanation.Difference;
import io.github.llmcache.MissExplanation.NearEntry;
import io.github.llmcache.MissExplanation.Outcome;
import io.github.llmcache.SampleRange;
import io.github.llmcache.cache.CacheManager.CacheLookup;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MissExplainer}, over a store in memory.
 */
class MissExplainerTests {

	private static final CacheKeyHasher HASHER = new CacheKeyHasher();

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private static final String TEMPLATE = "You are given a question. Think about it thoroughly, weigh the arguments, "
			+ "and answer it in one sentence without any explanation.\n\nQuestion: ";

	private Instant now = START;

	private final InMemoryStore store = new InMemoryStore();

	private final DefaultCacheManager manager = manager(this.store);

	@Test
	void hit() {
		save(request("question"), null, 1);
		MissExplanation explanation = explain(request("question"));
		assertThat(explanation.isHit()).isTrue();
		assertThat(explanation.nearest())
			.containsExactly(new NearEntry(request("question").key().hex(), START.minusSeconds(60), List.of()));
	}

	@Test
	void expired() {
		save(request("question"), START.minus(Duration.ofMinutes(3)), 1);
		MissExplanation explanation = explain(request("question"));
		assertThat(explanation.outcome()).isEqualTo(Outcome.EXPIRED);
		assertThat(explanation.reason()).isEqualTo("Its entry expired 3 minutes ago.");
	}

	@Test
	void tooOld() {
		save(request("question"), null, 1);
		this.now = START.plus(Duration.ofHours(2));
		MissExplanation explanation = this.manager.explain(new CacheLookup(request("question"), Duration.ofHours(1)));
		assertThat(explanation.outcome()).isEqualTo(Outcome.TOO_OLD);
		assertThat(explanation.reason())
			.isEqualTo("Its entry is 2 hours 1 minute old, and only those younger than 1 hour are accepted.");
	}

	@Test
	void tooFewSamples() {
		save(request("question"), null, 2);
		MissExplanation explanation = this.manager
			.explain(new CacheLookup(request("question"), null, new SampleRange(0, 3)));
		assertThat(explanation.outcome()).isEqualTo(Outcome.TOO_FEW_SAMPLES);
		assertThat(explanation.reason()).isEqualTo("Its entry holds 2 samples, and 3 samples are wanted.");
	}

	@Test
	void unreadable() {
		EntryCodec codec = new EntryCodec(1000);
		CacheRequest request = request("question");
		this.store.found.put(request.key(),
				Optional.of(() -> codec.decode(request.key(), new byte[] { 1, 0, 0 }, null)));
		MissExplanation explanation = explain(request);
		assertThat(explanation.outcome()).isEqualTo(Outcome.UNREADABLE);
		assertThat(explanation.reason()).isEqualTo("Its entry cannot be read. The entry has format 1, now 3.");
		this.store.found.put(request.key(),
				Optional.of(() -> codec.decode(request.key(), new byte[] { 3, 0, 0 }, null)));
		assertThat(explain(request).reason()).isEqualTo("Its entry cannot be read. The entry is damaged.");
	}

	@Test
	void storeThatFailsIsAnExplanation() {
		save(request("question"), null, 1);
		this.store.failure.set(new CacheStoreException("The disk is gone", null));
		assertThat(explain(request("question")).outcome()).isEqualTo(Outcome.STORE_FAILED);
		this.store.failure.set(null);
		this.store.inspectionFailure.set(new IllegalStateException("broken"));
		MissExplanation explanation = explain(request("other"));
		assertThat(explanation.outcome()).isEqualTo(Outcome.STORE_FAILED);
		assertThat(explanation.reason()).isEqualTo("The memory cache cannot be read. Its health and the log say more.");
		assertThat(this.manager.statistics().total().errors()).isZero();
	}

	@Test
	void disabled() {
		MissExplanation explanation = manager(null).explain(new CacheLookup(request("question"), null));
		assertThat(explanation.outcome()).isEqualTo(Outcome.NOT_LOOKED_UP);
	}

	@Test
	void otherModelsAreNamedIfThereAreNoEntriesOfThisOne() {
		assertThat(explain(request("question")).reason())
			.isEqualTo("There is no entry of model 'gpt-4.1', nor of any other.");
		for (String model : List.of("claude-sonnet-5", "gpt-4.1-mini", "gpt-4o", "GPT-4.1", "llama\n\u2028")) {
			save(request(model, "question", null), null, 1);
		}
		MissExplanation explanation = explain(request("question"));
		assertThat(explanation.outcome()).isEqualTo(Outcome.NOT_STORED);
		assertThat(explanation.reason()).isEqualTo("There is no entry of model 'gpt-4.1', only of 5 other models: "
				+ "'GPT-4.1', 'gpt-4o', 'gpt-4.1-mini' and more.");
		assertThat(explanation.compared()).isZero();
	}

	@Test
	void sameMessagesWithOtherParametersAreNearest() {
		saveQuestions(3000);
		ObjectNode body = body(question(1234)).put("temperature", 0.7);
		save(request("gpt-4.1", body, ""), null, 1);
		MissExplanation explanation = explain(request("gpt-4.1", body(question(1234)).put("temperature", 0), ""));
		assertThat(explanation.compared()).isEqualTo(3001);
		assertThat(explanation.nearest()).hasSize(MissExplainer.NEAREST);
		assertThat(explanation.nearest().subList(0, 2)).map(MissExplainerTests::pointers)
			.containsExactlyInAnyOrder(List.of("/body/temperature: 0.7 / 0"), List.of("/body/temperature: absent / 0"));
		assertThat(explanation.reason()).isEqualTo(
				"There is no entry for it among 3,001 of model 'gpt-4.1'. The nearest differs in /body/temperature.");
	}

	@Test
	void questionThatIsMostAlikeIsNearest() {
		saveQuestions(3000);
		MissExplanation explanation = explain(request(TEMPLATE + question(777).replace("777", "000777")));
		NearEntry nearest = explanation.nearest().get(0);
		assertThat(nearest.key()).isEqualTo(request(TEMPLATE + question(777)).key().hex());
	}

	@Test
	void otherNamespaceIsSeen() {
		save(request("gpt-4.1", body("question"), "tests"), null, 1);
		NearEntry nearest = explain(request("question")).nearest().get(0);
		assertThat(pointers(nearest)).containsExactly("/namespace: first difference at character 1 (5 / 0 characters)");
		assertThat(nearest.differences().get(0).stored()).isEqualTo("\"tests\"");
	}

	@Test
	void conversationWithOneMessageMoreIsNearerThanOthers() {
		saveQuestions(100);
		ObjectNode conversation = body("You are kind.", "Hello?", "Hello. What can I do for you?", "Tell me a joke.");
		save(request("gpt-4.1", conversation, ""), null, 1);
		ObjectNode requested = body("You are kind.", "Be short.", "Hello?", "Hello. What can I do for you?",
				"Tell me a joke.");
		assertThat(pointers(explain(request("gpt-4.1", requested, "")).nearest().get(0)))
			.containsExactly("/body/messages/1: absent / object of 2 members");
	}

	@Test
	void recentlyUsedEntriesComeFirstAmongThoseThatAreEquallyNear() {
		for (int i = 0; i < 200; i++) {
			save(request("gpt-4.1", body("question").put("seed", 1000 + i), ""), null, 1);
			this.store.lastUsed.put(request("gpt-4.1", body("question").put("seed", 1000 + i), "").key(),
					START.plusSeconds(i % 150));
		}
		MissExplanation explanation = explain(request("gpt-4.1", body("question").put("seed", 1), ""));
		assertThat(explanation.nearest()).map((entry) -> pointers(entry).get(0))
			.containsExactly("/body/seed: 1149 / 1", "/body/seed: 1148 / 1", "/body/seed: 1147 / 1");
	}

	@Test
	void entriesWithoutTheirRequestsCannotBeCompared() {
		CacheRequest request = request("question");
		this.store.putAll(List.of(new CacheEntry(request.key(), "", List.of(response(1)), null, null)));
		MissExplanation explanation = explain(request("other"));
		assertThat(explanation.compared()).isZero();
		assertThat(explanation.nearest()).isEmpty();
		assertThat(explanation.reason()).isEqualTo("There is no entry for it among 1 of model 'gpt-4.1', "
				+ "of which 1 were stored without their requests (llmcache.store-requests).");
	}

	@Test
	void requestWithANumberThatIsOutOfRangeIsLeftOut() {
		save(request("first"), null, 1);
		CacheRequest damaged = request("second");
		RequestRecord record = new RequestRecord(HASHER.hashes(damaged),
				"{\"body\":{\"seed\":1e99999999999}}".getBytes(StandardCharsets.UTF_8));
		this.store.putAll(List.of(new CacheEntry(damaged.key(), "", List.of(response(1)), null, record)));
		MissExplanation explanation = explain(request("third"));
		assertThat(explanation.outcome()).isEqualTo(Outcome.NOT_STORED);
		assertThat(explanation.nearest()).extracting(NearEntry::key).containsExactly(request("first").key().hex());
	}

	@Test
	void damagedAndDeletedEntriesAreLeftOut() {
		save(request("first"), null, 1);
		CacheRequest damaged = request("second");
		RequestRecord record = new RequestRecord(HASHER.hashes(damaged), "{\"body\":".getBytes(StandardCharsets.UTF_8));
		this.store.putAll(List.of(new CacheEntry(damaged.key(), "", List.of(response(1)), null, record)));
		CacheRequest unreadable = request("third");
		save(unreadable, null, 1);
		this.store.found.put(unreadable.key(), Optional.of(() -> {
			throw new UnreadableEntryException("damaged", null);
		}));
		MissExplanation explanation = explain(request("question"));
		assertThat(explanation.compared()).isEqualTo(3);
		assertThat(explanation.nearest()).map(NearEntry::key).containsExactly(request("first").key().hex());
	}

	@Test
	void entriesAreNotLookedAtForEver() {
		saveQuestions(10_000);
		this.store.beforeDetails = () -> this.now = this.now.plusMillis(1);
		MissExplanation explanation = explain(request("question"));
		assertThat(explanation.compared()).isBetween(5000L, 9999L);
		assertThat(explanation.nearest()).hasSize(MissExplainer.NEAREST);
		assertThat(explanation.reason()).contains("of model 'gpt-4.1', which is all that there was time for.");
		assertThat(this.manager.health().isUp()).isTrue();
	}

	@Test
	void interruptedThreadGetsWhatIsThere() {
		saveQuestions(10_000);
		Thread.currentThread().interrupt();
		MissExplanation explanation = explain(request("question"));
		assertThat(Thread.interrupted()).isTrue();
		assertThat(explanation.compared()).isLessThan(10_000).isPositive();
	}

	@Test
	void nothingIsCountedOrRemembered() {
		DefaultCacheManager remembering = new DefaultCacheManager(this.store,
				new CacheSettings(new MemorySettings(1_000_000, Duration.ofMinutes(1)), 1000), () -> this.now);
		save(request("question"), null, 1);
		remembering.explain(new CacheLookup(request("question"), null));
		remembering.explain(new CacheLookup(request("other"), null));
		assertThat(remembering.statistics().models()).isEmpty();
		this.store.entries.clear();
		assertThat(remembering.explain(new CacheLookup(request("question"), null)).isHit()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "PT0S,0 milliseconds", "PT0.001S,1 millisecond", "PT1.9S,1 second", "PT59S,59 seconds",
			"PT1M,1 minute", "PT61S,1 minute 1 second", "PT3H,3 hours", "PT25H,1 day 1 hour", "P3DT5M,3 days",
			"PT-1S,0 milliseconds" })
	void durationsAreWrittenForPeople(Duration duration, String expected) {
		assertThat(Durations.describe(duration)).isEqualTo(expected);
	}

	private static List<String> pointers(NearEntry entry) {
		return entry.differences().stream().map(Difference::toString).toList();
	}

	private void saveQuestions(int count) {
		for (int i = 0; i < count; i++) {
			save(request((i % 2 == 0) ? question(i) : TEMPLATE + question(i)), null, 1);
		}
	}

	private static String question(int number) {
		return "Which of the " + number + " houses in street " + (number * 7919 % 10_007) + " has a door of colour "
				+ (number * 31 % 256) + "?";
	}

	private void save(CacheRequest request, @Nullable Instant expiresAt, int samples) {
		RequestRecord record = RequestRecord.of(request);
		this.store.putAll(List.of(new CacheEntry(request.key(), "", List.of(response(samples)), expiresAt, record)));
	}

	private static CachedResponse response(int samples) {
		return new CachedResponse("{}".getBytes(StandardCharsets.UTF_8), samples, 1, 2, null, "STOP",
				START.minusSeconds(60), Duration.ofSeconds(1), null);
	}

	private MissExplanation explain(CacheRequest request) {
		return this.manager.explain(new CacheLookup(request, null));
	}

	private DefaultCacheManager manager(@Nullable CacheStore store) {
		return new DefaultCacheManager(store, new CacheSettings(MemorySettings.OFF, 1000), () -> this.now);
	}

	private static CacheRequest request(String question) {
		return request("gpt-4.1", question, "");
	}

	private static CacheRequest request(String model, String question, @Nullable String namespace) {
		return request(model, body(question), (namespace != null) ? namespace : "");
	}

	private static CacheRequest request(String model, ObjectNode body, String namespace) {
		return new CacheRequest(namespace, "https://api.example", "chat/completions", model, body.put("model", model),
				"messages", HASHER);
	}

	private static ObjectNode body(String... messages) {
		ObjectNode body = JsonNodeFactory.instance.objectNode();
		ArrayNode array = body.putArray("messages");
		Stream.of(messages).forEach((message) -> array.addObject().put("role", "user").put("content", message));
		return body;
	}

}
