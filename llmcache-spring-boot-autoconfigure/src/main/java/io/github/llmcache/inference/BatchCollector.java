package io.github.llmcache.inference;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InferenceException;
import io.github.llmcache.ProviderException;
import io.github.llmcache.provider.BatchClient;
import io.github.llmcache.provider.BatchResponses;
import io.github.llmcache.provider.BatchStatus;
import io.github.llmcache.provider.BatchStatus.State;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderErrors;
import io.github.llmcache.provider.ProviderProtocol.ErrorBody;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Asks how batches get on, and fetches the results of those that have ended. A request is
 * forgotten only when its result is known: what fails on the way to it is tried again by
 * the next run. Thread-safe.
 */
final class BatchCollector {

	private static final Log logger = LogFactory.getLog(BatchCollector.class);

	/** Both providers end a batch after a day. */
	private static final Duration LONGEST_UNDER_WAY = Duration.ofHours(25);

	private static final int NOT_FOUND = 404;

	private final BatchJournal journal;

	private final BatchClient client;

	private final ProviderRetries retries;

	private final AnswerReader reader;

	private final Responder responder;

	private final InstantSource clock;

	BatchCollector(BatchJournal journal, BatchClient client, ProviderRetries retries, AnswerReader reader,
			Responder responder, InstantSource clock) {
		this.journal = journal;
		this.client = client;
		this.retries = retries;
		this.reader = reader;
		this.responder = responder;
		this.clock = clock;
	}

	/**
	 * Ask once how a batch gets on, and fetch its results if it has ended.
	 * @param part the batch
	 * @param results is told of the results
	 * @return whether all its items have results
	 */
	boolean poll(BatchPart part, BatchResults results) {
		BatchStatus status;
		try {
			status = part.protocol().status(this.client, part.provider(), part.batchId());
		}
		catch (ProviderException ex) {
			Instant now = this.clock.instant();
			if (ex.isRetryable() && now.isBefore(part.record().createdAt().plus(LONGEST_UNDER_WAY))) {
				Duration longest = this.retries.settings().maxRetryAfter();
				part.postpone(now,
						ex.getRetryAfter().filter((time) -> time.compareTo(longest) <= 0).orElse(Duration.ZERO));
				return false;
			}
			InferenceException failure = explain(part, ex);
			part.items().forEach((item) -> results.fail(item, failure));
			return true;
		}
		part.report(status);
		if (status.state() == State.UNDER_WAY) {
			part.postpone(this.clock.instant(), Duration.ZERO);
			return false;
		}
		fetch(part, status, results);
		return true;
	}

	private InferenceException explain(BatchPart part, ProviderException failure) {
		if (!failure.getStatus().equals(Optional.of(NOT_FOUND))) {
			return failure;
		}
		return new InferenceException("Provider '" + part.provider().name() + "' does not know batch " + part.batchId()
				+ ", which it has created, or has not kept its results. Is it the same account, at the same base URL? "
				+ "If so, delete " + this.journal.file(part.record().id()) + " to ask again for what the batch holds",
				failure);
	}

	private void fetch(BatchPart part, BatchStatus status, BatchResults results) {
		try {
			this.journal.fetching(() -> {
				fetch(part, status, new BatchDownload(part, unpaid(part), endedAt(part, status), this.reader,
						this.responder, results), results);
				return true;
			});
		}
		catch (InferenceCancelledException ex) {
			throw ex;
		}
		catch (InferenceException ex) {
			part.items().forEach((item) -> results.fail(item, ex));
		}
	}

	/**
	 * Return the keys of the requests whose answers nobody has counted and stored.
	 */
	private Set<String> unpaid(BatchPart part) {
		try {
			BatchRecord record = this.journal.find(part.record().id());
			return (record != null) ? new HashSet<>(record.keys()) : Set.of();
		}
		catch (IOException ex) {
			// Rather counted twice than not stored
			return new HashSet<>(part.record().keys());
		}
	}

	/**
	 * Return when the provider has answered, as far as what it says can be true.
	 */
	private Instant endedAt(BatchPart part, BatchStatus status) {
		Instant now = this.clock.instant();
		Instant endedAt = status.endedAt();
		return (endedAt != null && endedAt.isBefore(now) && endedAt.isAfter(part.record().createdAt())) ? endedAt : now;
	}

	private void fetch(BatchPart part, BatchStatus status, BatchDownload download, BatchResults results) {
		try {
			for (String path : status.results()) {
				this.retries.execute(part.provider(), () -> {
					download.read(this.client, path);
					return true;
				});
			}
			download.flush();
			settleMissing(part, status, download);
		}
		catch (InferenceCancelledException ex) {
			download.flush();
			throw ex;
		}
		catch (InferenceException ex) {
			download.flush();
			InferenceException failure = (ex instanceof ProviderException known) ? explain(part, known) : ex;
			part.items().forEach((item) -> results.fail(item, failure));
		}
		forget(part, download.settled());
	}

	private void settleMissing(BatchPart part, BatchStatus status, BatchDownload download) {
		if (download.missing().isEmpty()) {
			return;
		}
		if (status.state() != State.FAILED && (download.unreadable() > 0 || download.answered() < status.answered())) {
			throw new InferenceException("Batch " + part.batchId() + " of provider '" + part.provider().name()
					+ "' has answered " + status.answered() + " requests, of which " + download.answered()
					+ " could be read; " + download.unreadable() + " results are not valid, or larger than "
					+ "'llmcache.max-entry-size'. They are fetched again by the next run. To ask for them again "
					+ "instead, delete " + this.journal.file(part.record().id()));
		}
		for (BatchItem item : download.missing()) {
			download.fail(item, missing(part.provider(), status));
		}
	}

	private static InferenceException missing(ProviderDefinition provider, BatchStatus status) {
		return switch (status.state()) {
			case FAILED ->
				ProviderErrors.batchFailed(provider, (status.failure() != null) ? status.failure() : ErrorBody.UNKNOWN);
			case EXPIRED -> BatchResponses.expired(provider);
			case CANCELLED -> BatchResponses.cancelled(provider);
			default -> ProviderErrors.malformed(provider, "the batch has ended without a result for this request");
		};
	}

	private void forget(BatchPart part, Set<String> settled) {
		try {
			this.journal.forget(part.record().id(), settled);
		}
		catch (InferenceCancelledException ex) {
			throw ex;
		}
		catch (InferenceException ex) {
			logger.warn("The record of batch " + part.batchId() + " of provider '" + part.provider().name()
					+ "' could not be changed: requests that have failed are not asked again until it is deleted", ex);
		}
	}

}
