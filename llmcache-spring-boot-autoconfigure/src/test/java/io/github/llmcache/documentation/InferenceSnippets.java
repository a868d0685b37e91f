package io.github.llmcache.documentation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.github.llmcache.BatchInferenceApi;
import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMode;
import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.EmbeddingRequest;
import io.github.llmcache.EmbeddingResponse;
import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceBatch;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.Moderation;
import io.github.llmcache.ProgressBar;
import io.github.llmcache.RawJson;
import io.github.llmcache.ReasoningOptions;
import io.github.llmcache.ResponseFormat;
import io.github.llmcache.Sample;
import io.github.llmcache.Tool;
import io.github.llmcache.ToolCallback;
import io.github.llmcache.ToolUse;
import io.github.llmcache.Validity.WhenTooFew;

/**
 * The code of docs/inference.md.
 */
class InferenceSnippets {

	private final InferenceApi inference;

	InferenceSnippets(InferenceApi inference) {
		this.inference = inference;
	}

	void ask() {
		String capital = inference.ask("gpt-4o-mini", "Capital of France?");

		InferenceRequest request = InferenceRequest.builder("gpt-4o-mini")
			.system("Answer in one word.")
			.user("Capital of France?")
			.temperature(0)
			.maxTokens(20)
			.build();
		InferenceResponse response = inference.infer(request);
		response.text();
		response.finishReason();
		response.usage();
		response.cached();
		response.cost();
		response.savedCost();
		response.duration();
		response.providerDuration();
		response.raw();
		use(capital);
	}

	void parameters() {
		InferenceRequest request = InferenceRequest.builder("gpt-4o-mini")
			.user("Capital of France?")
			.seed(7)
			.stop("\n")
			.topLogprobs(3)
			.parameter("verbosity", "low")
			.parameter("metadata", RawJson.of("{\"run\": \"a\"}"))
			.build();
		use(request);
	}

	void image() throws Exception {
		byte[] picture = Files.readAllBytes(Path.of("cat.png"));
		InferenceRequest request = InferenceRequest.builder("gpt-4o")
			.user(new ContentPart.Text("What is this?"), ContentPart.Image.of("image/png", picture))
			.build();
		use(request);
	}

	void responseFormat() {
		InferenceRequest request = InferenceRequest.builder("gpt-4o")
			.user("Name a city.")
			.responseFormat(ResponseFormat.jsonSchema("city", """
					{"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"],
					 "additionalProperties": false}"""))
			.build();
		use(request);
	}

	void reasoning() {
		InferenceRequest request = InferenceRequest.builder("claude-sonnet-4-5")
			.user("Prove it.")
			.reasoning(ReasoningOptions.budget(4096))
			.maxTokens(8192)
			.build();
		use(request);
	}

	void conversation(InferenceRequest request) {
		InferenceResponse first = inference.infer(request);
		InferenceRequest next = request.toBuilder().message(first.message()).user("And of Spain?").build();
		use(next);
	}

	void many(List<InferenceRequest> requests) {
		try (ProgressBar bar = ProgressBar.onStandardOutput("evaluation")) {
			List<InferenceResult> results = inference.inferAll(requests, bar);
			results.stream().filter((result) -> !result.succeeded()).map(InferenceResult::failure).forEach(this::use);
		}
	}

	void listener(List<InferenceRequest> requests) {
		inference.inferAll(requests, (progress) -> System.out.printf("%d of %d, $%s spent%n", progress.completed(),
				progress.total(), progress.spent()));
	}

	void async(InferenceRequest request) {
		CompletableFuture<InferenceResponse> response = inference.inferAsync(request);
		response.thenAccept(this::use);
	}

	void cacheControl(InferenceRequest.Builder builder) {
		builder.cacheControl(CacheControl.DEFAULT.withMaxAge(Duration.ofDays(7)).withNamespace("evaluation"));
	}

	void mode(InferenceRequest.Builder builder) {
		builder.cacheControl(CacheControl.DEFAULT.withMode(CacheMode.REFRESH));
	}

	void samples() {
		InferenceRequest joke = InferenceRequest.builder("gpt-4o").user("Tell me a joke.").build();
		List<Sample> five = inference.infer(joke.toBuilder().n(5).build()).samples();
		String third = inference.infer(joke.toBuilder().sample(2).build()).text();
		List<InferenceResult> draws = inference
			.inferAll(IntStream.range(0, 10).mapToObj((i) -> joke.toBuilder().sample(i).build()).toList());
		use(five, third, draws);
	}

	void validity() {
		InferenceResponse response = inference.infer(InferenceRequest.builder("gpt-4o")
			.user("A joke in JSON.")
			.n(3)
			.isValid((sample) -> sample.text().startsWith("{"))
			.numCandidatesPerCompletion(2)
			.whenTooFew(WhenTooFew.RETRY)
			.build());
		use(response);
	}

	void embeddings(List<String> texts) {
		EmbeddingResponse response = inference.embed("text-embedding-3-small", texts, 256);
		float[] first = response.embeddings().get(0).toArray();
		response.misses();
		response.savedCost();
		EmbeddingResponse many = inference.embed(EmbeddingRequest.builder("bge-m3")
			.provider("vllm")
			.texts(texts)
			.textsPerCall(32)
			.cacheControl(CacheControl.DEFAULT.withMaxAge(Duration.ofDays(30)))
			.build());
		use(first, many);
	}

	void moderation() {
		Moderation moderation = inference.moderate("omni-moderation-latest", List.of("Hello")).moderations().get(0);
		moderation.flagged();
		moderation.categories();
		moderation.scores();
	}

	void batches(BatchInferenceApi batches, List<InferenceRequest> requests) {
		List<InferenceResult> results = batches.inferAll(requests, ProgressBar.onStandardOutput("batch"));
		use(results);
	}

	void batchHandles(BatchInferenceApi batches, List<InferenceRequest> requests) {
		InferenceBatch batch = batches.submit(requests);
		if (batch.poll()) {
			batch.await().forEach(this::use);
		}
		batches.underWay().forEach(batches::cancel);
	}

	void gemini() {
		InferenceResponse response = inference.infer(InferenceRequest.builder("gemini-2.5-flash")
			.user("Capital of France?")
			.reasoning(ReasoningOptions.budget(512))
			.parameter("generationConfig", Map.of("topK", 5))
			.parameter("safetySettings",
					List.of(Map.of("category", "HARM_CATEGORY_HARASSMENT", "threshold", "BLOCK_NONE")))
			.build());
		use(response);
	}

	void responses() {
		InferenceRequest question = InferenceRequest.builder("gpt-5-mini")
			.user("Capital of France?")
			.parameter("reasoning", Map.of("effort", "low", "summary", "auto"))
			.build();
		ChatMessage answer = inference.infer(question).message();
		inference.infer(question.toBuilder().message(answer).user("And of Italy?").build());
		inference.infer(InferenceRequest.builder("gpt-5-mini")
			.user("Go on.")
			.parameter("previous_response_id", "resp_123")
			.build());
	}

	void completions() {
		String story = inference
			.infer(InferenceRequest.builder("davinci-002")
				.provider("base")
				.none("Once upon a time")
				.maxTokens(100)
				.stop("\n\n")
				.build())
			.text();
		use(story);
	}

	void tools(City city) {
		InferenceResponse response = inference.infer(InferenceRequest.builder("gpt-4o")
			.user("Is it warmer in Paris or in Berlin?")
			.tools(ToolCallback.of("temperature", "The temperature of a city in degrees Celsius", """
					{"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}""",
					(arguments) -> city.temperature(arguments)))
			.build());
		for (ChatMessage message : response.exchange()) {
			message.toolCalls().forEach((call) -> System.out.println(call.name() + " was called"));
		}
	}

	void boundedTools(InferenceRequest request, ToolCallback search) {
		InferenceRequest bounded = request.toBuilder().toolUse(new ToolUse(List.of(search), 3)).build();
		use(bounded);
	}

	void toolsByHand(InferenceRequest request, City city) {
		InferenceRequest first = request.toBuilder()
			.tools(Tool.of("temperature", "Tells the temperature", "{}"))
			.build();
		InferenceResponse response = inference.infer(first);
		InferenceRequest.Builder next = first.toBuilder().message(response.message());
		for (ContentPart.ToolCall call : response.message().toolCalls()) {
			next.message(ChatMessage.toolResult(call.id(), city.temperature(call.arguments())));
		}
		InferenceResponse answer = inference.infer(next.build());
		use(answer);
	}

	private void use(Object... values) {
	}

	/**
	 * Something of the application.
	 */
	interface City {

		String temperature(String arguments);

	}

}
