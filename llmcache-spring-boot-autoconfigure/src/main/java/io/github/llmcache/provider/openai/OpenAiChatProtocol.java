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
import io.github.llmcache.provider.WireRequests;

/**
 * OpenAI's chat completions, embeddings and moderations, as OpenAI and the servers that
 * are compatible with it speak them.
 * <p>
 * What compatible servers add or do otherwise is read too: reasoning (DeepSeek, vLLM,
 * OpenRouter), content in parts (Mistral), errors with a success status and costs
 * (OpenRouter), and several forms of errors.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat/create">OpenAI API
 * reference: Create chat completion</a>
 * @see <a href="https://openrouter.ai/docs/api-reference/overview">OpenRouter API
 * reference</a>
 * @see <a href="https://api-docs.deepseek.com/api/create-chat-completion">DeepSeek API
 * reference: Create Chat Completion</a>
 */
public final class OpenAiChatProtocol extends OpenAiProtocol implements EmbeddingProtocol, ModerationProtocol {

	@Override
	public String name() {
		return "openai";
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Reasoning without a
	 * {@linkplain io.github.llmcache.ContentPart.Reasoning#nativeBlock() native block} is
	 * not sent, since nobody wants it back. A native block is a JSON object of members
	 * that become members of the message, such as {@code reasoning_content}. Whether a
	 * tool failed is not sent: the protocol has no such flag, and the model reads it in
	 * the tool's result.
	 */
	@Override
	public WireRequest write(InferenceRequest request, ProviderDefinition provider) {
		return new WireRequest("chat/completions", new OpenAiRequestWriter(request, provider).write(),
				OpenAiRequestWriter.MESSAGES);
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * 128 is what the API reference allows. Some compatible servers refuse {@code n}, and
	 * some ignore it.
	 */
	@Override
	public int maxSamplesPerCall() {
		return OpenAiRequestWriter.MAX_N;
	}

	@Override
	public WireRequest withSamples(WireRequest request, int samples) {
		return WireRequests.with(request, OpenAiRequestWriter.N, samples);
	}

	@Override
	public ProviderAnswer read(byte[] body, ProviderDefinition provider) {
		return new OpenAiResponseReader(provider).read(body);
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
