package io.github.llmcache.cli.safetytooling;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.ProviderException;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cli.transfer.EntrySink;
import io.github.llmcache.inference.ReceivedAnswers;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.WireResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes entries of answers of models: of the library's question the same question asked
 * here, and of its responses what the provider had sent.
 */
final class LlmEntryMapper {

	/** What the library lets Claude answer if nobody says. */
	private static final int ANTHROPIC_MAX_TOKENS = 2000;

	private final ParameterMapper parameters = new ParameterMapper();

	private final MessageMapper messages = new MessageMapper();

	private final Providers providers;

	private final ReceivedAnswers answers;

	private final Entries entries;

	LlmEntryMapper(Providers providers, ReceivedAnswers answers, Entries entries) {
		this.providers = providers;
		this.answers = answers;
		this.entries = entries;
	}

	void map(Home.Value value, ObjectNode json, EntrySink sink) {
		if (!(json.path("params") instanceof ObjectNode params)) {
			throw SourceJson.wrong("params");
		}
		String model = SourceJson.requiredString(params, "model");
		if (model.isBlank()) {
			throw SourceJson.wrong("model");
		}
		ProviderDefinition provider = this.providers.ofModel(model);
		InferenceRequest.Builder request = InferenceRequest.builder(model);
		this.messages.map(json.path("prompt"), provider).forEach(request::message);
		this.parameters.map(params, provider, request);
		List<LibraryResponse> responses = responses(value, json.path("responses"), model, sink);
		if (responses.isEmpty()) {
			return;
		}
		if (isCutOffByDefault(provider, params, responses)) {
			// An answer that has ended by itself is the same with whatever limit
			request.maxTokens(ANTHROPIC_MAX_TOKENS);
		}
		List<CachedResponse> cached = cached(value, provider, model, params, responses, sink);
		if (!cached.isEmpty()) {
			sink.entry(
					this.entries.create(provider, model, provider.protocol().write(request.build(), provider), cached));
		}
	}

	private static boolean isCutOffByDefault(ProviderDefinition provider, ObjectNode params,
			List<LibraryResponse> responses) {
		return provider.protocol().name().equals("anthropic") && SourceJson.isAbsent(params.get("max_tokens"))
				&& responses.stream().anyMatch((response) -> response.stopReason() == StopReason.LENGTH);
	}

	/**
	 * Read the responses. One that cannot be mapped does not lose the others.
	 */
	private static List<LibraryResponse> responses(Home.Value value, JsonNode array, String model, EntrySink sink) {
		if (!array.isArray() || array.isEmpty()) {
			throw new UnmappableException("it has no responses");
		}
		List<LibraryResponse> responses = new ArrayList<>(array.size());
		for (int i = 0; i < array.size(); i++) {
			try {
				responses.add(LibraryResponse.of(array.path(i), model));
			}
			catch (UnmappableException ex) {
				sink.skipped(where(value, i, array.size()), ex.reason());
			}
		}
		return responses;
	}

	private static String where(Home.Value value, int index, int count) {
		return (count == 1) ? value.where() : value.where() + ", response " + (index + 1);
	}

	private List<CachedResponse> cached(Home.Value value, ProviderDefinition provider, String model, ObjectNode params,
			List<LibraryResponse> responses, EntrySink sink) {
		ResponseBodies bodies = ResponseBodies.of(provider.protocol().name());
		boolean together = bodies.takesSeveral()
				&& responses.stream().allMatch((response) -> response.isOfCallOf(responses.get(0)));
		List<List<LibraryResponse>> calls = together ? List.of(responses) : responses.stream().map(List::of).toList();
		List<CachedResponse> cached = new ArrayList<>(calls.size());
		for (int i = 0; i < calls.size(); i++) {
			String where = where(value, i, calls.size());
			try {
				CachedResponse response = cached(provider, model, params, bodies, calls.get(i), value.createdAt());
				if (response != null) {
					cached.add(response);
				}
				else {
					sink.skipped(where, "its answer is empty, filtered or a refusal, which are not kept by default");
				}
			}
			catch (UnmappableException ex) {
				sink.skipped(where, ex.reason());
			}
			catch (ProviderException ex) {
				sink.skipped(where, "its answer is none that the provider's protocol knows");
			}
		}
		return cached;
	}

	private @Nullable CachedResponse cached(ProviderDefinition provider, String model, ObjectNode params,
			ResponseBodies bodies, List<LibraryResponse> call, Instant at) {
		LibraryResponse first = call.get(0);
		WireResponse wire = new WireResponse(bodies.write(call, params), null, first.duration());
		CachedResponse kept = this.answers.keep(provider, model, wire, at);
		Long costNanos = first.costNanos();
		if (kept == null || costNanos == null) {
			// With the price of the tokens, as far as that is known
			return kept;
		}
		return new CachedResponse(kept.body(), kept.samples(), kept.inputTokens(), kept.outputTokens(), costNanos,
				kept.finishReason(), kept.createdAt(), kept.duration(), kept.requestId());
	}

}
