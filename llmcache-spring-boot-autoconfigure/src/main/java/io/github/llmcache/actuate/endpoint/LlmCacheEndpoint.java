package io.github.llmcache.actuate.endpoint;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheStatistics;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.EntryFilter;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.convert.DurationStyle;

/**
 * {@link Endpoint @Endpoint} that shows what the cache does and holds, and deletes what
 * it holds of a model. It never shows a prompt, a response or a key; misses are explained
 * by {@link LlmCacheEndpointWebExtension}, if that is allowed.
 */
@Endpoint(id = "llmcache")
public class LlmCacheEndpoint {

	private final CacheManager cacheManager;

	/**
	 * Create the endpoint.
	 * @param cacheManager the cache
	 */
	public LlmCacheEndpoint(CacheManager cacheManager) {
		this.cacheManager = cacheManager;
	}

	/**
	 * Describe the cache, or what it does in one namespace.
	 * @param namespace the namespace, or {@code null} for all of them. How much is stored
	 * in one is not told
	 * @return totals, and the same for each model
	 */
	@ReadOperation
	public CacheDescriptor cache(@Nullable String namespace) {
		return (namespace != null) ? ofNamespace(namespace) : cache();
	}

	private CacheDescriptor ofNamespace(String namespace) {
		CacheStatistics statistics = this.cacheManager.statistics(namespace);
		Map<String, ModelDescriptor> models = new TreeMap<>();
		statistics.models().forEach((model, counters) -> models.put(model, ModelDescriptor.of(counters, null)));
		return new CacheDescriptor(this.cacheManager.backend(), namespace, statistics.since(), null,
				ModelDescriptor.of(statistics.total(), null), models,
				LifetimeDescriptor.of(() -> this.cacheManager.lifetimeStatistics(namespace)));
	}

	/**
	 * Describe the cache.
	 * @return totals, and the same for each model
	 */
	public CacheDescriptor cache() {
		CacheStatistics statistics = this.cacheManager.statistics();
		Storage storage = storage();
		Map<String, ModelDescriptor> models = new TreeMap<>();
		Set<String> names = new TreeSet<>(statistics.models().keySet());
		names.addAll(storage.sizes().keySet());
		names.forEach((model) -> models.put(model, describe(model, statistics, storage)));
		StoreSize total = new StoreSize("", sum(storage, StoreSize::entries), sum(storage, StoreSize::bytes),
				sum(storage, StoreSize::costNanos));
		return new CacheDescriptor(this.cacheManager.backend(), null, statistics.since(), storage.failure(),
				ModelDescriptor.of(statistics.total(), storage.isKnown() ? total : null), models,
				LifetimeDescriptor.of(this.cacheManager::lifetimeStatistics));
	}

	/**
	 * Describe what the cache does and holds of one model.
	 * @param model the segments of the model's id, which may contain slashes
	 * @return the description, or {@code null} if the model has not been used
	 */
	@ReadOperation
	public @Nullable ModelDescriptor model(@Selector(match = Match.ALL_REMAINING) String... model) {
		String id = String.join("/", model);
		CacheStatistics statistics = this.cacheManager.statistics();
		Storage storage = storage();
		if (!statistics.models().containsKey(id) && !storage.sizes().containsKey(id)) {
			return null;
		}
		return describe(id, statistics, storage);
	}

	/**
	 * Delete all entries of one model.
	 * @param model the segments of the model's id, which may contain slashes
	 * @return how many entries there were
	 */
	@DeleteOperation
	public DeletionDescriptor deleteModel(@Selector(match = Match.ALL_REMAINING) String... model) {
		return new DeletionDescriptor(this.cacheManager.deleteModel(String.join("/", model)));
	}

	/**
	 * Delete the entries of which everything is true that is given. At least one thing
	 * has to be.
	 * @param model the model's id, or {@code null}
	 * @param namespace the namespace, or {@code null}
	 * @param olderThan the age from which entries are meant, such as {@code 30d}, or
	 * {@code null}
	 * @param unusedFor for how long they have not been used, or {@code null}
	 * @param finishReason the name of the first sample's finish reason, or {@code null}
	 * @param key the key in hexadecimal, or {@code null}
	 * @return how many entries there were
	 */
	@DeleteOperation
	public DeletionDescriptor delete(@Nullable String model, @Nullable String namespace, @Nullable String olderThan,
			@Nullable String unusedFor, @Nullable String finishReason, @Nullable String key) {
		EntryFilter filter;
		try {
			filter = new EntryFilter(model, namespace, duration(olderThan), duration(unusedFor), finishReason, key);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidEndpointRequestException("Invalid condition", ex.getMessage());
		}
		if (filter.equals(EntryFilter.ALL)) {
			throw new InvalidEndpointRequestException("No condition",
					"Say which entries to delete. To delete all of them, use 'olderThan=0s'");
		}
		return new DeletionDescriptor(this.cacheManager.delete(filter));
	}

	/**
	 * Read a duration here: the Actuator takes an empty one for none, and that is how a
	 * condition gets lost of which somebody's script has no value.
	 */
	private static @Nullable Duration duration(@Nullable String text) {
		return (text != null) ? DurationStyle.detectAndParse(text) : null;
	}

	private static ModelDescriptor describe(String model, CacheStatistics statistics, Storage storage) {
		StoreSize nothing = new StoreSize(model, 0, 0, 0);
		return ModelDescriptor.of(statistics.models().getOrDefault(model, ModelStatistics.NONE),
				storage.isKnown() ? storage.sizes().getOrDefault(model, nothing) : null);
	}

	private Storage storage() {
		try {
			List<StoreSize> sizes = this.cacheManager.size();
			return new Storage(sizes.stream().collect(Collectors.toMap(StoreSize::model, Function.identity())), null);
		}
		catch (CacheStoreException ex) {
			return new Storage(Map.of(), ex.getMessage());
		}
	}

	private static long sum(Storage storage, Function<StoreSize, Long> value) {
		return storage.sizes().values().stream().mapToLong(value::apply).sum();
	}

	/**
	 * What is stored, or why it is not known.
	 */
	private record Storage(Map<String, StoreSize> sizes, @Nullable String failure) {

		private boolean isKnown() {
			return this.failure == null;
		}

	}

	/**
	 * Description of the cache.
	 *
	 * @param backend the name of the backend
	 * @param namespace the only namespace that this is about, left out if it is about all
	 * @param since when counting began
	 * @param failure why it is not known what is stored, or {@code null} if it is known
	 * or was not asked for
	 * @param total the sum over all models
	 * @param models the same for each model by its id
	 * @param lifetime what has been counted by all processes, not only by this one since
	 * it was started
	 */
	public record CacheDescriptor(String backend, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String namespace,
			Instant since, @Nullable String failure, ModelDescriptor total, Map<String, ModelDescriptor> models,
			LifetimeDescriptor lifetime) {
	}

	/**
	 * Description of what the cache does and holds of a model. Money is in US dollars, as
	 * far as prices are known.
	 *
	 * @param hits lookups that were answered
	 * @param misses lookups that were not answered
	 * @param stale those of the misses whose entry could not be used
	 * @param writes responses that were stored
	 * @param errors lookups and writes that failed in the store
	 * @param coalesced those of the misses that were answered together with an identical
	 * request
	 * @param hitRatio hits by all lookups, or {@code null} if there were none
	 * @param spent what was paid to providers
	 * @param saved what the replayed responses had cost
	 * @param savedTokens the tokens of the replayed responses
	 * @param unpricedCalls calls whose price is unknown, and which are missing in the
	 * sums
	 * @param inputTokens the tokens of prompts that providers were asked
	 * @param outputTokens the tokens that providers answered
	 * @param evictions entries that were deleted to make room for others
	 * @param expirations entries that were deleted because they had expired
	 * @param stored what the stored responses had cost, or {@code null} if unknown
	 * @param entries the number of entries, or {@code null} if unknown
	 * @param bytes the space that they take, in bytes, or {@code null} if unknown
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record ModelDescriptor(long hits, long misses, long stale, long writes, long errors, long coalesced,
			@Nullable Double hitRatio, BigDecimal spent, BigDecimal saved, long savedTokens, long unpricedCalls,
			long inputTokens, long outputTokens, long evictions, long expirations, @Nullable BigDecimal stored,
			@Nullable Long entries, @Nullable Long bytes) {

		static ModelDescriptor of(ModelStatistics statistics, @Nullable StoreSize size) {
			long lookups = statistics.hits() + statistics.misses();
			return new ModelDescriptor(statistics.hits(), statistics.misses(), statistics.stale(), statistics.writes(),
					statistics.errors(), statistics.coalesced(),
					(lookups > 0) ? (double) statistics.hits() / lookups : null,
					CacheStatistics.dollars(statistics.spentNanos()), CacheStatistics.dollars(statistics.savedNanos()),
					statistics.savedTokens(), statistics.unpricedCalls(), statistics.inputTokens(),
					statistics.outputTokens(), statistics.evictions(), statistics.expirations(),
					(size != null) ? CacheStatistics.dollars(size.costNanos()) : null,
					(size != null) ? size.entries() : null, (size != null) ? size.bytes() : null);
		}

	}

	/**
	 * Description of a deletion.
	 *
	 * @param deleted how many entries there were
	 */
	public record DeletionDescriptor(long deleted) implements OperationResponseBody {
	}

}
