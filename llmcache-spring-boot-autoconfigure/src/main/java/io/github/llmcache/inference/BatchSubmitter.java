package io.github.llmcache.inference;

import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InferenceException;
import io.github.llmcache.inference.BatchSubmission.Held;
import io.github.llmcache.provider.BatchClient;

/**
 * Finds the batches in which requests are under way, and creates batches of the others.
 * One submitter of all processes works at a time. Thread-safe.
 */
final class BatchSubmitter {

	private final BatchJournal journal;

	private final BatchClient client;

	private final ProviderRetries retries;

	private final BatchSettings settings;

	private final InstantSource clock;

	BatchSubmitter(BatchJournal journal, BatchClient client, ProviderRetries retries, BatchSettings settings,
			InstantSource clock) {
		this.journal = journal;
		this.client = client;
		this.retries = retries;
		this.settings = settings;
		this.clock = clock;
	}

	/**
	 * Find or create the batches of items.
	 * @param items the items, all of providers that have batches
	 * @param results is told of items that cannot be in a batch
	 * @param parts is given the batches, each as soon as there is one
	 */
	void submit(Collection<BatchItem> items, BatchResults results, Consumer<BatchPart> parts) {
		Map<Held, BatchItem> pending = new LinkedHashMap<>();
		items.forEach((item) -> pending.put(Held.of(item), item));
		try {
			this.journal.submitting(() -> {
				BatchJournal.Content content = this.journal.load();
				BatchCreator creator = new BatchCreator(this.journal, this.client, this.retries, this.settings,
						this.clock, content.records());
				new BatchSubmission(this.journal, creator, this.clock, pending, results, (record, held) -> parts
					.accept(new BatchPart(record, held, this.settings, this.clock.instant()))).run(content);
				return true;
			});
		}
		catch (InferenceCancelledException ex) {
			throw ex;
		}
		catch (InferenceException ex) {
			List.copyOf(pending.values()).forEach((item) -> results.fail(item, ex));
		}
	}

}
