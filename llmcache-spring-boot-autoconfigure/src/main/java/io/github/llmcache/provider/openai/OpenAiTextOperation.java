package io.github.llmcache.provider.openai;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.llmcache.Usage;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderErrors;
import io.github.llmcache.provider.Shares;
import io.github.llmcache.provider.TextAnswer;
import io.github.llmcache.provider.TextAnswers;
import io.github.llmcache.provider.TextOperation;
import io.github.llmcache.provider.WireJson;
import io.github.llmcache.provider.WireRequest;
import io.github.llmcache.provider.WireRequests;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What embeddings and moderations have in common: a request with an input of one or many
 * texts, and a response with an item for each.
 *
 * @param <V> what a text is answered with
 */
abstract class OpenAiTextOperation<V> implements TextOperation<V> {

	private static final String INPUT = "input";

	private static final String USAGE = "usage";

	/** Of what is told beside the items: it is stored with each of them. */
	private static final int MAX_BESIDE = 4096;

	final ProviderDefinition provider;

	private final String operation;

	private final String itemsMember;

	private final ObjectNode parameters;

	OpenAiTextOperation(ProviderDefinition provider, String operation, String itemsMember, ObjectNode parameters) {
		this.provider = provider;
		this.operation = operation;
		this.itemsMember = itemsMember;
		this.parameters = parameters;
	}

	static ObjectNode parameters(String model) {
		return WireJson.NODES.objectNode().put("model", model);
	}

	static void addAdditional(ObjectNode parameters, Map<String, @Nullable Object> additional,
			ProviderDefinition provider, Map<String, String> reserved) {
		WireRequests.addAdditional(parameters, additional, provider, reserved);
		if (parameters.has(INPUT)) {
			throw ProviderErrors.invalidRequest(provider, "parameter 'input' cannot be set: it is the request's texts");
		}
	}

	/**
	 * Bring the items of a response into the order of the texts.
	 */
	abstract List<JsonNode> order(ArrayNode items);

	abstract V read(JsonNode item, String path);

	/**
	 * Return the item as it would be if its text had been the only one.
	 */
	abstract ObjectNode alone(ObjectNode item, V value);

	/**
	 * Check that answers fit together.
	 */
	abstract void check(List<V> values);

	/**
	 * Set what is about the form of the response.
	 */
	abstract void setForm(ObjectNode body);

	@Override
	public WireRequest write(String text) {
		ObjectNode body = WireJson.NODES.objectNode();
		body.setAll(this.parameters);
		return new WireRequest(this.operation, body.put(INPUT, text), INPUT);
	}

	@Override
	public WireRequest write(List<String> texts) {
		ObjectNode body = WireJson.NODES.objectNode();
		body.setAll(this.parameters);
		setForm(body);
		texts.forEach(body.putArray(INPUT)::add);
		return new WireRequest(this.operation, body, INPUT);
	}

	@Override
	public TextAnswers<V> read(byte[] body, List<String> texts) {
		ObjectNode root = readRoot(body);
		List<JsonNode> items = items(root, texts.size());
		List<V> values = values(items);
		JsonNode usageNode = root.path(USAGE);
		Usage usage = usage(usageNode);
		long[] tokens = Shares.of((usage != null) ? usage.inputTokens() : 0,
				texts.stream().mapToLong(String::length).toArray());
		ObjectNode beside = beside(root);
		List<TextAnswer<V>> answers = new ArrayList<>(values.size());
		for (int i = 0; i < values.size(); i++) {
			ObjectNode alone = WireJson.NODES.objectNode();
			alone.setAll(beside);
			alone.putArray(this.itemsMember).add(alone((ObjectNode) items.get(i), values.get(i)));
			if (usage != null) {
				alone.putObject(USAGE).put("prompt_tokens", tokens[i]).put("total_tokens", tokens[i]);
			}
			answers.add(
					new TextAnswer<>(values.get(i), tokens[i], WireJson.write(alone).getBytes(StandardCharsets.UTF_8)));
		}
		return new TextAnswers<>(answers, usage, WireJson.string(root.path("model")), OpenAiUsage.cost(usageNode));
	}

	@Override
	public V read(byte[] body) {
		return values(items(readRoot(body), 1)).get(0);
	}

	private ObjectNode readRoot(byte[] body) {
		ObjectNode root = WireJson.readResponse(body, this.provider);
		if (OpenAiErrorReader.isError(root)) {
			throw ProviderErrors.from(this.provider, null, OpenAiErrorReader.read(root), null, null);
		}
		return root;
	}

	private List<JsonNode> items(ObjectNode root, int count) {
		if (!(root.path(this.itemsMember) instanceof ArrayNode items)) {
			throw ProviderErrors.malformed(this.provider, "the response has no array '" + this.itemsMember + "'");
		}
		if (items.size() != count) {
			throw ProviderErrors.malformed(this.provider, "the response has " + items.size() + " items in '"
					+ this.itemsMember + "', for " + count + " texts");
		}
		for (int i = 0; i < count; i++) {
			if (!items.get(i).isObject()) {
				throw ProviderErrors.malformed(this.provider,
						"the response has an item in '" + this.itemsMember + "' that is not an object");
			}
		}
		return order(items);
	}

	private List<V> values(List<JsonNode> items) {
		List<V> values = new ArrayList<>(items.size());
		for (int i = 0; i < items.size(); i++) {
			values.add(read(items.get(i), this.itemsMember + "[" + i + "]"));
		}
		check(values);
		return values;
	}

	private static @Nullable Usage usage(JsonNode usage) {
		Long tokens = WireJson.count(usage.path("prompt_tokens"));
		if (tokens == null) {
			tokens = WireJson.count(usage.path("total_tokens"));
		}
		// A text takes at least one token: none at all means that nobody has counted
		return (tokens != null && tokens > 0) ? Usage.of(tokens, 0) : null;
	}

	private ObjectNode beside(ObjectNode root) {
		ObjectNode beside = WireJson.NODES.objectNode();
		root.forEachEntry((name, value) -> {
			if (!name.equals(this.itemsMember) && !name.equals(USAGE)) {
				beside.set(name, value);
			}
		});
		return (WireJson.write(beside).length() <= MAX_BESIDE) ? beside : WireJson.NODES.objectNode();
	}

}
