package io.github.llmcache.inference;

import java.util.List;

import io.github.llmcache.Sample;
import org.jspecify.annotations.Nullable;

/**
 * Decides which samples are worth storing: complete ones.
 *
 * @param storeRefusals whether samples that the provider's filter held back, or that the
 * model declined to give, are stored as well
 */
record StoragePolicy(boolean storeRefusals) {

	/**
	 * Return the samples that are worth storing.
	 * @param samples all samples of a response
	 * @return the samples in their order
	 */
	List<Sample> storable(List<Sample> samples) {
		return samples.stream().filter(this::isStorable).toList();
	}

	private boolean isStorable(Sample sample) {
		return switch (sample.finishReason()) {
			case ERROR, UNKNOWN -> false;
			case CONTENT_FILTER, REFUSAL -> this.storeRefusals;
			default -> !sample.text().isEmpty() || !sample.message().toolCalls().isEmpty();
		};
	}

	/**
	 * Find the samples that were worth storing when a response was stored, by whatever
	 * policy that was. A response is stored as it came.
	 * @param samples all samples of the response
	 * @param count the number of those that were worth it
	 * @return the samples in their order, or {@code null} if they cannot be told
	 */
	static @Nullable List<Sample> stored(List<Sample> samples, int count) {
		if (samples.size() == count) {
			return samples;
		}
		for (boolean storeRefusals : new boolean[] { false, true }) {
			List<Sample> storable = new StoragePolicy(storeRefusals).storable(samples);
			if (storable.size() == count) {
				return storable;
			}
		}
		return null;
	}

}
