package io.github.llmcache.cli.safetytooling;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.Role;
import io.github.llmcache.provider.ProviderDefinition;
import tools.jackson.databind.JsonNode;

/**
 * Makes messages of the library's. Only what is sent to the provider alike is mapped.
 */
final class MessageMapper {

	private static final String CONTENT = "content";

	private static final Set<String> ROLE_AND_CONTENT = Set.of("role", CONTENT);

	private static final String DATA_URL = "data:";

	private static final String BASE64 = ";base64,";

	/** Who has to be told by a parameter that an answer is to be continued. */
	private static final Set<String> PREFILL_BY_PARAMETER = Set.of("deepseek", "vllm");

	List<ChatMessage> map(JsonNode prompt, ProviderDefinition provider) {
		JsonNode array = prompt.path("messages");
		if (!array.isArray() || array.isEmpty()) {
			throw SourceJson.wrong("messages");
		}
		if (provider.protocol().name().equals(Providers.COMPLETIONS)) {
			return List.of(ChatMessage.none(plainText(array)));
		}
		List<ChatMessage> messages = new ArrayList<>(array.size());
		for (JsonNode message : array.values()) {
			messages.add(message(message));
		}
		check(messages, provider);
		return messages;
	}

	/**
	 * Skip what the library sends otherwise than it would be sent here.
	 */
	private static void check(List<ChatMessage> messages, ProviderDefinition provider) {
		Role last = messages.get(messages.size() - 1).role();
		if (last == Role.ASSISTANT && PREFILL_BY_PARAMETER.contains(provider.name())) {
			throw new UnmappableException(
					"its last message is the beginning of the answer, which this provider is told by a parameter");
		}
		if (provider.protocol().name().equals("gemini")) {
			long system = messages.stream().filter((message) -> message.role() == Role.SYSTEM).count();
			if (system > 1 || messages.stream().anyMatch((message) -> message.role() == Role.DEVELOPER)) {
				// The library sends the last one only, and those of developers as the
				// user's
				throw new UnmappableException("it has several system messages, or one of a developer, for Gemini");
			}
		}
	}

	private static ChatMessage message(JsonNode message) {
		String role = SourceJson.requiredString(message, "role");
		requireOnly(message, ROLE_AND_CONTENT);
		JsonNode content = message.path(CONTENT);
		return switch (role) {
			case "system" -> ChatMessage.of(Role.SYSTEM, parts(content));
			case "developer" -> ChatMessage.of(Role.DEVELOPER, parts(content));
			case "user" -> ChatMessage.of(Role.USER, parts(content));
			case "assistant" -> ChatMessage.of(Role.ASSISTANT, parts(content));
			case "tool" -> toolResult(content);
			case "audio" -> throw new UnmappableException("it has audio, which is not in the cache but in a file");
			case "image" -> throw new UnmappableException("it has an image by its path, which is not in the cache");
			case "none" -> throw new UnmappableException("it has text of nobody (role 'none') for a chat");
			default -> throw new UnmappableException("it has a message whose role has no equivalent");
		};
	}

	private static ContentPart[] parts(JsonNode content) {
		if (content.isString()) {
			return new ContentPart[] { new ContentPart.Text(content.stringValue()) };
		}
		if (!content.isArray() || content.isEmpty()) {
			throw SourceJson.wrong(CONTENT);
		}
		return content.values().stream().map(MessageMapper::part).toArray(ContentPart[]::new);
	}

	private static ContentPart part(JsonNode part) {
		String type = SourceJson.requiredString(part, "type");
		switch (type) {
			case "text" -> {
				requireOnly(part, Set.of("type", "text"));
				return new ContentPart.Text(SourceJson.requiredString(part, "text"));
			}
			case "image_url" -> {
				requireOnly(part, Set.of("type", "image_url"));
				requireOnly(part.path("image_url"), Set.of("url"));
				return dataUrl(SourceJson.requiredString(part.path("image_url"), "url"));
			}
			case "image" -> {
				requireOnly(part, Set.of("type", "source"));
				return image(part.path("source"));
			}
			case "tool_call" -> {
				JsonNode function = part.path("function");
				return new ContentPart.ToolCall(SourceJson.requiredString(part, "id"),
						SourceJson.requiredString(function, "name"), SourceJson.requiredString(function, "arguments"));
			}
			default -> throw unknownPart();
		}
	}

	private static ContentPart dataUrl(String url) {
		int data = url.indexOf(BASE64);
		if (!url.startsWith(DATA_URL) || data == -1) {
			throw new UnmappableException("it has an image by its address, which is not in the cache");
		}
		return new ContentPart.Image(url.substring(DATA_URL.length(), data), url.substring(data + BASE64.length()));
	}

	private static ContentPart image(JsonNode source) {
		requireOnly(source, Set.of("type", "media_type", "data"));
		if (!"base64".equals(SourceJson.string(source, "type"))) {
			throw new UnmappableException("it has an image by its address, which is not in the cache");
		}
		return new ContentPart.Image(SourceJson.requiredString(source, "media_type"),
				SourceJson.requiredString(source, "data"));
	}

	private static ChatMessage toolResult(JsonNode content) {
		requireOnly(content, Set.of("tool_call_id", "name", CONTENT));
		return ChatMessage.toolResult(SourceJson.requiredString(content, "tool_call_id"),
				SourceJson.requiredString(content, CONTENT));
	}

	/**
	 * A member that is not mapped would be a part of the question that gets lost.
	 */
	private static void requireOnly(JsonNode object, Set<String> names) {
		if (!object.isObject() || !names.containsAll(object.propertyNames())) {
			throw unknownPart();
		}
	}

	private static UnmappableException unknownPart() {
		return new UnmappableException("it has a part of a message that has no equivalent");
	}

	/**
	 * Return the text that the library makes of messages for base models.
	 */
	private static String plainText(JsonNode messages) {
		StringBuilder text = new StringBuilder();
		for (JsonNode message : messages.values()) {
			String role = SourceJson.requiredString(message, "role");
			if (role.equals("audio") || role.equals("image")) {
				throw new UnmappableException("it has audio or an image for a model of plain text");
			}
			text.append(role.equals("none") ? "\n" : "\n\n" + role + ": ")
				.append(SourceJson.requiredString(message, CONTENT));
		}
		return strip(text);
	}

	/**
	 * Strip white space, of which Python has more than Java.
	 */
	private static String strip(StringBuilder text) {
		int start = 0;
		int end = text.length();
		while (start < end && isSpace(text.charAt(start))) {
			start++;
		}
		while (start < end && isSpace(text.charAt(end - 1))) {
			end--;
		}
		return text.substring(start, end);
	}

	private static boolean isSpace(char c) {
		return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
	}

}
