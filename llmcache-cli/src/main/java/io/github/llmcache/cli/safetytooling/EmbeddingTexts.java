package io.github.llmcache.cli.safetytooling;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The texts of embeddings by the hashes that the library keeps embeddings under: SHA-1 of
 * its parameters as JSON. That is the only trace of the texts in its cache, so a text
 * that has the hash is the one that was embedded.
 *
 * @param byHash what was embedded by its hash
 */
record EmbeddingTexts(Map<String, Question> byHash) {

	/** No texts are known. */
	static final EmbeddingTexts NONE = new EmbeddingTexts(Map.of());

	/**
	 * Read texts.
	 * @param file a file with a JSON object in each line: {@code model}, {@code texts} as
	 * they were embedded together, and {@code dimensions} if they were set
	 * @return the texts
	 * @throws IOException if it cannot be read
	 */
	static EmbeddingTexts read(Path file) throws IOException {
		Map<String, Question> byHash = new HashMap<>();
		try (BufferedReader lines = Files.newBufferedReader(file)) {
			int number = 0;
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				number++;
				if (!line.isBlank()) {
					Question question = question(line, number);
					question.hashes().forEach((hash) -> byHash.put(hash, question));
				}
			}
		}
		return new EmbeddingTexts(byHash);
	}

	private static Question question(String line, int number) throws IOException {
		try {
			ObjectNode json = SourceJson.readObject(line);
			return new Question(SourceJson.requiredString(json, "model"), Texts.of(json.path("texts")),
					SourceJson.intValue(json, "dimensions"));
		}
		catch (UnmappableException ex) {
			throw new IOException("Line " + number + " of the texts of embeddings cannot be read: " + ex.reason());
		}
	}

	@Nullable Question find(String hash) {
		return this.byHash.get(hash);
	}

	/**
	 * What was embedded.
	 *
	 * @param model the model
	 * @param texts the texts of the call
	 * @param dimensions the length of the vectors, or {@code null} if it was not set
	 */
	record Question(String model, List<String> texts, @Nullable Integer dimensions) {

		/**
		 * Return the library's hashes: that of its present form, and that of the time
		 * before there were dimensions.
		 */
		private List<String> hashes() {
			StringBuilder json = new StringBuilder("{\"model_id\":");
			quote(this.model, json);
			json.append(",\"texts\":[");
			for (int i = 0; i < this.texts.size(); i++) {
				quote(this.texts.get(i), (i > 0) ? json.append(',') : json);
			}
			json.append(']');
			String present = sha1(json + ",\"dimensions\":" + this.dimensions + "}");
			return (this.dimensions != null) ? List.of(present) : List.of(present, sha1(json + "}"));
		}

		/**
		 * Write a string as Pydantic does: escaped is only what has to be.
		 */
		private static void quote(String string, StringBuilder json) {
			json.append('"');
			for (int i = 0; i < string.length(); i++) {
				char c = string.charAt(i);
				switch (c) {
					case '"' -> json.append("\\\"");
					case '\\' -> json.append("\\\\");
					case '\b' -> json.append("\\b");
					case '\f' -> json.append("\\f");
					case '\n' -> json.append("\\n");
					case '\r' -> json.append("\\r");
					case '\t' -> json.append("\\t");
					default -> {
						if (c < ' ') {
							json.append("\\u00").append(HexFormat.of().toHexDigits((byte) c));
						}
						else {
							json.append(c);
						}
					}
				}
			}
			json.append('"');
		}

		private static String sha1(String text) {
			try {
				return HexFormat.of()
					.formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
			}
			catch (NoSuchAlgorithmException ex) {
				throw new IllegalStateException("Every Java has SHA-1", ex);
			}
		}

		/**
		 * Describe the question without what it says.
		 */
		@Override
		public String toString() {
			return "Question[model=" + this.model + ", texts=" + this.texts.size() + "]";
		}

	}

}
