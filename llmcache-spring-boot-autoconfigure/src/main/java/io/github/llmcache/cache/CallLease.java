package io.github.llmcache.cache;

/**
 * The right to be the only process that makes a call. It lasts until it is closed, or
 * until the process ends and some time has passed. Closing it more than once is harmless.
 */
@FunctionalInterface
public interface CallLease extends AutoCloseable {

	/** The right to make a call without asking anybody. */
	CallLease NONE = () -> {
	};

	/**
	 * Let others make the call. What it got should be stored by then. Never throws: a
	 * lease that cannot be given back ends by itself.
	 */
	@Override
	void close();

}
