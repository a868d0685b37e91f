package io.github.llmcache.provider;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.github.llmcache.AuthenticationException;
import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.ProviderException;
import io.github.llmcache.ProviderTimeoutException;
import io.github.llmcache.RateLimitException;
import io.github.llmcache.provider.StandInProvider.ReceivedRequest;
import io.github.llmcache.provider.openai.OpenAiChatProtocol;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link BatchClient}, over real HTTP.
 */
class BatchClientTests {

	private static final int MAX_BYTES = 1000;

	private static final BatchClient.LineHandler NOBODY = new BatchClient.LineHandler() {

		@Override
		public void line(byte[] line, boolean complete) {
			// Whatever it is
		}

		@Override
		public void tooLong() {
			// Whatever it is
		}

	};

	private final StandInProvider standIn = StandInProvider.start();

	private final List<String> intercepted = new ArrayList<>();

	private final ClientHttpRequestInterceptor interceptor = (request, body, execution) -> {
		this.intercepted.add(request.getMethod() + " " + body.length);
		return execution.execute(request, body);
	};

	private final ProviderClient client = client(RestClient.builder());

	private final BatchClient batches = new BatchClient(this.client);

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	@AfterEach
	void close() {
		this.client.close();
		this.standIn.close();
	}

	@Test
	void objectsAreFetchedAndPosted() {
		this.standIn.enqueue(Reply.ok("{\"id\": 1}"), Reply.ok("{\"id\": 2}"), Reply.ok("{\"id\": 3}"));
		ProviderDefinition provider = provider(Duration.ofMinutes(1));
		assertThat(this.batches.get(provider, "batches?limit=2").path("id").intValue()).isOne();
		assertThat(this.batches.post(provider, "batches", WireJson.NODES.objectNode().put("a", "ü")).size()).isOne();
		this.batches.post(provider, "batches/x/cancel", null);
		ReceivedRequest get = this.standIn.requests().get(0);
		assertThat(get.method() + " " + get.path()).isEqualTo("GET /v1/batches?limit=2");
		assertThat(get.header("Authorization")).isEqualTo("Bearer " + StandInProvider.API_KEY);
		assertThat(get.header("X-Team")).isEqualTo("blue");
		assertThat(get.header("Content-Type")).isNull();
		ReceivedRequest post = this.standIn.requests().get(1);
		assertThat(post.method() + " " + post.path() + " " + post.text()).isEqualTo("POST /v1/batches {\"a\":\"ü\"}");
		assertThat(post.header("Content-Type")).isEqualTo("application/json");
		assertThat(this.standIn.lastRequest().body()).isEmpty();
		assertThat(this.standIn.lastRequest().header("Content-Length")).isEqualTo("0");
	}

	@Test
	void filesAreSentWithTheirLength() throws IOException {
		Path file = Files.writeString(this.directory.resolve("items"), "ü".repeat(100_000));
		this.standIn.enqueue(Reply.ok("{}"));
		this.batches.post(provider(Duration.ofMinutes(1)), "files", "text/x-items", new byte[] { '[' }, file,
				new byte[] { ']' });
		assertThat(this.standIn.lastRequest().text()).isEqualTo("[" + "ü".repeat(100_000) + "]");
		assertThat(this.standIn.lastRequest().header("Content-Length")).isEqualTo("200002");
		assertThat(this.standIn.lastRequest().header("Content-Type")).isEqualTo("text/x-items");
	}

	@Test
	void interceptorsOfTheApplicationSeeTheCalls() throws IOException {
		Path file = Files.writeString(this.directory.resolve("items"), "items");
		this.standIn.enqueue(Reply.ok("{}"), Reply.ok("a\nb\n"));
		try (ProviderClient client = client(RestClient.builder().requestInterceptor(this.interceptor))) {
			BatchClient batches = new BatchClient(client);
			batches.post(provider(Duration.ofMinutes(1)), "files", "text/x-items", new byte[1], file, new byte[1]);
			batches.readLines(provider(Duration.ofMinutes(1)), "files/x/content", NOBODY);
		}
		assertThat(this.intercepted).containsExactly("POST 7", "GET 0");
		assertThat(this.standIn.requests().get(0).body()).hasSize(7);
	}

	@Test
	void failuresAreOfTheTypeForTheReason() {
		ProviderDefinition provider = provider(Duration.ofMinutes(1));
		this.standIn.enqueue(Reply.openAiError(401, "invalid_request_error", "invalid_api_key", "no"),
				Reply.rateLimited("7"), Reply.ok("{\"a\": \"" + "x".repeat(MAX_BYTES) + "\"}"), Reply.ok("[]"),
				Reply.ok("{\"a\":1}").cutOffAfter(3), Reply.html(404));
		assertThatExceptionOfType(AuthenticationException.class).isThrownBy(() -> this.batches.get(provider, "x"));
		assertThatExceptionOfType(RateLimitException.class)
			.isThrownBy(() -> this.batches.readLines(provider, "x", NOBODY))
			.satisfies((ex) -> assertThat(ex.getRetryAfter()).contains(Duration.ofSeconds(7)));
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(MalformedResponseException.class)
				.isThrownBy(() -> this.batches.get(provider, "x"));
		}
		assertThatExceptionOfType(ProviderException.class)
			.isThrownBy(() -> this.batches.readLines(provider, "x", NOBODY))
			.satisfies((ex) -> assertThat(ex.getStatus()).contains(404));
	}

	@Test
	void linesAreHandedOverWhileTheyArriveAndWhatIsThrownEndsTheCall() {
		this.standIn.enqueue(Reply.status(200).body("text/plain", "line\n".repeat(1000)).endless());
		AtomicInteger lines = new AtomicInteger();
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(
				() -> this.batches.readLines(provider(Duration.ofMinutes(1)), "x", new Counter(lines, 100_000)));
		assertThat(lines).hasValue(100_000);
		await().until(() -> this.standIn.openConnectionCount() == 0);
	}

	@Test
	void timeWithoutABytesEndsTheCall() {
		this.standIn.enqueue(Reply.status(200).body("text/plain", "line\nline\n").stalledAfter(7));
		assertThatExceptionOfType(ProviderTimeoutException.class)
			.isThrownBy(() -> this.batches.readLines(provider(Duration.ofMillis(200)), "x", NOBODY));
	}

	@Test
	void interruptEndsTheCall() throws InterruptedException {
		AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
		Thread thread = readInBackground(failure);
		thread.interrupt();
		thread.join();
		assertThat(failure.get()).isInstanceOf(InferenceCancelledException.class);
		await().until(() -> this.standIn.openConnectionCount() == 0);
	}

	@Test
	void closingTheClientEndsTheCall() throws InterruptedException {
		AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
		Thread thread = readInBackground(failure);
		this.client.close();
		thread.join();
		assertThat(failure.get()).isInstanceOf(InferenceCancelledException.class);
		assertThatExceptionOfType(InferenceCancelledException.class)
			.isThrownBy(() -> this.batches.get(provider(Duration.ofMinutes(1)), "x"));
	}

	/**
	 * Read a response that stops in the middle.
	 */
	private Thread readInBackground(AtomicReference<@Nullable Throwable> failure) {
		this.standIn.enqueue(Reply.status(200).body("text/plain", "line\nline\n").stalledAfter(7));
		AtomicInteger lines = new AtomicInteger();
		Thread thread = new Thread(() -> {
			try {
				this.batches.readLines(provider(Duration.ofMinutes(1)), "x", new Counter(lines, 100));
			}
			catch (InferenceCancelledException ex) {
				failure.set(ex);
			}
		});
		thread.start();
		await().until(() -> lines.get() == 1);
		return thread;
	}

	private ProviderDefinition provider(Duration timeout) {
		return ProviderDefinition.builder("openai", List.of(new OpenAiChatProtocol()))
			.baseUrl(this.standIn.baseUrl().toString())
			.apiKey(StandInProvider.API_KEY)
			.headers(Map.of("X-Team", "blue"))
			.timeout(timeout)
			.build();
	}

	private static ProviderClient client(RestClient.Builder builder) {
		return new ProviderClient(() -> builder, ClientHttpRequestFactoryBuilder.jdk(), HttpClientSettings.defaults(),
				MAX_BYTES, Clock.systemUTC());
	}

	private record Counter(AtomicInteger lines, int limit) implements BatchClient.LineHandler {

		@Override
		public void line(byte[] line, boolean complete) {
			if (this.lines.incrementAndGet() == this.limit) {
				throw new IllegalStateException("enough");
			}
		}

		@Override
		public void tooLong() {
			throw new IllegalStateException();
		}

	}

}
