package io.github.llmcache.provider.gemini;

import java.util.Map;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.provider.ProviderAnswer;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderProtocol;
import io.github.llmcache.provider.WireJson;
import io.github.llmcache.provider.WireRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The method {@code generateContent} of Google's Gemini API, called with an API key. What
 * it has is taken from its reference and from Google's SDK for Python, 2.19.0, as that
 * calls the Gemini Developer API.
 *
 * @see <a href="https://ai.google.dev/api/generate-content">Gemini API: Generating
 * content</a>
 * @see <a href="https://ai.google.dev/gemini-api/docs/thought-signatures">Gemini API:
 * Thought signatures</a>
 * @see <a href="https://github.com/googleapis/python-genai">SDK for Python</a>
 */
public final class GeminiProtocol implements ProviderProtocol {

	private static final int MAX_CANDIDATES = 8;

	@Override
	public String name() {
		return "gemini";
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * The model is in the operation, and so in the key; an id can be given with its
	 * collection ({@code models/} or {@code tunedModels/}). Instructions go first; there
	 * are none between other messages. Parameters of {@code generationConfig} that have
	 * no method of their own are set by a parameter of that name, which adds to those
	 * that have. Options of reasoning also ask for a summary of the thoughts; an effort
	 * is the level of thinking of models from Gemini 3 on, a budget is for the earlier
	 * ones. A schema of the answer has no name and is always strict with this protocol.
	 * <p>
	 * A tool's result is sent with the name of its tool, which is that of the call with
	 * its identifier in the latest turn of the model. Reasoning without a
	 * {@linkplain io.github.llmcache.ContentPart.Reasoning#nativeBlock() native block} is
	 * not sent. A native block is a part as the model answered it, or the signature of
	 * the part that follows it in the message.
	 * <p>
	 * What a parameter {@code cachedContent} names is kept by Google and may change under
	 * the same name, so a request with it bypasses the cache.
	 */
	@Override
	public WireRequest write(InferenceRequest request, ProviderDefinition provider) {
		ObjectNode body = new GeminiRequestWriter(request, provider).write();
		return new WireRequest(GeminiOperation.of(request.model(), provider), body, GeminiMessageWriter.CONTENTS,
				body.hasNonNull("cachedContent"));
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * 8 is what the API reference allows. Models that make no more than one answer refuse
	 * the number.
	 */
	@Override
	public int maxSamplesPerCall() {
		return MAX_CANDIDATES;
	}

	@Override
	public WireRequest withSamples(WireRequest request, int samples) {
		ObjectNode body = WireJson.NODES.objectNode();
		body.setAll(request.body());
		ObjectNode config = WireJson.NODES.objectNode();
		if (body.path("generationConfig") instanceof ObjectNode given) {
			config.setAll(given);
		}
		body.set("generationConfig", config.put("candidateCount", samples));
		return new WireRequest(request.operation(), body, request.messagesMember(), request.stateful());
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * A prompt that was blocked is an answer without parts whose native finish reason is
	 * the reason of the block. A call of a tool to which the model gave no identifier has
	 * one that is made of its place in the answer, and is not sent back.
	 */
	@Override
	public ProviderAnswer read(byte[] body, ProviderDefinition provider) {
		return new GeminiResponseReader(provider).read(body);
	}

	@Override
	public Map<String, String> headers(ProviderDefinition provider) {
		String apiKey = provider.apiKey();
		return (apiKey != null) ? Map.of("x-goog-api-key", apiKey) : Map.of();
	}

	@Override
	public ErrorBody readError(JsonNode body) {
		return GeminiErrorReader.read(body);
	}

}
