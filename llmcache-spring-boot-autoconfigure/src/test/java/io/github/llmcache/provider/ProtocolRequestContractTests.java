package io.github.llmcache.provider;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.RawJson;
import io.github.llmcache.ResponseFormat;
import io.github.llmcache.Role;
import io.github.llmcache.Tool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What every protocol refuses to write, and how. A protocol's tests extend this class.
 */
public abstract class ProtocolRequestContractTests {

	protected static final String SECRET = "do not log";

	protected final ProviderProtocol protocol;

	protected final ProviderDefinition provider;

	protected ProtocolRequestContractTests(ProviderProtocol protocol) {
		this.protocol = protocol;
		this.provider = TestProviders.of(protocol);
	}

	/**
	 * Return a block of reasoning in the form of another protocol.
	 * @param text what the block says
	 * @return the block
	 */
	protected abstract String reasoningOfAnotherProtocol(String text);

	/**
	 * Return the names that are no parameters.
	 * @return the names
	 */
	protected List<String> reservedParameters() {
		return List.of("model", "messages", "stream");
	}

	/**
	 * Return a request with a message, and with what the protocol needs around it.
	 * @param message the message
	 * @return the request
	 */
	protected InferenceRequest around(ChatMessage message) {
		return builder().message(message).build();
	}

	@Test
	void parametersThatAreReserved() {
		assertThat(reservedParameters()).isNotEmpty()
			.allSatisfy((name) -> rejected(builder().parameter(name, 1).build(), "'" + name + "'"));
	}

	@Test
	void jsonThatIsNone() {
		rejected(builder().parameter("extra", RawJson.of("{" + SECRET)).build(), "'extra'");
		rejected(builder().parameter("extra", List.of(Map.of("a", RawJson.of("1 " + SECRET)))).build(), "'extra'");
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
		};
		parts.forEach((part, name) -> {
			InferenceRequest request = around(ChatMessage.of(role, part));
			if (allowed.contains(name)) {
				// Reasoning is only sent back if the provider wants that
				assertThat(WireJson.write(write(request)).contains(SECRET)).isEqualTo(!name.equals("reasoning"));
			}
			else {
				rejected(request, name, "role " + role.name().toLowerCase(Locale.ROOT));
			}
		});
	}

	@ParameterizedTest
	@EnumSource(value = Role.class, names = "ASSISTANT", mode = EnumSource.Mode.EXCLUDE)
	void messagesWithoutParts(Role role) {
		rejected(around(ChatMessage.of(role)), "no parts");
	}

	protected final void rejected(InferenceRequest request, String... reasons) {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> write(request)).satisfies((ex) -> {
			assertThat(ex.getMessage()).contains("'acme'").contains(reasons).doesNotContain(SECRET);
			assertThat(ex).hasNoCause();
			assertThat(ex.isRetryable()).isFalse();
		});
	}

	protected final ObjectNode write(InferenceRequest request) {
		return this.protocol.write(request, this.provider).body();
	}

	protected final ObjectNode json(String json) {
		return TestProviders.json(json, this.provider);
	}

	protected static InferenceRequest.Builder builder() {
		return InferenceRequest.builder("m").user("?");
	}

	protected static InferenceRequest assistant(ContentPart... parts) {
		return builder().message(ChatMessage.assistant(parts)).build();
	}

	protected static InferenceRequest reasoning(String nativeBlock) {
		return assistant(new ContentPart.Reasoning("", RawJson.of(nativeBlock)));
	}

	protected static ContentPart.Text text(String text) {
		return new ContentPart.Text(text);
	}

}
