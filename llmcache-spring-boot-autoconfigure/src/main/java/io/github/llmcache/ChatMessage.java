package io.github.llmcache;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * One message of a {@link Prompt}, or the message that a model answered.
 *
 * @param role the author
 * @param parts the parts in order; copied
 * @param name the author's name for providers that know one, or {@code null}
 */
public record ChatMessage(Role role, List<ContentPart> parts, @Nullable String name) {

	public ChatMessage {
		Objects.requireNonNull(role, "'role' must not be null");
		parts = List.copyOf(parts);
	}

	/**
	 * Create a message.
	 * @param role the author
	 * @param parts the parts in order
	 * @return the message
	 */
	public static ChatMessage of(Role role, ContentPart... parts) {
		return new ChatMessage(role, List.of(parts), null);
	}

	/**
	 * Create plain text that a base model continues. A prompt of several such messages is
	 * their texts, joined as they are.
	 * @param text the text
	 * @return the message
	 */
	public static ChatMessage none(String text) {
		return of(Role.NONE, new ContentPart.Text(text));
	}

	/**
	 * Create a message of the application's instructions.
	 * @param text the instructions
	 * @return the message
	 */
	public static ChatMessage system(String text) {
		return of(Role.SYSTEM, new ContentPart.Text(text));
	}

	/**
	 * Create a message of the application's instructions to a reasoning model.
	 * @param text the instructions
	 * @return the message
	 */
	public static ChatMessage developer(String text) {
		return of(Role.DEVELOPER, new ContentPart.Text(text));
	}

	/**
	 * Create a message of the user.
	 * @param text the text
	 * @return the message
	 */
	public static ChatMessage user(String text) {
		return of(Role.USER, new ContentPart.Text(text));
	}

	/**
	 * Create a message of the user with several parts, such as a question and an image.
	 * @param parts the parts in order
	 * @return the message
	 */
	public static ChatMessage user(ContentPart... parts) {
		return of(Role.USER, parts);
	}

	/**
	 * Create a message of the model. As the last message of a prompt it is a prefill,
	 * which the model continues.
	 * @param text the text
	 * @return the message
	 */
	public static ChatMessage assistant(String text) {
		return of(Role.ASSISTANT, new ContentPart.Text(text));
	}

	/**
	 * Create a message of the model with several parts, such as text and tool calls.
	 * @param parts the parts in order
	 * @return the message
	 */
	public static ChatMessage assistant(ContentPart... parts) {
		return of(Role.ASSISTANT, parts);
	}

	/**
	 * Create a message with the result of a tool.
	 * @param toolCallId the identifier of the call
	 * @param content the result
	 * @return the message
	 */
	public static ChatMessage toolResult(String toolCallId, String content) {
		return of(Role.TOOL, new ContentPart.ToolResult(toolCallId, content, false));
	}

	/**
	 * Create a message with the failure of a tool.
	 * @param toolCallId the identifier of the call
	 * @param content what went wrong, in words for the model
	 * @return the message
	 */
	public static ChatMessage toolError(String toolCallId, String content) {
		return of(Role.TOOL, new ContentPart.ToolResult(toolCallId, content, true));
	}

	/**
	 * Return the text of this message: all its {@link ContentPart.Text text parts},
	 * joined.
	 * @return the text, empty if there is none
	 */
	public String text() {
		if (this.parts.size() == 1 && this.parts.get(0) instanceof ContentPart.Text text) {
			return text.text();
		}
		return parts(ContentPart.Text.class).stream().map(ContentPart.Text::text).collect(Collectors.joining());
	}

	/**
	 * Return the tool calls of this message in order.
	 * @return the tool calls, empty if there are none
	 */
	public List<ContentPart.ToolCall> toolCalls() {
		return parts(ContentPart.ToolCall.class);
	}

	private <T extends ContentPart> List<T> parts(Class<T> type) {
		return this.parts.stream().filter(type::isInstance).map(type::cast).toList();
	}

}
