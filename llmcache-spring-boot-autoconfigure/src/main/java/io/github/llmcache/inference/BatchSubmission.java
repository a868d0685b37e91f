package io.github.llmcache.inference;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InferenceException;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.provider.BatchClient;
import io.github.llmcache.provider.BatchUpload;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderErrors;
import io.github.llmcache.provider.ProviderRouter;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One submission, by the thread that holds the lock: what is under way is waited for,
 * what is left is split as the providers want it and sent.
 */
final class BatchSubmission {

	private static final Log logger = LogFactory.getLog(BatchSubmission.class);

	/** Neither OpenAI nor Anthropic keeps results for longer. */
	private static final Duration LONGEST_KEPT = Duration.ofDays(30);

	private final BatchJournal journal;

	private final BatchCreator creator;

	private final InstantSource clock;

	private final Map<Held, BatchItem> pending;

	private final BatchResults results;

	private final BiConsumer<BatchRecord, List<BatchItem>> batches;

	/**
	 * Create a submission.
	 * @param journal the journal
	 * @param creator creates batches
	 * @param clock the time
	 * @param pending the items; those that are in a batch or have failed are removed
	 * @param results is told of items that cannot be in a batch
	 * @param batches is given the batches with those of the items that they hold
	 */
	BatchSubmission(BatchJournal journal, BatchCreator creator, InstantSource clock, Map<Held, BatchItem> pending,
			BatchResults results, BiConsumer<BatchRecord, List<BatchItem>> batches) {
		this.journal = journal;
		this.creator = creator;
		this.clock = clock;
		this.pending = pending;
		this.results = results;
		this.batches = batches;
	}

	/**
	 * Submit.
	 * @param content what the journal holds
	 * @throws IOException if the items cannot be written to a file
	 */
	void run(BatchJournal.Content content) throws IOException {
		for (BatchRecord record : content.records()) {
			attach(record);
		}
		if (!content.unreadable().isEmpty()) {
			failAll(List.copyOf(this.pending.values()),
					new InferenceException("No batch was created, because the records of batches "
							+ content.unreadable() + " cannot be read. What they hold may have been paid for: restore "
							+ "them, or delete them to ask for it again"));
		}
		for (List<BatchItem> lot : lots()) {
			create(lot);
		}
	}

	private void attach(BatchRecord record) {
		if (record.createdAt().plus(LONGEST_KEPT).isBefore(this.clock.instant())) {
			this.journal.delete(record);
			return;
		}
		List<BatchItem> held = new ArrayList<>();
		for (String key : record.keys()) {
			BatchItem item = this.pending.get(new Held(record.provider(), key));
			if (item != null) {
				held.add(item);
			}
		}
		if (held.isEmpty()) {
			return;
		}
		try {
			ProviderDefinition provider = held.get(0).provider();
			ProviderRouter.requireApiKey(provider);
			BatchRecord created = (record.batchId() != null) ? record : this.creator.recover(record, provider);
			if (created != null) {
				logger.info("Waiting for " + held.size() + " requests in batch " + created.batchId() + " of provider '"
						+ created.provider() + "', which was created before");
				add(created, held);
			}
		}
		catch (InferenceCancelledException ex) {
			throw ex;
		}
		catch (InferenceException ex) {
			failAll(held, ex);
		}
	}

	/**
	 * Return what can be in batches together, of what is in no batch.
	 */
	private Collection<List<BatchItem>> lots() {
		return this.pending.values().stream().collect(Collectors.groupingBy((item) -> {
			InferenceCall call = item.call();
			boolean oneModel = BatchCreator.protocol(item.provider()).format().oneModel();
			return new Lot(call.provider().name(), call.wire().operation(), oneModel ? call.request().model() : null);
		}, LinkedHashMap::new, Collectors.toList())).values();
	}

	private void create(List<BatchItem> lot) throws IOException {
		ProviderDefinition provider = lot.get(0).provider();
		try {
			ProviderRouter.requireApiKey(provider);
		}
		catch (InferenceException ex) {
			failAll(lot, ex);
			return;
		}
		int next = 0;
		while (next < lot.size()) {
			String id = UUID.randomUUID().toString();
			List<BatchItem> chunk = new ArrayList<>();
			try (BatchItemsFile file = new BatchItemsFile(this.journal.createItemsFile(id),
					BatchCreator.protocol(provider).format())) {
				next = fill(file, lot, next, chunk);
				if (!chunk.isEmpty()) {
					create(new BatchUpload(id, chunk.get(0).call().wire().operation(), file.finish()), provider, chunk);
				}
			}
		}
	}

	private int fill(BatchItemsFile file, List<BatchItem> lot, int from, List<BatchItem> chunk) throws IOException {
		int next = from;
		for (; next < lot.size(); next++) {
			BatchItem item = lot.get(next);
			byte[] bytes = write(item);
			if (bytes == null) {
				continue;
			}
			if (!file.add(bytes)) {
				break;
			}
			chunk.add(item);
		}
		return next;
	}

	private byte @Nullable [] write(BatchItem item) {
		ProviderDefinition provider = item.provider();
		try {
			byte[] bytes = BatchClient.write(BatchCreator.protocol(provider).item(item.key(), item.call().wire()),
					provider);
			if (bytes.length >= BatchCreator.protocol(provider).format().maxBytes()) {
				throw ProviderErrors.invalidRequest(provider, "the request is larger than a batch may be");
			}
			return bytes;
		}
		catch (InvalidRequestException ex) {
			failAll(List.of(item), ex);
			return null;
		}
	}

	private void create(BatchUpload upload, ProviderDefinition provider, List<BatchItem> chunk) {
		try {
			BatchRecord record = this.creator.create(upload, provider, chunk.stream().map(BatchItem::key).toList());
			logger.info("Created batch " + record.batchId() + " of provider '" + record.provider() + "' with "
					+ chunk.size() + " requests");
			add(record, chunk);
		}
		catch (InferenceCancelledException ex) {
			throw ex;
		}
		catch (InferenceException ex) {
			failAll(chunk, ex);
		}
	}

	private void add(BatchRecord record, List<BatchItem> items) {
		items.forEach(this::remove);
		this.batches.accept(record, items);
	}

	private void failAll(List<BatchItem> items, InferenceException failure) {
		for (BatchItem item : items) {
			remove(item);
			this.results.fail(item, failure);
		}
	}

	private void remove(BatchItem item) {
		this.pending.remove(Held.of(item));
	}

	/**
	 * A request of a provider in a batch.
	 *
	 * @param provider the configured name of the provider
	 * @param key the key of the request
	 */
	record Held(String provider, String key) {

		static Held of(BatchItem item) {
			return new Held(item.provider().name(), item.key());
		}

	}

	/**
	 * What may be in one batch together.
	 */
	private record Lot(String provider, String operation, @Nullable String model) {
	}

}
