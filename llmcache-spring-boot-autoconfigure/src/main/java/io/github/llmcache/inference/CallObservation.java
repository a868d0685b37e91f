package io.github.llmcache.inference;

import java.util.List;

import io.github.llmcache.FinishReason;
import io.github.llmcache.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What an observer does about one attempt of a call. Used by the thread that makes it.
 */
@FunctionalInterface
public interface CallObservation {

	/** Does nothing. */
	CallObservation NONE = (result, failure) -> {
	};

	/**
	 * The attempt has ended. Comes once.
	 * @param result what was answered, or {@code null} if the attempt failed
	 * @param failure why it failed, or {@code null} if it was answered
	 */
	void ended(@Nullable CallResult result, @Nullable Throwable failure);

	/**
	 * What can be said of an answer without saying what was answered.
	 *
	 * @param usage the tokens, {@link Usage#NONE} if the provider did not say
	 * @param model the model that answered, or {@code null} if it is not known
	 * @param requestId the provider's identifier of the call, or {@code null} if it gave
	 * none
	 * @param finishReasons why each of the samples ended; none for embeddings and
	 * moderations
	 */
	record CallResult(Usage usage, @Nullable String model, @Nullable String requestId,
			List<FinishReason> finishReasons) {

		public CallResult {
			finishReasons = List.copyOf(finishReasons);
		}

	}

}
