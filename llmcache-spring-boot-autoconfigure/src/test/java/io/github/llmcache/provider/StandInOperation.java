package io.github.llmcache.provider;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An operation that a {@link StandInProvider} speaks as its reference documents it: what
 * is not documented is a problem.
 */
interface StandInOperation {

	/**
	 * Check a request.
	 * @param body the body of the request
	 * @return what is wrong with it, or {@code null}
	 */
	@Nullable String problem(JsonNode body);

	/**
	 * Answer a request that has no problem.
	 * @param body the body of the request
	 * @param id what tells the answer from others
	 * @param text the text to answer
	 * @param cut whether the text is not all that could have been said
	 * @return the body of the response
	 */
	ObjectNode answer(JsonNode body, String id, String text, boolean cut);

}
