package io.github.llmcache.inference;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.ProviderException;
import io.github.llmcache.RawBody;
import io.github.llmcache.Sample;
import io.github.llmcache.Usage;
import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheManager.EntryReader;
import io.github.llmcache.cache.CacheStatistics;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.provider.ProviderAnswer;
import io.github.llmcache.provider.ProviderDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Makes responses of what a provider answered, now or when an entry was stored.
 */
final class ResponseReader {

	private ResponseReader() {
	}

	/**
	 * Return a reader of the entry of a call.
	 * @param call the call
	 * @return the reader
	 */
	static EntryReader<InferenceResponse> of(InferenceCall call) {
		return new EntryReader<>() {

			@Override
			public Class<InferenceResponse> type() {
				return InferenceResponse.class;
			}

			@Override
			public InferenceResponse read(CacheEntry entry) throws UnreadableEntryException {
				return ResponseReader.read(call, entry);
			}

		};
	}

	/**
	 * Make the response to a call of one that was read for the same question, perhaps to
	 * a provider of another name that shares the entries.
	 * @param call the call
	 * @param response the response that was read, or {@code null} if there is none
	 * @return the response, or {@code null} if there is none
	 */
	static @Nullable InferenceResponse to(InferenceCall call, @Nullable InferenceResponse response) {
		String provider = call.provider().name();
		if (response == null || response.provider().equals(provider)) {
			return response;
		}
		return new InferenceResponse(provider, response.model(), response.source(), response.samples(),
				response.usage(), response.cost(), response.savedCost(), response.body(), response.requestId(),
				response.createdAt(), response.duration(), response.providerDuration(), response.exchange());
	}

	private static InferenceResponse read(InferenceCall call, CacheEntry entry) throws UnreadableEntryException {
		List<CachedResponse> responses = entry.responses();
		CachedResponse first = responses.get(0);
		ProviderAnswer answer = read(call.provider(), first);
		List<Sample> samples = answer.samples();
		Usage usage = usageOf(answer);
		Long costNanos = first.costNanos();
		Duration duration = first.duration();
		if (responses.size() > 1) {
			samples = new ArrayList<>(samples);
			for (CachedResponse response : responses.subList(1, responses.size())) {
				ProviderAnswer further = read(call.provider(), response);
				samples.addAll(further.samples());
				usage = usage.plus(usageOf(further));
				costNanos = sum(costNanos, response.costNanos());
				duration = duration.plus(response.duration());
			}
		}
		return new InferenceResponse(call.provider().name(), call.request().model(), Source.CACHE, samples, usage,
				BigDecimal.ZERO, dollars(costNanos), RawBody.of(first.body()), first.requestId(), first.createdAt(),
				Duration.ZERO, duration, List.of());
	}

	private static ProviderAnswer read(ProviderDefinition provider, CachedResponse response)
			throws UnreadableEntryException {
		try {
			return provider.protocol().read(response.body(), provider);
		}
		catch (ProviderException ex) {
			throw new UnreadableEntryException("The stored response cannot be read", ex);
		}
	}

	/**
	 * Make the response of a provider's answer to a call.
	 * @param call the call
	 * @param answer what the body says
	 * @param response the response as it is stored
	 * @return the response
	 */
	static InferenceResponse read(InferenceCall call, ProviderAnswer answer, CachedResponse response) {
		return new InferenceResponse(call.provider().name(), call.request().model(), Source.PROVIDER, answer.samples(),
				usageOf(answer), dollars(response.costNanos()), BigDecimal.ZERO, RawBody.of(response.body()),
				response.requestId(), response.createdAt(), response.duration(), response.duration(), List.of());
	}

	/**
	 * Make the response for somebody else who asked the same.
	 * @param response what the first one who asked got
	 * @param source how the other one came to it
	 * @return the same response, for nothing
	 */
	static InferenceResponse share(InferenceResponse response, Source source) {
		BigDecimal hadCost = (response.source() == Source.PROVIDER) ? response.cost() : response.savedCost();
		return new InferenceResponse(response.provider(), response.model(), source, response.samples(),
				response.usage(), BigDecimal.ZERO, hadCost, response.body(), response.requestId(), response.createdAt(),
				response.duration(), response.providerDuration(), response.exchange());
	}

	private static Usage usageOf(ProviderAnswer answer) {
		return (answer.usage() != null) ? answer.usage() : Usage.NONE;
	}

	private static @Nullable Long sum(@Nullable Long first, @Nullable Long second) {
		return (first != null && second != null) ? first + second : null;
	}

	private static @Nullable BigDecimal dollars(@Nullable Long nanos) {
		return (nanos != null) ? CacheStatistics.dollars(nanos) : null;
	}

}
