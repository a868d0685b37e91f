package io.github.llmcache.provider;

import java.util.List;

import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.ProviderException;

/**
 * How the texts of one request are asked for, if a provider answers each of them by
 * itself but many in one call. Immutable and thread-safe.
 *
 * @param <V> what a text is answered with; immutable
 */
public interface TextOperation<V> {

	/**
	 * Return how much one call may hold.
	 * @return the limits
	 */
	TextLimits limits();

	/**
	 * Map one text. This decides under which key its answer is kept, so nothing is in it
	 * that is about the form of the answer, or about other texts.
	 * @param text the text
	 * @return the request for this text alone
	 */
	WireRequest write(String text);

	/**
	 * Map a call for several texts.
	 * @param texts the texts, which are different ones
	 * @return the request that is sent
	 */
	WireRequest write(List<String> texts);

	/**
	 * Read the response body of a call that came with a success status.
	 * @param body the body, byte for byte
	 * @param texts the texts of the call
	 * @return the answers, in the order of the texts
	 * @throws MalformedResponseException if the body is not what the protocol describes,
	 * or does not have exactly one answer to each text
	 * @throws ProviderException if the body is an error in spite of the status
	 */
	TextAnswers<V> read(byte[] body, List<String> texts);

	/**
	 * Read the {@link TextAnswer#body() body} of one text that was stored.
	 * @param body the body
	 * @return the answer
	 * @throws ProviderException if it cannot be read
	 */
	V read(byte[] body);

}
