package io.github.llmcache.provider.openai;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.llmcache.Moderation;
import io.github.llmcache.ModerationRequest;
import io.github.llmcache.RawJson;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ResponseFields;
import io.github.llmcache.provider.TextLimits;
import io.github.llmcache.provider.WireJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The moderations of one request.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/moderations/create">OpenAI
 * API reference: Create moderation</a>
 */
final class OpenAiModerations extends OpenAiTextOperation<Moderation> {

	/** The reference does not say; few enough for every server that has a limit. */
	private static final int MAX_TEXTS = 32;

	private static final long ANSWER_BYTES = 4096;

	private static final Map<String, String> RESERVED = Map.of("model", "it is the request's model");

	private final ResponseFields fields;

	OpenAiModerations(ModerationRequest request, ProviderDefinition provider) {
		super(provider, "moderations", "results", parameters(request, provider));
		this.fields = new ResponseFields(provider, "a moderation");
	}

	private static ObjectNode parameters(ModerationRequest request, ProviderDefinition provider) {
		ObjectNode parameters = parameters(request.model());
		addAdditional(parameters, request.additional(), provider, RESERVED);
		return parameters;
	}

	@Override
	public TextLimits limits() {
		return new TextLimits(MAX_TEXTS, Long.MAX_VALUE, ANSWER_BYTES);
	}

	@Override
	void setForm(ObjectNode body) {
		// There is only one
	}

	/**
	 * The protocol has no index here: results are in the order of the texts.
	 */
	@Override
	List<JsonNode> order(ArrayNode items) {
		List<JsonNode> ordered = new ArrayList<>(items.size());
		items.forEach(ordered::add);
		return ordered;
	}

	@Override
	Moderation read(JsonNode item, String path) {
		JsonNode flagged = item.path("flagged");
		if (!flagged.isBoolean()) {
			throw this.fields.malformed(path, "flagged");
		}
		return new Moderation(flagged.booleanValue(), categories(item, path), scores(item, path),
				RawJson.of(WireJson.write(item)));
	}

	private Map<String, Boolean> categories(JsonNode item, String path) {
		Map<String, Boolean> categories = new LinkedHashMap<>();
		object(item, path, "categories").forEachEntry((name, category) -> {
			// Older models have null for categories that they do not know
			if (!category.isNull()) {
				if (!category.isBoolean()) {
					throw this.fields.malformed(path, "categories");
				}
				categories.put(name, category.booleanValue());
			}
		});
		return categories;
	}

	private Map<String, Double> scores(JsonNode item, String path) {
		Map<String, Double> scores = new LinkedHashMap<>();
		object(item, path, "category_scores").forEachEntry((name, score) -> {
			if (!score.isNull()) {
				double value = score.isNumber() ? Double.parseDouble(score.decimalValue().toString()) : Double.NaN;
				if (!Double.isFinite(value)) {
					throw this.fields.malformed(path, "category_scores");
				}
				scores.put(name, value);
			}
		});
		return scores;
	}

	private ObjectNode object(JsonNode item, String path, String name) {
		if (item.path(name) instanceof ObjectNode object) {
			return object;
		}
		throw this.fields.malformed(path, name);
	}

	@Override
	ObjectNode alone(ObjectNode item, Moderation moderation) {
		return item;
	}

	@Override
	void check(List<Moderation> moderations) {
		// Each is what it is by itself
	}

}
