package io.github.llmcache.provider.openai;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.Sample;
import io.github.llmcache.provider.ProviderAnswer;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ResponseFields;
import io.github.llmcache.provider.WireJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the body of a successful response with completions.
 */
final class OpenAiCompletionReader {

	private final ProviderDefinition provider;

	private final ResponseFields fields;

	private final OpenAiChoices choices;

	OpenAiCompletionReader(ProviderDefinition provider) {
		this.provider = provider;
		this.fields = new ResponseFields(provider, "a completion");
		this.choices = new OpenAiChoices(provider, this.fields);
	}

	ProviderAnswer read(byte[] body) {
		ObjectNode root = WireJson.readResponse(body, this.provider);
		this.choices.rejectError(root);
		JsonNode usage = root.path("usage");
		return new ProviderAnswer(this.choices.read(root, this::sample), OpenAiUsage.read(usage),
				WireJson.string(root.path("model")), OpenAiUsage.serviceTier(root), OpenAiUsage.cost(usage));
	}

	private Sample sample(JsonNode choice, String path) {
		String nativeReason = this.fields.text(choice, path, "finish_reason");
		return new Sample(ChatMessage.assistant(this.fields.required(choice, path, "text")),
				OpenAiFinishReasons.of(nativeReason), nativeReason, OpenAiChoices.logprobs(choice));
	}

}
