package io.github.llmcache.provider.openai;

import java.util.Locale;
import java.util.Map;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.InferenceParameters;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.Prompt;
import io.github.llmcache.ResponseFormat;
import io.github.llmcache.Role;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderErrors;
import io.github.llmcache.provider.WireJson;
import io.github.llmcache.provider.WireRequests;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the body of one request for a completion.
 */
final class OpenAiCompletionWriter {

	static final String PROMPT = "prompt";

	private static final String NO_STREAM = "answers are not streamed";

	private static final Map<String, String> RESERVED = Map.of("model", "it is the request's model", PROMPT,
			"it is the texts of the request's messages", "stream", NO_STREAM, "stream_options", NO_STREAM, "n",
			WireRequests.NUMBER_OF_SAMPLES);

	private final InferenceRequest request;

	private final ProviderDefinition provider;

	private final ObjectNode body = WireJson.NODES.objectNode();

	OpenAiCompletionWriter(InferenceRequest request, ProviderDefinition provider) {
		this.request = request;
		this.provider = provider;
	}

	ObjectNode write() {
		InferenceParameters parameters = this.request.parameters();
		WireRequests.rejectParameter(this.provider, "tools", parameters.tools());
		WireRequests.rejectParameter(this.provider, "toolChoice", parameters.toolChoice());
		WireRequests.rejectParameter(this.provider, "reasoning", parameters.reasoning());
		if (!ResponseFormat.TEXT.equals(parameters.responseFormat())) {
			WireRequests.rejectParameter(this.provider, "responseFormat", parameters.responseFormat());
		}
		this.body.put("model", this.request.model());
		this.body.put(PROMPT, text(this.request.prompt()));
		number("temperature", parameters.temperature());
		number("top_p", parameters.topP());
		number("max_tokens", parameters.maxTokens());
		WireRequests.setStrings(this.body, "stop", parameters.stop());
		number("seed", parameters.seed());
		number("logprobs", parameters.topLogprobs());
		OpenAiLogitBias.write(parameters.logitBias(), this.body, this.provider);
		WireRequests.addAdditional(this.body, this.request, this.provider, RESERVED);
		return this.body;
	}

	private void number(String name, @Nullable Number value) {
		WireRequests.setNumber(this.body, name, value, this.provider);
	}

	private String text(Prompt prompt) {
		StringBuilder text = new StringBuilder();
		for (ChatMessage message : prompt.messages()) {
			check(message);
			message.parts().forEach((part) -> text.append(text(part)));
		}
		return text.toString();
	}

	private void check(ChatMessage message) {
		if (message.role() != Role.NONE) {
			throw ProviderErrors.invalidRequest(this.provider,
					"protocol 'openai-completions' continues plain text and has no form for a message with role "
							+ message.role().name().toLowerCase(Locale.ROOT)
							+ "; give it the text with none(…), or ask the model with the protocol of a chat");
		}
		if (message.name() != null) {
			throw ProviderErrors.invalidRequest(this.provider,
					"protocol 'openai-completions' has no names of messages' authors");
		}
		if (message.parts().isEmpty()) {
			throw ProviderErrors.invalidRequest(this.provider, "a message has no parts");
		}
	}

	private String text(ContentPart part) {
		if (part instanceof ContentPart.Text text) {
			return text.text();
		}
		throw WireRequests.unsupportedPart(this.provider, part, Role.NONE);
	}

}
