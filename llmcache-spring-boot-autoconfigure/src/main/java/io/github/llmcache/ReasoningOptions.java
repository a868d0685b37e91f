package io.github.llmcache;

import org.jspecify.annotations.Nullable;

/**
 * How much a reasoning model thinks before it answers. A provider that does not know the
 * kind asked for rejects the request before it is sent.
 *
 * @param enabled whether the model reasons at all
 * @param effort the effort in the provider's words ({@code low}, {@code medium},
 * {@code high}, …), or {@code null}
 * @param budgetTokens the most tokens to spend on reasoning, or {@code null}
 */
public record ReasoningOptions(boolean enabled, @Nullable String effort, @Nullable Integer budgetTokens) {

	/** No reasoning. */
	public static final ReasoningOptions DISABLED = new ReasoningOptions(false, null, null);

	public ReasoningOptions {
		if (!enabled && (effort != null || budgetTokens != null)) {
			throw new IllegalArgumentException("'effort' and 'budgetTokens' need reasoning to be enabled");
		}
	}

	/**
	 * Reason with the given effort.
	 * @param effort the effort in the provider's words
	 * @return the options
	 */
	public static ReasoningOptions effort(String effort) {
		return new ReasoningOptions(true, effort, null);
	}

	/**
	 * Reason with at most the given number of tokens.
	 * @param tokens the budget in tokens
	 * @return the options
	 */
	public static ReasoningOptions budget(int tokens) {
		return new ReasoningOptions(true, null, tokens);
	}

}
