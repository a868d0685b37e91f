package io.github.llmcache;

/**
 * Why the model stopped, the same for every provider. The provider's own word is kept in
 * {@link Sample#nativeFinishReason()}.
 */
public enum FinishReason {

	/** The answer is finished, or a stop sequence was met. */
	STOP,

	/** The most tokens that were allowed have been used. */
	LENGTH,

	/** The model asks for tools to be called. */
	TOOL_CALLS,

	/** A filter of the provider held the answer back. Not stored by default. */
	CONTENT_FILTER,

	/** The model declined to answer. Not stored by default. */
	REFUSAL,

	/** The provider paused a long turn, which can be continued. */
	PAUSE,

	/** The provider reports that it failed while answering. Never stored. */
	ERROR,

	/** A reason that llmcache does not know. */
	OTHER,

	/** The provider gave no reason: the answer may be incomplete. Never stored. */
	UNKNOWN

}
