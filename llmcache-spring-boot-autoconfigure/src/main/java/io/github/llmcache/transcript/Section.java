package io.github.llmcache.transcript;

/**
 * A part of a transcript.
 *
 * @param kind what it is
 * @param heading its heading, one line
 * @param text its text, which may be empty
 */
public record Section(Kind kind, String heading, String text) {

	/**
	 * What a section is.
	 */
	public enum Kind {

		/** What the call was. */
		CALL,

		/** Instructions of the application. */
		INSTRUCTIONS,

		/** What the model was asked. */
		PROMPT,

		/** What a tool answered. */
		TOOL,

		/** What the model answered. */
		ANSWER

	}

}
