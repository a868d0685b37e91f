package io.github.llmcache.provider;

/**
 * How much one call for texts may hold. A text that is beyond a limit by itself is sent
 * alone: it is for the provider to refuse.
 *
 * @param texts the most texts
 * @param bytes the most bytes of all texts in UTF-8. A token is at least one byte, so a
 * limit of tokens is kept if it is taken for one of bytes
 * @param answerBytes about the most bytes of the answer to one text, by which the whole
 * response is kept within what is accepted
 */
public record TextLimits(int texts, long bytes, long answerBytes) {

	public TextLimits {
		if (texts < 1 || bytes < 1 || answerBytes < 1) {
			throw new IllegalArgumentException("Limits must be positive");
		}
	}

}
