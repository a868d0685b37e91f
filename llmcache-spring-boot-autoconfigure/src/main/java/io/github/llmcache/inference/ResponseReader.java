package io.github.llmcache.inference;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.ProviderException;
import io.github.llmcache.RawBody;
import io.github.llmcache.Sample;
import io.github.llmcache.SampleRange;
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
	 * Return a reader of the samples in the entry of a call, as far as they are wanted.
	 * @param call the call
	 * @return the reader
	 */
	static EntryReader<Drawn> samplesOf(InferenceCall call) {
		return new EntryReader<>() {

			@Override
			public Class<Drawn> type() {
				return Drawn.class;
			}

			@Override
			public Drawn read(CacheEntry entry) throws UnreadableEntryException {
				return draw(call, entry);
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
		CachedResponse first = entry.responses().get(0);
		if (first.samples() > 1 || call.samples().end() > 1) {
			List<DrawnSample> samples = draw(call, entry).samples(call.samples(), new BitSet());
			return compose(call, Source.CACHE, samples, samples, List.of());
		}
		Part part = Part.stored(first, read(call.provider(), first));
		return new InferenceResponse(call.provider().name(), call.request().model(), Source.CACHE, part.samples(),
				part.usage(), BigDecimal.ZERO, dollars(first.costNanos()), RawBody.of(first.body()), first.requestId(),
				first.createdAt(), Duration.ZERO, first.duration(), List.of());
	}

	private static Drawn draw(InferenceCall call, CacheEntry entry) throws UnreadableEntryException {
		SampleRange wanted = call.samples();
		List<Part> parts = new ArrayList<>(entry.responses().size());
		int index = 0;
		for (CachedResponse response : entry.responses()) {
			boolean needed = index < wanted.end() && index + response.samples() > wanted.first();
			parts.add(needed ? Part.stored(response, read(call.provider(), response)) : Part.unread(response));
			index = Math.addExact(index, response.samples());
		}
		return new Drawn(0, parts);
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
		Usage usage = (answer.usage() != null) ? answer.usage() : Usage.NONE;
		return new InferenceResponse(call.provider().name(), call.request().model(), Source.PROVIDER, answer.samples(),
				usage, dollars(response.costNanos()), BigDecimal.ZERO, RawBody.of(response.body()),
				response.requestId(), response.createdAt(), response.duration(), response.duration(), List.of());
	}

	/**
	 * Make a response of samples.
	 * @param call the call that they answer
	 * @param source where the response comes from
	 * @param shown the samples that the response has; at least one
	 * @param counted the samples whose usage it has, and whose replay has saved their
	 * cost
	 * @param paid the samples whose cost it has, wanted or not
	 * @return the response; what belongs to one call is that of the first sample
	 */
	static InferenceResponse compose(InferenceCall call, Source source, List<DrawnSample> shown,
			List<DrawnSample> counted, List<DrawnSample> paid) {
		CachedResponse first = shown.get(0).part().cached();
		Duration duration = Duration.ZERO;
		Usage usage = Usage.NONE;
		Part previous = null;
		for (DrawnSample sample : counted) {
			usage = usage.plus(sample.usage());
			if (sample.part() != previous) {
				previous = sample.part();
				duration = duration.plus(previous.cached().duration());
			}
		}
		List<Sample> samples = shown.stream().map(DrawnSample::sample).toList();
		return new InferenceResponse(call.provider().name(), call.request().model(), source, samples, usage,
				dollars(costNanos(paid)), dollars(costNanos(replayed(counted))), RawBody.of(first.body()),
				first.requestId(), first.createdAt(), Duration.ZERO, duration, List.of());
	}

	/**
	 * Return those of some samples that are not paid for now.
	 * @param samples the samples
	 * @return the others
	 */
	static List<DrawnSample> replayed(Collection<DrawnSample> samples) {
		return samples.stream().filter((sample) -> !sample.paid()).toList();
	}

	/**
	 * Return what samples have cost.
	 * @param samples the samples
	 * @return billionths of a US dollar, or {@code null} if the price of one is unknown
	 */
	static @Nullable Long costNanos(Collection<DrawnSample> samples) {
		long sum = 0;
		for (DrawnSample sample : samples) {
			Long costNanos = sample.costNanos();
			if (costNanos == null) {
				return null;
			}
			sum += costNanos;
		}
		return sum;
	}

	private static @Nullable BigDecimal dollars(@Nullable Long nanos) {
		return (nanos != null) ? CacheStatistics.dollars(nanos) : null;
	}

}
