package io.github.llmcache.autoconfigure;

/**
 * Decides whether the application keeps the store in order.
 */
final class Upkeep {

	private Upkeep() {
	}

	static boolean isWanted(LlmCacheProperties properties) {
		Boolean enabled = properties.maintenance().enabled();
		return (enabled != null) ? enabled : switch (properties.mode()) {
			case READ_WRITE, REFRESH -> true;
			case READ_ONLY, REPLAY, OFF -> false;
		};
	}

}
