package io.github.llmcache.inference;

/**
 * What an observer has made current for a thread, such as the span of a trace, and wants
 * to be current as well wherever others work for that thread. Thread-safe.
 */
@FunctionalInterface
public interface ObservedContext {

	/** There is nothing. */
	ObservedContext NONE = () -> Scope.NONE;

	/**
	 * Make it current for the calling thread.
	 * @return ends that; closed by the same thread, scopes that were opened later first
	 */
	Scope open();

	/**
	 * The time during which something is current for a thread.
	 */
	@FunctionalInterface
	interface Scope extends AutoCloseable {

		/** Nothing is. */
		Scope NONE = () -> {
		};

		@Override
		void close();

	}

}
