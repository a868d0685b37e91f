package io.github.llmcache.provider;

import java.util.Objects;

/**
 * What a call says of one of its texts.
 *
 * @param <V> what the text is answered with
 * @param value the answer
 * @param inputTokens the text's share in the tokens of the call
 * @param body the answer as it is stored: the response body that a call for this text
 * alone would have got. Shared, not copied: nobody may change it
 */
public record TextAnswer<V>(V value, long inputTokens, byte[] body) {

	public TextAnswer {
		Objects.requireNonNull(value, "'value' must not be null");
		Objects.requireNonNull(body, "'body' must not be null");
	}

	/**
	 * Describe the answer without what it says.
	 */
	@Override
	public String toString() {
		return "TextAnswer[" + this.body.length + " bytes]";
	}

}
