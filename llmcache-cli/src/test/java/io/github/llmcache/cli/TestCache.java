package io.github.llmcache.cli;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKeyHasher;
import io.github.llmcache.cache.CacheRequest;
import io.github.llmcache.cache.CacheStatistics;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.RequestRecord;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What tests find in a cache: entries of three models as their providers answer.
 */
final class TestCache {

	static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

	static final String GPT = "gpt-4o";

	static final String CLAUDE = "claude-sonnet-4-5";

	static final String GEMINI = "gemini-2.5-flash";

	private static final String OPENAI_URL = "https://api.openai.com/v1";

	private static final int PORTION = 1000;

	private final JsonMapper mapper = new JsonMapper();

	private final CacheKeyHasher hasher = new CacheKeyHasher();

	/**
	 * Make an entry: number 0 is a minute old, and each further one an hour older. Of ten
	 * numbers, six are of one model, three of another, and one of a third.
	 * @param number the number
	 */
	CacheEntry entry(int number) {
		String question = "What is " + number + " + " + number + "?";
		String answer = "It is " + 2 * number + ".";
		Instant createdAt = NOW.minus(Duration.ofMinutes(1)).minus(Duration.ofHours(number));
		return switch (number % 10) {
			case 0 -> entry(number,
					new CacheRequest("", "https://generativelanguage.googleapis.com/v1beta",
							"models/" + GEMINI + ":generateContent", GEMINI,
							object("{'contents':[{'role':'user','parts':[{'text':'" + question + "'}]}]}"), "contents",
							this.hasher),
					"{'candidates':[{'content':{'role':'model','parts':[{'text':'" + answer
							+ "'}]},'finishReason':'STOP'}],'usageMetadata':{'promptTokenCount':9,"
							+ "'candidatesTokenCount':6}}",
					createdAt);
			case 1, 2,
					3 ->
				entry(number, new CacheRequest((number % 10 == 3) ? "evals" : "", "https://api.anthropic.com/v1",
						"messages", CLAUDE,
						object("{'model':'" + CLAUDE + "','max_tokens':1024,'messages':[{'role':'user','content':'"
								+ question + "'}]}"),
						"messages", this.hasher),
						"{'id':'msg_" + number + "','type':'message','role':'assistant','model':'" + CLAUDE
								+ "','content':[{'type':'text','text':'" + answer
								+ "'}],'stop_reason':'end_turn','usage':{'input_tokens':9,'output_tokens':6}}",
						createdAt);
			default -> entry(number, gpt(question), gptAnswer(number, answer), createdAt);
		};
	}

	private static String gptAnswer(int number, String answer) {
		return "{'id':'chatcmpl-" + number + "','object':'chat.completion','created':1767323045,'model':'" + GPT
				+ "','choices':[{'index':0,'message':{'role':'assistant','content':'" + answer
				+ "'},'finish_reason':'stop'}],'usage':{'prompt_tokens':9,'completion_tokens':6,'total_tokens':15}}";
	}

	private CacheRequest gpt(String question) {
		return new CacheRequest(
				"", OPENAI_URL, "chat/completions", GPT, object("{'model':'" + GPT
						+ "','messages':[{'role':'user','content':'" + question + "'}],'temperature':0.0}"),
				"messages", this.hasher);
	}

	/**
	 * Make an entry whose request and response are shown as they are.
	 * @param question what is asked, as it stands in JSON
	 * @param answer what is answered, as it stands in JSON
	 */
	CacheEntry entry(String question, String answer) {
		return entry(0, gpt(question), gptAnswer(0, answer), NOW);
	}

	private CacheEntry entry(int number, CacheRequest request, String response, Instant createdAt) {
		CachedResponse cached = new CachedResponse(response.replace('\'', '"').getBytes(StandardCharsets.UTF_8), 1, 9,
				6, CacheStatistics.nanos(new BigDecimal("0.0001")), (number % 20 == 5) ? "LENGTH" : "STOP", createdAt,
				Duration.ofMillis(800), "req-" + number);
		return new CacheEntry(request.key(), request.namespace(), List.of(cached),
				(number % 10 == 4) ? createdAt.plus(Duration.ofHours(12)) : null, RequestRecord.of(request));
	}

	private ObjectNode object(String json) {
		return (ObjectNode) this.mapper.readTree(json.replace('\'', '"'));
	}

	/**
	 * Fill a store, and count a little.
	 * @param store the store
	 * @param count how many entries
	 */
	void fill(CacheStore store, int count) {
		List<CacheEntry> entries = new ArrayList<>();
		for (int number = 0; number < count; number++) {
			entries.add(entry(number));
			if (entries.size() == PORTION) {
				store.putAll(entries);
				entries.clear();
			}
		}
		store.putAll(entries);
		LocalDate today = LocalDate.ofInstant(NOW, ZoneOffset.UTC);
		store.addStatistics(List.of(counted(GPT, today, 300, 100), counted(GPT, today.minusDays(1), 100, 300),
				counted(CLAUDE, today, 20, 20), counted(CLAUDE, today.minusDays(40), 1000, 10),
				counted("evals", CLAUDE, today, 7, 3)));
	}

	private static DailyStatistics counted(String model, LocalDate day, long hits, long misses) {
		return counted("", model, day, hits, misses);
	}

	private static DailyStatistics counted(String namespace, String model, LocalDate day, long hits, long misses) {
		return new DailyStatistics(namespace, model, day, new ModelStatistics(hits, misses, 0, misses, 0, 0,
				misses * 100_000, hits * 100_000, hits * 15, 0, misses * 9, misses * 6, 0, 0));
	}

}
