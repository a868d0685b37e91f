package io.github.llmcache.cli.safetytooling;

import java.util.Locale;

/**
 * The library's words for why an answer has ended. It maps those of providers to fewer,
 * so that each is mapped back to the one that means the same.
 */
enum StopReason {

	/** The answer is finished. */
	STOP("stop", "end_turn", "STOP"),

	/** The most tokens have been used. */
	LENGTH("length", "max_tokens", "MAX_TOKENS"),

	/** The model asks for tools. */
	TOOLS("tool_calls", "tool_use", "STOP"),

	/** A filter held the answer back, or the model declined. */
	FILTER("content_filter", "refusal", "SAFETY"),

	/** The answer would have been a recitation. */
	RECITATION("content_filter", "refusal", "RECITATION");

	private final String openAi;

	private final String anthropic;

	private final String gemini;

	StopReason(String openAi, String anthropic, String gemini) {
		this.openAi = openAi;
		this.anthropic = anthropic;
		this.gemini = gemini;
	}

	/**
	 * Find a reason.
	 * @param word the library's word, or the provider's
	 * @return the reason
	 * @throws UnmappableException if there is no answer with such a reason
	 */
	static StopReason of(String word) {
		return switch (word.toLowerCase(Locale.ROOT)) {
			case "stop_sequence", "stop", "end_turn", "eos", "eos_token" -> STOP;
			case "max_tokens", "length" -> LENGTH;
			case "tool_use", "tool_calls" -> TOOLS;
			case "content_filter", "refusal", "safety", "blocked", "prompt_blocked" -> FILTER;
			case "recitation" -> RECITATION;
			case "api_error", "error", "other" -> throw new UnmappableException("the call had failed");
			default -> throw new UnmappableException("it is not known why its answer has ended");
		};
	}

	String openAi() {
		return this.openAi;
	}

	String anthropic() {
		return this.anthropic;
	}

	String gemini() {
		return this.gemini;
	}

}
