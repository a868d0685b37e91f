package io.github.llmcache.provider.gemini;

import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.ContentPart;
import io.github.llmcache.RawJson;
import io.github.llmcache.provider.ResponseFields;
import io.github.llmcache.provider.WireJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the parts of an answer. A signature becomes a block of reasoning before the part
 * that it belongs to, for calls of tools and texts have no place for it; what has no type
 * of its own becomes a block as a whole.
 */
final class GeminiPartReader {

	private final ResponseFields fields;

	GeminiPartReader(ResponseFields fields) {
		this.fields = fields;
	}

	/**
	 * Read the parts of a content. Both can be missing, as in an answer that was held
	 * back, or whose tokens all went into thoughts.
	 */
	List<ContentPart> read(JsonNode content, String path) {
		JsonNode parts = content.path("parts");
		if (!WireJson.isAbsent(content) && !content.isObject() || !WireJson.isAbsent(parts) && !parts.isArray()) {
			throw this.fields.malformed(path, "parts");
		}
		List<ContentPart> read = new ArrayList<>(parts.size());
		for (int i = 0; i < parts.size(); i++) {
			if (!parts.path(i).isObject()) {
				throw this.fields.malformed(path, "parts[" + i + "]");
			}
			part(parts.path(i), path + ".parts[" + i + "]", i, read);
		}
		return read;
	}

	private void part(JsonNode part, String path, int index, List<ContentPart> read) {
		String signature = this.fields.text(part, path, GeminiParts.SIGNATURE);
		JsonNode call = part.path(GeminiParts.FUNCTION_CALL);
		if (isThought(part, path)) {
			String text = this.fields.text(part, path, GeminiParts.TEXT);
			read.add(reasoning((text != null) ? text : "", part));
		}
		else if (!WireJson.isAbsent(call)) {
			signature(signature, read);
			read.add(toolCall(call, path + "." + GeminiParts.FUNCTION_CALL, index));
		}
		else if (GeminiParts.isOtherKind(part)) {
			read.add(reasoning("", part));
		}
		else {
			text(part, path, signature, read);
		}
	}

	private boolean isThought(JsonNode part, String path) {
		JsonNode thought = part.path(GeminiParts.THOUGHT);
		if (!WireJson.isAbsent(thought) && !thought.isBoolean()) {
			throw this.fields.malformed(path, GeminiParts.THOUGHT);
		}
		return thought.isBoolean() && thought.booleanValue();
	}

	private ContentPart toolCall(JsonNode call, String path, int index) {
		JsonNode args = call.path("args");
		if (!WireJson.isAbsent(args) && !args.isObject()) {
			throw this.fields.malformed(path, "args");
		}
		String id = this.fields.text(call, path, "id");
		return new ContentPart.ToolCall((id != null && !id.isEmpty()) ? id : GeminiParts.deriveId(index),
				this.fields.required(call, path, "name"), args.isObject() ? WireJson.write(args) : "{}");
	}

	private void text(JsonNode part, String path, @Nullable String signature, List<ContentPart> read) {
		String text = this.fields.text(part, path, GeminiParts.TEXT);
		if (text == null) {
			// Of a kind that is not known yet; in the raw response
			return;
		}
		if (!text.isEmpty()) {
			signature(signature, read);
			read.add(new ContentPart.Text(text));
		}
		else if (signature != null) {
			read.add(reasoning("", part));
		}
	}

	private static void signature(@Nullable String signature, List<ContentPart> read) {
		if (signature != null) {
			read.add(reasoning("", WireJson.NODES.objectNode().put(GeminiParts.SIGNATURE, signature)));
		}
	}

	private static ContentPart reasoning(String text, JsonNode nativeBlock) {
		return new ContentPart.Reasoning(text, RawJson.of(WireJson.write(nativeBlock)));
	}

}
