package io.github.llmcache.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.github.llmcache.InferenceRequest;

import org.springframework.core.io.ClassPathResource;

/**
 * The bundled questions, and the request that a question becomes.
 */
final class Questions {

	private Questions() {
	}

	/**
	 * Load the bundled questions.
	 * @return the questions in the order of the file
	 */
	static List<String> load() {
		try {
			return new ClassPathResource("questions.txt").getContentAsString(StandardCharsets.UTF_8)
				.lines()
				.map(String::strip)
				.filter((line) -> !line.isEmpty() && !line.startsWith("#"))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Make a question a request. Whoever asks the same question makes the same request,
	 * and so finds the same entry.
	 * @param model the model's id
	 * @param question the question
	 * @return the request
	 */
	static InferenceRequest request(String model, String question) {
		return InferenceRequest.builder(model)
			.system("Answer correctly and briefly, in at most five sentences.")
			.user(question)
			.temperature(0)
			.maxTokens(400)
			.build();
	}

}
