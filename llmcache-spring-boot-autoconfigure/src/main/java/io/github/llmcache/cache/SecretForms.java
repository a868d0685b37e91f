package io.github.llmcache.cache;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Finds the first characters of secrets in one pass over a text. Thread-safe.
 */
final class SecretForms {

	private static final int ASCII = 128;

	private final List<SecretForm> forms;

	/** Which pairs of ASCII characters a form begins with. */
	private final boolean[] pairs = new boolean[ASCII * ASCII];

	SecretForms(List<SecretForm> forms) {
		this.forms = forms;
		for (SecretForm form : forms) {
			this.pairs[form.anchor().charAt(0) * ASCII + form.anchor().charAt(1)] = true;
		}
	}

	/**
	 * Return whether JSON can hold a secret. An escape can hide any character.
	 * @param json the JSON in UTF-8
	 * @return {@code false} if it certainly holds none
	 */
	boolean canBeIn(byte[] json) {
		for (int i = 0; i < json.length - 1; i++) {
			byte first = json[i];
			byte second = json[i + 1];
			if (first >= 0 && second >= 0
					&& (this.pairs[first * ASCII + second] && isAnchor(json, i) || isEscape(json, i))) {
				return true;
			}
		}
		return false;
	}

	private boolean isAnchor(byte[] json, int start) {
		for (SecretForm form : this.forms) {
			if (startsWith(json, start, form.anchor())) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Of an ASCII character.
	 */
	private static boolean isEscape(byte[] json, int start) {
		return json[start] == '\\' && startsWith(json, start, "\\u00");
	}

	private static boolean startsWith(byte[] json, int start, String text) {
		if (text.length() > json.length - start) {
			return false;
		}
		for (int i = 0; i < text.length(); i++) {
			if (json[start + i] != text.charAt(i)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Replace secrets.
	 * @param text the text
	 * @return the text, the same object if it holds none
	 */
	String redact(String text) {
		StringBuilder redacted = null;
		int copied = 0;
		int i = 0;
		while (i < text.length() - 1) {
			Found found = isPair(text, i) ? find(text, i) : null;
			if (found != null) {
				redacted = (redacted != null) ? redacted : new StringBuilder(text.length());
				redacted.append(text, copied, i).append(SecretRedaction.label(found.name()));
				copied = found.end();
				i = copied;
			}
			else {
				i++;
			}
		}
		return (redacted != null) ? redacted.append(text, copied, text.length()).toString() : text;
	}

	private boolean isPair(String text, int start) {
		char first = text.charAt(start);
		char second = text.charAt(start + 1);
		return first < ASCII && second < ASCII && this.pairs[first * ASCII + second];
	}

	private @Nullable Found find(String text, int start) {
		for (SecretForm form : this.forms) {
			if (text.startsWith(form.anchor(), start)) {
				int end = form.end(text, start);
				if (end > start) {
					return new Found(form.name(), end);
				}
			}
		}
		return null;
	}

	private record Found(String name, int end) {
	}

}
