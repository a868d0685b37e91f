package io.github.llmcache.inference;

import java.math.BigDecimal;
import java.util.List;

import io.github.llmcache.Embedding;
import io.github.llmcache.EmbeddingRequest;
import io.github.llmcache.EmbeddingResponse;
import io.github.llmcache.Moderation;
import io.github.llmcache.ModerationRequest;
import io.github.llmcache.ModerationResponse;
import io.github.llmcache.Usage;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheStatistics;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests of which each text is cached by itself: embeddings and moderations.
 * Thread-safe.
 */
final class TextAnswerer {

	private final TextFlights<InferenceCall.Identity, AnsweredText> flights = new TextFlights<>();

	private final TextPlanner planner;

	private final CacheManager cache;

	private final TextCaller caller;

	private final InferenceTasks tasks;

	private final Misses misses;

	TextAnswerer(TextPlanner planner, CacheManager cache, TextCaller caller, InferenceTasks tasks, Misses misses) {
		this.planner = planner;
		this.cache = cache;
		this.caller = caller;
		this.tasks = tasks;
		this.misses = misses;
	}

	EmbeddingResponse embed(EmbeddingRequest request) {
		TextCall call = this.planner.plan(request);
		TextTotals totals = answer(call);
		return new EmbeddingResponse(call.provider().name(), call.model(), values(totals, Embedding.class),
				totals.hits(), totals.misses(), Usage.of(totals.tokens(), 0), dollars(totals.costNanos()),
				dollars(totals.savedNanos()));
	}

	ModerationResponse moderate(ModerationRequest request) {
		TextCall call = this.planner.plan(request);
		TextTotals totals = answer(call);
		return new ModerationResponse(call.provider().name(), call.model(), values(totals, Moderation.class),
				totals.hits(), totals.misses(), Usage.of(totals.tokens(), 0), dollars(totals.costNanos()),
				dollars(totals.savedNanos()));
	}

	private TextTotals answer(TextCall call) {
		return new TextRun(this.planner, this.cache, this.caller, this.tasks, this.misses, this.flights, call).run();
	}

	private static <V> List<V> values(TextTotals totals, Class<V> type) {
		return totals.answers().stream().map((answer) -> type.cast(answer.value())).toList();
	}

	private static @Nullable BigDecimal dollars(@Nullable Long nanos) {
		return (nanos != null) ? CacheStatistics.dollars(nanos) : null;
	}

}
