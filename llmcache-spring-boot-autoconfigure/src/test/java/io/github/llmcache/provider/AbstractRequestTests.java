package io.github.llmcache.provider;

import java.util.List;
import java.util.Map;

import io.github.llmcache.ContentPart;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.RawJson;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What every protocol refuses to write, of a chat or not. The tests of a protocol of a
 * chat extend {@link ProtocolRequestContractTests}.
 */
public abstract class AbstractRequestTests {

	protected static final String SECRET = "do not log";

	protected final ProviderProtocol protocol;

	protected final ProviderDefinition provider;

	protected AbstractRequestTests(ProviderProtocol protocol) {
		this.protocol = protocol;
		this.provider = TestProviders.of(protocol);
	}

	/**
	 * Return the builder of a request of one message.
	 * @return the builder
	 */
	protected abstract InferenceRequest.Builder builder();

	/**
	 * Return the names that are no parameters.
	 * @return the names
	 */
	protected List<String> reservedParameters() {
		return List.of("model", "stream", this.protocol.write(builder().build(), this.provider).messagesMember());
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

	/**
	 * Return what a request says, in the form of the protocol.
	 * @param request the request
	 * @return the member of its body that holds the messages
	 */
	protected final JsonNode messages(InferenceRequest request) {
		WireRequest wire = this.protocol.write(request, this.provider);
		return wire.body().path(wire.messagesMember());
	}

	protected final ObjectNode json(String json) {
		return TestProviders.json(json, this.provider);
	}

	protected static ContentPart.Text text(String text) {
		return new ContentPart.Text(text);
	}

}
