package io.github.llmcache.provider;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How much a provider may be asked. Immutable.
 *
 * @param perModel what each of its models may be asked, unless it has limits of its own
 * @param models the limits of single models by their ids; what one leaves open is that of
 * {@code perModel}
 * @param fraction the part of these limits, and of those that the provider reports, that
 * may be used, from {@value #MIN_FRACTION} to 1
 */
public record RateLimits(PerMinute perModel, Map<String, PerMinute> models, double fraction) {

	/** The smallest part of a limit that can be configured. */
	public static final double MIN_FRACTION = 0.01;

	/**
	 * The part that is used unless configured: providers do not count exactly as we do,
	 * and clocks differ.
	 */
	public static final double DEFAULT_FRACTION = 0.95;

	/** No limits but those that the provider reports. */
	public static final RateLimits NONE = new RateLimits(PerMinute.UNLIMITED, Map.of(), DEFAULT_FRACTION);

	public RateLimits {
		models = Map.copyOf(models);
	}

	/**
	 * Return what a model may be asked.
	 * @param model the model's id
	 * @return the limits, which the fraction has not been applied to
	 */
	public PerMinute of(String model) {
		PerMinute own = this.models.get(model);
		return (own != null) ? own.orElse(this.perModel) : this.perModel;
	}

	void validate(ProviderValidation validation) {
		validation.limits("", this.perModel);
		this.models.forEach((model, limits) -> validation.limits("limits[" + model + "].", limits));
		validation.fraction("rate-limit-fraction", this.fraction, MIN_FRACTION);
	}

	/**
	 * What may be asked in a minute.
	 *
	 * @param requests the number of requests, or {@code null} if it is not limited
	 * @param tokens the tokens of prompts and answers, or {@code null} if they are not
	 * limited
	 */
	public record PerMinute(@Nullable Integer requests, @Nullable Integer tokens) {

		/** No limits. */
		public static final PerMinute UNLIMITED = new PerMinute(null, null);

		private PerMinute orElse(PerMinute other) {
			return new PerMinute((this.requests != null) ? this.requests : other.requests,
					(this.tokens != null) ? this.tokens : other.tokens);
		}

	}

}
