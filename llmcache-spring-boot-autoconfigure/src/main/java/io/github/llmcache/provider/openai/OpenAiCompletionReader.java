package io.github.llmcache.provider.openai;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.Sample;
import io.github.llmcache.provider.ProviderAnswer;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ResponseFields;
import tools.jackson.databind.JsonNode;

/**
 * Reads the body of a successful response with completions.
 */
final class OpenAiCompletionReader {

	private final ResponseFields fields;

	private final OpenAiChoices choices;

	OpenAiCompletionReader(ProviderDefinition provider) {
		this.fields = new ResponseFields(provider, "a completion");
		this.choices = new OpenAiChoices(provider, this.fields);
	}

	ProviderAnswer read(byte[] body) {
		return this.choices.readAnswer(body, this::sample);
	}

	private Sample sample(JsonNode choice, String path) {
		String nativeReason = this.fields.text(choice, path, "finish_reason");
		return new Sample(ChatMessage.assistant(this.fields.required(choice, path, "text")),
				OpenAiFinishReasons.of(nativeReason), nativeReason, OpenAiChoices.logprobs(choice));
	}

}
