package io.github.llmcache;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Whether the model may, must or must not call a tool.
 *
 * @param mode the mode
 * @param toolName the tool that must be called, only with {@link Mode#TOOL}
 */
public record ToolChoice(Mode mode, @Nullable String toolName) {

	/** The model decides. */
	public static final ToolChoice AUTO = new ToolChoice(Mode.AUTO, null);

	/** The model calls no tool. */
	public static final ToolChoice NONE = new ToolChoice(Mode.NONE, null);

	/** The model calls at least one tool. */
	public static final ToolChoice REQUIRED = new ToolChoice(Mode.REQUIRED, null);

	public ToolChoice {
		Objects.requireNonNull(mode, "'mode' must not be null");
		if ((mode == Mode.TOOL) != (toolName != null)) {
			throw new IllegalArgumentException("'toolName' goes with mode TOOL, and only with it");
		}
	}

	/**
	 * The model calls this tool.
	 * @param name the name of the tool
	 * @return the choice
	 */
	public static ToolChoice tool(String name) {
		return new ToolChoice(Mode.TOOL, name);
	}

	/**
	 * The mode of a {@link ToolChoice}.
	 */
	public enum Mode {

		/** The model decides. */
		AUTO,

		/** No tool. */
		NONE,

		/** At least one tool. */
		REQUIRED,

		/** One named tool. */
		TOOL

	}

}
