package io.github.llmcache.provider.openai;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.provider.ProviderAnswer;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.WireRequest;
import io.github.llmcache.provider.WireRequests;

/**
 * OpenAI's completions of plain text, for base models: there and at the servers that are
 * compatible with it, such as vLLM.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/completions/create">OpenAI
 * API reference: Create completion</a>
 */
public final class OpenAiCompletionsProtocol extends OpenAiProtocol {

	@Override
	public String name() {
		return "openai-completions";
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * The prompt is the texts of the messages, which have to be of role
	 * {@link io.github.llmcache.Role#NONE NONE}, joined as they are. What the API has
	 * besides, such as {@code suffix}, {@code echo} and {@code best_of}, are additional
	 * parameters. Without {@code maxTokens}, OpenAI answers no more than 16 tokens.
	 */
	@Override
	public WireRequest write(InferenceRequest request, ProviderDefinition provider) {
		return new WireRequest("completions", new OpenAiCompletionWriter(request, provider).write(),
				OpenAiCompletionWriter.PROMPT);
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
		return new OpenAiCompletionReader(provider).read(body);
	}

}
