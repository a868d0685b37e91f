package io.github.llmcache.provider.anthropic;

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.provider.BatchProtocol;
import io.github.llmcache.provider.ProviderAnswer;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderProtocol;
import io.github.llmcache.provider.WireJson;
import io.github.llmcache.provider.WireRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Anthropic's Messages API. What it has is taken from its reference and from the types of
 * Anthropic's SDK for Python, 0.121.0.
 *
 * @see <a href="https://platform.claude.com/docs/en/api/messages">Messages API</a>
 * @see <a href="https://github.com/anthropics/anthropic-sdk-python">SDK for Python</a>
 */
public final class AnthropicMessagesProtocol implements ProviderProtocol {

	/**
	 * The most tokens to answer if the request does not say: the API requires a number. A
	 * budget for reasoning comes on top, since it counts towards the most tokens.
	 */
	public static final int DEFAULT_MAX_TOKENS = 4096;

	private static final String API_VERSION = "2023-06-01";

	@Override
	public String name() {
		return "anthropic";
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * System and developer messages at the start become the {@code system} member; later
	 * ones stay where they are, which models before Claude Opus 4.8 reject. An effort of
	 * reasoning is sent with adaptive thinking, a budget with thinking of that budget,
	 * which models from Claude Opus 4.7 on reject. A schema of the answer has no name and
	 * is always strict with this protocol. Reasoning without a
	 * {@linkplain io.github.llmcache.ContentPart.Reasoning#nativeBlock() native block} is
	 * not sent, since only blocks with a signature are accepted. A request with a
	 * {@code container}, whose files may have changed, bypasses the cache.
	 */
	@Override
	public WireRequest write(InferenceRequest request, ProviderDefinition provider) {
		ObjectNode body = new AnthropicRequestWriter(request, provider).write();
		return new WireRequest("messages", body, AnthropicRequestWriter.MESSAGES, body.hasNonNull("container"));
	}

	@Override
	public ProviderAnswer read(byte[] body, ProviderDefinition provider) {
		return new AnthropicResponseReader(provider).read(body);
	}

	@Override
	public Map<String, String> headers(ProviderDefinition provider) {
		Map<String, String> headers = new LinkedHashMap<>();
		if (provider.apiKey() != null) {
			headers.put("x-api-key", provider.apiKey());
		}
		headers.put("anthropic-version", API_VERSION);
		return headers;
	}

	@Override
	public ErrorBody readError(JsonNode body) {
		JsonNode error = body.path("error");
		String requestId = WireJson.string(body.path("request_id"));
		if (error.isObject()) {
			return new ErrorBody(WireJson.string(error.path("type")), WireJson.string(error.path("code")),
					WireJson.string(error.path("message")), requestId);
		}
		// Not Anthropic itself, but what is in front of it
		String message = WireJson.string(error);
		return new ErrorBody(null, null, (message != null) ? message : WireJson.string(body.path("message")),
				requestId);
	}

	@Override
	public BatchProtocol batches() {
		return new AnthropicBatchProtocol();
	}

}
