package io.github.llmcache.inference;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.llmcache.InferenceException;
import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.ProviderException;
import io.github.llmcache.provider.BatchClient;
import io.github.llmcache.provider.BatchResult;
import io.github.llmcache.provider.ProviderErrors;
import io.github.llmcache.provider.WireResponse;

/**
 * The results of one batch while they arrive: each is matched by the key of its request,
 * and what is worth it is saved, in groups. Of two results for one request the first
 * counts. Used by one thread.
 */
final class BatchDownload {

	/** How many answers are saved at once, at the most. */
	private static final int GROUP_SIZE = 500;

	private static final int GROUP_BYTES = 8 * 1024 * 1024;

	/** A file with more lines than that for each request is not a file of results. */
	private static final long MAX_LINES_PER_REQUEST = 3;

	private static final long MAX_FURTHER_LINES = 1000;

	private final BatchPart part;

	private final Set<String> unpaid;

	private final Instant endedAt;

	private final AnswerReader reader;

	private final Responder responder;

	private final BatchResults results;

	private final Set<String> received = new HashSet<>();

	private final Set<String> settled = new HashSet<>();

	private final List<Answered> group = new ArrayList<>();

	private int groupBytes;

	private long answered;

	private long unreadable;

	/**
	 * Create a download.
	 * @param part the batch
	 * @param unpaid the keys of those requests that nobody has counted as paid for
	 * @param endedAt when the batch has ended
	 * @param reader makes answers of responses
	 * @param responder saves them
	 * @param results is told of them
	 */
	BatchDownload(BatchPart part, Set<String> unpaid, Instant endedAt, AnswerReader reader, Responder responder,
			BatchResults results) {
		this.part = part;
		this.unpaid = unpaid;
		this.endedAt = endedAt;
		this.reader = reader;
		this.responder = responder;
		this.results = results;
	}

	/**
	 * Read a file of results. If that fails, it can be read again.
	 * @param client the client
	 * @param path the path of the file
	 * @throws ProviderException if the file cannot be read to its end
	 */
	void read(BatchClient client, String path) {
		Lines lines = new Lines();
		client.readLines(this.part.provider(), path, lines);
		if (lines.count == 0) {
			throw ProviderErrors.malformed(this.part.provider(), "the file of results is empty");
		}
		this.answered += lines.answered;
		this.unreadable += lines.unreadable;
	}

	/**
	 * Save what has been answered, and hand it over.
	 */
	void flush() {
		if (this.group.isEmpty()) {
			return;
		}
		List<Pending> received = new ArrayList<>();
		for (Answered answered : this.group) {
			BatchItem item = answered.item();
			boolean paid = !this.unpaid.contains(item.key());
			received.add(paid ? Responder.receiveAgain(item.call(), answered.answer())
					: this.responder.receive(item.call(), answered.answer()));
		}
		this.responder.save(received);
		for (int i = 0; i < this.group.size(); i++) {
			BatchItem item = this.group.get(i).item();
			this.results.answer(item, received.get(i));
			this.settled.add(item.key());
		}
		this.group.clear();
		this.groupBytes = 0;
	}

	/**
	 * Let a request fail for good: it can be asked again.
	 * @param item the item
	 * @param failure the failure
	 */
	void fail(BatchItem item, InferenceException failure) {
		this.results.fail(item, failure);
		this.settled.add(item.key());
	}

	/**
	 * Return the items that have no result.
	 */
	List<BatchItem> missing() {
		return this.part.items().stream().filter((item) -> !this.received.contains(item.key())).toList();
	}

	/**
	 * Return the keys of the requests that are done with.
	 */
	Set<String> settled() {
		return this.settled;
	}

	/**
	 * Return how many answers the files hold.
	 */
	long answered() {
		return this.answered;
	}

	/**
	 * Return how many lines of the files could not be read.
	 */
	long unreadable() {
		return this.unreadable;
	}

	private void take(BatchResult result) {
		BatchItem item = this.part.find(result.customId());
		if (item == null || item.isSettled() || !this.received.add(item.key())) {
			return;
		}
		byte[] body = result.body();
		if (body == null) {
			fail(item, BulkRun.known(result.failure()));
			return;
		}
		try {
			// Nobody knows how long one request of a batch has taken
			CallAnswer answer = this.reader.read(item.call(), new WireResponse(body, result.requestId(), Duration.ZERO),
					this.endedAt, true);
			this.group.add(new Answered(item, answer));
			this.groupBytes += body.length;
		}
		catch (RuntimeException ex) {
			fail(item, BulkRun.known(ex));
		}
		if (this.group.size() >= GROUP_SIZE || this.groupBytes >= GROUP_BYTES) {
			flush();
		}
	}

	/**
	 * A request that was answered.
	 */
	private record Answered(BatchItem item, CallAnswer answer) {
	}

	/**
	 * The lines of one file.
	 */
	private final class Lines implements BatchClient.LineHandler {

		private long count;

		private long answered;

		private long unreadable;

		@Override
		public void line(byte[] line, boolean complete) {
			count();
			BatchPart part = BatchDownload.this.part;
			BatchResult result;
			try {
				result = part.protocol().readResult(line, part.provider());
			}
			catch (MalformedResponseException ex) {
				if (!complete) {
					throw ProviderErrors.malformed(part.provider(), "the file of results is cut off");
				}
				this.unreadable++;
				return;
			}
			if (result.body() != null) {
				this.answered++;
			}
			take(result);
		}

		@Override
		public void tooLong() {
			count();
			this.unreadable++;
		}

		private void count() {
			this.count++;
			BatchPart part = BatchDownload.this.part;
			if (this.count > part.record().requests() * MAX_LINES_PER_REQUEST + MAX_FURTHER_LINES) {
				throw ProviderErrors.malformed(part.provider(), "the file of results has too many lines");
			}
		}

	}

}
