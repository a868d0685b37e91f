package io.github.llmcache.actuate.endpoint;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderProtocol;
import io.github.llmcache.provider.TestProviders;
import io.github.llmcache.provider.anthropic.AnthropicMessagesProtocol;
import io.github.llmcache.provider.gemini.GeminiProtocol;
import io.github.llmcache.provider.openai.OpenAiChatProtocol;
import io.github.llmcache.provider.openai.OpenAiResponsesProtocol;

/**
 * Whatever the endpoint is sent to be explained is a request that can be written, or is
 * refused.
 */
public final class RequestReaderFuzzTarget {

	private static final InferenceRequestReader READER = new InferenceRequestReader();

	private static final List<ProviderDefinition> PROVIDERS = List
		.<ProviderProtocol>of(new OpenAiChatProtocol(), new OpenAiResponsesProtocol(), new AnthropicMessagesProtocol(),
				new GeminiProtocol())
		.stream()
		.map(TestProviders::of)
		.toList();

	private RequestReaderFuzzTarget() {
	}

	public static void fuzzerTestOneInput(byte[] input) {
		InferenceRequest request;
		try {
			request = READER.read(new String(input, StandardCharsets.UTF_8));
		}
		catch (IllegalArgumentException ex) {
			return;
		}
		for (ProviderDefinition provider : PROVIDERS) {
			try {
				provider.protocol().write(request, provider);
			}
			catch (InvalidRequestException ex) {
				// There is no form for it
			}
		}
	}

}
