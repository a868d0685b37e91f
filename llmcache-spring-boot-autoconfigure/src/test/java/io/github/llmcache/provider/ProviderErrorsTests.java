package io.github.llmcache.provider;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

import io.github.llmcache.AuthenticationException;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.OverloadedException;
import io.github.llmcache.ProviderException;
import io.github.llmcache.ProviderTimeoutException;
import io.github.llmcache.ProviderUnavailableException;
import io.github.llmcache.QuotaExceededException;
import io.github.llmcache.RateLimitException;
import io.github.llmcache.provider.ProviderProtocol.ErrorBody;
import io.github.llmcache.provider.openai.OpenAiChatProtocol;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ProviderErrors}.
 */
class ProviderErrorsTests {

	private final ProviderDefinition provider = TestProviders.of(new OpenAiChatProtocol());

	@ParameterizedTest
	@CsvSource({ "401, AuthenticationException", "403, AuthenticationException", "400, InvalidRequestException",
			"404, InvalidRequestException", "405, InvalidRequestException", "413, InvalidRequestException",
			"415, InvalidRequestException", "422, InvalidRequestException", "402, QuotaExceededException",
			"408, ProviderTimeoutException", "429, RateLimitException", "503, OverloadedException",
			"529, OverloadedException", "500, ProviderUnavailableException", "502, ProviderUnavailableException",
			"504, ProviderUnavailableException", "599, ProviderUnavailableException", "301, ProviderException",
			"307, ProviderException", "100, ProviderException", "409, ProviderUnavailableException",
			"425, ProviderUnavailableException", "418, ProviderException", "600, ProviderException" })
	void statusDecides(int status, String exception) {
		ProviderException ex = ProviderErrors.from(this.provider, status, ErrorBody.UNKNOWN, null, null);
		assertThat(ex.getClass().getSimpleName()).isEqualTo(exception);
		assertThat(ex.getStatus()).contains(status);
		assertThat(ex.getMessage()).contains("'acme'", "status " + status);
	}

	@ParameterizedTest
	@CsvSource({ "429, insufficient_quota, ", "429, , insufficient_quota", "400, billing_error, ",
			"400, , billing_hard_limit_reached", "402, ,", ", billing_error, ", "200, , 402" })
	void missingCreditIsNoRateLimit(@Nullable Integer status, @Nullable String type, @Nullable String code) {
		ProviderException ex = from(status, type, code);
		assertThat(ex).isExactlyInstanceOf(QuotaExceededException.class);
		assertThat(ex.isRetryable()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "500, overloaded_error", "529, overloaded_error", ", overloaded_error", "429, overloaded" })
	void overload(@Nullable Integer status, String type) {
		assertThat(from(status, type, null)).isExactlyInstanceOf(OverloadedException.class);
	}

	@Test
	void secretThatContainsAnotherIsMaskedWhole() {
		ProviderDefinition provider = TestProviders.of(new OpenAiChatProtocol(), "max_tokens", "sk-1",
				Map.of("X-Api-Key", "sk-1-and-more", "X-Password", "sesame"));
		ProviderException ex = ProviderErrors.from(provider, 401,
				new ProviderProtocol.ErrorBody(null, null, "sk-1-and-more, sk-1 and sesame", null), null, null);
		assertThat(ex.getProviderMessage()).contains("***, *** and ***");
	}

	@Test
	void keyThatTheProviderHasShortenedIsMaskedWhole() {
		ProviderDefinition provider = TestProviders.of(new OpenAiChatProtocol(), "max_tokens",
				"sk-proj-1234567890-abcd", Map.of());
		for (String shortened : new String[] { "sk-pr**************abcd.", "sk-proj-1\u2026abcd" }) {
			ProviderException ex = ProviderErrors.from(provider, 401, new ErrorBody(null, null,
					"Incorrect API key provided: " + shortened + " Find yours (sk-proj)", null), null, null);
			assertThat(ex.getProviderMessage()).contains("Incorrect API key provided: *** Find yours (sk-proj)");
		}
	}

	@Test
	void passwordThatBeginsWithASpaceIsMasked() {
		String basic = Base64.getEncoder().encodeToString("user: open sesame, please".getBytes(StandardCharsets.UTF_8));
		ProviderDefinition provider = TestProviders.of(new OpenAiChatProtocol(), "max_tokens", "key",
				Map.of("Authorization", "Basic " + basic));
		ProviderException ex = ProviderErrors.from(provider, 401,
				new ErrorBody(null, null, "Not open sesame, please, nor open*** but open doors", null), null, null);
		assertThat(ex.getProviderMessage()).contains("Not***, nor*** but open doors");
	}

	@Test
	void whatHeadersOfAnyNameHoldIsMasked() {
		ProviderDefinition provider = TestProviders.of(new OpenAiChatProtocol(), "max_tokens", "a\"b\\c",
				Map.of("X-Gateway", "0123456789abcdef", "Cookie", "session=fedcba9876543210; theme=dark", "X-Version",
						"2026-01-01", "Authorization", "Basic dXNlcjpvcGVuIHNlc2FtZQ=="));
		ProviderException ex = ProviderErrors.from(provider, 401, new ErrorBody(null, null,
				"0123456789abcdef, fedcba9876543210, open sesame, {\"key\":\"a\\\"b\\\\c\"}, 2026-01-01, dXNlcjpvcGVuIHNlc2FtZQ==",
				null), null, null);
		assertThat(ex.getProviderMessage()).contains("***, ***, ***, {\"key\":\"***\"}, 2026-01-01, ***");
	}

	@Test
	void codeDecidesInSuccess() {
		assertThat(from(null, null, "401")).isExactlyInstanceOf(AuthenticationException.class);
		assertThat(from(200, null, "400")).isExactlyInstanceOf(InvalidRequestException.class);
		assertThat(from(200, null, "408")).isExactlyInstanceOf(ProviderTimeoutException.class);
		assertThat(from(null, "server_error", "429")).isExactlyInstanceOf(RateLimitException.class);
		assertThat(from(null, null, "502")).isExactlyInstanceOf(ProviderUnavailableException.class);
		assertThat(from(null, null, "503")).isExactlyInstanceOf(OverloadedException.class);
	}

	@Test
	void typeDecidesInSuccess() {
		assertThat(from(null, "authentication_error", null)).isExactlyInstanceOf(AuthenticationException.class);
		assertThat(from(null, "invalid_request_error", null)).isExactlyInstanceOf(InvalidRequestException.class);
		assertThat(from(null, "BadRequestError", null)).isExactlyInstanceOf(InvalidRequestException.class);
		assertThat(from(null, "invalid_request_error", "rate_limit_exceeded"))
			.isExactlyInstanceOf(RateLimitException.class);
		assertThat(from(null, "rate_limit_error", null)).isExactlyInstanceOf(RateLimitException.class);
		assertThat(from(null, "api_error", "strange")).isExactlyInstanceOf(ProviderUnavailableException.class);
		assertThat(from(null, "strange", "stranger")).isExactlyInstanceOf(ProviderException.class);
		assertThat(from(null, null, null)).isExactlyInstanceOf(ProviderException.class);
	}

	@Test
	void typesOfGoogleDecideInSuccess() {
		assertThat(from(null, "UNAUTHENTICATED", null)).isExactlyInstanceOf(AuthenticationException.class);
		assertThat(from(null, "FAILED_PRECONDITION", null)).isExactlyInstanceOf(InvalidRequestException.class);
		assertThat(from(null, "NOT_FOUND", null)).isExactlyInstanceOf(InvalidRequestException.class);
		assertThat(from(null, "RESOURCE_EXHAUSTED", null)).isExactlyInstanceOf(RateLimitException.class);
		assertThat(from(null, "UNAVAILABLE", null)).isExactlyInstanceOf(OverloadedException.class);
		assertThat(from(null, "DEADLINE_EXCEEDED", null)).isExactlyInstanceOf(ProviderUnavailableException.class);
	}

	@Test
	void invalidKeyIsNoInvalidRequest() {
		assertThat(from(400, "INVALID_ARGUMENT", "API_KEY_INVALID")).isExactlyInstanceOf(AuthenticationException.class);
		assertThat(from(400, "INVALID_ARGUMENT", "400")).isExactlyInstanceOf(InvalidRequestException.class);
	}

	@Test
	void headersGoBeforeTheBodyInSayingHowLongToWait() {
		ErrorBody body = new ErrorBody(null, null, null, null, Duration.ofSeconds(9));
		assertThat(ProviderErrors.from(this.provider, 429, body, null, null).getRetryAfter())
			.contains(Duration.ofSeconds(9));
		assertThat(ProviderErrors.from(this.provider, 429, body, null, Duration.ofSeconds(1)).getRetryAfter())
			.contains(Duration.ofSeconds(1));
	}

	@Test
	void moderationIsNotAboutTheKey() {
		assertThat(from(403, ProviderErrors.MODERATION, "403")).isExactlyInstanceOf(InvalidRequestException.class);
	}

	@Test
	void redirectsAreExplained() {
		assertThat(from(302, null, null)).hasMessageContaining("redirect").hasMessageContaining("base URL");
	}

	@Test
	void keepsWhatIsKnown() {
		ProviderException ex = ProviderErrors.from(this.provider, 429,
				new ErrorBody("rate_limit_error", "rate_limit_exceeded", "You said: hello", "req_body"), "req_header",
				Duration.ofSeconds(7));
		assertThat(ex.getError().type()).isEqualTo("rate_limit_error");
		assertThat(ex.getError().code()).isEqualTo("rate_limit_exceeded");
		assertThat(ex.getProviderMessage()).contains("You said: hello");
		assertThat(ex.getRequestId()).contains("req_header");
		assertThat(ex.getRetryAfter()).contains(Duration.ofSeconds(7));
		assertThat(ex.getMessage()).contains("rate_limit_error", "rate_limit_exceeded", "req_header")
			.doesNotContain("hello");
	}

	@Test
	void requestIdOfTheBodyIsUsedWithoutOneInTheHeaders() {
		assertThat(ProviderErrors.from(this.provider, 500, new ErrorBody(null, null, null, "req_body"), null, null)
			.getRequestId()).contains("req_body");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "two words", "line\nbreak", "\u001b[31mred", "ключ", "{\"a\":1}",
			"12345678901234567890123456789012345678901234567890123456789012345" })
	void onlyShortWordsAreLogged(String word) {
		ProviderException ex = ProviderErrors.from(this.provider, 500, new ErrorBody(word, word, null, word), word,
				null);
		assertThat(ex.getError().type()).isNull();
		assertThat(ex.getError().code()).isNull();
		assertThat(ex.getRequestId()).isEmpty();
	}

	@Test
	void keysAreInNothing() {
		ProviderDefinition withHeaders = TestProviders.of(new OpenAiChatProtocol(), "max_tokens", TestProviders.API_KEY,
				Map.of("Proxy-Authorization", "Basic c2VjcmV0", "X-Title", "title"));
		ProviderException ex = ProviderErrors.from(withHeaders, 401,
				new ErrorBody("key:" + TestProviders.API_KEY, TestProviders.API_KEY,
						"Incorrect key " + TestProviders.API_KEY + " with c2VjcmV0 and title", TestProviders.API_KEY),
				null, null);
		assertThat(ex.getProviderMessage()).contains("Incorrect key *** with *** and title");
		assertThat(ex.getError().type()).isNull();
		assertThat(ex.getMessage() + ex.getError()).doesNotContain(TestProviders.API_KEY);
		assertThat(ex.getRequestId()).isEmpty();
	}

	@Test
	void anEmptyKeyMasksNothing() {
		ProviderDefinition withoutKey = TestProviders.of(new OpenAiChatProtocol(), "max_tokens", "", Map.of());
		assertThat(ProviderErrors.from(withoutKey, 500, new ErrorBody("api_error", null, "Oops", null), null, null)
			.getProviderMessage()).contains("Oops");
	}

	@Test
	void messagesAreBounded() {
		assertThat(ProviderErrors
			.from(this.provider, 500, new ErrorBody(null, null, "x".repeat(100_000), null), null, null)
			.getProviderMessage()
			.orElseThrow()).hasSize(8192);
	}

	private ProviderException from(@Nullable Integer status, @Nullable String type, @Nullable String code) {
		return ProviderErrors.from(this.provider, status, new ErrorBody(type, code, null, null), null, null);
	}

}
