package io.github.llmcache.autoconfigure;

/**
 * The application cannot start with the configuration of llmcache as it is. Reported by
 * {@link LlmCacheFailureAnalyzer}.
 */
class LlmCacheConfigurationException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String description;

	private final String action;

	LlmCacheConfigurationException(String description, String action) {
		super(description + " " + action);
		this.description = description;
		this.action = action;
	}

	String getDescription() {
		return this.description;
	}

	String getAction() {
		return this.action;
	}

}
