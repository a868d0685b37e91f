package io.github.llmcache.autoconfigure.endpoint;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheKeyHasher;
import io.github.llmcache.cache.CacheRequest;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.RequestRecord;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fills a store with what an application would have stored in some weeks.
 */
final class StoredCache {

	static final List<String> MODELS = List.of("gpt-4.1", "claude-sonnet-4-5", "gemini-2.5-pro", "gpt-4.1-mini",
			"meta-llama/Llama-3.3-70B-Instruct");

	private static final List<String> REASONS = List.of("STOP", "STOP", "STOP", "STOP", "LENGTH", "TOOL_CALLS");

	private static final long NANOS = 1_000_000L;

	private final JsonMapper mapper = JsonMapper.shared();

	private final CacheKeyHasher hasher = new CacheKeyHasher();

	/** Always the same, so that pictures stay as they are. */
	private final Random random = new Random(1);

	private final CacheStore store;

	private final Instant now;

	StoredCache(CacheStore store, Instant now) {
		this.store = store;
		this.now = now;
	}

	/**
	 * Store entries of all models, half of them within the last three days.
	 */
	void fill(int entries) {
		List<CacheEntry> made = new ArrayList<>();
		for (int i = 0; i < entries; i++) {
			String model = MODELS.get(Math.min(this.random.nextInt(MODELS.size()), this.random.nextInt(MODELS.size())));
			Duration age = Duration.ofMinutes((long) (Math.pow(this.random.nextDouble(), 4) * 45 * 24 * 60));
			made.add(entry(model, (i % 7 == 0) ? "evals" : "", REASONS.get(this.random.nextInt(REASONS.size())),
					this.now.minus(age),
					"Question " + i
							+ ": name three rivers of France, and for each the largest city that it flows through.",
					"Loire, through Nantes.\nSeine, through Paris.\nRhône, through Lyon."));
		}
		this.store.putAll(made);
	}

	/**
	 * Count what was asked on each of some days, more every day and nothing on one of
	 * them.
	 */
	void count(int days) {
		List<DailyStatistics> counted = new ArrayList<>();
		LocalDate today = LocalDate.ofInstant(this.now, ZoneOffset.UTC);
		for (int day = 0; day < days; day++) {
			for (int model = 0; model < MODELS.size() && day != days / 3; model++) {
				long hits = (long) day * (20 + this.random.nextInt(10)) / (model + 1);
				long misses = 10 + (60 + this.random.nextInt(60)) / (model + 1);
				counted.add(new DailyStatistics(MODELS.get(model), today.minusDays(days - 1 - day),
						new ModelStatistics(hits, misses, 0, misses, 0, 0, misses * 9 * NANOS, hits * 9 * NANOS,
								hits * 900, 0, misses * 600, misses * 300, 0, 0)));
			}
		}
		this.store.addStatistics(counted);
	}

	/**
	 * Store an entry.
	 * @return its key
	 */
	CacheKey add(String model, String namespace, String finishReason, String question, String answer) {
		CacheEntry entry = entry(model, namespace, finishReason, this.now, question, answer);
		this.store.putAll(List.of(entry));
		return entry.key();
	}

	/**
	 * Store an entry that expires.
	 */
	void addUntil(Instant expiresAt, String model, String namespace, String finishReason, String question,
			String answer) {
		CacheEntry entry = entry(model, namespace, finishReason, this.now, question, answer);
		this.store
			.putAll(List.of(new CacheEntry(entry.key(), namespace, entry.responses(), expiresAt, entry.request())));
	}

	private CacheEntry entry(String model, String namespace, String finishReason, Instant createdAt, String question,
			String answer) {
		ObjectNode body = this.mapper.createObjectNode().put("model", model);
		body.putArray("messages").addObject().put("role", "user").put("content", question);
		CacheRequest request = new CacheRequest(namespace, "https://api.openai.com/v1", "chat/completions", model, body,
				"messages", this.hasher);
		byte[] response = this.mapper
			.writeValueAsString(Map.of("id", "chatcmpl-1", "object", "chat.completion", "created",
					createdAt.getEpochSecond(), "model", model, "choices",
					List.of(Map.of("index", 0, "message", Map.of("role", "assistant", "content", answer),
							"finish_reason", "stop")),
					"usage", Map.of("prompt_tokens", 600, "completion_tokens", 300, "total_tokens", 900)))
			.getBytes(StandardCharsets.UTF_8);
		return new CacheEntry(request.key(), namespace,
				List.of(new CachedResponse(response, 1, 600, 300, (3 + this.random.nextInt(12)) * NANOS, finishReason,
						createdAt.truncatedTo(ChronoUnit.MILLIS), Duration.ofMillis(800), null)),
				null, RequestRecord.of(request));
	}

}
