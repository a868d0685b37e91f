package io.github.llmcache;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The form in which the model has to answer.
 *
 * @param type the type
 * @param name the name of the schema, only with {@link Type#JSON_SCHEMA}
 * @param schema the JSON schema, only with {@link Type#JSON_SCHEMA}
 * @param strict whether the provider must hold the answer to the schema, or {@code null}
 * for the provider's default
 */
public record ResponseFormat(Type type, @Nullable String name, @Nullable RawJson schema, @Nullable Boolean strict) {

	/** Free text. */
	public static final ResponseFormat TEXT = new ResponseFormat(Type.TEXT, null, null, null);

	/** Any JSON object. */
	public static final ResponseFormat JSON_OBJECT = new ResponseFormat(Type.JSON_OBJECT, null, null, null);

	public ResponseFormat {
		Objects.requireNonNull(type, "'type' must not be null");
		if ((type == Type.JSON_SCHEMA) != (name != null && schema != null)) {
			throw new IllegalArgumentException("'name' and 'schema' go with type JSON_SCHEMA, and only with it");
		}
	}

	/**
	 * JSON that follows a schema, strictly.
	 * @param name the name of the schema
	 * @param schema the JSON schema
	 * @return the format
	 */
	public static ResponseFormat jsonSchema(String name, String schema) {
		return new ResponseFormat(Type.JSON_SCHEMA, name, RawJson.of(schema), true);
	}

	/**
	 * The type of a {@link ResponseFormat}.
	 */
	public enum Type {

		/** Free text. */
		TEXT,

		/** Any JSON object. */
		JSON_OBJECT,

		/** JSON that follows a schema. */
		JSON_SCHEMA

	}

}
