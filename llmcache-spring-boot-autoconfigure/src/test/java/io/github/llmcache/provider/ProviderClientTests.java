package io.github.llmcache.provider;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

import io.github.llmcache.AuthenticationException;
import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InferenceException;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.OverloadedException;
import io.github.llmcache.ProviderException;
import io.github.llmcache.ProviderTimeoutException;
import io.github.llmcache.ProviderUnavailableException;
import io.github.llmcache.QuotaExceededException;
import io.github.llmcache.RateLimitException;
import io.github.llmcache.provider.anthropic.AnthropicMessagesProtocol;
import io.github.llmcache.provider.openai.OpenAiChatProtocol;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ProviderClient}, over real HTTP.
 */
class ProviderClientTests {

	private static final String PROMPT = "a very secret prompt";

	private static final String ANSWER = "a very secret answer";

	private static final int MAX_RESPONSE_BYTES = 100_000;

	private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

	private static final List<ProviderProtocol> PROTOCOLS = List.of(new OpenAiChatProtocol(),
			new AnthropicMessagesProtocol());

	private final StandInProvider standIn = StandInProvider.start();

	private final List<ProviderClient> clients = new ArrayList<>();

	private final ProviderClient client = client(UnaryOperator.identity());

	@AfterEach
	void close() {
		this.clients.forEach(ProviderClient::close);
		this.standIn.close();
	}

	@Test
	void openAiAnswers() {
		ProviderDefinition provider = openAi().headers(Map.of("X-Team", "blue")).build();
		WireResponse response = this.client.call(provider, openAiRequest());
		assertThat(provider.protocol().read(response.body(), provider).usage()).isNotNull();
		assertThat(response.requestId()).isEqualTo("req_openai_1");
		assertThat(response.duration()).isPositive();
		StandInProvider.ReceivedRequest received = this.standIn.lastRequest();
		assertThat(received.method()).isEqualTo("POST");
		assertThat(received.path()).isEqualTo("/v1/chat/completions");
		assertThat(received.header("Content-Type")).isEqualTo("application/json");
		assertThat(received.header("Accept")).isEqualTo("application/json");
		assertThat(received.header("Authorization")).isEqualTo("Bearer " + StandInProvider.API_KEY);
		assertThat(received.header("X-Team")).isEqualTo("blue");
		assertThat(received.header("Content-Length")).isEqualTo(String.valueOf(received.body().length));
		assertThat(received.json()).isEqualTo(openAiRequest().body());
	}

	@Test
	void anthropicAnswers() {
		ProviderDefinition provider = provider("anthropic").build();
		WireResponse response = this.client.call(provider, anthropicRequest());
		assertThat(provider.protocol().read(response.body(), provider).samples()).hasSize(1);
		assertThat(response.requestId()).isEqualTo("req_anthropic_1");
		assertThat(this.standIn.lastRequest().path()).isEqualTo("/v1/messages");
		assertThat(this.standIn.lastRequest().header("x-api-key")).isEqualTo(StandInProvider.API_KEY);
	}

	@Test
	void bodyIsGivenAsItCame() {
		String body = " {\"a\":1.50, \"ü\":\"\\u00fc\"}\n";
		this.standIn.enqueue(Reply.ok(body).chunked());
		assertThat(this.client.call(openAi().build(), openAiRequest()).body())
			.isEqualTo(body.getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void configuredHeaderGoesBeforeThatOfTheProtocol() {
		this.standIn.acceptAnyKey();
		this.client.call(openAi().headers(Map.of("authorization", "Custom other")).build(), openAiRequest());
		assertThat(this.standIn.lastRequest().headers().get("authorization")).containsExactly("Custom other");
	}

	@ParameterizedTest
	@CsvSource({ "/v1,chat/completions", "/v1/,chat/completions", "/v1//,/chat/completions", "'',v1/chat/completions",
			"/,/v1/chat/completions" })
	void operationIsBelowTheBaseUrl(String basePath, String operation) {
		ProviderDefinition provider = openAi().baseUrl("http://127.0.0.1:" + this.standIn.port() + basePath).build();
		this.client.call(provider, new WireRequest(operation, openAiRequest().body(), "messages"));
		assertThat(this.standIn.lastRequest().path()).isEqualTo("/v1/chat/completions");
	}

	@Test
	void bracesInAUrlAreNoTemplate() {
		this.standIn.enqueue(Reply.ok("{}"));
		this.client.call(openAi().baseUrl(this.standIn.baseUrl() + "/%7Bname%7D%20x").build(), openAiRequest());
		assertThat(this.standIn.lastRequest().path()).isEqualTo("/v1/%7Bname%7D%20x/chat/completions");
	}

	@Test
	void plainHttpIsNotUpgraded() {
		this.client.call(openAi().build(), openAiRequest());
		assertThat(this.standIn.lastRequest().headers()).doesNotContainKeys("upgrade", "http2-settings",
				"transfer-encoding");
	}

	@Test
	void connectionIsUsedAgain() {
		for (int i = 0; i < 3; i++) {
			this.client.call(openAi().build(), openAiRequest());
		}
		assertThat(this.standIn.connectionCount()).isOne();
	}

	@Test
	void manyCallsAtTheSameTime() throws Exception {
		this.standIn.hold();
		ProviderDefinition provider = openAi().build();
		ExecutorService executor = Executors.newFixedThreadPool(64);
		try {
			List<Future<WireResponse>> calls = IntStream.range(0, 64)
				.mapToObj((i) -> executor.submit(() -> this.client.call(provider, openAiRequest())))
				.toList();
			await().until(() -> this.standIn.inFlight() == 64);
			this.standIn.release();
			for (Future<WireResponse> call : calls) {
				assertThat(call.get().body()).isNotEmpty();
			}
			assertThat(this.standIn.maxInFlight()).isEqualTo(64);
			assertThat(this.standIn.inFlight()).isZero();
		}
		finally {
			executor.shutdownNow();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "\ud83d", "\ude00", "a\ud83db", "\ude00\ud83d" })
	void halfACharacterIsAnInvalidRequest(String text) {
		ObjectNode body = openAiRequest().body().deepCopy();
		body.put(text, PROMPT);
		ObjectNode value = openAiRequest().body().deepCopy().put("user", PROMPT + text);
		for (ObjectNode invalid : List.of(body, value)) {
			InvalidRequestException ex = assertFails(InvalidRequestException.class,
					new WireRequest("chat/completions", invalid, "messages"));
			assertThat(ex).hasNoCause();
		}
		assertThat(this.standIn.requestCount()).isZero();
	}

	@Test
	void requestIsSentAsUtf8() {
		ObjectNode body = openAiRequest().body().deepCopy().put("user", "ü€😀\u0000\u2028");
		this.client.call(openAi().build(), new WireRequest("chat/completions", body, "messages"));
		assertThat(this.standIn.lastRequest().json()).isEqualTo(body);
	}

	@Test
	void errorsAreTyped() {
		assertFails(AuthenticationException.class, Reply.openAiError(401, "invalid_request_error", "invalid_api_key",
				"Incorrect API key provided: " + StandInProvider.API_KEY));
		assertFails(InvalidRequestException.class, Reply.openAiError(400, "invalid_request_error", null, ANSWER));
		assertFails(QuotaExceededException.class, Reply.openAiError(429, "insufficient_quota", null, ANSWER));
		assertFails(OverloadedException.class, Reply.html(503));
		assertFails(ProviderUnavailableException.class, Reply.status(500));
		assertFails(ProviderUnavailableException.class, Reply.json(502, "{not json " + ANSWER));
		assertFails(ProviderUnavailableException.class, Reply.json(500, "[".repeat(90_000)));
	}

	@Test
	void errorOfAnthropicIsRead() {
		this.standIn.enqueue(Reply.anthropicError(529, "overloaded_error", "Overloaded").header("request-id", "req_1"));
		assertThatExceptionOfType(OverloadedException.class)
			.isThrownBy(() -> this.client.call(provider("anthropic").build(), anthropicRequest()))
			.satisfies((ex) -> {
				assertThat(ex.getStatus()).contains(529);
				assertThat(ex.getRequestId()).contains("req_1");
				assertThat(ex.getError().type()).isEqualTo("overloaded_error");
			});
	}

	@Test
	void keyInTheProvidersWordsIsMasked() {
		AuthenticationException ex = assertFails(AuthenticationException.class,
				Reply.openAiError(401, "invalid_request_error", null, "No: " + StandInProvider.API_KEY + "!"));
		assertThat(ex.getProviderMessage()).contains("No: ***!");
	}

	@Test
	void errorWhoseBodyIsCutOffKeepsItsStatus() {
		String json = "{\"error\":{\"message\":\"" + ANSWER;
		RateLimitException ex = assertFails(RateLimitException.class,
				Reply.json(429, json).header("Retry-After", "7").cutOffAfter(10));
		assertThat(ex.getRetryAfter()).contains(Duration.ofSeconds(7));
		assertThat(ex.getStatus()).contains(429);
	}

	@Test
	void errorWhoseBodyNeverEndsKeepsItsStatus() {
		assertFails(OverloadedException.class, Reply.json(503, ANSWER.repeat(100)).endless());
		await().until(() -> this.standIn.abandonedCount() == 1);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			3                             | PT3S
			1.5                           | PT1.5S
			0                             | PT0S
			Thu, 01 Jan 2026 00:01:00 GMT | PT1M
			Wed, 31 Dec 2025 23:59:00 GMT | PT0S
			soon                          |
			-5                            |
			1e999999999                   |
			99999999999999999999          |
			""")
	void retryAfterIsRead(String header, Duration expected) {
		RateLimitException ex = assertFails(RateLimitException.class, Reply.rateLimited(header));
		assertThat(ex.getRetryAfter().orElse(null)).isEqualTo(expected);
	}

	@Test
	void retryAfterInMillisecondsGoesFirst() {
		RateLimitException ex = assertFails(RateLimitException.class,
				Reply.rateLimited("2").header("retry-after-ms", "1250.5"));
		assertThat(ex.getRetryAfter()).contains(Duration.ofNanos(1_250_500_000));
	}

	@ParameterizedTest
	@ValueSource(ints = { 301, 302, 303, 307, 308 })
	void redirectIsNotFollowed(int status) {
		try (StandInProvider other = StandInProvider.start()) {
			this.standIn.enqueue(Reply.redirect(status, other.baseUrl() + "/chat/completions"));
			ProviderClient following = new ProviderClient(RestClient::builder,
					ClientHttpRequestFactoryBuilder.jdk()
						.withHttpClientCustomizer((builder) -> builder.followRedirects(HttpClient.Redirect.ALWAYS)),
					HttpClientSettings.defaults().withRedirects(HttpRedirects.FOLLOW), MAX_RESPONSE_BYTES, CLOCK);
			this.clients.add(following);
			assertThatExceptionOfType(ProviderException.class)
				.isThrownBy(() -> following.call(openAi().build(), openAiRequest()))
				.withMessageContaining("redirect")
				.satisfies((ex) -> assertThat(ex.isRetryable()).isFalse());
			assertThat(other.requestCount()).isZero();
		}
	}

	@Test
	void successThatIsNoAnswerIsMalformed() {
		assertMalformed(Reply.html(200), "content type");
		assertMalformed(Reply.status(200).body("text/event-stream", "data: {}\n\n"), "content type");
		assertMalformed(Reply.status(200), "empty");
		assertMalformed(Reply.status(204), "empty");
		assertMalformed(Reply.ok("{}").header("Content-Encoding", "br"), "content encoding");
		assertMalformed(Reply.ok("{}").header("Content-Encoding", "gzip"), "gzip");
		assertMalformed(Reply.raw("SSH-2.0-OpenSSH_9.2 " + ANSWER + "\r\n"), "not HTTP");
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 099 X", "HTTP/1.1 000 X", "HTTP/1.1 -20 X", "HTTP/1.1 abc X", "HTTP/1.1",
			"HTTP/9.9 200 X" })
	void statusThatIsNoneIsMalformed(String statusLine) {
		assertMalformed(Reply.raw(statusLine + "\r\nContent-Length: 2\r\n\r\n{}"), "the response");
	}

	@ParameterizedTest
	@ValueSource(ints = { 304, 418, 600, 999 })
	void strangeStatusIsAnError(int status) {
		this.standIn.enqueue(Reply.json(status, "{}"));
		assertThatExceptionOfType(ProviderException.class)
			.isThrownBy(() -> this.client.call(openAi().build(), openAiRequest()))
			.satisfies(ProviderClientTests::assertSaysNothingSecret);
	}

	@Test
	void requestIdThatIsTheKeyIsLeftOut() {
		this.standIn.enqueue(Reply.ok("{}").header("x-request-id", StandInProvider.API_KEY));
		assertThat(this.client.call(openAi().build(), openAiRequest()).requestId()).isNull();
		assertMalformed(Reply.html(200).header("x-request-id", StandInProvider.API_KEY), "content type");
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/json; charset=utf-8", "APPLICATION/JSON", "application/vnd.api+json", "" })
	void contentTypesOfJsonAreAccepted(String contentType) {
		this.standIn.enqueue(Reply.status(200).body(contentType, "{}"));
		assertThat(this.client.call(openAi().build(), openAiRequest()).body()).hasSize(2);
	}

	@Test
	void bodyThatIsCutOffIsMalformed() {
		String json = "{\"text\":\"" + ANSWER.repeat(100) + "\"}";
		for (int bytes : new int[] { 0, 1, 500 }) {
			assertMalformed(Reply.ok(json).cutOffAfter(bytes), "cut off");
			assertMalformed(Reply.ok(json).chunked().cutOffAfter(bytes), "cut off");
		}
	}

	@Test
	void bodyThatNeverEndsStopsAtTheBound() {
		assertMalformed(Reply.ok(ANSWER.repeat(50)).endless(), "larger than 100000 bytes");
		await().until(() -> this.standIn.abandonedCount() == 1);
	}

	@Test
	void bodyUpToTheBoundIsAccepted() {
		this.standIn.enqueue(Reply.ok("1".repeat(MAX_RESPONSE_BYTES)),
				Reply.ok("1".repeat(MAX_RESPONSE_BYTES)).chunked());
		assertThat(this.client.call(openAi().build(), openAiRequest()).body()).hasSize(MAX_RESPONSE_BYTES);
		assertThat(this.client.call(openAi().build(), openAiRequest()).body()).hasSize(MAX_RESPONSE_BYTES);
		assertMalformed(Reply.ok("1".repeat(MAX_RESPONSE_BYTES + 1)), "larger than");
	}

	@Test
	void gzipIsDecodedUpToTheBound() {
		this.standIn.enqueue(Reply.ok("").body(gzip("{\"a\":1}")).header("Content-Encoding", "gzip"));
		assertThat(this.client.call(openAi().build(), openAiRequest()).body()).asString().isEqualTo("{\"a\":1}");
		byte[] bomb = gzip(" ".repeat(10 * MAX_RESPONSE_BYTES));
		assertThat(bomb).hasSizeLessThan(MAX_RESPONSE_BYTES);
		assertMalformed(Reply.ok("").body(bomb).header("Content-Encoding", "gzip"), "larger than");
		assertMalformed(Reply.ok("").body(bomb).header("Content-Encoding", "gzip").cutOffAfter(100), "cut off");
	}

	@ParameterizedTest
	@CsvSource({ "x-request-id,req_1", "request-id,req_1", "cf-ray,req_1" })
	void requestIdIsRead(String header, String id) {
		this.standIn.enqueue(Reply.ok("{}").header(header, id));
		assertThat(this.client.call(openAi().build(), openAiRequest()).requestId()).isEqualTo(id);
	}

	@Test
	void requestIdIsMadeHarmless() {
		this.standIn
			.enqueue(Reply.ok("{}").header("cf-ray", "proxy").header("x-request-id", "a b<c>;" + "x".repeat(1000)));
		assertThat(this.client.call(openAi().build(), openAiRequest()).requestId()).startsWith("abcxxx").hasSize(64);
		this.standIn.enqueue(Reply.ok("{}"));
		assertThat(this.client.call(openAi().build(), openAiRequest()).requestId()).isNull();
	}

	@Test
	void providerThatDoesNotAnswerTimesOut() {
		this.standIn.hold();
		ProviderTimeoutException ex = assertFails(ProviderTimeoutException.class,
				openAi().timeout(Duration.ofMillis(100)).build(), openAiRequest());
		assertThat(ex).hasMessageContaining("PT0.1S");
		await().until(() -> this.standIn.abandonedCount() == 1);
	}

	@Test
	void timeoutCoversTheBody() {
		this.standIn.enqueue(Reply.ok("{\"text\":\"" + ANSWER + "\"}").stalledAfter(5));
		assertFails(ProviderTimeoutException.class, openAi().timeout(Duration.ofMillis(300)).build(), openAiRequest());
		await().until(() -> this.standIn.abandonedCount() == 1);
	}

	@Test
	void providerThatIsNotThereIsUnavailable() throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0)) {
			port = socket.getLocalPort();
		}
		ProviderUnavailableException ex = assertFails(ProviderUnavailableException.class,
				openAi().baseUrl("http://127.0.0.1:" + port).build(), openAiRequest());
		assertThat(ex).hasMessageContaining("connected to");
	}

	@Test
	void hostThatIsNotKnownIsUnavailable() {
		ProviderUnavailableException ex = assertFails(ProviderUnavailableException.class,
				openAi().baseUrl("http://no-such-host.invalid").build(), openAiRequest());
		assertThat(ex).hasMessageContaining("host is not known");
	}

	@Test
	void providerWithoutTlsIsUnavailable() {
		ProviderUnavailableException ex = assertFails(ProviderUnavailableException.class,
				openAi().baseUrl("https://127.0.0.1:" + this.standIn.port()).build(), openAiRequest());
		assertThat(ex).hasMessageContaining("secure connection");
	}

	@Test
	void connectionThatBreaksIsUnavailable() {
		this.standIn.enqueue(Reply.disconnect());
		assertFails(ProviderUnavailableException.class, openAi().build(), openAiRequest());
		assertThat(this.standIn.requestCount()).isOne();
	}

	@Test
	void interruptEndsTheCallBeforeTheAnswer() throws Exception {
		this.standIn.hold();
		assertInterruptEndsTheCall();
	}

	@Test
	void interruptEndsTheCallWithinTheBody() throws Exception {
		this.standIn.enqueue(Reply.ok("{\"text\":\"" + ANSWER + "\"}").stalledAfter(5));
		assertInterruptEndsTheCall();
	}

	private void assertInterruptEndsTheCall() throws InterruptedException {
		AtomicReference<Throwable> failure = new AtomicReference<>();
		AtomicReference<Boolean> interrupted = new AtomicReference<>();
		Thread thread = new Thread(() -> {
			failure.set(catchThrowableOfType(InferenceException.class,
					() -> this.client.call(openAi().build(), openAiRequest())));
			interrupted.set(Thread.currentThread().isInterrupted());
		});
		thread.start();
		await().until(() -> this.standIn.inFlight() == 1);
		thread.interrupt();
		thread.join();
		assertThat(failure.get()).isInstanceOf(InferenceCancelledException.class);
		assertThat(interrupted.get()).isTrue();
		await().until(() -> this.standIn.abandonedCount() == 1);
		assertThat(this.standIn.inFlight()).isZero();
	}

	@Test
	void interruptedThreadSendsNothing() {
		Thread.currentThread().interrupt();
		InferenceException ex = catchThrowableOfType(InferenceException.class,
				() -> this.client.call(openAi().build(), openAiRequest()));
		assertThat(Thread.interrupted()).isTrue();
		assertThat(ex).isInstanceOf(InferenceCancelledException.class);
		assertThat(this.standIn.requestCount()).isZero();
	}

	@Test
	void closingEndsTheCalls() throws Exception {
		this.standIn.hold();
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try {
			Future<InferenceException> call = executor.submit(() -> catchThrowableOfType(InferenceException.class,
					() -> this.client.call(openAi().build(), openAiRequest())));
			await().until(() -> this.standIn.inFlight() == 1);
			this.client.close();
			assertThat(call.get()).isInstanceOf(InferenceCancelledException.class);
			await().until(() -> this.standIn.abandonedCount() == 1);
			assertThatExceptionOfType(InferenceCancelledException.class)
				.isThrownBy(() -> this.client.call(openAi().build(), openAiRequest()));
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void nothingIsBuiltBeforeTheFirstCallAndThenOnceForAProvider() {
		AtomicInteger built = new AtomicInteger();
		ProviderClient counting = client((builder) -> {
			built.incrementAndGet();
			return builder;
		});
		assertThat(built).hasValue(0);
		counting.call(openAi().build(), openAiRequest());
		counting.call(openAi().build(), openAiRequest());
		assertThat(built).hasValue(1);
		counting.call(provider("anthropic").build(), anthropicRequest());
		assertThat(built).hasValue(2);
	}

	@Test
	void builderOfTheApplicationIsNotChanged() {
		RestClient.Builder shared = RestClient.builder();
		ProviderClient sharing = new ProviderClient(() -> shared, ClientHttpRequestFactoryBuilder.jdk(),
				HttpClientSettings.defaults(), MAX_RESPONSE_BYTES, CLOCK);
		this.clients.add(sharing);
		sharing.call(openAi().timeout(Duration.ofMinutes(1)).build(), openAiRequest());
		this.standIn.enqueue(Reply.ok("1".repeat(2 * MAX_RESPONSE_BYTES)));
		String answer = shared.build().get().uri(this.standIn.baseUrl()).retrieve().body(String.class);
		assertThat(answer).hasSize(2 * MAX_RESPONSE_BYTES);
		assertThat(this.standIn.lastRequest().headers()).doesNotContainKey("authorization");
	}

	@Test
	void customizersOfTheApplicationDoNoHarm() {
		List<String> seen = new ArrayList<>();
		ProviderClient customized = client((builder) -> builder.baseUrl("http://localhost:1/elsewhere")
			.defaultHeader("Accept", "text/html")
			.defaultHeader("X-Application", "mine")
			.defaultStatusHandler((status) -> true, (request, response) -> {
				throw new IOException("handler must not be asked");
			})
			.configureMessageConverters((converters) -> {
				// None at all
			})
			.bufferContent((uri, method) -> true)
			.requestInterceptor((request, body, execution) -> {
				seen.add(new String(body, StandardCharsets.UTF_8));
				return execution.execute(request, body);
			}));
		WireResponse response = customized.call(openAi().build(), openAiRequest());
		assertThat(response.body()).isNotEmpty();
		assertThat(seen).singleElement().asString().contains(PROMPT);
		assertThat(this.standIn.lastRequest().header("X-Application")).isEqualTo("mine");
		assertThat(this.standIn.lastRequest().headers().get("accept")).containsExactly("application/json");
		this.standIn.enqueue(Reply.status(418), Reply.ok(ANSWER.repeat(100)).endless(),
				Reply.ok(ANSWER).cutOffAfter(2));
		assertThatExceptionOfType(ProviderException.class)
			.isThrownBy(() -> customized.call(openAi().build(), openAiRequest()))
			.satisfies((ex) -> assertThat(ex.getStatus()).contains(418));
		assertThatExceptionOfType(MalformedResponseException.class)
			.isThrownBy(() -> customized.call(openAi().build(), openAiRequest()))
			.withMessageContaining("larger than")
			.satisfies(ProviderClientTests::assertSaysNothingSecret);
		assertThatExceptionOfType(MalformedResponseException.class)
			.isThrownBy(() -> customized.call(openAi().build(), openAiRequest()))
			.withMessageContaining("cut off")
			.satisfies(ProviderClientTests::assertSaysNothingSecret);
	}

	@Test
	void callsAreObservedWithoutWhatTheySay() {
		List<Observation.Context> observed = new ArrayList<>();
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public void onStop(Observation.Context context) {
				observed.add(context);
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		});
		ProviderClient observing = client((builder) -> builder.observationRegistry(registry));
		observing.call(openAi().build(), openAiRequest());
		this.standIn.enqueue(Reply.openAiError(429, "requests", null, ANSWER), Reply.ok(ANSWER).cutOffAfter(2));
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(ProviderException.class)
				.isThrownBy(() -> observing.call(openAi().build(), openAiRequest()));
		}
		assertThat(observed).hasSize(3)
			.allSatisfy((context) -> assertThat(context.getName()).isEqualTo("http.client.requests"));
		assertThat(observed).extracting((context) -> String.valueOf(context.getLowCardinalityKeyValue("status")))
			.satisfiesExactly((status) -> assertThat(status).contains("200"),
					(status) -> assertThat(status).contains("429"), (status) -> assertThat(status).contains("200"));
		assertThat(observed.toString()).contains("/v1/chat/completions")
			.doesNotContain(StandInProvider.API_KEY)
			.doesNotContain("a very");
		assertThat(observed.get(0).getError()).isNull();
		assertThat(observed.subList(1, 3))
			.allSatisfy((context) -> assertSaysNothingSecret(Objects.requireNonNull(context.getError())));
	}

	@Test
	void closingLetsGoOfTheConnections() {
		this.client.call(openAi().build(), openAiRequest());
		this.client.call(provider("anthropic").build(), anthropicRequest());
		assertThat(this.standIn.openConnectionCount()).isEqualTo(2);
		this.client.close();
		// The JDK's clients before Java 21 end with the last reference to them
		await().until(() -> {
			System.gc();
			return this.standIn.openConnectionCount() == 0;
		});
	}

	@Test
	void interceptorThatFailsQuotesNothing() {
		ProviderClient failing = client((builder) -> builder.requestInterceptor((request, body, execution) -> {
			throw new IOException(new String(body, StandardCharsets.UTF_8) + request.getHeaders());
		}));
		assertThatExceptionOfType(ProviderUnavailableException.class)
			.isThrownBy(() -> failing.call(openAi().build(), openAiRequest()))
			.satisfies(ProviderClientTests::assertSaysNothingSecret);
		ProviderClient injecting = client((builder) -> builder.requestInterceptor((request, body, execution) -> {
			request.getHeaders().set("X-Bad", StandInProvider.API_KEY + "\r\nX-Evil: 1");
			return execution.execute(request, body);
		}));
		assertThatExceptionOfType(ProviderUnavailableException.class)
			.isThrownBy(() -> injecting.call(openAi().build(), openAiRequest()))
			.satisfies(ProviderClientTests::assertSaysNothingSecret);
		assertThat(this.standIn.requestCount()).isZero();
	}

	@Test
	void connectionThatTakesTooLongTimesOut() {
		ProviderClient connecting = client((builder) -> builder.requestInterceptor((request, body, execution) -> {
			throw new HttpConnectTimeoutException("HTTP connect timed out");
		}));
		assertThatExceptionOfType(ProviderTimeoutException.class)
			.isThrownBy(() -> connecting.call(openAi().connectTimeout(Duration.ofSeconds(5)).build(), openAiRequest()))
			.withMessageContaining("connected to within PT5S");
	}

	private void assertMalformed(Reply reply, String message) {
		MalformedResponseException ex = assertFails(MalformedResponseException.class, reply);
		assertThat(ex).hasMessageContaining(message).hasNoCause();
	}

	private <T extends ProviderException> T assertFails(Class<T> type, Reply reply) {
		this.standIn.enqueue(reply);
		return assertFails(type, openAi().build(), openAiRequest());
	}

	private <T extends ProviderException> T assertFails(Class<T> type, WireRequest request) {
		return assertFails(type, openAi().build(), request);
	}

	private <T extends ProviderException> T assertFails(Class<T> type, ProviderDefinition provider,
			WireRequest request) {
		T exception = catchThrowableOfType(type, () -> this.client.call(provider, request));
		assertThat(exception).isExactlyInstanceOf(type);
		assertThat(exception.getProvider()).isEqualTo("openai");
		assertSaysNothingSecret(exception);
		return exception;
	}

	private static void assertSaysNothingSecret(Throwable throwable) {
		StringWriter trace = new StringWriter();
		throwable.printStackTrace(new PrintWriter(trace));
		assertThat(trace.toString()).doesNotContain(StandInProvider.API_KEY)
			.doesNotContain("a very")
			.doesNotContain("secret prompt")
			.doesNotContain("secret answer");
	}

	private ProviderClient client(UnaryOperator<RestClient.Builder> customizer) {
		ProviderClient created = new ProviderClient(() -> customizer.apply(RestClient.builder()),
				ClientHttpRequestFactoryBuilder.jdk(), HttpClientSettings.defaults(), MAX_RESPONSE_BYTES, CLOCK);
		this.clients.add(created);
		return created;
	}

	private ProviderDefinitionBuilder openAi() {
		return provider("openai");
	}

	private ProviderDefinitionBuilder provider(String name) {
		return ProviderDefinition.builder(name, PROTOCOLS)
			.baseUrl(this.standIn.baseUrl().toString())
			.apiKey(StandInProvider.API_KEY);
	}

	private static WireRequest openAiRequest() {
		ObjectNode body = WireJson.NODES.objectNode().put("model", "gpt-4o-mini");
		body.putArray("messages").addObject().put("role", "user").put("content", PROMPT);
		return new WireRequest("chat/completions", body, "messages");
	}

	private static WireRequest anthropicRequest() {
		ObjectNode body = openAiRequest().body().put("max_tokens", 100);
		return new WireRequest("messages", body, "messages");
	}

	private static byte[] gzip(String text) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
			out.write(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes.toByteArray();
	}

}
