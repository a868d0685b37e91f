package io.github.llmcache.provider;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.Role;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the mappings of requests have in common: nothing is left out silently, and nothing
 * is set twice.
 */
public final class WireRequests {

	/** Why a parameter for the number of answers is reserved. */
	public static final String NUMBER_OF_SAMPLES = "n(…) asks for several answers, and sample(…) for a further one";

	private WireRequests() {
	}

	/**
	 * Add a number to a request, which stays as it is.
	 * @param request the request
	 * @param name the name of the member of its body
	 * @param value the number
	 * @return a copy with the number
	 */
	public static WireRequest with(WireRequest request, String name, int value) {
		ObjectNode body = WireJson.NODES.objectNode();
		body.setAll(request.body());
		return new WireRequest(request.operation(), body.put(name, value), request.messagesMember(),
				request.stateful());
	}

	/**
	 * Set a number if there is one.
	 * @param body the body
	 * @param name the name of the parameter
	 * @param value the number, or {@code null}
	 * @param provider the provider that the request is for
	 * @throws InvalidRequestException if JSON has no such number
	 */
	public static void setNumber(ObjectNode body, String name, @Nullable Number value, ProviderDefinition provider) {
		if (value != null) {
			body.set(name, WireJson.number(value, name, provider));
		}
	}

	/**
	 * Set a list of strings if there is one.
	 * @param body the body
	 * @param name the name of the parameter
	 * @param values the strings, or {@code null}
	 */
	public static void setStrings(ObjectNode body, String name, @Nullable List<String> values) {
		if (values != null) {
			values.forEach(body.putArray(name)::add);
		}
	}

	/**
	 * Throw an exception if a message is not one of a chat, or says nothing. An
	 * assistant's may: it is the beginning of an answer, or the place of one.
	 * @param message the message
	 * @param provider the provider that the request is for
	 * @throws InvalidRequestException if it is nobody's, or has no parts
	 */
	public static void requireParts(ChatMessage message, ProviderDefinition provider) {
		if (message.role() == Role.NONE) {
			throw ProviderErrors.invalidRequest(provider, "protocol '" + provider.protocol().name()
					+ "' is for chats and has no form for a message with role none; protocol 'openai-completions' has");
		}
		if (message.parts().isEmpty() && message.role() != Role.ASSISTANT) {
			throw ProviderErrors.invalidRequest(provider, "a message has no parts");
		}
	}

	/**
	 * Add the {@link io.github.llmcache.InferenceParameters#additional() additional
	 * parameters} of a request to its body as they are.
	 * @param body the body with everything else
	 * @param request the request
	 * @param provider the provider that the request is for
	 * @param reserved names that are no parameters, with the reason
	 * @throws InvalidRequestException if a name is reserved or already in the body
	 */
	public static void addAdditional(ObjectNode body, InferenceRequest request, ProviderDefinition provider,
			Map<String, String> reserved) {
		addAdditional(body, request.parameters().additional(), provider, reserved);
	}

	/**
	 * Add parameters to the body of a request as they are.
	 * @param body the body with everything else
	 * @param additional the parameters by name
	 * @param provider the provider that the request is for
	 * @param reserved names that are no parameters, with the reason
	 * @throws InvalidRequestException if a name is reserved or already in the body
	 */
	public static void addAdditional(ObjectNode body, Map<String, @Nullable Object> additional,
			ProviderDefinition provider, Map<String, String> reserved) {
		additional.forEach((name, value) -> {
			String reason = reserved.get(name);
			if (reason != null) {
				throw ProviderErrors.invalidRequest(provider, "parameter '" + name + "' cannot be set: " + reason);
			}
			if (body.has(name)) {
				throw ProviderErrors.invalidRequest(provider, "parameter '" + name + "' is set twice: by parameter(\""
						+ name + "\", …) and by the request's own method for it");
			}
			body.set(name, WireJson.valueOf(value, name, provider));
		});
	}

	/**
	 * Create the exception for a part that the protocol has no form for.
	 * @param provider the provider that the request is for
	 * @param part the part
	 * @param role the role of its message
	 * @return the exception; the caller throws it
	 */
	public static InvalidRequestException unsupportedPart(ProviderDefinition provider, ContentPart part, Role role) {
		return ProviderErrors.invalidRequest(provider, "protocol '" + provider.protocol().name() + "' has no form for "
				+ describe(part) + " in a message with role " + role.name().toLowerCase(Locale.ROOT));
	}

	/**
	 * Throw an exception if a parameter is set that the protocol has no form for.
	 * @param provider the provider that the request is for
	 * @param name the name of the parameter
	 * @param value the value of the parameter
	 * @throws InvalidRequestException if the value is not {@code null}
	 */
	public static void rejectParameter(ProviderDefinition provider, String name, @Nullable Object value) {
		if (value != null) {
			throw ProviderErrors.invalidRequest(provider,
					"protocol '" + provider.protocol().name() + "' has no parameter '" + name + "'");
		}
	}

	private static String describe(ContentPart part) {
		if (part instanceof ContentPart.Text) {
			return "text";
		}
		if (part instanceof ContentPart.Image) {
			return "an image";
		}
		if (part instanceof ContentPart.ToolCall) {
			return "a tool call";
		}
		return (part instanceof ContentPart.ToolResult) ? "a tool result" : "reasoning";
	}

}
