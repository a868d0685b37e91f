package io.github.llmcache.provider.openai;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;

import io.github.llmcache.RawJson;
import io.github.llmcache.Sample;
import io.github.llmcache.provider.ProviderAnswer;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderErrors;
import io.github.llmcache.provider.ResponseFields;
import io.github.llmcache.provider.WireJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the choices of a response in the order of their index.
 */
final class OpenAiChoices {

	private final ProviderDefinition provider;

	private final ResponseFields fields;

	OpenAiChoices(ProviderDefinition provider, ResponseFields fields) {
		this.provider = provider;
		this.fields = fields;
	}

	/**
	 * Read the body of a successful response whose answers are choices.
	 * @param body the body
	 * @param reader reads a choice, given where in the response it is
	 * @return the answer
	 */
	ProviderAnswer readAnswer(byte[] body, BiFunction<JsonNode, String, Sample> reader) {
		ObjectNode root = WireJson.readResponse(body, this.provider);
		rejectError(root);
		JsonNode usage = root.path("usage");
		return new ProviderAnswer(read(root, reader), OpenAiUsage.read(usage), WireJson.string(root.path("model")),
				OpenAiUsage.serviceTier(root), OpenAiUsage.cost(usage));
	}

	private List<Sample> read(JsonNode response, BiFunction<JsonNode, String, Sample> reader) {
		JsonNode choices = response.path("choices");
		if (!choices.isArray() || choices.isEmpty()) {
			throw this.fields.malformed("", "choices");
		}
		if (choices.size() == 1) {
			return List.of(read(choices.path(0), 0, reader));
		}
		List<Choice> read = new ArrayList<>(choices.size());
		for (int i = 0; i < choices.size(); i++) {
			JsonNode choice = choices.path(i);
			Long index = WireJson.count(choice.path("index"));
			read.add(new Choice((index != null) ? index : i, read(choice, i, reader)));
		}
		return read.stream().sorted(Comparator.comparingLong(Choice::index)).map(Choice::sample).toList();
	}

	private Sample read(JsonNode choice, int position, BiFunction<JsonNode, String, Sample> reader) {
		rejectError(choice);
		return reader.apply(choice, "choices[" + position + "]");
	}

	/**
	 * Throw an exception if a response, or one of its choices, is an error.
	 */
	private void rejectError(JsonNode node) {
		if (OpenAiErrorReader.isError(node)) {
			throw ProviderErrors.from(this.provider, null, OpenAiErrorReader.read(node), null, null);
		}
	}

	static @Nullable RawJson logprobs(JsonNode choice) {
		JsonNode logprobs = choice.path("logprobs");
		return WireJson.isAbsent(logprobs) ? null : RawJson.of(WireJson.write(logprobs));
	}

	private record Choice(long index, Sample sample) {

	}

}
