package io.github.llmcache.inference;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.ProviderException;
import io.github.llmcache.Sample;
import io.github.llmcache.Usage;
import io.github.llmcache.cache.CacheStatistics;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.pricing.PriceQuery;
import io.github.llmcache.pricing.PriceTable;
import io.github.llmcache.provider.ProviderAnswer;
import io.github.llmcache.provider.ProviderClient;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderRouter;
import io.github.llmcache.provider.WireRequest;
import io.github.llmcache.provider.WireResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryTemplate;

/**
 * Asks providers: when their limits allow it, no more calls at the same time than each is
 * configured for, and again if a call fails that can succeed later. Thread-safe.
 */
final class ProviderCaller {

	private static final BigDecimal MAX_REPORTED_COST = BigDecimal.valueOf(1_000_000);

	private final Map<String, Semaphore> permits = new ConcurrentHashMap<>();

	private final RateLimiters limiters;

	private final ProviderClient client;

	private final PriceTable prices;

	private final StoragePolicy storagePolicy;

	private final RetrySettings retry;

	private final InstantSource clock;

	private final InferenceObserver observer;

	ProviderCaller(ProviderClient client, PriceTable prices, StoragePolicy storagePolicy, RetrySettings retry,
			InstantSource clock, InferenceObserver observer) {
		this.client = client;
		this.prices = prices;
		this.storagePolicy = storagePolicy;
		this.retry = retry;
		this.clock = clock;
		this.observer = observer;
		this.limiters = new RateLimiters(retry.maxRetryAfter(), System::nanoTime);
	}

	/**
	 * Ask the provider.
	 * @param call the call
	 * @param samples the number of samples to ask for; the answer may have another
	 * @return the answer
	 */
	CallAnswer call(InferenceCall call, int samples) {
		WireRequest wire = (samples > 1) ? call.provider().protocol().withSamples(call.wire(), samples) : call.wire();
		return call(new ProviderCall<>(call.provider(), call.request().model(), wire,
				TokenEstimate.of(call.request(), samples), (response) -> read(call, response)));
	}

	/**
	 * Ask a provider.
	 * @param <T> what its response is read as
	 * @param call the call
	 * @return what the response was read as
	 */
	<T extends TokenCount> T call(ProviderCall<T> call) {
		ProviderDefinition provider = call.provider();
		ProviderRouter.requireApiKey(provider);
		try {
			return new RetryTemplate(new ProviderRetryPolicy(this.retry)).execute(() -> attempt(call));
		}
		catch (RetryException ex) {
			if (Thread.currentThread().isInterrupted()) {
				throw new InferenceCancelledException("Interrupted while asking provider '" + provider.name() + "'",
						ex.getCause());
			}
			if (ex.getCause() instanceof RuntimeException cause) {
				throw cause;
			}
			if (ex.getCause() instanceof Error cause) {
				throw cause;
			}
			throw new IllegalStateException(ex.getCause());
		}
	}

	/**
	 * Return how long a call takes at the most, all attempts and the waits between them
	 * included, unless it waits for its turn.
	 * @param provider the provider
	 * @return the time
	 */
	Duration longestCall(ProviderDefinition provider) {
		Duration wait = (this.retry.maxInterval().compareTo(this.retry.maxRetryAfter()) > 0) ? this.retry.maxInterval()
				: this.retry.maxRetryAfter();
		return provider.timeout().plus(wait).multipliedBy(this.retry.maxAttempts());
	}

	/**
	 * Return how long the calls for the samples of a request take at the most.
	 * @param call the call
	 * @return the time
	 */
	Duration longestCalls(InferenceCall call) {
		ProviderDefinition provider = call.provider();
		long together = (long) provider.protocol().maxSamplesPerCall() * provider.maxConcurrency();
		return longestCall(provider).multipliedBy((call.samples().end() + together - 1) / together);
	}

	private <T extends TokenCount> T attempt(ProviderCall<T> call) {
		ProviderDefinition provider = call.provider();
		Semaphore permit = this.permits.computeIfAbsent(provider.name(),
				(name) -> new Semaphore(provider.maxConcurrency(), true));
		RateLimiter.Share share = acquire(call, permit);
		try {
			T answer = timed(call, share);
			share.answered(answer.inputTokens(), answer.outputTokens());
			return answer;
		}
		catch (ProviderException ex) {
			share.failed(ex);
			throw ex;
		}
		finally {
			permit.release();
		}
	}

	private RateLimiter.Share acquire(ProviderCall<?> call, Semaphore permit) {
		try {
			return this.limiters.of(call.provider(), call.model()).acquire(call.estimate(), permit);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InferenceCancelledException(
					"Interrupted while waiting for a turn at provider '" + call.provider().name() + "'", ex);
		}
	}

	private <T extends TokenCount> T timed(ProviderCall<T> call, RateLimiter.Share share) {
		long start = System.nanoTime();
		T answer;
		try {
			answer = call.reader().apply(this.client.call(call.provider(), call.wire(), share::reported));
		}
		catch (RuntimeException | Error ex) {
			ended(call, ex, start);
			throw ex;
		}
		ended(call, null, start);
		return answer;
	}

	private void ended(ProviderCall<?> call, @Nullable Throwable failure, long start) {
		this.observer.callEnded(call.provider().name(), call.model(), failure,
				Duration.ofNanos(System.nanoTime() - start));
	}

	private CallAnswer read(InferenceCall call, WireResponse response) {
		ProviderDefinition provider = call.provider();
		ProviderAnswer answer = provider.protocol().read(response.body(), provider);
		Usage usage = (answer.usage() != null) ? answer.usage() : Usage.NONE;
		List<Sample> storable = this.storagePolicy.storable(answer.samples());
		List<Sample> kept = storable.isEmpty() ? answer.samples() : storable;
		CachedResponse cached = new CachedResponse(response.body(), kept.size(), usage.inputTokens(),
				usage.outputTokens(), costNanos(call, answer), kept.get(0).finishReason().name(),
				this.clock.instant().truncatedTo(ChronoUnit.MILLIS), response.duration(), response.requestId());
		return new CallAnswer(ResponseReader.read(call, answer, cached), cached, kept, !storable.isEmpty());
	}

	private @Nullable Long costNanos(InferenceCall call, ProviderAnswer answer) {
		BigDecimal reported = answer.reportedCost();
		if (reported != null) {
			return nanos(reported);
		}
		Usage usage = answer.usage();
		if (usage == null) {
			return null;
		}
		Long cost = costNanos(call, call.request().model(), usage, answer);
		return (cost == null && answer.model() != null) ? costNanos(call, answer.model(), usage, answer) : cost;
	}

	/**
	 * Return a reported cost, or {@code null} if it is more than anybody can have paid: a
	 * number that makes no sense must neither lose the answer nor spoil the sums.
	 */
	static @Nullable Long nanos(BigDecimal reportedCost) {
		return (reportedCost.signum() >= 0 && reportedCost.compareTo(MAX_REPORTED_COST) <= 0)
				? CacheStatistics.nanos(reportedCost) : null;
	}

	private @Nullable Long costNanos(InferenceCall call, String model, Usage usage, ProviderAnswer answer) {
		return this.prices.costNanos(new PriceQuery(call.provider().name(), model, usage, answer.serviceTier(), false,
				this.clock.instant()));
	}

}
