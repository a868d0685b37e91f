package io.github.llmcache.cache;

/**
 * Decides how long, and how much, is kept of each model. Thread-safe.
 */
@FunctionalInterface
public interface RetentionPolicy {

	/** Keeps everything for ever. */
	RetentionPolicy UNLIMITED = (model) -> Retention.UNLIMITED;

	/**
	 * Return what is kept of a model. Asked on every save: must not block.
	 * @param model the model's id
	 * @return how long, and how much
	 */
	Retention of(String model);

}
