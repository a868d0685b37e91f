package io.github.llmcache.benchmarks.contender;

import java.io.IOException;
import java.util.List;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.benchmarks.workload.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Something that keeps responses and finds them by their requests.
 */
public interface Contender extends AutoCloseable {

	/**
	 * Return its name.
	 * @return the name
	 */
	String name();

	/**
	 * Keep responses.
	 * @param exchanges the requests and their responses
	 * @throws Exception if that fails
	 */
	void store(List<Exchange> exchanges) throws Exception;

	/**
	 * Open what one thread needs for its lookups.
	 * @return what finds responses
	 * @throws Exception if that fails
	 */
	Session open() throws Exception;

	@Override
	void close() throws IOException;

	/**
	 * What one thread finds responses with.
	 */
	@FunctionalInterface
	interface Session {

		/**
		 * Find a response and parse it.
		 * @param request the request
		 * @return the response, or {@code null} on a miss
		 * @throws Exception if that fails
		 */
		@Nullable Object find(InferenceRequest request) throws Exception;

	}

}
