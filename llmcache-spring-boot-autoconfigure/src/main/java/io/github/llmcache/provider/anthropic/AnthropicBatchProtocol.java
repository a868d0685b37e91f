package io.github.llmcache.provider.anthropic;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.provider.BatchClient;
import io.github.llmcache.provider.BatchFormat;
import io.github.llmcache.provider.BatchProtocol;
import io.github.llmcache.provider.BatchResponses;
import io.github.llmcache.provider.BatchResult;
import io.github.llmcache.provider.BatchStatus;
import io.github.llmcache.provider.BatchStatus.State;
import io.github.llmcache.provider.BatchUpload;
import io.github.llmcache.provider.JsonSlice;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderErrors;
import io.github.llmcache.provider.SoughtBatch;
import io.github.llmcache.provider.WireJson;
import io.github.llmcache.provider.WireRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Anthropic's Message Batches: one call creates a batch of messages for any models, and
 * its results are one file. What it has is taken from its reference and from the types of
 * Anthropic's SDK for Python, 0.121.0.
 * <p>
 * A batch carries nothing of ours but its requests. So one whose creation was interrupted
 * is found again by its age and the number of its requests.
 *
 * @see <a href="https://platform.claude.com/docs/en/api/messages/batches">Message Batches
 * API</a>
 */
public final class AnthropicBatchProtocol implements BatchProtocol {

	/** By its reference: 100,000 requests, 256 MB; less what is around the items. */
	private static final BatchFormat FORMAT = new BatchFormat(100_000, 255_999_000, false, ',');

	private static final String PATH = "messages/batches";

	private static final int PAGE_SIZE = 100;

	private static final int MAX_PAGES = 100;

	/** How far the provider's clock may be off. */
	private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

	@Override
	public BatchFormat format() {
		return FORMAT;
	}

	@Override
	public ObjectNode item(String customId, WireRequest request) {
		ObjectNode item = WireJson.NODES.objectNode().put("custom_id", customId);
		item.set("params", request.body());
		return item;
	}

	@Override
	public String stage(BatchClient client, ProviderDefinition provider, BatchUpload batch) {
		return "";
	}

	@Override
	public String create(BatchClient client, ProviderDefinition provider, BatchUpload batch, String staged) {
		ObjectNode created = client.post(provider, PATH, "application/json", ascii("{\"requests\":["), batch.items(),
				ascii("]}"));
		return BatchResponses.id(created.path("id"), "id", provider);
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	@Override
	public List<String> find(BatchClient client, ProviderDefinition provider, SoughtBatch sought) {
		List<String> found = new ArrayList<>();
		String after = "";
		for (int page = 0; page < MAX_PAGES; page++) {
			ObjectNode list = client.get(provider, PATH + "?limit=" + PAGE_SIZE + after);
			if (!list.path("data").isArray()) {
				throw BatchResponses.malformed(provider, "data");
			}
			String last = null;
			for (JsonNode batch : list.path("data")) {
				Instant createdAt = BatchResponses.time(batch.path("created_at"));
				if (createdAt == null) {
					throw BatchResponses.malformed(provider, "data.created_at");
				}
				// The latest come first
				if (createdAt.isBefore(sought.since().minus(CLOCK_SKEW))) {
					return found;
				}
				last = BatchResponses.id(batch.path("id"), "data.id", provider);
				if (total(batch.path("request_counts")) == sought.requests() && !sought.others().contains(last)) {
					found.add(last);
				}
			}
			if (last == null || !list.path("has_more").asBoolean(false)) {
				return found;
			}
			after = "&after_id=" + last;
		}
		// Not what was found: a batch that is not found is paid for again
		throw BatchResponses.malformed(provider, "has_more");
	}

	private static long total(JsonNode counts) {
		return processed(counts) + BatchResponses.count(counts.path("processing"));
	}

	private static long processed(JsonNode counts) {
		return BatchResponses.count(counts.path("succeeded")) + BatchResponses.count(counts.path("errored"))
				+ BatchResponses.count(counts.path("canceled")) + BatchResponses.count(counts.path("expired"));
	}

	@Override
	public BatchStatus status(BatchClient client, ProviderDefinition provider, String batchId) {
		ObjectNode batch = client.get(provider, PATH + "/" + batchId);
		String status = WireJson.string(batch.path("processing_status"));
		State state = switch ((status != null) ? status : "") {
			case "in_progress", "canceling" -> State.UNDER_WAY;
			case "ended" -> State.ENDED;
			default -> throw BatchResponses.malformed(provider, "processing_status");
		};
		JsonNode counts = batch.path("request_counts");
		// Not 'results_url', for it need not be where the key may go
		return new BatchStatus(state, BatchResponses.count(counts.path("succeeded")), processed(counts),
				BatchResponses.time(batch.path("ended_at")),
				(state == State.ENDED) ? List.of(PATH + "/" + batchId + "/results") : List.of(), null);
	}

	@Override
	public void cancel(BatchClient client, ProviderDefinition provider, String batchId) {
		client.post(provider, PATH + "/" + batchId + "/cancel", null);
	}

	@Override
	public BatchResult readResult(byte[] line, ProviderDefinition provider) {
		ObjectNode individual = WireJson.readResponse(line, provider);
		String customId = BatchResponses.id(individual.path("custom_id"), "custom_id", provider);
		JsonNode result = individual.path("result");
		switch (result.path("type").asString("")) {
			case "succeeded" -> {
				byte[] message = JsonSlice.object(line, "result", "message");
				if (message == null) {
					throw BatchResponses.malformed(provider, "result.message");
				}
				return BatchResult.answered(customId, message, null);
			}
			case "errored" -> {
				return BatchResult.failed(customId, ProviderErrors.from(provider, null,
						provider.protocol().readError(result.path("error")), null, null));
			}
			case "canceled" -> {
				return BatchResult.failed(customId, BatchResponses.cancelled(provider));
			}
			case "expired" -> {
				return BatchResult.failed(customId, BatchResponses.expired(provider));
			}
			default -> throw BatchResponses.malformed(provider, "result.type");
		}
	}

}
