package io.github.llmcache;

import java.util.Objects;

/**
 * A JSON value as text, for what llmcache passes through without looking inside: schemas,
 * tool arguments, provider-specific parameters and blocks.
 * <p>
 * The text is not parsed here; text that is not one JSON value is reported as an
 * {@link InvalidRequestException} when the request is sent.
 *
 * @param text the JSON text
 */
public record RawJson(String text) {

	public RawJson {
		Objects.requireNonNull(text, "'text' must not be null");
	}

	/**
	 * Create a JSON value from its text.
	 * @param text the JSON text
	 * @return the value
	 */
	public static RawJson of(String text) {
		return new RawJson(text);
	}

	/**
	 * Describe the value without what it says.
	 */
	@Override
	public String toString() {
		return "RawJson[" + this.text.length() + " characters]";
	}

}
