package io.github.llmcache.inference;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.ProviderException;
import io.github.llmcache.pricing.PriceTable;
import io.github.llmcache.provider.ProviderClient;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderRouter;
import io.github.llmcache.provider.WireRequest;
import org.jspecify.annotations.Nullable;

/**
 * Asks providers: when their limits allow it, no more calls at the same time than each is
 * configured for, and again if a call fails that can succeed later. Thread-safe.
 */
final class ProviderCaller {

	private final Map<String, Semaphore> permits = new ConcurrentHashMap<>();

	private final RateLimiters limiters;

	private final ProviderClient client;

	private final AnswerReader answers;

	private final ProviderRetries retries;

	private final RetrySettings retry;

	private final InstantSource clock;

	private final InferenceObserver observer;

	ProviderCaller(ProviderClient client, PriceTable prices, StoragePolicy storagePolicy, RetrySettings retry,
			InstantSource clock, InferenceObserver observer) {
		this.client = client;
		this.answers = new AnswerReader(prices, storagePolicy);
		this.retries = new ProviderRetries(retry);
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
				TokenEstimate.of(call.request(), samples), call.request().parameters(), samples,
				(response) -> this.answers.read(call, response, this.clock.instant(), false)));
	}

	/**
	 * Ask a provider.
	 * @param <T> what its response is read as
	 * @param call the call
	 * @return what the response was read as
	 */
	<T extends TokenCount> T call(ProviderCall<T> call) {
		ProviderRouter.requireApiKey(call.provider());
		return this.retries.execute(call.provider(), () -> attempt(call));
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
		this.observer.waitingChanged(call.provider().name(), 1);
		try {
			return this.limiters.of(call.provider(), call.model()).acquire(call.estimate(), permit);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InferenceCancelledException(
					"Interrupted while waiting for a turn at provider '" + call.provider().name() + "'", ex);
		}
		finally {
			this.observer.waitingChanged(call.provider().name(), -1);
		}
	}

	private <T extends TokenCount> T timed(ProviderCall<T> call, RateLimiter.Share share) {
		CallObservation observation = this.observer.callStarted(call.describe());
		long start = System.nanoTime();
		T answer;
		try {
			answer = call.reader().apply(this.client.call(call.provider(), call.wire(), share::reported));
		}
		catch (Throwable ex) {
			ended(call, ex, start);
			observation.ended(null, ex);
			throw ex;
		}
		ended(call, null, start);
		observation.ended(answer.result(), null);
		return answer;
	}

	private void ended(ProviderCall<?> call, @Nullable Throwable failure, long start) {
		this.observer.callEnded(call.provider().name(), call.model(), failure,
				Duration.ofNanos(System.nanoTime() - start));
	}

}
