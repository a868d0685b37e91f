package io.github.llmcache.cache;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Encodes strings in UTF-8 without losing what is not Unicode: a lone surrogate, which
 * {@link String#getBytes(java.nio.charset.Charset)} turns into a question mark, becomes
 * the three bytes that it would have if it were a character. No valid string has them.
 */
final class Utf8 {

	private Utf8() {
	}

	static byte[] encode(String string) {
		byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
		return losesNothing(string, bytes) ? bytes : encodeUnpaired(string);
	}

	private static boolean losesNothing(String string, byte[] bytes) {
		if (bytes.length == string.length()) {
			// One byte each: ASCII, or a surrogate replaced by '?'. Both calls are
			// intrinsic, which makes this cheaper than looking at each character.
			return string.equals(new String(bytes, StandardCharsets.ISO_8859_1));
		}
		for (int i = 0; i < string.length(); i++) {
			if (Character.isSurrogate(string.charAt(i))) {
				if (!isPair(string, i)) {
					return false;
				}
				i++;
			}
		}
		return true;
	}

	private static boolean isPair(String string, int index) {
		return Character.isHighSurrogate(string.charAt(index)) && index + 1 < string.length()
				&& Character.isLowSurrogate(string.charAt(index + 1));
	}

	private static byte[] encodeUnpaired(String string) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(string.length() + string.length() / 2);
		int start = 0;
		for (int i = 0; i < string.length(); i++) {
			char character = string.charAt(i);
			if (!Character.isSurrogate(character)) {
				continue;
			}
			if (isPair(string, i)) {
				i++;
				continue;
			}
			bytes.writeBytes(string.substring(start, i).getBytes(StandardCharsets.UTF_8));
			bytes.write(0xE0 | character >> 12);
			bytes.write(0x80 | character >> 6 & 0x3F);
			bytes.write(0x80 | character & 0x3F);
			start = i + 1;
		}
		bytes.writeBytes(string.substring(start).getBytes(StandardCharsets.UTF_8));
		return bytes.toByteArray();
	}

}
