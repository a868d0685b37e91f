package io.github.llmcache.transcript;

import java.time.Duration;
import java.util.Locale;

/**
 * Puts what a message consists of beside its text into words.
 */
final class PartTexts {

	private PartTexts() {
	}

	static String image(String mediaType, int base64Length) {
		return String.format(Locale.ROOT, "[image: %s, %,d characters of Base64]", mediaType, base64Length);
	}

	static String call(String id, String name, String arguments) {
		return "[call " + (id.isEmpty() ? "" : id + ": ") + name + " " + arguments + "]";
	}

	static String result(String callId, boolean error, String content) {
		return (error ? "[failure of " : "[result of ") + callId + "] " + content;
	}

	static String reasoning(String text) {
		return text.isEmpty() ? "[reasoning, not shown by the provider]" : "[reasoning] " + text;
	}

	static String seconds(Duration duration) {
		// Not toNanos(), which does not have room for what a damaged entry may say
		return String.format(Locale.ROOT, "%.3f s", duration.getSeconds() + duration.getNano() / 1e9);
	}

}
