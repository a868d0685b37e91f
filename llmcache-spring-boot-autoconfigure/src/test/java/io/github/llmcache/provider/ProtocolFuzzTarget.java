package io.github.llmcache.provider;

import java.util.Arrays;
import java.util.List;

import io.github.llmcache.EmbeddingRequest;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.ModerationRequest;
import io.github.llmcache.ProviderException;
import io.github.llmcache.Sample;
import io.github.llmcache.provider.anthropic.AnthropicMessagesProtocol;
import io.github.llmcache.provider.gemini.GeminiProtocol;
import io.github.llmcache.provider.openai.OpenAiChatProtocol;
import io.github.llmcache.provider.openai.OpenAiCompletionsProtocol;
import io.github.llmcache.provider.openai.OpenAiResponsesProtocol;
import tools.jackson.databind.JsonNode;

/**
 * Whatever a server sends, a protocol makes an answer, a result or an error of it, and
 * nothing else; and an answer can be sent back, or that is refused.
 */
public final class ProtocolFuzzTarget {

	private static final List<ProviderDefinition> PROVIDERS = List
		.<ProviderProtocol>of(new OpenAiChatProtocol(), new OpenAiResponsesProtocol(), new OpenAiCompletionsProtocol(),
				new AnthropicMessagesProtocol(), new GeminiProtocol())
		.stream()
		.map(TestProviders::of)
		.toList();

	private static final List<String> TEXTS = List.of("a", "b");

	private ProtocolFuzzTarget() {
	}

	public static void fuzzerTestOneInput(byte[] input) {
		if (input.length == 0) {
			return;
		}
		int kind = input[0] & 0xFF;
		byte[] body = Arrays.copyOfRange(input, 1, input.length);
		ProviderDefinition provider = PROVIDERS.get(kind % PROVIDERS.size());
		switch (kind / PROVIDERS.size() % 5) {
			case 0, 1 -> readAnswer(body, provider);
			case 2 -> readError(body, provider);
			case 3 -> readResult(body, provider);
			default -> readTexts(body, provider);
		}
	}

	private static void readAnswer(byte[] body, ProviderDefinition provider) {
		ProviderAnswer answer;
		try {
			answer = provider.protocol().read(body, provider);
		}
		catch (ProviderException ex) {
			return;
		}
		if (answer.samples().isEmpty()) {
			throw new IllegalStateException("There is no sample");
		}
		for (Sample sample : answer.samples()) {
			sample.text();
			try {
				provider.protocol()
					.write(InferenceRequest.builder("m").user("?").message(sample.message()).user("!").build(),
							provider);
			}
			catch (InvalidRequestException ex) {
				// There is no form for it
			}
		}
	}

	private static void readError(byte[] body, ProviderDefinition provider) {
		JsonNode json;
		try {
			json = WireJson.readResponse(body, provider);
		}
		catch (ProviderException ex) {
			json = WireJson.NODES.missingNode();
		}
		ProviderProtocol.ErrorBody error = provider.protocol().readError(json);
		ProviderErrors.from(provider, 429, error, null, null);
		ProviderErrors.from(provider, null, error, null, null);
		ProviderErrors.batchFailed(provider, error);
	}

	private static void readResult(byte[] line, ProviderDefinition provider) {
		BatchProtocol batches = provider.protocol().batches();
		if (batches == null) {
			return;
		}
		try {
			batches.readResult(line, provider);
		}
		catch (MalformedResponseException ex) {
			// As it should be
		}
		JsonSlice.object(line, "response", "body");
	}

	private static void readTexts(byte[] body, ProviderDefinition provider) {
		if (provider.protocol() instanceof EmbeddingProtocol protocol) {
			readTexts(body, protocol.embeddings(EmbeddingRequest.builder("m").texts(TEXTS).build(), provider));
		}
		if (provider.protocol() instanceof ModerationProtocol protocol) {
			readTexts(body, protocol.moderations(ModerationRequest.builder("m").texts(TEXTS).build(), provider));
		}
	}

	private static <V> void readTexts(byte[] body, TextOperation<V> operation) {
		try {
			operation.read(body);
		}
		catch (ProviderException ex) {
			// As it should be
		}
		try {
			for (TextAnswer<V> answer : operation.read(body, TEXTS).answers()) {
				operation.read(answer.body());
			}
		}
		catch (ProviderException ex) {
			// As it should be
		}
	}

}
