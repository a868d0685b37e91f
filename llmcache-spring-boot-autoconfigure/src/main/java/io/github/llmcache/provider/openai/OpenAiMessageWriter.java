package io.github.llmcache.provider.openai;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.Prompt;
import io.github.llmcache.RawJson;
import io.github.llmcache.Role;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderErrors;
import io.github.llmcache.provider.WireJson;
import io.github.llmcache.provider.WireRequests;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the messages of a prompt.
 */
final class OpenAiMessageWriter {

	private static final Set<String> OWN_MEMBERS = Set.of("role", "name", "content", "tool_calls");

	private final ProviderDefinition provider;

	OpenAiMessageWriter(ProviderDefinition provider) {
		this.provider = provider;
	}

	ArrayNode write(Prompt prompt) {
		ArrayNode messages = WireJson.NODES.arrayNode();
		for (ChatMessage message : prompt.messages()) {
			WireRequests.requireParts(message, this.provider);
			switch (message.role()) {
				case SYSTEM -> add(messages, message, "system").set("content", content(message));
				case DEVELOPER -> add(messages, message, "developer").set("content", content(message));
				case USER -> add(messages, message, "user").set("content", content(message));
				case ASSISTANT -> assistant(add(messages, message, "assistant"), message);
				case TOOL -> toolResults(messages, message);
			}
		}
		return messages;
	}

	private static ObjectNode add(ArrayNode messages, ChatMessage message, String role) {
		ObjectNode object = messages.addObject().put("role", role);
		if (message.name() != null) {
			object.put("name", message.name());
		}
		return object;
	}

	private JsonNode content(ChatMessage message) {
		return content(message.parts(), message.role());
	}

	private JsonNode content(List<? extends ContentPart> parts, Role role) {
		if (parts.size() == 1 && parts.get(0) instanceof ContentPart.Text text) {
			return WireJson.NODES.stringNode(text.text());
		}
		ArrayNode content = WireJson.NODES.arrayNode();
		for (ContentPart part : parts) {
			if (part instanceof ContentPart.Text text) {
				content.addObject().put("type", "text").put("text", text.text());
			}
			else if (part instanceof ContentPart.Image image && role == Role.USER) {
				content.addObject()
					.put("type", "image_url")
					.putObject("image_url")
					.put("url", "data:" + image.mediaType() + ";base64," + image.base64());
			}
			else {
				throw WireRequests.unsupportedPart(this.provider, part, role);
			}
		}
		return content;
	}

	private void assistant(ObjectNode object, ChatMessage message) {
		List<ContentPart.Text> texts = new ArrayList<>();
		ArrayNode toolCalls = WireJson.NODES.arrayNode();
		for (ContentPart part : message.parts()) {
			if (part instanceof ContentPart.Text text) {
				texts.add(text);
			}
			else if (part instanceof ContentPart.ToolCall toolCall) {
				toolCalls.addObject()
					.put("id", toolCall.id())
					.put("type", "function")
					.putObject("function")
					.put("name", toolCall.name())
					.put("arguments", toolCall.arguments());
			}
			else if (part instanceof ContentPart.Reasoning reasoning) {
				RawJson nativeBlock = reasoning.nativeBlock();
				if (nativeBlock != null) {
					reasoning(object, nativeBlock);
				}
			}
			else {
				throw WireRequests.unsupportedPart(this.provider, part, message.role());
			}
		}
		if (!texts.isEmpty()) {
			object.set("content", content(texts, message.role()));
		}
		else if (toolCalls.isEmpty()) {
			object.put("content", "");
		}
		else {
			object.putNull("content");
		}
		if (!toolCalls.isEmpty()) {
			object.set("tool_calls", toolCalls);
		}
	}

	private void reasoning(ObjectNode object, RawJson nativeBlock) {
		ObjectNode members = WireJson.readObject(nativeBlock, "reasoning block", this.provider);
		if (members.has("type") || members.has("thought") || members.has("thoughtSignature")) {
			throw ProviderErrors.invalidRequest(this.provider,
					"a reasoning block is not of protocol 'openai', but of another one");
		}
		members.forEachEntry((name, value) -> {
			if (OWN_MEMBERS.contains(name) || object.has(name)) {
				throw ProviderErrors.invalidRequest(this.provider,
						"a reasoning block sets a member of its message that is already set");
			}
			object.set(name, value);
		});
	}

	private void toolResults(ArrayNode messages, ChatMessage message) {
		for (ContentPart part : message.parts()) {
			if (!(part instanceof ContentPart.ToolResult result)) {
				throw WireRequests.unsupportedPart(this.provider, part, message.role());
			}
			add(messages, message, "tool").put("tool_call_id", result.toolCallId()).put("content", result.content());
		}
	}

}
