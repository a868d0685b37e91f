package io.github.llmcache.provider;

import io.github.llmcache.MalformedResponseException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the fields of a response that have to be as the protocol describes them.
 */
public final class ResponseFields {

	private final ProviderDefinition provider;

	private final String expected;

	/**
	 * Create the reader of a response.
	 * @param provider the provider that it came from
	 * @param expected what the response should be, such as {@code a message}
	 */
	public ResponseFields(ProviderDefinition provider, String expected) {
		this.provider = provider;
		this.expected = expected;
	}

	/**
	 * Return a text that may be absent.
	 * @param object the object that has the field
	 * @param path where in the response the object is; empty for the response itself
	 * @param name the name of the field
	 * @return the text, or {@code null} if it is absent
	 * @throws MalformedResponseException if it is anything but a text
	 */
	public @Nullable String text(JsonNode object, String path, String name) {
		return WireJson.isAbsent(object.path(name)) ? null : required(object, path, name);
	}

	/**
	 * Return a text.
	 * @param object the object that has the field
	 * @param path where in the response the object is; empty for the response itself
	 * @param name the name of the field
	 * @return the text
	 * @throws MalformedResponseException if there is none
	 */
	public String required(JsonNode object, String path, String name) {
		String text = WireJson.string(object.path(name));
		if (text == null) {
			throw malformed(path, name);
		}
		return text;
	}

	/**
	 * Create the exception for a field that is not as it has to be.
	 * @param path where in the response its object is; empty for the response itself
	 * @param name the name of the field
	 * @return the exception; the caller throws it
	 */
	public MalformedResponseException malformed(String path, String name) {
		return ProviderErrors.malformed(this.provider, "the response is not " + this.expected + ": '"
				+ (path.isEmpty() ? name : path + "." + name) + "' is missing or of the wrong type");
	}

}
