package io.github.llmcache.provider.openai;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.llmcache.Embedding;
import io.github.llmcache.EmbeddingRequest;
import io.github.llmcache.ProviderError;
import io.github.llmcache.ProviderException;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderErrors;
import io.github.llmcache.provider.TextLimits;
import io.github.llmcache.provider.WireJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The embeddings of one request. They are asked for in Base64, as OpenAI's own clients
 * do; servers that do not know it answer with numbers, and these are read and stored as
 * what they are as 32-bit floats.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/embeddings/create">OpenAI
 * API reference: Create embeddings</a>
 */
final class OpenAiEmbeddings extends OpenAiTextOperation<Embedding> {

	private static final String VECTOR = "embedding";

	private static final String INDEX = "index";

	/** "Any array must be 2048 dimensions or less", as the API reference has it. */
	private static final int MAX_TEXTS = 2048;

	/** "A maximum of 300,000 tokens summed across all inputs in a single request". */
	private static final long MAX_TOKENS = 300_000;

	/** Those of most models, if the request does not say. */
	private static final int USUAL_DIMENSIONS = 1536;

	/** A number with its comma; in Base64 it is a quarter of that. */
	private static final long BYTES_PER_DIMENSION = 22;

	private static final long BYTES_PER_ITEM = 256;

	private static final Map<String, String> RESERVED = Map.of("model", "it is the request's model", "encoding_format",
			"it changes nothing about the vectors, and is chosen by what is fastest");

	private final @Nullable Integer dimensions;

	OpenAiEmbeddings(EmbeddingRequest request, ProviderDefinition provider) {
		super(provider, "embeddings", "data", parameters(request, provider));
		this.dimensions = request.dimensions();
	}

	private static ObjectNode parameters(EmbeddingRequest request, ProviderDefinition provider) {
		ObjectNode parameters = parameters(request.model());
		if (request.dimensions() != null) {
			parameters.put("dimensions", request.dimensions());
		}
		addAdditional(parameters, request.additional(), provider, RESERVED);
		return parameters;
	}

	@Override
	public TextLimits limits() {
		long dimensions = (this.dimensions != null) ? this.dimensions : USUAL_DIMENSIONS;
		return new TextLimits(MAX_TEXTS, MAX_TOKENS, BYTES_PER_DIMENSION * dimensions + BYTES_PER_ITEM);
	}

	@Override
	void setForm(ObjectNode body) {
		body.put("encoding_format", "base64");
	}

	@Override
	List<JsonNode> order(ArrayNode items) {
		JsonNode[] ordered = new JsonNode[items.size()];
		for (JsonNode item : items) {
			Long index = WireJson.count(item.path(INDEX));
			if (index == null || index >= ordered.length || ordered[index.intValue()] != null) {
				throw ProviderErrors.malformed(this.provider, "the response has an item in 'data' whose index is "
						+ "missing, out of range, or that of another item");
			}
			ordered[index.intValue()] = item;
		}
		return Arrays.stream(ordered).map(Objects::requireNonNull).toList();
	}

	@Override
	Embedding read(JsonNode item, String path) {
		Embedding vector = OpenAiVectors.read(item.path(VECTOR));
		if (vector == null) {
			throw ProviderErrors.malformed(this.provider, "the response is not a list of embeddings: '" + path + "."
					+ VECTOR + "' is neither an array of finite numbers nor 32-bit floats in Base64");
		}
		return vector;
	}

	@Override
	ObjectNode alone(ObjectNode item, Embedding vector) {
		ObjectNode alone = WireJson.NODES.objectNode();
		alone.setAll(item);
		return alone.put(INDEX, 0).put(VECTOR, OpenAiVectors.base64(vector));
	}

	@Override
	void check(List<Embedding> vectors) {
		int first = vectors.get(0).dimensions();
		if (vectors.stream().anyMatch((vector) -> vector.dimensions() != first)) {
			throw ProviderErrors.malformed(this.provider, "the vectors of the response differ in their dimensions");
		}
		if (this.dimensions != null && this.dimensions != first) {
			// Not malformed, for it would not be otherwise the next time
			throw new ProviderException(ProviderError.of(this.provider.name(),
					"its vectors have " + first + " dimensions, not the " + this.dimensions + " that were asked for"),
					null);
		}
	}

}
