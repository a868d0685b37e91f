package io.github.llmcache;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a model found objectionable in a text.
 *
 * @param flagged whether it found anything
 * @param categories whether it found something, by category in the provider's words and
 * order, such as {@code self-harm/intent}
 * @param scores how sure it is, from 0 to 1, by category
 * @param raw the provider's own JSON object for this text, with what is not typed here
 */
public record Moderation(boolean flagged, Map<String, Boolean> categories, Map<String, Double> scores, RawJson raw) {

	public Moderation {
		Objects.requireNonNull(raw, "'raw' must not be null");
		categories = Collections.unmodifiableMap(new LinkedHashMap<>(categories));
		scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
	}

	/**
	 * Describe the moderation without what it says.
	 */
	@Override
	public String toString() {
		return "Moderation[" + this.categories.size() + " categories]";
	}

}
