package io.github.llmcache.sample;

import java.util.stream.Stream;

import io.github.llmcache.AuthenticationException;
import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceException;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.OverloadedException;
import io.github.llmcache.ProviderError;
import io.github.llmcache.ProviderException;
import io.github.llmcache.ProviderTimeoutException;
import io.github.llmcache.UnknownProviderException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;

class QuestionControllerTests {

	private static final ProviderError ERROR = new ProviderError("openai", "it went wrong", 418, "type", "code",
			"your prompt was bad", "req-1", null);

	private final InferenceApi inference = mock(InferenceApi.class);

	private final QuestionLog log = mock(QuestionLog.class);

	private final MockMvcTester mvc = MockMvcTester.create(MockMvcBuilders
		.standaloneSetup(new QuestionController(this.inference, new ModelChoice("m", "because"), this.log))
		.setControllerAdvice(new ProblemHandler())
		.build());

	static Stream<Arguments> failures() {
		return Stream.of(Arguments.of(new UnknownProviderException("it went wrong"), HttpStatus.BAD_REQUEST),
				Arguments.of(new InvalidRequestException(ERROR, null), HttpStatus.BAD_REQUEST),
				Arguments.of(new AuthenticationException(ERROR, null), HttpStatus.BAD_GATEWAY),
				Arguments.of(new OverloadedException(ERROR, null), HttpStatus.BAD_GATEWAY),
				Arguments.of(new ProviderException(ERROR, null), HttpStatus.BAD_GATEWAY),
				Arguments.of(new ProviderTimeoutException(ERROR, null), HttpStatus.GATEWAY_TIMEOUT));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void saysWhatWentWrong(InferenceException failure, HttpStatus status) throws Exception {
		given(this.inference.infer(any())).willThrow(failure);
		MvcTestResult result = this.mvc.get().uri("/ask?q=Why").exchange();
		assertThat(result).hasStatus(status).hasContentType("application/problem+json");
		assertThat(result).bodyText()
			.contains("it went wrong")
			.doesNotContain("Exception")
			.doesNotContain("your prompt was bad");
		verifyNoInteractions(this.log);
	}

	@Test
	void needsAQuestion() {
		assertThat(this.mvc.get().uri("/ask")).hasStatus(HttpStatus.BAD_REQUEST)
			.bodyJson()
			.extractingPath("detail")
			.asString()
			.contains("'q' is missing");
		assertThat(this.mvc.get().uri("/ask?q= ")).hasStatus(HttpStatus.BAD_REQUEST);
		verifyNoInteractions(this.inference);
	}

	@Test
	void acceptsNoQuestionOrModelThatIsTooLong() {
		assertThat(this.mvc.get().uri("/ask").param("q", "a".repeat(2001))).hasStatus(HttpStatus.BAD_REQUEST);
		assertThat(this.mvc.get().uri("/ask").param("q", "Why?").param("model", "a".repeat(201)))
			.hasStatus(HttpStatus.BAD_REQUEST);
		verifyNoInteractions(this.inference);
	}

}
