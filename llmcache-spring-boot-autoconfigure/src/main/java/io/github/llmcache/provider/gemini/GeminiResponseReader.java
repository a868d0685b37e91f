package io.github.llmcache.provider.gemini;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.FinishReason;
import io.github.llmcache.RawJson;
import io.github.llmcache.Role;
import io.github.llmcache.Sample;
import io.github.llmcache.provider.ProviderAnswer;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderErrors;
import io.github.llmcache.provider.ResponseFields;
import io.github.llmcache.provider.WireJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the body of a successful response. What an answer consists of has to be as the
 * protocol describes it; what is told beside it (usage, tier) is unknown if it is not.
 */
final class GeminiResponseReader {

	private final ProviderDefinition provider;

	private final ResponseFields fields;

	private final GeminiPartReader parts;

	GeminiResponseReader(ProviderDefinition provider) {
		this.provider = provider;
		this.fields = new ResponseFields(provider, "generated content");
		this.parts = new GeminiPartReader(this.fields);
	}

	ProviderAnswer read(byte[] body) {
		ObjectNode root = WireJson.readResponse(body, this.provider);
		if (GeminiErrorReader.isError(root)) {
			throw ProviderErrors.from(this.provider, null, GeminiErrorReader.read(root), null, null);
		}
		JsonNode usage = root.path("usageMetadata");
		return new ProviderAnswer(samples(root), GeminiUsage.read(usage), WireJson.string(root.path("modelVersion")),
				GeminiUsage.serviceTier(usage), null);
	}

	private List<Sample> samples(ObjectNode root) {
		JsonNode candidates = root.path("candidates");
		if (WireJson.isAbsent(candidates) || candidates.isArray() && candidates.isEmpty()) {
			return List.of(blocked(root.path("promptFeedback")));
		}
		if (!candidates.isArray()) {
			throw this.fields.malformed("", "candidates");
		}
		List<Candidate> read = new ArrayList<>(candidates.size());
		for (int i = 0; i < candidates.size(); i++) {
			read.add(candidate(candidates.path(i), "candidates[" + i + "]"));
		}
		return read.stream().sorted(Comparator.comparingLong(Candidate::index)).map(Candidate::sample).toList();
	}

	private Sample blocked(JsonNode promptFeedback) {
		String reason = this.fields.text(promptFeedback, "promptFeedback", "blockReason");
		if (reason == null || reason.isEmpty()) {
			throw this.fields.malformed("", "candidates");
		}
		return new Sample(new ChatMessage(Role.ASSISTANT, List.of(), null), FinishReason.CONTENT_FILTER, reason, null);
	}

	private Candidate candidate(JsonNode candidate, String path) {
		if (!candidate.isObject()) {
			throw this.fields.malformed("", path);
		}
		ChatMessage message = new ChatMessage(Role.ASSISTANT,
				this.parts.read(candidate.path("content"), path + ".content"), null);
		String nativeReason = this.fields.text(candidate, path, "finishReason");
		FinishReason reason = GeminiFinishReasons.of(nativeReason);
		if (reason == FinishReason.STOP && !message.toolCalls().isEmpty()) {
			// The model stops for its tools as well, with no other reason
			reason = FinishReason.TOOL_CALLS;
		}
		JsonNode logprobs = candidate.path("logprobsResult");
		Sample sample = new Sample(message, reason, nativeReason,
				WireJson.isAbsent(logprobs) ? null : RawJson.of(WireJson.write(logprobs)));
		// The first one need not say that it is
		Long index = WireJson.count(candidate.path("index"));
		return new Candidate((index != null) ? index : 0, sample);
	}

	private record Candidate(long index, Sample sample) {

	}

}
