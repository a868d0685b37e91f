package io.github.llmcache.inference;

import io.github.llmcache.Sample;
import io.github.llmcache.provider.ProviderAnswer;

/**
 * Decides which answers are worth storing: complete ones.
 *
 * @param storeRefusals whether answers that the provider's filter held back, or that the
 * model declined to give, are stored as well
 */
record StoragePolicy(boolean storeRefusals) {

	boolean isStorable(ProviderAnswer answer) {
		return answer.samples().stream().allMatch(this::isStorable);
	}

	private boolean isStorable(Sample sample) {
		return switch (sample.finishReason()) {
			case ERROR, UNKNOWN -> false;
			case CONTENT_FILTER, REFUSAL -> this.storeRefusals;
			default -> !sample.text().isEmpty() || !sample.message().toolCalls().isEmpty();
		};
	}

}
