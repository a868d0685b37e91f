package io.github.llmcache.provider;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.llmcache.provider.StandInProvider.ReceivedRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The batch APIs of OpenAI and of Anthropic for a {@link StandInProvider}. Refuses what
 * the real ones would refuse, keeps its batches whoever asks, and ends them when a test
 * says so, with results in another order than the requests.
 */
public final class StandInBatches implements Function<ReceivedRequest, @Nullable Reply> {

	/** What becomes of a request. */
	public enum Fate {

		/** It is answered. */
		ANSWERED,

		/** It gets an error of its own. */
		FAILED,

		/** The day is over before it. */
		EXPIRED,

		/** Somebody has cancelled the batch before it. */
		CANCELLED,

		/** It has no result at all. */
		FORGOTTEN

	}

	private static final Set<String> ENDPOINTS = Set.of("/v1/chat/completions", "/v1/responses", "/v1/completions",
			"/v1/embeddings");

	private static final Pattern ANTHROPIC_CUSTOM_ID = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

	private static final Pattern PARTS = Pattern
		.compile("--(?<boundary>[^\r\n]+)\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n"
				+ "--\\k<boundary>\r\nContent-Disposition: form-data; name=\"file\"; filename=\"[^\"\r\n]+[.]jsonl\"\r\n"
				+ "Content-Type: application/jsonl\r\n\r\n(?<file>.*)\r\n--\\k<boundary>--\r\n", Pattern.DOTALL);

	private final Map<String, String> files = new HashMap<>();

	private final Map<String, Batch> batches = new LinkedHashMap<>();

	private final List<ReceivedRequest> polls = new ArrayList<>();

	private final Queue<UnaryOperator<Reply>> results = new ArrayDeque<>();

	private Function<String, Fate> fates = (question) -> Fate.ANSWERED;

	private UnaryOperator<List<String>> lines = UnaryOperator.identity();

	private String endStatus = "completed";

	private boolean ending;

	/**
	 * Decide what becomes of the requests of batches that are created from now on.
	 * @param fates gives the fate of a question
	 * @return this
	 */
	public synchronized StandInBatches fates(Function<String, Fate> fates) {
		this.fates = fates;
		return this;
	}

	/**
	 * End all batches, also those to come.
	 * @return this
	 */
	public StandInBatches end() {
		return end("completed");
	}

	/**
	 * End all batches, also those to come.
	 * @param status the status by OpenAI's words
	 * @return this
	 */
	public synchronized StandInBatches end(String status) {
		this.ending = true;
		this.endStatus = status;
		return this;
	}

	/**
	 * End no further batches.
	 */
	public synchronized void process() {
		this.ending = false;
	}

	/**
	 * Change the lines of results.
	 * @param lines changes them
	 * @return this
	 */
	public synchronized StandInBatches lines(UnaryOperator<List<String>> lines) {
		this.lines = lines;
		return this;
	}

	/**
	 * Change the next reply with results that is not changed yet.
	 * @param change the change
	 */
	public synchronized void results(UnaryOperator<Reply> change) {
		this.results.add(change);
	}

	/**
	 * Return the questions of all batches.
	 * @return a list for each batch, in the order of their creation
	 */
	public synchronized List<List<String>> questions() {
		return this.batches.values()
			.stream()
			.map((batch) -> batch.items.values().stream().map(StandInBatches::question).toList())
			.toList();
	}

	public synchronized List<String> ids() {
		return List.copyOf(this.batches.keySet());
	}

	public synchronized int fileCount() {
		return this.files.size();
	}

	/**
	 * Return how often somebody has asked how a batch gets on.
	 * @return the number of requests
	 */
	public synchronized int pollCount() {
		return this.polls.size();
	}

	/**
	 * Forget all batches, as a provider does after some time.
	 */
	public synchronized void forget() {
		this.batches.clear();
	}

	@Override
	public synchronized @Nullable Reply apply(ReceivedRequest request) {
		String path = request.path().replaceFirst("^/v1/", "");
		if (path.startsWith("messages/batches")) {
			return anthropic(request, path.substring("messages/batches".length()));
		}
		if (!path.startsWith("files") && !path.startsWith("batches")) {
			return null;
		}
		return openAi(request, path);
	}

	private Reply openAi(ReceivedRequest request, String path) {
		if (!("Bearer " + StandInProvider.API_KEY).equals(request.header("Authorization"))) {
			return Reply.openAiError(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided");
		}
		String[] segments = path.split("[/?]");
		if (request.method().equals("POST") && path.equals("files")) {
			return upload(request);
		}
		if (request.method().equals("GET") && segments[0].equals("files") && segments.length == 3) {
			return results(
					Reply.status(200).body("application/octet-stream", this.files.getOrDefault(segments[1], "")));
		}
		if (request.method().equals("POST") && path.equals("batches")) {
			return createOpenAi(request);
		}
		if (request.method().equals("GET") && path.startsWith("batches?")) {
			return list(path, "after=");
		}
		Batch batch = (segments.length > 1) ? this.batches.get(segments[1]) : null;
		if (batch == null) {
			return Reply.openAiError(404, "invalid_request_error", null, "No such batch");
		}
		if (request.method().equals("POST") && segments.length == 3 && segments[2].equals("cancel")) {
			batch.cancel();
		}
		else {
			this.polls.add(request);
		}
		return Reply.ok(describeOpenAi(batch).toString());
	}

	private Reply upload(ReceivedRequest request) {
		String contentType = String.valueOf(request.header("Content-Type"));
		Matcher parts = PARTS.matcher(request.text());
		if (!parts.matches() || !contentType.equals("multipart/form-data; boundary=" + parts.group("boundary"))) {
			return Reply.openAiError(400, "invalid_request_error", null, "The multipart body is not as documented");
		}
		String id = "file-" + (this.files.size() + 1);
		this.files.put(id, parts.group("file"));
		return Reply.ok("{\"id\": \"" + id + "\", \"object\": \"file\", \"purpose\": \"batch\"}");
	}

	private Reply createOpenAi(ReceivedRequest request) {
		JsonNode body = request.json();
		String file = this.files.get(body.path("input_file_id").asString(""));
		String endpoint = body.path("endpoint").asString("");
		if (file == null || !ENDPOINTS.contains(endpoint) || !body.path("completion_window").asString("").equals("24h")
				|| body.size() != 4) {
			return Reply.openAiError(400, "invalid_request_error", null, "Invalid batch");
		}
		Map<String, JsonNode> items = new LinkedHashMap<>();
		Set<String> models = new HashSet<>();
		for (String line : file.split("\n")) {
			JsonNode item = StandInProvider.JSON.readTree(line);
			models.add(item.path("body").path("model").asString());
			if (item.size() != 4 || !item.path("method").asString("").equals("POST")
					|| !item.path("url").asString("").equals(endpoint) || isRefused(endpoint, item.path("body"))
					|| items.put(item.path("custom_id").asString(), item.path("body")) != null) {
				return Reply.openAiError(400, "invalid_request_error", null, "Invalid line");
			}
		}
		if (items.size() > 50_000 || models.size() != 1) {
			return Reply.openAiError(400, "invalid_request_error", null, "Too many requests or models");
		}
		return Reply.ok(describeOpenAi(create("batch_", items, body.path("metadata"))).toString());
	}

	private static boolean isRefused(String endpoint, JsonNode body) {
		return body.has("stream") || switch (endpoint) {
			case "/v1/responses" -> new StandInResponses().problem(body) != null;
			case "/v1/completions" -> new StandInCompletions().problem(body) != null;
			default -> !body.path("messages").isArray();
		};
	}

	private Batch create(String prefix, Map<String, JsonNode> items, JsonNode metadata) {
		Batch batch = new Batch(prefix + (this.batches.size() + 1), items, metadata,
				items.values()
					.stream()
					.map(StandInBatches::question)
					.distinct()
					.collect(Collectors.toMap((question) -> question, this.fates, (one, same) -> one, HashMap::new)));
		this.batches.put(batch.id, batch);
		return batch;
	}

	private ObjectNode describeOpenAi(Batch batch) {
		String status = batch.cancelled ? "cancelled" : this.ending ? this.endStatus : "in_progress";
		boolean ended = !status.equals("in_progress") && !status.equals("failed");
		ObjectNode description = StandInProvider.JSON.createObjectNode()
			.put("id", batch.id)
			.put("object", "batch")
			.put("status", status)
			.put("created_at", System.currentTimeMillis() / 1000);
		description.set("metadata", batch.metadata);
		if (ended) {
			put(description, "output_file_id", openAiResults(batch, Set.of(Fate.ANSWERED)));
			put(description, "error_file_id", openAiResults(batch, Set.of(Fate.FAILED, Fate.EXPIRED, Fate.CANCELLED)));
		}
		if (status.equals("failed")) {
			description.putObject("errors")
				.putArray("data")
				.addObject()
				.put("code", "token_limit_exceeded")
				.put("message", "Enqueued token limit reached");
		}
		description.putObject("request_counts")
			.put("total", batch.items.size())
			.put("completed", ended ? batch.count(Fate.ANSWERED) : status.equals("failed") ? 0 : batch.items.size() / 2)
			.put("failed", ended ? batch.count(Fate.FAILED) : 0);
		return description;
	}

	private void put(ObjectNode description, String name, List<String> lines) {
		if (lines.isEmpty()) {
			description.putNull(name);
			return;
		}
		String id = "file-" + name + "-" + description.path("id").asString();
		this.files.put(id, String.join("\n", this.lines.apply(lines)) + "\n");
		description.put(name, id);
	}

	private List<String> openAiResults(Batch batch, Set<Fate> fates) {
		List<String> lines = new ArrayList<>();
		batch.items.forEach((customId, body) -> {
			Fate fate = batch.fate(body);
			if (!fates.contains(fate)) {
				return;
			}
			ObjectNode line = StandInProvider.JSON.createObjectNode().put("id", "batch_req").put("custom_id", customId);
			if (fate == Fate.EXPIRED || fate == Fate.CANCELLED) {
				line.putNull("response")
					.putObject("error")
					.put("code", (fate == Fate.EXPIRED) ? "batch_expired" : "batch_cancelled")
					.put("message", "Too late");
			}
			else {
				ObjectNode response = line.putObject("response")
					.put("status_code", (fate == Fate.ANSWERED) ? 200 : 500)
					.put("request_id", "req_" + customId.substring(0, 8));
				response.set("body", (fate == Fate.ANSWERED) ? completion(body) : error("server_error"));
				line.putNull("error");
			}
			lines.add(line.toString());
		});
		Collections.shuffle(lines, new Random(batch.items.size()));
		return lines;
	}

	private ObjectNode completion(JsonNode body) {
		if (body.has("input")) {
			return new StandInResponses().answer(body, "batch", answer(body), false);
		}
		if (body.has("prompt")) {
			return new StandInCompletions().answer(body, "batch", answer(body), false);
		}
		ObjectNode completion = StandInProvider.JSON.createObjectNode()
			.put("id", "chatcmpl")
			.put("model", body.path("model").asString());
		completion.putArray("choices")
			.addObject()
			.put("index", 0)
			.put("finish_reason", "stop")
			.putObject("message")
			.put("role", "assistant")
			.put("content", answer(body));
		completion.putObject("usage").put("prompt_tokens", 10).put("completion_tokens", 20).put("total_tokens", 30);
		return completion;
	}

	private static ObjectNode error(String type) {
		ObjectNode body = StandInProvider.JSON.createObjectNode();
		body.putObject("error").put("type", type).put("message", "The server had an error");
		return body;
	}

	private String answer(JsonNode body) {
		return "Answer to " + question(body);
	}

	private Reply anthropic(ReceivedRequest request, String path) {
		if (!StandInProvider.API_KEY.equals(request.header("x-api-key"))
				|| request.header("anthropic-version") == null) {
			return Reply.anthropicError(401, "authentication_error", "invalid x-api-key");
		}
		if (request.method().equals("POST") && path.isEmpty()) {
			return createAnthropic(request);
		}
		if (path.startsWith("?")) {
			return list(path, "after_id=");
		}
		String[] segments = path.substring(1).split("/");
		Batch batch = this.batches.get(segments[0]);
		if (batch == null) {
			return Reply.anthropicError(404, "not_found_error", "No such batch");
		}
		if (segments.length == 2 && segments[1].equals("results") && request.method().equals("GET")) {
			return results(Reply.status(200)
				.body("application/x-jsonl", String.join("\n", this.lines.apply(anthropicResults(batch))) + "\n"));
		}
		if (segments.length == 2 && segments[1].equals("cancel") && request.method().equals("POST")) {
			batch.cancel();
		}
		else {
			this.polls.add(request);
		}
		return Reply.ok(describeAnthropic(batch).toString());
	}

	private Reply createAnthropic(ReceivedRequest request) {
		Map<String, JsonNode> items = new LinkedHashMap<>();
		JsonNode body = request.json();
		for (JsonNode item : body.path("requests")) {
			String customId = item.path("custom_id").asString();
			if (item.size() != 2 || !ANTHROPIC_CUSTOM_ID.matcher(customId).matches()
					|| !item.path("params").path("max_tokens").isIntegralNumber()
					|| items.put(customId, item.path("params")) != null) {
				return Reply.anthropicError(400, "invalid_request_error", "requests: invalid");
			}
		}
		if (items.isEmpty() || items.size() > 100_000 || body.size() != 1
				|| !"application/json".equals(request.header("Content-Type"))) {
			return Reply.anthropicError(400, "invalid_request_error", "requests: invalid");
		}
		return Reply.ok(describeAnthropic(create("msgbatch_", items, StandInProvider.JSON.nullNode())).toString());
	}

	private ObjectNode describeAnthropic(Batch batch) {
		boolean ended = this.ending || batch.cancelled;
		ObjectNode description = StandInProvider.JSON.createObjectNode()
			.put("id", batch.id)
			.put("type", "message_batch")
			.put("processing_status", ended ? "ended" : "in_progress")
			.put("created_at", Instant.now().toString())
			.put("results_url", ended ? "https://elsewhere.example/results" : null);
		description.putObject("request_counts")
			.put("processing", ended ? 0 : batch.items.size())
			.put("succeeded", ended ? batch.count(Fate.ANSWERED) : 0)
			.put("errored", ended ? batch.count(Fate.FAILED) : 0)
			.put("canceled", ended ? batch.count(Fate.CANCELLED) : 0)
			.put("expired", ended ? batch.count(Fate.EXPIRED) : 0);
		return description;
	}

	private List<String> anthropicResults(Batch batch) {
		List<String> lines = new ArrayList<>();
		batch.items.forEach((customId, params) -> {
			ObjectNode line = StandInProvider.JSON.createObjectNode().put("custom_id", customId);
			ObjectNode result = line.putObject("result");
			switch (batch.fate(params)) {
				case ANSWERED -> result.put("type", "succeeded").set("message", message(params));
				case FAILED ->
					result.put("type", "errored").set("error", error("overloaded_error").put("type", "error"));
				case EXPIRED -> result.put("type", "expired");
				case CANCELLED -> result.put("type", "canceled");
				case FORGOTTEN -> {
					return;
				}
			}
			lines.add(line.toString());
		});
		Collections.shuffle(lines, new Random(batch.items.size()));
		return lines;
	}

	private ObjectNode message(JsonNode params) {
		ObjectNode message = StandInProvider.JSON.createObjectNode()
			.put("id", "msg")
			.put("type", "message")
			.put("role", "assistant")
			.put("model", params.path("model").asString())
			.put("stop_reason", "end_turn");
		message.putArray("content").addObject().put("type", "text").put("text", answer(params));
		message.putObject("usage").put("input_tokens", 10).put("output_tokens", 20);
		return message;
	}

	private Reply list(String path, String cursor) {
		List<Batch> latestFirst = new ArrayList<>(this.batches.values());
		Collections.reverse(latestFirst);
		int from = 0;
		if (path.contains(cursor)) {
			Batch after = this.batches.get(path.substring(path.indexOf(cursor) + cursor.length()));
			from = latestFirst.indexOf(after) + 1;
		}
		ObjectNode list = StandInProvider.JSON.createObjectNode();
		int to = Math.min(from + 2, latestFirst.size());
		for (Batch batch : latestFirst.subList(from, to)) {
			list.withArray("data").add(batch.id.startsWith("msg") ? describeAnthropic(batch) : describeOpenAi(batch));
		}
		list.withArray("data");
		return Reply.ok(list.put("has_more", to < latestFirst.size()).toString());
	}

	private Reply results(Reply reply) {
		UnaryOperator<Reply> change = this.results.poll();
		return (change != null) ? change.apply(reply) : reply;
	}

	private static String question(JsonNode body) {
		if (body.has("prompt")) {
			return body.path("prompt").stringValue();
		}
		JsonNode messages = body.path(body.has("input") ? "input" : "messages");
		JsonNode content = messages.path(messages.size() - 1).path("content");
		return content.isString() ? content.stringValue() : content.path(0).path("text").asString();
	}

	/**
	 * A batch.
	 */
	private static final class Batch {

		private final String id;

		private final Map<String, JsonNode> items;

		private final JsonNode metadata;

		private final Map<String, Fate> fates;

		private boolean cancelled;

		private Batch(String id, Map<String, JsonNode> items, JsonNode metadata, Map<String, Fate> fates) {
			this.id = id;
			this.items = items;
			this.metadata = metadata;
			this.fates = fates;
		}

		/**
		 * Cancel the batch when it has got no further than its first request.
		 */
		private void cancel() {
			this.cancelled = true;
			String first = question(this.items.values().iterator().next());
			this.fates.replaceAll((question, fate) -> question.equals(first) ? fate : Fate.CANCELLED);
		}

		private Fate fate(JsonNode body) {
			return this.fates.getOrDefault(question(body), Fate.FORGOTTEN);
		}

		private long count(Fate fate) {
			return this.items.values().stream().filter((body) -> fate(body) == fate).count();
		}

	}

}
