package io.github.llmcache;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A tool that the model may ask to call.
 *
 * @param name the name
 * @param description what the tool does, in words for the model, or {@code null}
 * @param parameters the JSON schema of the arguments
 * @param strict whether the provider must hold the arguments to the schema, or
 * {@code null} for the provider's default
 */
public record Tool(String name, @Nullable String description, RawJson parameters, @Nullable Boolean strict) {

	public Tool {
		Objects.requireNonNull(name, "'name' must not be null");
		Objects.requireNonNull(parameters, "'parameters' must not be null");
	}

	/**
	 * Create a tool.
	 * @param name the name
	 * @param description what the tool does
	 * @param parametersSchema the JSON schema of the arguments
	 * @return the tool
	 */
	public static Tool of(String name, String description, String parametersSchema) {
		return new Tool(name, description, RawJson.of(parametersSchema), null);
	}

}
