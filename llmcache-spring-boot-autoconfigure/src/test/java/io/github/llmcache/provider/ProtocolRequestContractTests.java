package io.github.llmcache.provider;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.RawJson;
import io.github.llmcache.ResponseFormat;
import io.github.llmcache.Role;
import io.github.llmcache.Tool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What every protocol of a chat refuses to write, and how. Its tests extend this class.
 */
public abstract class ProtocolRequestContractTests extends AbstractRequestTests {

	protected ProtocolRequestContractTests(ProviderProtocol protocol) {
		super(protocol);
	}

	@Override
	protected InferenceRequest.Builder builder() {
		return InferenceRequest.builder("m").user("?");
	}

	/**
	 * Return a block of reasoning in the form of another protocol.
	 * @param text what the block says
	 * @return the block
	 */
	protected abstract String reasoningOfAnotherProtocol(String text);

	/**
	 * Return a request with a message, and with what the protocol needs around it.
	 * @param message the message
	 * @return the request
	 */
	protected InferenceRequest around(ChatMessage message) {
		return builder().message(message).build();
	}

	@Test
	void jsonOfToolsAndFormatsThatIsNone() {
		rejected(builder().tools(Tool.of("t", "d", SECRET)).build(), "'tools[0].parameters'");
		rejected(builder().tools(Tool.of("t", "d", "{}"), Tool.of("t", "d", SECRET)).build(), "'tools[1].parameters'");
		rejected(builder().tools(Tool.of("t", "d", "[]")).build(), "'tools[0].parameters' is not a JSON object");
		rejected(builder().responseFormat(ResponseFormat.jsonSchema("n", "\"" + SECRET + "\"")).build(),
				"'responseFormat.schema'");
		rejected(reasoning(SECRET), "'reasoning block'");
		rejected(reasoning("[]"), "'reasoning block' is not a JSON object");
	}

	@Test
	void reasoningThatIsNotOfThisProtocol() {
		rejected(reasoning(reasoningOfAnotherProtocol(SECRET)), "of another one");
	}

	@ParameterizedTest
	@EnumSource(Role.class)
	void partsInRolesWhereTheyHaveNoForm(Role role) {
		Map<ContentPart, String> parts = new HashMap<>();
		parts.put(text(SECRET), "text");
		parts.put(new ContentPart.Image(SECRET, SECRET), "image");
		parts.put(new ContentPart.ToolCall(SECRET, SECRET, "{\"a\":\"" + SECRET + "\"}"), "tool call");
		parts.put(new ContentPart.ToolResult(SECRET, SECRET, false), "tool result");
		parts.put(new ContentPart.Reasoning(SECRET, null), "reasoning");
		List<String> allowed = switch (role) {
			case SYSTEM, DEVELOPER -> List.of("text");
			case USER -> List.of("text", "image");
			case ASSISTANT -> List.of("text", "tool call", "reasoning");
			case TOOL -> List.of("tool result");
			case NONE -> List.of();
		};
		parts.forEach((part, name) -> {
			InferenceRequest request = around(ChatMessage.of(role, part));
			if (allowed.contains(name)) {
				// Reasoning is only sent back if the provider wants that
				assertThat(WireJson.write(write(request)).contains(SECRET)).isEqualTo(!name.equals("reasoning"));
			}
			else if (role == Role.NONE) {
				rejected(request, "role none", "'openai-completions'");
			}
			else {
				rejected(request, name, "role " + role.name().toLowerCase(Locale.ROOT));
			}
		});
	}

	@ParameterizedTest
	@EnumSource(value = Role.class, names = { "ASSISTANT", "NONE" }, mode = EnumSource.Mode.EXCLUDE)
	void messagesWithoutParts(Role role) {
		rejected(around(ChatMessage.of(role)), "no parts");
	}

	protected final InferenceRequest assistant(ContentPart... parts) {
		return builder().message(ChatMessage.assistant(parts)).build();
	}

	protected final InferenceRequest reasoning(String nativeBlock) {
		return assistant(new ContentPart.Reasoning("", RawJson.of(nativeBlock)));
	}

}
