package io.github.llmcache;

import org.jspecify.annotations.Nullable;

/**
 * A request that only the cache was to answer is not in the cache. In mode
 * {@link CacheMode#REPLAY} the message says why, without anything that was asked or
 * answered unless {@code llmcache.explain.show-values} allows it.
 */
public class CacheMissException extends InferenceException {

	private static final long serialVersionUID = 1L;

	private final transient @Nullable MissExplanation explanation;

	/**
	 * Create an exception.
	 * @param message the message
	 */
	public CacheMissException(String message) {
		this(message, null);
	}

	/**
	 * Create an exception.
	 * @param message the message
	 * @param explanation why it is a miss, or {@code null} if that is not known
	 */
	public CacheMissException(String message, @Nullable MissExplanation explanation) {
		super(message);
		this.explanation = explanation;
	}

	/**
	 * Return why it is a miss. It may hold parts of prompts.
	 * @return the explanation, or {@code null} if there is none, as in other modes than
	 * replay, or no longer
	 */
	public @Nullable MissExplanation explanation() {
		return this.explanation;
	}

}
