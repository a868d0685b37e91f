package io.github.llmcache.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The models that meters have as tags. Model ids may come from users; the number of
 * meters must not be up to them. Thread-safe.
 */
final class ModelTags {

	/** The tag of models beyond the first {@link #MAX_MODELS}. */
	static final String OTHER_MODELS = "(other)";

	static final int MAX_MODELS = 100;

	private final Set<String> models = ConcurrentHashMap.newKeySet();

	/**
	 * Return the tag of a model, which has one of its own from now on if there is room.
	 * @param model the model's id
	 * @return the tag
	 */
	String add(String model) {
		if (!this.models.contains(model)) {
			synchronized (this.models) {
				if (this.models.size() < MAX_MODELS) {
					this.models.add(model);
				}
			}
		}
		return find(model);
	}

	/**
	 * Return the tag of a model that may not even exist.
	 * @param model the model's id
	 * @return the tag
	 */
	String find(String model) {
		return this.models.contains(model) ? model : OTHER_MODELS;
	}

}
