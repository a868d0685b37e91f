package io.github.llmcache.provider.anthropic;

import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.Prompt;
import io.github.llmcache.RawJson;
import io.github.llmcache.Role;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderErrors;
import io.github.llmcache.provider.WireJson;
import io.github.llmcache.provider.WireRequests;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the messages of a prompt, and the instructions at its start.
 */
final class AnthropicMessageWriter {

	private final ProviderDefinition provider;

	AnthropicMessageWriter(ProviderDefinition provider) {
		this.provider = provider;
	}

	void write(Prompt prompt, ObjectNode body) {
		List<ChatMessage> messages = prompt.messages();
		messages.forEach(this::check);
		int first = system(messages, body);
		ArrayNode array = body.putArray(AnthropicRequestWriter.MESSAGES);
		ArrayNode toolResults = null;
		for (ChatMessage message : messages.subList(first, messages.size())) {
			if (message.role() == Role.TOOL) {
				// The results of calls made together have to be in one message
				toolResults = (toolResults != null) ? toolResults : add(array, "user").putArray("content");
				blocks(message, toolResults);
				continue;
			}
			toolResults = null;
			add(array, role(message)).set("content", content(message.parts(), message.role()));
		}
	}

	private void check(ChatMessage message) {
		if (message.name() != null) {
			throw ProviderErrors.invalidRequest(this.provider,
					"protocol 'anthropic' has no names of messages' authors");
		}
		WireRequests.requireParts(message, this.provider);
	}

	/**
	 * Write the instructions at the start, and return where they end.
	 */
	private int system(List<ChatMessage> messages, ObjectNode body) {
		List<ContentPart> parts = new ArrayList<>();
		int end = 0;
		while (end < messages.size() && isSystem(messages.get(end))) {
			parts.addAll(messages.get(end++).parts());
		}
		if (end == messages.size()) {
			throw ProviderErrors.invalidRequest(this.provider,
					"protocol 'anthropic' needs a message besides those with role system");
		}
		if (!parts.isEmpty()) {
			body.set("system", content(parts, Role.SYSTEM));
		}
		return end;
	}

	private static boolean isSystem(ChatMessage message) {
		return message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER;
	}

	private static String role(ChatMessage message) {
		if (isSystem(message)) {
			return "system";
		}
		return (message.role() == Role.ASSISTANT) ? "assistant" : "user";
	}

	private static ObjectNode add(ArrayNode messages, String role) {
		return messages.addObject().put("role", role);
	}

	private JsonNode content(List<ContentPart> parts, Role role) {
		if (parts.size() == 1 && parts.get(0) instanceof ContentPart.Text text) {
			return WireJson.NODES.stringNode(text.text());
		}
		ArrayNode blocks = WireJson.NODES.arrayNode();
		parts.forEach((part) -> block(part, role, blocks));
		return blocks;
	}

	private void blocks(ChatMessage message, ArrayNode blocks) {
		message.parts().forEach((part) -> block(part, message.role(), blocks));
	}

	private void block(ContentPart part, Role role, ArrayNode blocks) {
		if (part instanceof ContentPart.Text text && role != Role.TOOL) {
			blocks.addObject().put("type", "text").put("text", text.text());
		}
		else if (part instanceof ContentPart.Image image && role == Role.USER) {
			blocks.addObject()
				.put("type", "image")
				.putObject("source")
				.put("type", "base64")
				.put("media_type", image.mediaType())
				.put("data", image.base64());
		}
		else if (part instanceof ContentPart.ToolCall toolCall && role == Role.ASSISTANT) {
			blocks.addObject()
				.put("type", "tool_use")
				.put("id", toolCall.id())
				.put("name", toolCall.name())
				.set("input", input(toolCall));
		}
		else if (part instanceof ContentPart.ToolResult result && role == Role.TOOL) {
			ObjectNode block = blocks.addObject()
				.put("type", "tool_result")
				.put("tool_use_id", result.toolCallId())
				.put("content", result.content());
			if (result.error()) {
				block.put("is_error", true);
			}
		}
		else if (part instanceof ContentPart.Reasoning reasoning && role == Role.ASSISTANT) {
			reasoning(reasoning.nativeBlock(), blocks);
		}
		else {
			throw WireRequests.unsupportedPart(this.provider, part, role);
		}
	}

	private ObjectNode input(ContentPart.ToolCall toolCall) {
		// Other protocols' models call a tool without parameters like this
		if (toolCall.arguments().isBlank()) {
			return WireJson.NODES.objectNode();
		}
		return WireJson.readObject(RawJson.of(toolCall.arguments()), "arguments of a tool call", this.provider);
	}

	private void reasoning(@Nullable RawJson nativeBlock, ArrayNode blocks) {
		if (nativeBlock == null) {
			return;
		}
		ObjectNode block = WireJson.readObject(nativeBlock, "reasoning block", this.provider);
		String type = WireJson.string(block.path("type"));
		// OpenAI's responses have types, too
		if (type == null || type.equals("reasoning") || type.equals("item_reference")) {
			throw ProviderErrors.invalidRequest(this.provider,
					"a reasoning block is not of protocol 'anthropic', but of another one");
		}
		blocks.add(block);
	}

}
