package io.github.llmcache.provider.openai;

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
import io.github.llmcache.provider.ProviderProtocol.ErrorBody;
import io.github.llmcache.provider.SoughtBatch;
import io.github.llmcache.provider.WireJson;
import io.github.llmcache.provider.WireRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAI's batches: a file of requests is uploaded, a batch made of it, and its results
 * are two files. For any operation below {@code /v1}.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/batch">OpenAI API
 * reference: Batch</a>
 */
public final class OpenAiBatchProtocol implements BatchProtocol {

	/** By its reference: 50,000 requests, 200 MB, and one model. */
	private static final BatchFormat FORMAT = new BatchFormat(50_000, 200_000_000, true, '\n');

	private static final String WINDOW = "24h";

	/** The member of the metadata that holds our own identifier. */
	private static final String METADATA = "llmcache";

	private static final int PAGE_SIZE = 100;

	private static final int MAX_PAGES = 100;

	/** How far the provider's clock may be off. */
	private static final Duration CLOCK_SKEW = Duration.ofHours(1);

	@Override
	public BatchFormat format() {
		return FORMAT;
	}

	@Override
	public ObjectNode item(String customId, WireRequest request) {
		ObjectNode item = WireJson.NODES.objectNode();
		item.put("custom_id", customId).put("method", "POST").put("url", endpoint(request.operation()));
		item.set("body", request.body());
		return item;
	}

	private static String endpoint(String operation) {
		return "/v1/" + operation;
	}

	/**
	 * Upload the file.
	 * @see <a href="https://platform.openai.com/docs/api-reference/files/create">OpenAI
	 * API reference: Upload file</a>
	 */
	@Override
	public String stage(BatchClient client, ProviderDefinition provider, BatchUpload batch) {
		// No prompt can contain it, for nobody knows it before
		String boundary = "llmcache-" + batch.id();
		String head = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--"
				+ boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"llmcache-" + batch.id()
				+ ".jsonl\"\r\nContent-Type: application/jsonl\r\n\r\n";
		ObjectNode file = client.post(provider, "files", "multipart/form-data; boundary=" + boundary, ascii(head),
				batch.items(), ascii("\r\n--" + boundary + "--\r\n"));
		return BatchResponses.id(file.path("id"), "id", provider);
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	@Override
	public String create(BatchClient client, ProviderDefinition provider, BatchUpload batch, String staged) {
		ObjectNode body = WireJson.NODES.objectNode()
			.put("input_file_id", staged)
			.put("endpoint", endpoint(batch.operation()))
			.put("completion_window", WINDOW);
		body.putObject("metadata").put(METADATA, batch.id());
		return BatchResponses.id(client.post(provider, "batches", body).path("id"), "id", provider);
	}

	@Override
	public List<String> find(BatchClient client, ProviderDefinition provider, SoughtBatch sought) {
		String path = "batches?limit=" + PAGE_SIZE;
		String after = "";
		for (int page = 0; page < MAX_PAGES; page++) {
			ObjectNode list = client.get(provider, path + after);
			JsonNode batches = list.path("data");
			if (!batches.isArray()) {
				throw BatchResponses.malformed(provider, "data");
			}
			JsonNode last = WireJson.NODES.missingNode();
			for (JsonNode batch : batches) {
				if (sought.id().equals(WireJson.string(batch.path("metadata").path(METADATA)))) {
					return List.of(BatchResponses.id(batch.path("id"), "data.id", provider));
				}
				last = batch;
			}
			// The latest come first
			Instant createdAt = BatchResponses.time(last.path("created_at"));
			if (last.isMissingNode() || !list.path("has_more").asBoolean(false)
					|| createdAt != null && createdAt.isBefore(sought.since().minus(CLOCK_SKEW))) {
				return List.of();
			}
			after = "&after=" + BatchResponses.id(last.path("id"), "data.id", provider);
		}
		// Not an empty list: a batch that is not found is paid for again
		throw BatchResponses.malformed(provider, "has_more");
	}

	@Override
	public BatchStatus status(BatchClient client, ProviderDefinition provider, String batchId) {
		ObjectNode batch = client.get(provider, "batches/" + batchId);
		State state = state(batch, provider);
		JsonNode counts = batch.path("request_counts");
		long answered = BatchResponses.count(counts.path("completed"));
		return new BatchStatus(state, answered, answered + BatchResponses.count(counts.path("failed")),
				endedAt(batch, state), results(batch, provider),
				(state == State.FAILED) ? readFailure(batch.path("errors").path("data").path(0)) : null);
	}

	private static State state(ObjectNode batch, ProviderDefinition provider) {
		String status = WireJson.string(batch.path("status"));
		return switch ((status != null) ? status : "") {
			case "validating", "in_progress", "finalizing", "cancelling" -> State.UNDER_WAY;
			case "completed" -> State.ENDED;
			case "expired" -> State.EXPIRED;
			case "cancelled" -> State.CANCELLED;
			case "failed" -> State.FAILED;
			default -> throw BatchResponses.malformed(provider, "status");
		};
	}

	private static @Nullable Instant endedAt(ObjectNode batch, State state) {
		return switch (state) {
			case ENDED -> BatchResponses.time(batch.path("completed_at"));
			case EXPIRED -> BatchResponses.time(batch.path("expired_at"));
			case CANCELLED -> BatchResponses.time(batch.path("cancelled_at"));
			default -> null;
		};
	}

	private static List<String> results(ObjectNode batch, ProviderDefinition provider) {
		List<String> paths = new ArrayList<>();
		for (String name : List.of("output_file_id", "error_file_id")) {
			JsonNode file = batch.path(name);
			if (!WireJson.isAbsent(file)) {
				paths.add("files/" + BatchResponses.id(file, name, provider) + "/content");
			}
		}
		return paths;
	}

	private static ErrorBody readFailure(JsonNode error) {
		return new ErrorBody(null, WireJson.string(error.path("code")), WireJson.string(error.path("message")), null);
	}

	@Override
	public void cancel(BatchClient client, ProviderDefinition provider, String batchId) {
		client.post(provider, "batches/" + batchId + "/cancel", null);
	}

	@Override
	public BatchResult readResult(byte[] line, ProviderDefinition provider) {
		ObjectNode result = WireJson.readResponse(line, provider);
		String customId = BatchResponses.id(result.path("custom_id"), "custom_id", provider);
		JsonNode error = result.path("error");
		JsonNode response = result.path("response");
		if (error.isObject() && !response.path("body").isObject()) {
			return BatchResult.failed(customId, switch (error.path("code").asString("")) {
				case "batch_expired" -> BatchResponses.expired(provider);
				case "batch_cancelled" -> BatchResponses.cancelled(provider);
				default -> ProviderErrors.from(provider, null, readFailure(error), null, null);
			});
		}
		Long status = WireJson.count(response.path("status_code"));
		String requestId = WireJson.string(response.path("request_id"));
		byte[] body = JsonSlice.object(line, "response", "body");
		if (status == null || status > 999) {
			throw BatchResponses.malformed(provider, "response.status_code");
		}
		if (status < 200 || status > 299) {
			return BatchResult.failed(customId,
					ProviderErrors.from(provider, status.intValue(),
							provider.protocol().readError(response.path("body")),
							ProviderErrors.requestId(provider, requestId), null));
		}
		if (body == null) {
			throw BatchResponses.malformed(provider, "response.body");
		}
		return BatchResult.answered(customId, body, ProviderErrors.requestId(provider, requestId));
	}

}
