package io.github.llmcache.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.llmcache.cache.encryption.EncryptionKey;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A secret from the environment. From the command line, where every user of the machine
 * sees it, it is not taken.
 */
final class SecretText {

	/** What no argument of a process can begin with. */
	private static final String MARKER = "\0";

	private static final int MAX_LENGTH = 1024;

	private final String text;

	private SecretText(String text) {
		this.text = text;
	}

	/**
	 * Mark a text as one from the environment.
	 */
	static String marked(String text) {
		return MARKER + text;
	}

	/**
	 * Return a key.
	 * @param secret the key from the environment, if there is one
	 * @param file the file with the key, which goes first, if one is named
	 * @param source where both are from, for people
	 * @return the key, or {@code null} if there is none
	 * @throws CliException if it is no key
	 */
	static @Nullable EncryptionKey key(@Nullable SecretText secret, @Nullable Path file, String source) {
		String text = (secret != null) ? secret.text : null;
		try {
			if (file != null) {
				if (Files.size(file) > MAX_LENGTH) {
					throw new IllegalArgumentException("It is too long");
				}
				text = Files.readString(file, StandardCharsets.ISO_8859_1);
			}
			return (text != null) ? EncryptionKey.parse(text) : null;
		}
		catch (IllegalArgumentException ex) {
			throw CliException.usage(
					source + " holds no key. " + ex.getMessage() + ". A key is what 'openssl rand -base64 32' prints");
		}
		catch (IOException ex) {
			throw new CliException("The key cannot be read: " + Failures.describe(ex));
		}
	}

	@Override
	public String toString() {
		return "SecretText";
	}

	/**
	 * Takes what is from the environment only.
	 */
	static final class Converter implements ITypeConverter<SecretText> {

		@Override
		public SecretText convert(String value) {
			if (!value.startsWith(MARKER)) {
				throw new TypeConversionException("a key is no argument, which others could see");
			}
			return new SecretText(value.substring(MARKER.length()));
		}

	}

}
