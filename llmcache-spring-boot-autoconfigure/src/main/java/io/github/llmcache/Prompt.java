package io.github.llmcache;

import java.util.List;

/**
 * The messages of a request, in order.
 *
 * @param messages the messages; copied
 */
public record Prompt(List<ChatMessage> messages) {

	public Prompt {
		messages = List.copyOf(messages);
	}

	/**
	 * Create a prompt.
	 * @param messages the messages in order
	 * @return the prompt
	 */
	public static Prompt of(ChatMessage... messages) {
		return new Prompt(List.of(messages));
	}

	/**
	 * Create a prompt of one user message.
	 * @param text the text of the user
	 * @return the prompt
	 */
	public static Prompt of(String text) {
		return of(ChatMessage.user(text));
	}

}
