package io.github.llmcache.cli.safetytooling;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.llmcache.Embedding;
import io.github.llmcache.EmbeddingRequest;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cli.transfer.EntrySink;
import io.github.llmcache.inference.ReceivedAnswers;
import io.github.llmcache.provider.EmbeddingProtocol;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.TextOperation;
import io.github.llmcache.provider.WireJson;
import io.github.llmcache.provider.WireResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes entries of embeddings, one for each text, if the texts are known.
 */
final class EmbeddingMapper {

	private final ProviderDefinition provider;

	private final ReceivedAnswers answers;

	private final Entries entries;

	private final EmbeddingTexts texts;

	EmbeddingMapper(Providers providers, ReceivedAnswers answers, Entries entries, EmbeddingTexts texts) {
		this.provider = providers.openAi();
		this.answers = answers;
		this.entries = entries;
		this.texts = texts;
	}

	void map(Home.Value value, ObjectNode json, EntrySink sink) {
		EmbeddingTexts.Question question = this.texts.find(value.hash());
		if (question == null) {
			throw new UnmappableException(
					"the texts of embeddings are not in the cache, only their hash; give them with --embedding-texts");
		}
		JsonNode vectors = json.path("embeddings");
		if (vectors.size() != question.texts().size()
				|| !(this.provider.protocol() instanceof EmbeddingProtocol protocol)) {
			throw SourceJson.wrong("embeddings");
		}
		Map<String, JsonNode> byText = new LinkedHashMap<>();
		for (int i = 0; i < vectors.size(); i++) {
			byText.putIfAbsent(question.texts().get(i), vectors.path(i));
		}
		List<String> distinct = new ArrayList<>(byText.keySet());
		EmbeddingRequest.Builder request = EmbeddingRequest.builder(question.model()).texts(distinct);
		if (question.dimensions() != null) {
			request.dimensions(question.dimensions());
		}
		TextOperation<Embedding> operation = protocol.embeddings(request.build(), this.provider);
		WireResponse response = new WireResponse(body(json, byText), null, Duration.ZERO);
		List<CachedResponse> cached = this.answers.keep(operation.read(response.body(), distinct), distinct, response,
				LibraryResponse.costNanos(json), value.createdAt());
		for (int i = 0; i < distinct.size(); i++) {
			sink.entry(this.entries.create(this.provider, question.model(), operation.write(distinct.get(i)),
					List.of(cached.get(i))));
		}
	}

	private static byte[] body(ObjectNode json, Map<String, JsonNode> vectors) {
		ObjectNode body = WireJson.NODES.objectNode().put("object", "list");
		ArrayNode data = body.putArray("data");
		vectors.values()
			.forEach((vector) -> data.addObject()
				.put("object", "embedding")
				.put("index", data.size() - 1)
				.set("embedding", vector));
		String model = SourceJson.string(json, "model_id");
		if (model != null) {
			body.put("model", model);
		}
		Long tokens = WireJson.count(json.path("tokens"));
		if (tokens != null) {
			body.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
		}
		body.putObject(ResponseBodies.IMPORTED).put("source", ResponseBodies.SOURCE);
		return WireJson.write(body).getBytes(StandardCharsets.UTF_8);
	}

}
