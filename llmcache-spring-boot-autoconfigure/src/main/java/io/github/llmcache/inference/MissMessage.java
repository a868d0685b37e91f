package io.github.llmcache.inference;

import io.github.llmcache.MissExplanation;
import io.github.llmcache.MissExplanation.Difference;
import io.github.llmcache.MissExplanation.NearEntry;
import org.jspecify.annotations.Nullable;

/**
 * Writes the message of a miss, for whoever has to find out what has changed.
 *
 * @param miss what was missed, without what it says
 * @param showValues whether parts of prompts may be shown
 */
record MissMessage(String miss, boolean showValues) {

	private static final int KEY_LENGTH = 12;

	/**
	 * Return the message.
	 * @param explanation why it is a miss, or {@code null} if there was no time to find
	 * out
	 * @return one line, and further ones with what is known
	 */
	String with(@Nullable MissExplanation explanation) {
		StringBuilder message = new StringBuilder(this.miss).append('.');
		if (explanation == null) {
			return message
				.append(" It is not explained, because too much time went into that lately;"
						+ " InferenceApi.explain always does.")
				.toString();
		}
		message.append('\n').append(explanation.reason());
		explanation.nearest()
			.stream()
			.filter((entry) -> !entry.differences().isEmpty())
			.forEach((entry) -> append(entry, message));
		switch (explanation.outcome()) {
			case NOT_STORED, EXPIRED, TOO_OLD, TOO_FEW_SAMPLES, UNREADABLE ->
				message.append("\nTo store its answer, send it once in a mode that asks the provider (llmcache.mode).");
			case HIT -> message.append("\nIt has been stored since it was looked up.");
			case NOT_LOOKED_UP, STORE_FAILED -> {
				// Another mode would not help
			}
		}
		return message.toString();
	}

	private void append(NearEntry entry, StringBuilder message) {
		message.append("\nEntry ")
			.append(entry.key(), 0, Math.min(entry.key().length(), KEY_LENGTH))
			.append("\u2026 of ")
			.append(entry.createdAt())
			.append(':');
		for (Difference difference : entry.differences()) {
			message.append("\n  ").append(difference);
			if (this.showValues) {
				append("stored", difference.stored(), message);
				append("requested", difference.requested(), message);
			}
		}
	}

	private static void append(String name, @Nullable String value, StringBuilder message) {
		if (value != null) {
			message.append("\n    ").append(name).append(": ").append(value);
		}
	}

}
