package io.github.llmcache.provider;

import java.util.List;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.FinishReason;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.ProviderException;
import io.github.llmcache.Sample;
import io.github.llmcache.provider.ProviderProtocol.ErrorBody;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What every protocol makes of what a server sends. A protocol's tests extend this class.
 */
public abstract class ProtocolResponseContractTests {

	protected final ProviderProtocol protocol;

	protected final ProviderDefinition provider;

	protected ProtocolResponseContractTests(ProviderProtocol protocol) {
		this.protocol = protocol;
		this.provider = TestProviders.of(protocol);
	}

	/**
	 * Return an answer with everything that the protocol reads, and two tool calls whose
	 * identifiers are {@code c1} and {@code c2}.
	 * @return the body
	 */
	protected abstract String fullAnswer();

	/**
	 * Return the messages of a request that asks {@code ?}, has the full answer, and a
	 * result for each tool call: {@code seen}, and the error {@code dark}.
	 * @return an object with the member that holds the messages
	 */
	protected abstract String fullAnswerSentBack();

	/**
	 * Return an answer with nothing but what has to be there.
	 * @param finishReason the finish reason in JSON, or {@code null} for an answer
	 * without that member
	 * @return the body
	 */
	protected abstract String shortestAnswer(@Nullable String finishReason);

	/**
	 * Return an error in each form that the protocol reads.
	 * @return the bodies
	 */
	protected abstract List<String> errors();

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = "null")
	void withoutFinishReason(@Nullable String finishReason) {
		ProviderAnswer answer = read(shortestAnswer(finishReason));
		Sample sample = answer.samples().get(0);
		assertThat(sample.finishReason()).isEqualTo(FinishReason.UNKNOWN);
		assertThat(sample.nativeFinishReason()).isNull();
		assertThat(answer.usage()).isNull();
		assertThat(answer.model()).isNull();
	}

	@Test
	void anAnswerCanBeSentBack() {
		ChatMessage message = read(fullAnswer()).samples().get(0).message();
		WireRequest request = this.protocol.write(nextTurn(message), this.provider);
		assertThat(request.body().path(request.messagesMember()))
			.isEqualTo(TestProviders.json(fullAnswerSentBack(), this.provider).path(request.messagesMember()));
	}

	/**
	 * Return the request that sends the full answer back.
	 * @param answer the message of the full answer
	 * @return the request that {@link #fullAnswerSentBack()} describes
	 */
	protected InferenceRequest nextTurn(ChatMessage answer) {
		return InferenceRequest.builder("m")
			.user("?")
			.message(answer)
			.message(ChatMessage.toolResult("c1", "seen"))
			.message(ChatMessage.toolError("c2", "dark"))
			.build();
	}

	@Test
	void hostile() {
		HostileBodies.cutEverywhere(this.provider, fullAnswer());
		HostileBodies.garbage(this.provider);
		assertThat(HostileBodies.replaceEverything(this.provider, fullAnswer())).isGreaterThan(700);
		assertThat(errors()).isNotEmpty().allSatisfy((error) -> HostileBodies.errors(this.provider, error));
	}

	@Test
	void anErrorThatIsNotJsonSaysNothing() {
		assertThat(this.protocol.readError(WireJson.NODES.missingNode())).isEqualTo(ErrorBody.UNKNOWN);
	}

	protected final void finishesFor(String finishReason, FinishReason expected) {
		Sample sample = read(shortestAnswer("\"" + finishReason + "\"")).samples().get(0);
		assertThat(sample.finishReason()).isEqualTo(expected);
		assertThat(sample.nativeFinishReason()).isEqualTo(finishReason);
	}

	protected final ProviderException malformed(String body) {
		ProviderException ex = failure(body);
		assertThat(ex).isExactlyInstanceOf(MalformedResponseException.class).hasNoCause();
		assertThat(ex.getMessage()).contains("'acme'").doesNotContain("secret");
		return ex;
	}

	protected final ErrorBody error(String body) {
		return this.protocol.readError(TestProviders.json(body, this.provider));
	}

	protected final ProviderException failure(String body) {
		return assertThatExceptionOfType(ProviderException.class).isThrownBy(() -> read(body)).actual();
	}

	protected final ProviderAnswer read(String body) {
		return this.protocol.read(TestProviders.bytes(body), this.provider);
	}

}
