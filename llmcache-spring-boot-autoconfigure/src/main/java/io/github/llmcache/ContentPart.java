package io.github.llmcache;

import java.util.Base64;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * One part of a {@link ChatMessage}. Parts keep the order in which they were given or
 * answered. They describe themselves without what they say, so that it is not logged by
 * mistake.
 */
public sealed interface ContentPart {

	/**
	 * Text.
	 *
	 * @param text the text, exactly as given
	 */
	record Text(String text) implements ContentPart {

		public Text {
			Objects.requireNonNull(text, "'text' must not be null");
		}

		@Override
		public String toString() {
			return "Text[" + this.text.length() + " characters]";
		}

	}

	/**
	 * An image by its content, so that the same image is the same request wherever it was
	 * read from.
	 *
	 * @param mediaType the media type, such as {@code image/png}
	 * @param base64 the bytes of the image in Base64 without line breaks
	 */
	record Image(String mediaType, String base64) implements ContentPart {

		public Image {
			Objects.requireNonNull(mediaType, "'mediaType' must not be null");
			Objects.requireNonNull(base64, "'base64' must not be null");
		}

		/**
		 * Create an image from its bytes.
		 * @param mediaType the media type, such as {@code image/png}
		 * @param content the bytes; they are copied
		 * @return the image
		 */
		public static Image of(String mediaType, byte[] content) {
			return new Image(mediaType, Base64.getEncoder().encodeToString(content));
		}

		@Override
		public String toString() {
			return "Image[mediaType=" + this.mediaType + ", base64=" + this.base64.length() + " characters]";
		}

	}

	/**
	 * A call of a tool that the model asks for.
	 *
	 * @param id the provider's identifier of the call, repeated in the {@link ToolResult}
	 * @param name the name of the tool
	 * @param arguments the arguments, exactly as the model wrote them: usually, but not
	 * certainly, a JSON object
	 */
	record ToolCall(String id, String name, String arguments) implements ContentPart {

		public ToolCall {
			Objects.requireNonNull(id, "'id' must not be null");
			Objects.requireNonNull(name, "'name' must not be null");
			Objects.requireNonNull(arguments, "'arguments' must not be null");
		}

		@Override
		public String toString() {
			return "ToolCall[id=" + this.id + ", name=" + this.name + ", arguments=" + this.arguments.length()
					+ " characters]";
		}

	}

	/**
	 * What a tool answered.
	 *
	 * @param toolCallId the {@link ToolCall#id() identifier of the call}
	 * @param content the result as text
	 * @param error whether the tool failed; sent to providers that know such a flag
	 */
	record ToolResult(String toolCallId, String content, boolean error) implements ContentPart {

		public ToolResult {
			Objects.requireNonNull(toolCallId, "'toolCallId' must not be null");
			Objects.requireNonNull(content, "'content' must not be null");
		}

		@Override
		public String toString() {
			return "ToolResult[toolCallId=" + this.toolCallId + ", content=" + this.content.length()
					+ " characters, error=" + this.error + "]";
		}

	}

	/**
	 * What a reasoning model thought before it answered.
	 *
	 * @param text the thoughts as far as the provider shows them; may be empty
	 * @param nativeBlock the provider's own block, as it has to be sent back in the next
	 * turn (with its signature or encrypted content), or {@code null} if the provider
	 * does not want it back. Its form is that of the provider's protocol
	 */
	record Reasoning(String text, @Nullable RawJson nativeBlock) implements ContentPart {

		public Reasoning {
			Objects.requireNonNull(text, "'text' must not be null");
		}

		@Override
		public String toString() {
			return "Reasoning[" + this.text.length() + " characters]";
		}

	}

}
