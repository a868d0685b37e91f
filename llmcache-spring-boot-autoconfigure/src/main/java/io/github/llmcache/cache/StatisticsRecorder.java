package io.github.llmcache.cache;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the cache does, by model and namespace. Thread-safe, and without contention
 * between threads.
 */
final class StatisticsRecorder {

	/** Where models are counted beyond the first {@link #MAX_MODELS}. */
	static final String OTHER_MODELS = "(other)";

	/** Model ids may come from users; the memory they take must not be up to them. */
	static final int MAX_MODELS = 1000;

	/**
	 * Beyond so many namespaces of models, what is counted of a model is counted
	 * together.
	 */
	static final int MAX_NAMESPACES = 10_000;

	/** Longer names of namespaces are not kept. */
	static final int MAX_NAME_LENGTH = 1000;

	private final Map<String, OfModel> models = new ConcurrentHashMap<>();

	private final AtomicInteger namespaces = new AtomicInteger();

	private final Instant since;

	private final Function<String, @Nullable Upkeep> onFirstUse;

	/**
	 * Create a recorder.
	 * @param clock the time
	 * @param onFirstUse is told of each model before it is first counted, perhaps more
	 * than once, and returns what has to be known of it beside its counters
	 */
	StatisticsRecorder(InstantSource clock, Function<String, @Nullable Upkeep> onFirstUse) {
		this.since = clock.instant();
		this.onFirstUse = onFirstUse;
	}

	/**
	 * Return the counters of a model in a namespace.
	 */
	Counters of(String namespace, String model) {
		OfModel ofModel = ofModel(model);
		Counters counters = ofModel.byNamespace.get(namespace);
		return (counters != null) ? counters : add(ofModel, namespace);
	}

	/**
	 * Return the counters of what happens to entries of a model in whatever namespace.
	 */
	Counters ofAll(String model) {
		return ofModel(model).shared;
	}

	private OfModel ofModel(String model) {
		OfModel ofModel = this.models.get(model);
		if (ofModel != null) {
			return ofModel;
		}
		String counted = (this.models.size() < MAX_MODELS) ? model : OTHER_MODELS;
		OfModel known = this.models.get(counted);
		return (known != null) ? known : add(counted);
	}

	private OfModel add(String model) {
		OfModel created = new OfModel(this.onFirstUse.apply(model));
		OfModel other = this.models.putIfAbsent(model, created);
		return (other != null) ? other : created;
	}

	private Counters add(OfModel ofModel, String namespace) {
		if (this.namespaces.get() >= MAX_NAMESPACES || namespace.length() > MAX_NAME_LENGTH) {
			return ofModel.shared;
		}
		Counters created = new Counters(ofModel.shared.upkeep);
		Counters other = ofModel.byNamespace.putIfAbsent(namespace, created);
		if (other == null) {
			this.namespaces.incrementAndGet();
		}
		return (other != null) ? other : created;
	}

	/**
	 * Return what has been counted of all namespaces.
	 */
	CacheStatistics snapshot() {
		Map<String, ModelStatistics> statistics = new TreeMap<>();
		this.models.forEach((model, ofModel) -> statistics.put(model, ofModel.sum()));
		return snapshot(statistics);
	}

	/**
	 * Return what has been counted of one namespace.
	 */
	CacheStatistics snapshot(String namespace) {
		Map<String, ModelStatistics> statistics = new TreeMap<>();
		this.models.forEach((model, ofModel) -> {
			Counters counters = ofModel.byNamespace.get(namespace);
			if (counters != null) {
				statistics.put(model, counters.snapshot());
			}
		});
		return snapshot(statistics);
	}

	private CacheStatistics snapshot(Map<String, ModelStatistics> statistics) {
		ModelStatistics total = statistics.values().stream().reduce(ModelStatistics.NONE, ModelStatistics::plus);
		return new CacheStatistics(this.since, total, statistics);
	}

	/**
	 * Return what has been counted, each by itself.
	 */
	Map<Counted, ModelStatistics> counted() {
		Map<Counted, ModelStatistics> counted = new HashMap<>();
		this.models.forEach((model, ofModel) -> {
			ofModel.byNamespace
				.forEach((namespace, counters) -> counted.put(Counted.of(namespace, model), counters.snapshot()));
			counted.put(new Counted(DailyStatistics.SHARED, model), ofModel.shared.snapshot());
		});
		return counted;
	}

	/**
	 * What is counted by itself.
	 *
	 * @param namespace the name under which its namespace is counted
	 * @param model the model's id
	 */
	record Counted(String namespace, String model) {

		private static Counted of(String namespace, String model) {
			return new Counted(DailyStatistics.nameOf(namespace), model);
		}

	}

	/**
	 * The counters of one model.
	 */
	private static final class OfModel {

		private final Map<String, Counters> byNamespace = new ConcurrentHashMap<>();

		/** Of what is of no single namespace, and of namespaces that are too many. */
		private final Counters shared;

		private OfModel(@Nullable Upkeep upkeep) {
			this.shared = new Counters(upkeep);
		}

		private ModelStatistics sum() {
			ModelStatistics sum = this.shared.snapshot();
			for (Counters counters : this.byNamespace.values()) {
				sum = sum.plus(counters.snapshot());
			}
			return sum;
		}

	}

	/**
	 * The counters of one model in one namespace.
	 */
	static final class Counters {

		final LongAdder hits = new LongAdder();

		final LongAdder misses = new LongAdder();

		final LongAdder stale = new LongAdder();

		final LongAdder writes = new LongAdder();

		final LongAdder errors = new LongAdder();

		final LongAdder coalesced = new LongAdder();

		final LongAdder spentNanos = new LongAdder();

		final LongAdder savedNanos = new LongAdder();

		final LongAdder savedTokens = new LongAdder();

		final LongAdder unpricedCalls = new LongAdder();

		final LongAdder inputTokens = new LongAdder();

		final LongAdder outputTokens = new LongAdder();

		final LongAdder evictions = new LongAdder();

		final LongAdder expirations = new LongAdder();

		/** What has to be known of the model, {@code null} if it is not maintained. */
		final @Nullable Upkeep upkeep;

		Counters(@Nullable Upkeep upkeep) {
			this.upkeep = upkeep;
		}

		/**
		 * Count an answer.
		 * @param key the key of its entry, whose hash is known already
		 */
		void hit(CacheKey key, long savedNanos, long savedTokens) {
			this.hits.increment();
			this.savedNanos.add(savedNanos);
			this.savedTokens.add(savedTokens);
			if (this.upkeep != null) {
				this.upkeep.used(key);
			}
		}

		private ModelStatistics snapshot() {
			return new ModelStatistics(this.hits.sum(), this.misses.sum(), this.stale.sum(), this.writes.sum(),
					this.errors.sum(), this.coalesced.sum(), this.spentNanos.sum(), this.savedNanos.sum(),
					this.savedTokens.sum(), this.unpricedCalls.sum(), this.inputTokens.sum(), this.outputTokens.sum(),
					this.evictions.sum(), this.expirations.sum());
		}

	}

}
