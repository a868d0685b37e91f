package io.github.llmcache.provider.gemini;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.Prompt;
import io.github.llmcache.Role;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderErrors;
import io.github.llmcache.provider.WireRequests;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the messages of one prompt, and the instructions at its start.
 */
final class GeminiMessageWriter {

	static final String CONTENTS = "contents";

	private final ProviderDefinition provider;

	/**
	 * The names of the tools that the model's latest turn calls, by the identifier of the
	 * call: results are matched by name. Two calls can have the same identifier.
	 */
	private final Map<String, Deque<String>> calledTools = new HashMap<>();

	GeminiMessageWriter(ProviderDefinition provider) {
		this.provider = provider;
	}

	void write(Prompt prompt, ObjectNode body) {
		List<ChatMessage> messages = prompt.messages();
		messages.forEach(this::check);
		int first = instructions(messages, body);
		ArrayNode contents = body.putArray(CONTENTS);
		Role previous = null;
		ArrayNode parts = null;
		for (ChatMessage message : messages.subList(first, messages.size())) {
			Role role = message.role();
			// The results of calls made together have to be in one content
			if (parts == null || role != Role.TOOL || previous != Role.TOOL) {
				parts = contents.addObject().put("role", role(role)).putArray("parts");
			}
			if (role == Role.ASSISTANT) {
				modelsTurn(message, previous, parts);
			}
			else {
				parts(message, parts);
			}
			previous = role;
		}
	}

	private void check(ChatMessage message) {
		if (message.name() != null) {
			throw ProviderErrors.invalidRequest(this.provider, "protocol 'gemini' has no names of messages' authors");
		}
		WireRequests.requireParts(message, this.provider);
	}

	/**
	 * Write the instructions at the start, and return where they end.
	 */
	private int instructions(List<ChatMessage> messages, ObjectNode body) {
		int end = 0;
		while (end < messages.size() && isInstruction(messages.get(end))) {
			end++;
		}
		if (end == messages.size()) {
			throw ProviderErrors.invalidRequest(this.provider,
					"protocol 'gemini' needs a message besides those with role system");
		}
		if (messages.subList(end, messages.size()).stream().anyMatch(GeminiMessageWriter::isInstruction)) {
			throw ProviderErrors.invalidRequest(this.provider,
					"protocol 'gemini' has messages with role system only before all others");
		}
		if (end > 0) {
			ArrayNode parts = body.putObject("systemInstruction").putArray("parts");
			messages.subList(0, end).forEach((message) -> parts(message, parts));
		}
		return end;
	}

	private static boolean isInstruction(ChatMessage message) {
		return message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER;
	}

	private static String role(Role role) {
		return (role == Role.ASSISTANT) ? "model" : "user";
	}

	private void modelsTurn(ChatMessage message, @Nullable Role previous, ArrayNode parts) {
		if (previous != Role.ASSISTANT) {
			this.calledTools.clear();
		}
		for (ContentPart.ToolCall call : message.toolCalls()) {
			this.calledTools.computeIfAbsent(call.id(), (id) -> new ArrayDeque<>()).add(call.name());
		}
		new GeminiModelPartWriter(this.provider, parts).write(message.parts());
	}

	private void parts(ChatMessage message, ArrayNode parts) {
		for (ContentPart part : message.parts()) {
			if (part instanceof ContentPart.Text text && message.role() != Role.TOOL) {
				parts.addObject().put(GeminiParts.TEXT, text.text());
			}
			else if (part instanceof ContentPart.Image image && message.role() == Role.USER) {
				parts.addObject()
					.putObject("inlineData")
					.put("mimeType", image.mediaType())
					.put("data", image.base64());
			}
			else if (part instanceof ContentPart.ToolResult result && message.role() == Role.TOOL) {
				toolResult(result, parts.addObject().putObject("functionResponse"));
			}
			else {
				throw WireRequests.unsupportedPart(this.provider, part, message.role());
			}
		}
	}

	private void toolResult(ContentPart.ToolResult result, ObjectNode response) {
		if (GeminiParts.isModelsId(result.toolCallId())) {
			response.put("id", result.toolCallId());
		}
		response.put("name", takeCalledTool(result.toolCallId()));
		response.putObject("response").put(result.error() ? "error" : "output", result.content());
	}

	private String takeCalledTool(String id) {
		Deque<String> names = this.calledTools.get(id);
		String name = (names != null) ? names.poll() : null;
		if (name == null) {
			throw ProviderErrors.invalidRequest(this.provider,
					"protocol 'gemini' needs the name of a result's tool, but the model's turn before it has no call, "
							+ "or no further one, with its identifier");
		}
		return name;
	}

}
