package io.github.llmcache.inference;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

import io.github.llmcache.ContentPart.ToolCall;
import io.github.llmcache.Prompt;

/**
 * Gives each call of a tool in a conversation an identifier of its own, by which its
 * result is found: some servers give none, or the same ones in every turn. The same
 * conversation always gets the same identifiers, for they are part of the next turn's
 * key. For one conversation by one thread.
 */
final class ToolCallIds {

	private final Set<String> used = new HashSet<>();

	private int count;

	ToolCallIds(Prompt prompt) {
		prompt.messages().forEach((message) -> message.toolCalls().forEach((call) -> this.used.add(call.id())));
	}

	/**
	 * Return the call with an identifier that no earlier one has.
	 * @param call the call
	 * @return the same call if its identifier can stay, otherwise a copy
	 */
	ToolCall distinct(ToolCall call) {
		if (!call.id().isBlank() && this.used.add(call.id())) {
			return call;
		}
		String id = next();
		while (!this.used.add(id)) {
			id = next();
		}
		return new ToolCall(id, call.name(), call.arguments());
	}

	private String next() {
		// Mistral accepts nothing but nine letters and digits
		return String.format(Locale.ROOT, "call%05d", ++this.count);
	}

}
