package io.github.llmcache;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What a model answered, as exactly as it was answered the first time. If tools were run,
 * usage, costs and durations are the sums of all turns, and the source is the provider if
 * it was asked for one of them.
 *
 * @param provider the configured name of the provider
 * @param model the model that was asked for
 * @param source where this response came from
 * @param samples the answers in the order of their indices; at least one
 * @param usage the tokens that the answers took when they were made: the answers of one
 * call share its tokens. If only valid answers were accepted, those of all that were
 * checked
 * @param cost US dollars paid for this response now: 0 unless the provider was asked, for
 * whatever answers, {@code null} if the price is unknown
 * @param savedCost US dollars that were not paid because answers were there: 0 if the
 * provider was asked for all of them, {@code null} if the price is unknown. The answers
 * of one call share its cost
 * @param body the provider's own response body, unchanged; if the answers are of several
 * calls, that of the first answer
 * @param requestId the provider's identifier of the call, or {@code null} if it gave none
 * @param createdAt when the provider answered
 * @param duration how long the caller waited for this response
 * @param providerDuration how long the provider took when it made the answers
 * @param exchange the messages between the prompt and the answer, if tools were run: the
 * model's calls of them and their results
 */
public record InferenceResponse(String provider, String model, Source source, List<Sample> samples, Usage usage,
		@Nullable BigDecimal cost, @Nullable BigDecimal savedCost, RawBody body, @Nullable String requestId,
		Instant createdAt, Duration duration, Duration providerDuration, List<ChatMessage> exchange) {

	public InferenceResponse {
		Objects.requireNonNull(provider, "'provider' must not be null");
		Objects.requireNonNull(model, "'model' must not be null");
		Objects.requireNonNull(source, "'source' must not be null");
		Objects.requireNonNull(usage, "'usage' must not be null");
		Objects.requireNonNull(body, "'body' must not be null");
		Objects.requireNonNull(createdAt, "'createdAt' must not be null");
		Objects.requireNonNull(duration, "'duration' must not be null");
		Objects.requireNonNull(providerDuration, "'providerDuration' must not be null");
		samples = List.copyOf(samples);
		exchange = List.copyOf(exchange);
		if (samples.isEmpty()) {
			throw new IllegalArgumentException("A response has at least one sample");
		}
	}

	/**
	 * Return the text of the first answer.
	 * @return the text, empty if the model only called tools
	 */
	public String text() {
		return this.samples.get(0).text();
	}

	/**
	 * Return the message of the first answer, with its reasoning and tool calls.
	 * @return the message
	 */
	public ChatMessage message() {
		return this.samples.get(0).message();
	}

	/**
	 * Return why the first answer ended.
	 * @return the reason
	 */
	public FinishReason finishReason() {
		return this.samples.get(0).finishReason();
	}

	/**
	 * Return the provider's own JSON, unchanged. It is decoded for each call.
	 * @return the {@link #body() body} as text
	 */
	public String raw() {
		return this.body.text();
	}

	/**
	 * Return whether the response was read from the cache.
	 * @return whether it was a hit
	 */
	public boolean cached() {
		return this.source == Source.CACHE;
	}

	/**
	 * Return a copy for a caller who waited for it.
	 * @param duration how long the caller waited
	 * @return the copy
	 */
	public InferenceResponse withDuration(Duration duration) {
		return new InferenceResponse(this.provider, this.model, this.source, this.samples, this.usage, this.cost,
				this.savedCost, this.body, this.requestId, this.createdAt, duration, this.providerDuration,
				this.exchange);
	}

	/**
	 * Describe the response without what it says.
	 */
	@Override
	public String toString() {
		return "InferenceResponse[provider=" + this.provider + ", model=" + this.model + ", source=" + this.source
				+ ", samples=" + this.samples.size() + ", usage=" + this.usage + ", cost=" + this.cost + ", savedCost="
				+ this.savedCost + "]";
	}

	/**
	 * Where a response came from.
	 */
	public enum Source {

		/** The provider was asked for it. */
		PROVIDER,

		/** It was in the cache. */
		CACHE,

		/**
		 * An identical request was being answered at the time, and both got its answer.
		 */
		COALESCED

	}

}
