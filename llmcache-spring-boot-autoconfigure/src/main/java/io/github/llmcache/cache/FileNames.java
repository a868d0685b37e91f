package io.github.llmcache.cache;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Names files and directories after models. The readable part of a name is for people;
 * what tells models apart is the hash behind it.
 */
public final class FileNames {

	private static final int MAX_SLUG_LENGTH = 60;

	private static final int HASH_BYTES = 6;

	private static final Pattern PATTERN = Pattern.compile("[a-z0-9_-][a-z0-9._-]*-[0-9a-f]{" + 2 * HASH_BYTES + "}");

	private FileNames() {
	}

	/**
	 * Return the name of a model's file or directory.
	 * @param model the model's id, any string
	 * @return a name that is valid on every file system, also one that ignores case
	 */
	public static String of(String model) {
		return slug(model) + "-" + hash(model);
	}

	/**
	 * Return whether a name may have been made by {@link #of(String)}.
	 * @param name the name
	 * @return whether it looks like that
	 */
	public static boolean matches(String name) {
		return PATTERN.matcher(name).matches();
	}

	/**
	 * Return the readable part of a name.
	 * @param model the model's id, any string
	 * @return at most {@value #MAX_SLUG_LENGTH} characters, which other models may have,
	 * too
	 */
	public static String slug(String model) {
		int length = Math.min(model.length(), MAX_SLUG_LENGTH);
		StringBuilder slug = new StringBuilder(length);
		for (int i = 0; i < length; i++) {
			char character = model.charAt(i);
			if (character >= 'A' && character <= 'Z') {
				slug.append((char) (character + ('a' - 'A')));
			}
			else if (isAllowed(character) && !(i == 0 && character == '.')) {
				slug.append(character);
			}
			else {
				slug.append('-');
			}
		}
		return slug.isEmpty() ? "model" : slug.toString();
	}

	private static boolean isAllowed(char character) {
		return character >= 'a' && character <= 'z' || character >= '0' && character <= '9' || character == '.'
				|| character == '_' || character == '-';
	}

	private static String hash(String model) {
		// UTF-16, for in UTF-8 all lone surrogates are the same question mark
		byte[] bytes = new byte[2 * model.length()];
		for (int i = 0; i < model.length(); i++) {
			bytes[2 * i] = (byte) (model.charAt(i) >> 8);
			bytes[2 * i + 1] = (byte) model.charAt(i);
		}
		try {
			byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
			return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
