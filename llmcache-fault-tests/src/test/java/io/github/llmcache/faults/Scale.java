package io.github.llmcache.faults;

/**
 * How much of the suite is run: all of it, or with {@code -Dllmcache.faults=short} as
 * much as a build has time for.
 */
public final class Scale {

	private static final boolean SHORT = "short".equals(System.getProperty("llmcache.faults"));

	private Scale() {
	}

	/**
	 * Return how often to do something.
	 * @param full how often in the whole suite
	 * @param brief how often in its short form
	 * @return one of both
	 */
	public static int of(int full, int brief) {
		return SHORT ? brief : full;
	}

	/**
	 * Return which form of the suite is run.
	 * @return {@code full} or {@code short}
	 */
	public static String form() {
		return SHORT ? "short" : "full";
	}

}
