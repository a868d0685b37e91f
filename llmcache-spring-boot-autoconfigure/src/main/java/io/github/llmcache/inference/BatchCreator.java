package io.github.llmcache.inference;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InferenceException;
import io.github.llmcache.ProviderException;
import io.github.llmcache.RateLimitException;
import io.github.llmcache.provider.BatchClient;
import io.github.llmcache.provider.BatchProtocol;
import io.github.llmcache.provider.BatchUpload;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderErrors;
import io.github.llmcache.provider.SoughtBatch;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Creates batches, each only once.
 * <p>
 * Before a batch is created, its record is on the disk, with an identifier that is sent
 * along. As long as the record lacks the provider's identifier, nobody has heard whether
 * the batch was created, and the provider is asked for it before anything is created
 * again. Used by the thread that holds the lock.
 */
final class BatchCreator {

	private static final Log logger = LogFactory.getLog(BatchCreator.class);

	/** By then, a request that was sent by somebody who died has reached its provider. */
	private static final Duration LONGEST_ON_ITS_WAY = Duration.ofSeconds(30);

	private static final long LONGEST_PAUSE = Duration.ofSeconds(1).toMillis();

	private final Set<String> known = new HashSet<>();

	private final BatchJournal journal;

	private final BatchClient client;

	private final ProviderRetries retries;

	private final BatchSettings settings;

	private final InstantSource clock;

	/**
	 * Create a creator.
	 * @param journal the journal
	 * @param client the client
	 * @param retries how often it is tried
	 * @param settings how often providers are asked
	 * @param clock the time
	 * @param records the records of the batches that there are
	 */
	BatchCreator(BatchJournal journal, BatchClient client, ProviderRetries retries, BatchSettings settings,
			InstantSource clock, Collection<BatchRecord> records) {
		this.journal = journal;
		this.client = client;
		this.retries = retries;
		this.settings = settings;
		this.clock = clock;
		for (BatchRecord record : records) {
			if (record.batchId() != null) {
				this.known.add(record.batchId());
			}
		}
	}

	/**
	 * Return how a provider takes batches.
	 * @param provider the provider
	 * @return the protocol
	 * @throws ProviderException if it has none
	 */
	static BatchProtocol protocol(ProviderDefinition provider) {
		BatchProtocol protocol = provider.protocol().batches();
		if (protocol == null) {
			throw ProviderErrors.invalidRequest(provider,
					"protocol '" + provider.protocol().name() + "' has no batches: ask InferenceApi");
		}
		return protocol;
	}

	/**
	 * Create a batch.
	 * @param upload the batch
	 * @param provider the provider
	 * @param keys the keys of its requests
	 * @return its record
	 * @throws InferenceException if it was not created, or nobody knows: then its record
	 * is kept
	 */
	BatchRecord create(BatchUpload upload, ProviderDefinition provider, List<String> keys) {
		BatchProtocol protocol = protocol(provider);
		String staged = this.retries.execute(provider, () -> protocol.stage(this.client, provider, upload));
		BatchRecord intent = new BatchRecord(upload.id(), provider.name(), this.clock.instant(), null, keys.size(),
				keys);
		this.journal.save(intent);
		Creation creation = new Creation(() -> find(intent, provider, this.clock.instant()),
				() -> protocol.create(this.client, provider, upload, staged));
		try {
			return remember(intent.withBatchId(this.retries.execute(provider, creation::attempt)));
		}
		catch (InferenceException ex) {
			if (!creation.uncertain) {
				this.journal.delete(intent);
			}
			throw ex;
		}
	}

	/**
	 * Whether the provider has certainly not created what it was asked to.
	 */
	private static boolean isRefusal(InferenceException failure) {
		return failure instanceof RateLimitException
				|| failure instanceof ProviderException exception && !exception.isRetryable();
	}

	private BatchRecord remember(BatchRecord record) {
		if (record.batchId() != null) {
			this.known.add(record.batchId());
		}
		try {
			this.journal.save(record);
		}
		catch (InferenceException ex) {
			// The record that is there is enough to find it again
			logger.warn("The identifier " + record.batchId() + " of a batch of provider '" + record.provider()
					+ "' could not be recorded", ex);
		}
		return record;
	}

	/**
	 * Find out what became of a batch that somebody was about to create.
	 * @param record its record
	 * @param provider the provider
	 * @return its new record, or {@code null} if it was never created
	 * @throws InferenceException if that cannot be found out
	 */
	@Nullable BatchRecord recover(BatchRecord record, ProviderDefinition provider) {
		Instant now = this.clock.instant();
		// Its creator may have sent it long after it was recorded, until just now
		Instant sent = now.isBefore(record.createdAt().plus(longestCreation(provider))) ? now : record.createdAt();
		String batchId = this.retries.execute(provider, () -> find(record, provider, sent));
		if (batchId == null) {
			this.journal.delete(record);
			return null;
		}
		return remember(record.withBatchId(batchId));
	}

	/**
	 * Return how long somebody can try to create a batch after it was recorded.
	 */
	private Duration longestCreation(ProviderDefinition provider) {
		RetrySettings settings = this.retries.settings();
		Duration pause = (settings.maxInterval().compareTo(settings.maxRetryAfter()) > 0) ? settings.maxInterval()
				: settings.maxRetryAfter();
		return provider.timeout().plus(pause).plus(LONGEST_ON_ITS_WAY).multipliedBy(settings.maxAttempts());
	}

	/**
	 * Find a batch, and if it is not there, wait for it as long as it can take to appear.
	 */
	private @Nullable String find(BatchRecord record, ProviderDefinition provider, Instant sent) {
		String batchId = find(record, provider);
		while (batchId == null && this.clock.instant().isBefore(sent.plus(LONGEST_ON_ITS_WAY))) {
			try {
				TimeUnit.MILLISECONDS.sleep(Math.min(this.settings.pollInterval().toMillis(), LONGEST_PAUSE));
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new InferenceCancelledException("Interrupted while looking for a batch", ex);
			}
			batchId = find(record, provider);
		}
		return batchId;
	}

	private @Nullable String find(BatchRecord record, ProviderDefinition provider) {
		List<String> found = protocol(provider).find(this.client, provider,
				new SoughtBatch(record.id(), record.createdAt(), record.requests(), this.known));
		if (found.size() > 1) {
			throw new InferenceException("Several batches of provider '" + provider.name()
					+ "' can be the one whose creation was interrupted: " + found + ". Write the right one into the "
					+ "line 'batch' of " + this.journal.file(record.id()) + ", or delete the file to ask again");
		}
		return found.isEmpty() ? null : found.get(0);
	}

	/**
	 * A creation that is not repeated before it is known that it has failed.
	 */
	private static final class Creation {

		private final Supplier<@Nullable String> find;

		private final Supplier<String> create;

		/** Whether there may be a batch that nobody has heard of. */
		private boolean uncertain;

		private Creation(Supplier<@Nullable String> find, Supplier<String> create) {
			this.find = find;
			this.create = create;
		}

		private String attempt() {
			String created = this.uncertain ? this.find.get() : null;
			if (created != null) {
				return created;
			}
			this.uncertain = true;
			try {
				return this.create.get();
			}
			catch (InferenceException ex) {
				this.uncertain = !isRefusal(ex);
				throw ex;
			}
		}

	}

}
