package io.github.llmcache;

/**
 * The author of a {@link ChatMessage}.
 */
public enum Role {

	/** Instructions of the application. */
	SYSTEM,

	/** Instructions of the application, as reasoning models call them. */
	DEVELOPER,

	/** The person (or program) asking. */
	USER,

	/** The model. */
	ASSISTANT,

	/** The result of a tool that the model called. */
	TOOL,

	/** Nobody: plain text that a base model continues. Not for chats. */
	NONE

}
