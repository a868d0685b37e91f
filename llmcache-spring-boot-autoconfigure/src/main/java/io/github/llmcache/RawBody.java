package io.github.llmcache;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * The body of a provider's response, unchanged. It is kept as it was received, for most
 * who get a response never ask for its {@link #text() text}.
 */
public final class RawBody {

	private final byte[] utf8;

	private RawBody(byte[] utf8) {
		this.utf8 = utf8;
	}

	/**
	 * Create a body from what was received.
	 * @param utf8 the body in UTF-8. Shared, not copied: nobody may change it
	 * @return the body
	 */
	public static RawBody of(byte[] utf8) {
		return new RawBody(Objects.requireNonNull(utf8, "'utf8' must not be null"));
	}

	/**
	 * Create a body from its text.
	 * @param text the text
	 * @return the body
	 */
	public static RawBody of(String text) {
		return new RawBody(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Return the body as text, which is made anew each time.
	 * @return the text
	 */
	public String text() {
		return new String(this.utf8, StandardCharsets.UTF_8);
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof RawBody body && Arrays.equals(this.utf8, body.utf8);
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.utf8);
	}

	/**
	 * Describe the body without what it says.
	 */
	@Override
	public String toString() {
		return "RawBody[" + this.utf8.length + " bytes]";
	}

}
