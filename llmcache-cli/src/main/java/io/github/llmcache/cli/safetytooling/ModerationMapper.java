package io.github.llmcache.cli.safetytooling;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.llmcache.Moderation;
import io.github.llmcache.ModerationRequest;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cli.transfer.EntrySink;
import io.github.llmcache.inference.ReceivedAnswers;
import io.github.llmcache.provider.ModerationProtocol;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.TextOperation;
import io.github.llmcache.provider.WireJson;
import io.github.llmcache.provider.WireResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes entries of moderations, one for each text. They are kept under the model that has
 * answered: the library does not say which one it had asked, perhaps by another name.
 */
final class ModerationMapper {

	private static final List<String> CATEGORIES = List.of("categories", "category_scores",
			"category_applied_input_types");

	/** Names of the API that the library writes as its client for Python calls them. */
	private static final Map<String, String> NAMES = Map.of("harassment_threatening", "harassment/threatening",
			"hate_threatening", "hate/threatening", "illicit_violent", "illicit/violent", "self_harm", "self-harm",
			"self_harm_instructions", "self-harm/instructions", "self_harm_intent", "self-harm/intent", "sexual_minors",
			"sexual/minors", "violence_graphic", "violence/graphic");

	private final ProviderDefinition provider;

	private final ReceivedAnswers answers;

	private final Entries entries;

	ModerationMapper(Providers providers, ReceivedAnswers answers, Entries entries) {
		this.provider = providers.openAi();
		this.answers = answers;
		this.entries = entries;
	}

	void map(Home.Value value, ObjectNode json, EntrySink sink) {
		List<String> texts = Texts.of(json.path("texts"));
		JsonNode results = json.path("moderation");
		if (results.size() != texts.size()) {
			throw SourceJson.wrong("moderation");
		}
		// Of a text that is there twice, the first answer counts
		Map<String, Map<String, JsonNode>> byModel = new LinkedHashMap<>();
		for (int i = 0; i < texts.size(); i++) {
			JsonNode result = results.path(i);
			byModel.computeIfAbsent(SourceJson.requiredString(result, "model_id"), (model) -> new LinkedHashMap<>())
				.putIfAbsent(texts.get(i), result(result.path("moderation")));
		}
		byModel.forEach((model, ofModel) -> map(value, model, ofModel, sink));
	}

	private static ObjectNode result(JsonNode moderation) {
		if (!(moderation instanceof ObjectNode result)) {
			throw SourceJson.wrong("moderation");
		}
		ObjectNode wire = result.deepCopy();
		for (String categories : CATEGORIES) {
			if (wire.path(categories) instanceof ObjectNode named) {
				ObjectNode renamed = wire.putObject(categories);
				named.forEachEntry((name, category) -> renamed.set(NAMES.getOrDefault(name, name), category));
			}
		}
		return wire;
	}

	private void map(Home.Value value, String model, Map<String, JsonNode> results, EntrySink sink) {
		if (model.isBlank() || !(this.provider.protocol() instanceof ModerationProtocol protocol)) {
			throw SourceJson.wrong("model_id");
		}
		List<String> texts = new ArrayList<>(results.keySet());
		TextOperation<Moderation> operation = protocol
			.moderations(ModerationRequest.builder(model).texts(texts).build(), this.provider);
		ObjectNode body = WireJson.NODES.objectNode().put("model", model);
		ArrayNode array = body.putArray("results");
		results.values().forEach(array::add);
		body.putObject(ResponseBodies.IMPORTED).put("source", ResponseBodies.SOURCE);
		WireResponse response = new WireResponse(WireJson.write(body).getBytes(StandardCharsets.UTF_8), null,
				Duration.ZERO);
		// Moderation is free
		List<CachedResponse> cached = this.answers.keep(operation.read(response.body(), texts), texts, response, 0L,
				value.createdAt());
		for (int i = 0; i < texts.size(); i++) {
			sink.entry(
					this.entries.create(this.provider, model, operation.write(texts.get(i)), List.of(cached.get(i))));
		}
	}

}
