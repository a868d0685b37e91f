package io.github.llmcache.inference;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import io.github.llmcache.BatchInferenceApi;
import io.github.llmcache.InferenceBatch;
import io.github.llmcache.InferenceException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.Progress;
import io.github.llmcache.ProviderBatch;
import io.github.llmcache.UnknownProviderException;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.pricing.PriceTable;
import io.github.llmcache.provider.BatchClient;
import io.github.llmcache.provider.ProviderClient;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderRouter;

/**
 * The {@link BatchInferenceApi} over providers, the cache, and a journal in a directory.
 */
public final class DefaultBatchInferenceApi implements BatchInferenceApi, AutoCloseable {

	private final CountDownLatch closed = new CountDownLatch(1);

	private final ProviderRouter router;

	private final Namespaces namespaces;

	private final CallPlanner planner;

	private final Responder responder;

	private final BatchJournal journal;

	private final BatchSubmitter submitter;

	private final BatchCollector collector;

	private final BatchCancellation cancellation;

	private final InstantSource clock;

	/**
	 * Create the API.
	 * @param router finds the providers of requests
	 * @param client makes their calls
	 * @param cache keeps their answers
	 * @param prices tells what calls cost
	 * @param settings how calls are made and answers are kept
	 * @param batches how batches are watched and remembered
	 * @param clock the time
	 */
	public DefaultBatchInferenceApi(ProviderRouter router, ProviderClient client, CacheManager cache, PriceTable prices,
			InferenceSettings settings, BatchSettings batches, InstantSource clock) {
		ProviderRetries retries = new ProviderRetries(settings.retry());
		BatchClient batchClient = new BatchClient(client);
		this.router = router;
		this.namespaces = new Namespaces(settings.cache().resolver());
		this.planner = new CallPlanner(router, settings.cache());
		this.responder = new Responder(cache, new Misses(cache, settings.showValues()));
		this.journal = new BatchJournal(batches.directory());
		this.submitter = new BatchSubmitter(this.journal, batchClient, retries, batches, clock);
		this.collector = new BatchCollector(this.journal, batchClient, retries,
				new AnswerReader(prices, new StoragePolicy(settings.storeRefusals())), this.responder, clock);
		this.cancellation = new BatchCancellation(batchClient, retries);
		this.clock = clock;
	}

	@Override
	public InferenceBatch submit(List<InferenceRequest> requests, Progress progress) {
		BatchRun run = new BatchRun(this.planner, this.responder, this.collector, this.cancellation, this.clock,
				this.closed, this.namespaces, requests);
		run.start(this.submitter, progress);
		return run;
	}

	@Override
	public List<ProviderBatch> underWay() {
		BatchJournal.Content content = this.journal.load();
		if (!content.unreadable().isEmpty()) {
			throw new InferenceException("The records of batches " + content.unreadable() + " cannot be read");
		}
		List<ProviderBatch> batches = new ArrayList<>();
		for (BatchRecord record : content.records()) {
			String batchId = record.batchId();
			if (batchId != null) {
				batches.add(new ProviderBatch(record.provider(), batchId, record.keys().size(), record.createdAt()));
			}
		}
		return batches;
	}

	@Override
	public void cancel(ProviderBatch batch) {
		ProviderDefinition provider = this.router.providers()
			.stream()
			.filter((candidate) -> candidate.name().equals(batch.provider()))
			.findFirst()
			.orElseThrow(() -> new UnknownProviderException(
					"The provider '" + batch.provider() + "' of the batch is not configured"));
		ProviderRouter.requireApiKey(provider);
		this.cancellation.cancel(provider, batch.id());
	}

	/**
	 * End the waiting for batches, which go on.
	 */
	@Override
	public void close() {
		this.closed.countDown();
	}

}
