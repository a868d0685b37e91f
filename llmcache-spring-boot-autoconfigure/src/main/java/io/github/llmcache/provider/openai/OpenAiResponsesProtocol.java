package io.github.llmcache.provider.openai;

import io.github.llmcache.Embedding;
import io.github.llmcache.EmbeddingRequest;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.Moderation;
import io.github.llmcache.ModerationRequest;
import io.github.llmcache.provider.EmbeddingProtocol;
import io.github.llmcache.provider.ModerationProtocol;
import io.github.llmcache.provider.ProviderAnswer;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.TextOperation;
import io.github.llmcache.provider.WireRequest;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAI's Responses API, without state at the provider unless a request asks for it.
 * What it has is taken from its reference and from the types of OpenAI's SDK for Python,
 * 3.3.1.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/responses/create">OpenAI
 * API reference: Create a model response</a>
 * @see <a href="https://github.com/openai/openai-python">SDK for Python</a>
 */
public final class OpenAiResponsesProtocol extends OpenAiProtocol implements EmbeddingProtocol, ModerationProtocol {

	@Override
	public String name() {
		return "openai-responses";
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * A system message of one text at the start becomes {@code instructions}; all other
	 * messages stay where they are. {@code store} is sent as {@code false} unless it is
	 * set by {@code parameter("store", …)}. A request that reasons, or gives reasoning
	 * back, and is not stored asks for its reasoning in encrypted form, so that it can be
	 * given back, unless {@code parameter("include", …)} says what to include. Reasoning
	 * without a {@linkplain io.github.llmcache.ContentPart.Reasoning#nativeBlock() native
	 * block} is not sent; a native block is an input item of type {@code reasoning} or
	 * {@code item_reference}. Whether a tool failed is not sent: the protocol has no such
	 * flag. The phase of an answered message is in the raw response only.
	 * <p>
	 * A request is {@linkplain WireRequest#stateful() stateful} if it leans on what the
	 * provider keeps: {@code previous_response_id}, {@code conversation}, a
	 * {@code prompt} template, references to stored items, tools that search the
	 * account's files, run in containers or call remote MCP servers; or if it leaves
	 * something there: {@code store} or {@code background}.
	 */
	@Override
	public WireRequest write(InferenceRequest request, ProviderDefinition provider) {
		ObjectNode body = new OpenAiResponsesRequestWriter(request, provider).write();
		return new WireRequest("responses", body, OpenAiResponsesRequestWriter.INPUT, OpenAiState.isNeeded(body));
	}

	@Override
	public ProviderAnswer read(byte[] body, ProviderDefinition provider) {
		return new OpenAiResponsesReader(provider).read(body);
	}

	@Override
	public TextOperation<Embedding> embeddings(EmbeddingRequest request, ProviderDefinition provider) {
		return new OpenAiEmbeddings(request, provider);
	}

	@Override
	public TextOperation<Moderation> moderations(ModerationRequest request, ProviderDefinition provider) {
		return new OpenAiModerations(request, provider);
	}

}
