package io.github.llmcache;

import java.util.Objects;

/**
 * A tool with the function that runs when the model calls it.
 *
 * @param tool what the model is told of the tool
 * @param function the function
 */
public record ToolCallback(Tool tool, Function function) {

	public ToolCallback {
		Objects.requireNonNull(tool, "'tool' must not be null");
		Objects.requireNonNull(function, "'function' must not be null");
	}

	/**
	 * Create a tool with its function.
	 * @param name the name
	 * @param description what the tool does, in words for the model
	 * @param parametersSchema the JSON schema of the arguments
	 * @param function the function
	 * @return the tool with its function
	 */
	public static ToolCallback of(String name, String description, String parametersSchema, Function function) {
		return new ToolCallback(Tool.of(name, description, parametersSchema), function);
	}

	/**
	 * What a tool does.
	 */
	@FunctionalInterface
	public interface Function {

		/**
		 * Do it. May be called by several threads, and again when an answer is taken from
		 * the cache; only the same result to the same arguments makes the next turn a
		 * hit.
		 * @param arguments the arguments, exactly as the model wrote them: usually, but
		 * not certainly, a JSON object that the schema allows
		 * @return the result, as text for the model
		 * @throws Exception if it fails; the model is told the exception's message, or
		 * its type if there is none. An {@link InterruptedException} cancels the request
		 */
		String call(String arguments) throws Exception;

	}

}
