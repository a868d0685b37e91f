package io.github.llmcache.provider;

import java.math.BigDecimal;
import java.util.List;

import io.github.llmcache.Sample;
import io.github.llmcache.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What a response body says, the same for every protocol.
 *
 * @param samples the answers in the order of their index; at least one
 * @param usage the tokens of the call, or {@code null} if the provider did not say
 * @param model the model that answered, as the provider calls it, or {@code null}
 * @param serviceTier the tier that the call was served and is billed at, or {@code null}
 * for the provider's standard
 * @param reportedCost US dollars that the provider says it charges for the call, or
 * {@code null} if it does not say
 */
public record ProviderAnswer(List<Sample> samples, @Nullable Usage usage, @Nullable String model,
		@Nullable String serviceTier, @Nullable BigDecimal reportedCost) {

	public ProviderAnswer {
		samples = List.copyOf(samples);
		if (samples.isEmpty()) {
			throw new IllegalArgumentException("An answer has at least one sample");
		}
	}

}
