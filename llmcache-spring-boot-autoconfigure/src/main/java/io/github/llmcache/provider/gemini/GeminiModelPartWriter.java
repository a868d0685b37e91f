package io.github.llmcache.provider.gemini;

import java.util.List;

import io.github.llmcache.ContentPart;
import io.github.llmcache.RawJson;
import io.github.llmcache.Role;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderErrors;
import io.github.llmcache.provider.WireJson;
import io.github.llmcache.provider.WireRequests;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the parts of one turn of the model, each with the signature that it was answered
 * with.
 */
final class GeminiModelPartWriter {

	private final ProviderDefinition provider;

	private final ArrayNode parts;

	/** The part that comes next, which has its signature already. */
	private @Nullable ObjectNode signed;

	GeminiModelPartWriter(ProviderDefinition provider, ArrayNode parts) {
		this.provider = provider;
		this.parts = parts;
	}

	void write(List<ContentPart> content) {
		content.forEach(this::write);
		addSignatureAlone();
		if (this.parts.isEmpty()) {
			// A content without parts is an error
			this.parts.addObject().put(GeminiParts.TEXT, "");
		}
	}

	private void write(ContentPart part) {
		if (part instanceof ContentPart.Text text) {
			add().put(GeminiParts.TEXT, text.text());
		}
		else if (part instanceof ContentPart.ToolCall toolCall) {
			toolCall(toolCall, add().putObject(GeminiParts.FUNCTION_CALL));
		}
		else if (part instanceof ContentPart.Reasoning reasoning) {
			if (reasoning.nativeBlock() != null) {
				nativeBlock(reasoning.nativeBlock());
			}
		}
		else {
			throw WireRequests.unsupportedPart(this.provider, part, Role.ASSISTANT);
		}
	}

	private ObjectNode add() {
		ObjectNode part = (this.signed != null) ? this.signed : WireJson.NODES.objectNode();
		this.signed = null;
		this.parts.add(part);
		return part;
	}

	private void toolCall(ContentPart.ToolCall toolCall, ObjectNode call) {
		if (GeminiParts.isModelsId(toolCall.id())) {
			call.put("id", toolCall.id());
		}
		call.put("name", toolCall.name());
		// Other protocols' models call a tool without parameters with no arguments at all
		call.set("args", toolCall.arguments().isBlank() ? WireJson.NODES.objectNode()
				: WireJson.readObject(RawJson.of(toolCall.arguments()), "arguments of a tool call", this.provider));
	}

	private void nativeBlock(RawJson nativeBlock) {
		ObjectNode block = WireJson.readObject(nativeBlock, "reasoning block", this.provider);
		addSignatureAlone();
		if (GeminiParts.isSignatureAlone(block)) {
			this.signed = block;
		}
		else if (GeminiParts.isNativePart(block)) {
			this.parts.add(block);
		}
		else {
			throw ProviderErrors.invalidRequest(this.provider,
					"a reasoning block is not of protocol 'gemini', but of another one");
		}
	}

	/**
	 * Add a signature without a part of its own, as models send one too.
	 */
	private void addSignatureAlone() {
		if (this.signed != null) {
			add().put(GeminiParts.TEXT, "");
		}
	}

}
