package io.github.llmcache.faults.processes;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * The body of a response, of up to some kilobytes, which tells by itself whether it is
 * whole and for which key it was made.
 */
final class Body {

	private static final String[] WORDS = { "\"content\":", "\"role\":\"assistant\"", "alpha ", "beta ", "gamma ",
			"delta ", "epsilon ", "zeta ", "eta ", "theta " };

	private static final int MAX_WORDS = 2000;

	private Body() {
	}

	/**
	 * Return a body.
	 * @param key what it is for, without white space
	 * @param version tells it from others for the same key
	 * @return the body, always the same
	 */
	static String of(String key, long version) {
		SplittableRandom random = new SplittableRandom(key.hashCode() * 31L + version);
		StringBuilder body = new StringBuilder(key).append(' ').append(version).append('\n');
		// Most are small, as most answers are
		int words = random.nextInt(random.nextInt(1, MAX_WORDS));
		for (int i = 0; i < words; i++) {
			body.append((random.nextInt(4) > 0) ? WORDS[random.nextInt(WORDS.length)]
					: Long.toString(random.nextLong(), Character.MAX_RADIX));
		}
		return body.append("\nend of ").append(version).toString();
	}

	/**
	 * Return the version of a body.
	 * @param key what it is to be for
	 * @param body the body
	 * @return its version, or -1 if it is not whole or for another key
	 */
	static long version(String key, byte[] body) {
		String text = new String(body, StandardCharsets.UTF_8);
		int end = text.indexOf('\n');
		if (end < 0 || !text.startsWith(key + " ")) {
			return -1;
		}
		String version = text.substring(key.length() + 1, end);
		return (version.matches("\\d{1,18}") && of(key, Long.parseLong(version)).equals(text)) ? Long.parseLong(version)
				: -1;
	}

}
