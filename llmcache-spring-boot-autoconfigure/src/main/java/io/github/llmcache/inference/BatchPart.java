package io.github.llmcache.inference;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import io.github.llmcache.ProviderBatch;
import io.github.llmcache.provider.BatchProtocol;
import io.github.llmcache.provider.BatchStatus;
import io.github.llmcache.provider.ProviderDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * A batch that is under way, with those of its items that a run waits for. Used by one
 * thread at a time, but for what is final.
 */
final class BatchPart {

	private static final double MULTIPLIER = 1.5;

	private final BatchRecord record;

	private final ProviderDefinition provider;

	private final Map<String, BatchItem> items = new LinkedHashMap<>();

	private final BackOffExecution backOff;

	private Instant due;

	/** How long that was away when it was said. */
	private Duration pause = Duration.ZERO;

	private long processed;

	/**
	 * Create a part.
	 * @param record the record of the batch, which has been created
	 * @param items the items that are waited for; at least one
	 * @param settings how often to ask
	 * @param now the time
	 */
	BatchPart(BatchRecord record, Collection<BatchItem> items, BatchSettings settings, Instant now) {
		this.record = record;
		this.provider = items.iterator().next().provider();
		items.forEach((item) -> this.items.put(item.key(), item));
		ExponentialBackOff intervals = new ExponentialBackOff(settings.pollInterval().toMillis(), MULTIPLIER);
		intervals.setMaxInterval(settings.maxPollInterval().toMillis());
		this.backOff = intervals.start();
		this.due = now;
		postpone(now, Duration.ZERO);
	}

	BatchRecord record() {
		return this.record;
	}

	String batchId() {
		return Objects.requireNonNull(this.record.batchId());
	}

	ProviderDefinition provider() {
		return this.provider;
	}

	BatchProtocol protocol() {
		return BatchCreator.protocol(this.provider);
	}

	@Nullable BatchItem find(String key) {
		return this.items.get(key);
	}

	Collection<BatchItem> items() {
		return this.items.values();
	}

	/**
	 * Return when to ask next.
	 */
	Instant due() {
		return this.due;
	}

	/**
	 * Ask later, and later each time.
	 * @param now the time
	 * @param least the least time until then
	 */
	void postpone(Instant now, Duration least) {
		Duration interval = Duration.ofMillis(this.backOff.nextBackOff());
		this.pause = (least.compareTo(interval) > 0) ? least : interval;
		this.due = now.plus(this.pause);
	}

	/**
	 * Wait no longer than had been said, if the clock was set back meanwhile.
	 * @param now the time
	 */
	void adjust(Instant now) {
		Instant latest = now.plus(this.pause);
		this.due = this.due.isAfter(latest) ? latest : this.due;
	}

	void report(BatchStatus status) {
		this.processed = Math.max(this.processed, Math.min(status.processed(), this.items.size()));
	}

	/**
	 * Return how many items the provider says it has processed.
	 */
	long processed() {
		return this.processed;
	}

	ProviderBatch describe() {
		return new ProviderBatch(this.provider.name(), batchId(), this.record.keys().size(), this.record.createdAt());
	}

}
