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
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the messages of a prompt as input items, and the instructions at its start.
 */
final class OpenAiResponsesInputWriter {

	private static final Set<String> NATIVE_ITEMS = Set.of("reasoning", "item_reference");

	private final ProviderDefinition provider;

	OpenAiResponsesInputWriter(ProviderDefinition provider) {
		this.provider = provider;
	}

	void write(Prompt prompt, ObjectNode body) {
		List<ChatMessage> messages = prompt.messages();
		messages.forEach(this::check);
		int first = 0;
		if (messages.size() > 1 && messages.get(0).role() == Role.SYSTEM && isOneText(messages.get(0).parts())) {
			body.put("instructions", messages.get(0).text());
			first = 1;
		}
		ArrayNode input = body.putArray(OpenAiResponsesRequestWriter.INPUT);
		for (ChatMessage message : messages.subList(first, messages.size())) {
			switch (message.role()) {
				case ASSISTANT -> assistant(message, input);
				case TOOL -> toolResults(message, input);
				case SYSTEM -> content(message, add(input, "system"));
				case DEVELOPER -> content(message, add(input, "developer"));
				default -> content(message, add(input, "user"));
			}
		}
	}

	private void check(ChatMessage message) {
		if (message.name() != null) {
			throw ProviderErrors.invalidRequest(this.provider,
					"protocol 'openai-responses' has no names of messages' authors");
		}
		WireRequests.requireParts(message, this.provider);
	}

	private static boolean isOneText(List<? extends ContentPart> parts) {
		return parts.size() == 1 && parts.get(0) instanceof ContentPart.Text;
	}

	private static ObjectNode add(ArrayNode input, String role) {
		return input.addObject().put("role", role);
	}

	private void content(ChatMessage message, ObjectNode item) {
		if (isOneText(message.parts())) {
			item.put("content", message.text());
			return;
		}
		ArrayNode content = item.putArray("content");
		for (ContentPart part : message.parts()) {
			if (part instanceof ContentPart.Text text) {
				content.addObject().put("type", "input_text").put("text", text.text());
			}
			else if (part instanceof ContentPart.Image image && message.role() == Role.USER) {
				content.addObject()
					.put("type", "input_image")
					.put("detail", "auto")
					.put("image_url", "data:" + image.mediaType() + ";base64," + image.base64());
			}
			else {
				throw WireRequests.unsupportedPart(this.provider, part, message.role());
			}
		}
	}

	/**
	 * Write what a model answered as the items that it answered.
	 */
	private void assistant(ChatMessage message, ArrayNode input) {
		int before = input.size();
		List<ContentPart.Text> texts = new ArrayList<>();
		for (ContentPart part : message.parts()) {
			if (part instanceof ContentPart.Text text) {
				texts.add(text);
				continue;
			}
			answer(texts, input);
			if (part instanceof ContentPart.ToolCall toolCall) {
				input.addObject()
					.put("type", "function_call")
					.put("call_id", toolCall.id())
					.put("name", toolCall.name())
					.put("arguments", toolCall.arguments());
			}
			else if (part instanceof ContentPart.Reasoning reasoning) {
				RawJson nativeBlock = reasoning.nativeBlock();
				if (nativeBlock != null) {
					input.add(nativeItem(nativeBlock));
				}
			}
			else {
				throw WireRequests.unsupportedPart(this.provider, part, message.role());
			}
		}
		answer(texts, input);
		if (input.size() == before) {
			add(input, "assistant").put("content", "");
		}
	}

	private static void answer(List<ContentPart.Text> texts, ArrayNode input) {
		if (texts.isEmpty()) {
			return;
		}
		ObjectNode item = add(input, "assistant");
		if (texts.size() == 1) {
			item.put("content", texts.get(0).text());
		}
		else {
			ArrayNode content = item.putArray("content");
			texts.forEach((text) -> content.addObject().put("type", "output_text").put("text", text.text()));
		}
		texts.clear();
	}

	private ObjectNode nativeItem(RawJson nativeBlock) {
		ObjectNode item = WireJson.readObject(nativeBlock, "reasoning block", this.provider);
		String type = WireJson.string(item.path("type"));
		if (type == null || !NATIVE_ITEMS.contains(type)) {
			throw ProviderErrors.invalidRequest(this.provider,
					"a reasoning block is not of protocol 'openai-responses', but of another one");
		}
		return item;
	}

	private void toolResults(ChatMessage message, ArrayNode input) {
		for (ContentPart part : message.parts()) {
			if (!(part instanceof ContentPart.ToolResult result)) {
				throw WireRequests.unsupportedPart(this.provider, part, message.role());
			}
			input.addObject()
				.put("type", "function_call_output")
				.put("call_id", result.toolCallId())
				.put("output", result.content());
		}
	}

}
