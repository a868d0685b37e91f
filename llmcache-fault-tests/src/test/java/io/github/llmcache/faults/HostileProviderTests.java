package io.github.llmcache.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.ProviderException;
import io.github.llmcache.provider.Reply;
import io.github.llmcache.provider.StandInProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a provider, or what stands in front of it, can answer that is no answer.
 */
class HostileProviderTests {

	private static final int MAX_ENTRY_SIZE = 1024 * 1024;

	private static final int MAX_ATTEMPTS = 2;

	/** Long enough for a whole answer on a busy machine. */
	private static final Duration TIMEOUT = Duration.ofSeconds(3);

	private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

	private static ApplicationContextRunner application(StandInProvider standIn, String directory) {
		return Applications.of(standIn)
			.withPropertyValues("llmcache.directory=" + directory, "llmcache.max-entry-size=" + MAX_ENTRY_SIZE + "B",
					"llmcache.providers.openai.timeout=" + TIMEOUT.toMillis() + "ms",
					"llmcache.retry.max-attempts=" + MAX_ATTEMPTS, "llmcache.retry.initial-interval=1ms",
					"llmcache.retry.max-interval=5ms");
	}

	@Test
	void nothingThatIsNoAnswerIsStoredAndTheNextCallWorks(@TempDir Path directory) {
		try (StandInProvider standIn = StandInProvider.start()) {
			Asker.answer(standIn);
			application(standIn, directory.toString()).run((context) -> {
				InferenceApi inference = context.getBean(InferenceApi.class);
				Map<String, Reply> replies = replies();
				List<String> problems = new ArrayList<>();
				long stored = 0;
				long thrown = 0;
				int number = 0;
				int most = 0;
				for (Map.Entry<String, Reply> reply : replies.entrySet()) {
					InferenceRequest question = Asker.question(number++);
					int before = standIn.requestCount();
					standIn.enqueue(copies(reply.getValue()));
					String problem = problem(inference, question);
					int attempts = standIn.requestCount() - before;
					most = Math.max(most, attempts);
					if (problem != null) {
						problems.add(reply.getKey() + ": " + problem);
						thrown++;
					}
					if (isCached(inference, question)) {
						problems.add(reply.getKey() + ": is stored");
						stored++;
					}
					// What has not been used of the replies is for nobody
					standIn.reset();
					Asker.answer(standIn);
					if (!inference.infer(question).text().contains("Question " + (number - 1))) {
						problems.add(reply.getKey() + ": the next call is answered with something else");
						stored++;
					}
				}
				await().atMost(Duration.ofMinutes(1)).until(() -> standIn.inFlight() == 0);
				Survival.of(Area.INPUT, "Providers that answer with something else than an answer")
					.count("kinds of answers", replies.size())
					.wrong(stored)
					.thrown(thrown)
					.record();
				assertThat(problems).isEmpty();
				assertThat(most).isEqualTo(MAX_ATTEMPTS);
			});
		}
	}

	private static Reply[] copies(Reply reply) {
		Reply[] copies = new Reply[MAX_ATTEMPTS];
		Arrays.fill(copies, reply);
		return copies;
	}

	private static @Nullable String problem(InferenceApi inference, InferenceRequest question) {
		try {
			inference.infer(question);
			return "was taken for an answer";
		}
		catch (ProviderException ex) {
			StringWriter trace = new StringWriter();
			ex.printStackTrace(new PrintWriter(trace));
			return trace.toString().contains(StandInProvider.API_KEY) || trace.toString().contains("SECRET")
					? "is quoted, or the key is" : null;
		}
		catch (RuntimeException ex) {
			return "threw " + ex;
		}
	}

	private static boolean isCached(InferenceApi inference, InferenceRequest question) {
		try {
			inference.infer(question.toBuilder().cacheControl(CacheControl.DEFAULT.withOnlyIfCached()).build());
			return true;
		}
		catch (CacheMissException ex) {
			return false;
		}
	}

	private static Map<String, Reply> replies() {
		String answer = Asker.completion("SECRET");
		Map<String, Reply> replies = new LinkedHashMap<>();
		replies.put("stalled", Reply.ok(answer).stalledAfter(10));
		replies.put("endless", Reply.ok("{\"a\":\"" + "SECRET".repeat(1000)).endless());
		replies.put("endless spaces", Reply.ok(" ".repeat(10_000)).endless());
		replies.put("endless events",
				Reply.status(200).body("text/event-stream", "data: {\"SECRET\":1}\n\n").endless());
		replies.put("endless HTML", Reply.html(200).endless());
		replies.put("endless error", Reply.json(500, "SECRET".repeat(1000)).endless());
		replies.put("cut off", Reply.ok(answer).cutOffAfter(20));
		replies.put("cut off at the beginning", Reply.ok(answer).cutOffAfter(0));
		replies.put("cut off before the last byte", Reply.ok(answer).cutOffAfter(answer.length() - 1));
		replies.put("chunks cut off", Reply.ok(answer).chunked().cutOffAfter(20));
		replies.put("chunks without an end", Reply.ok(answer).chunked().cutOffAfter(answer.length()));
		replies.put("nothing at all", Reply.disconnect());
		replies.put("length too short", raw(OK + "Content-Length: 20\r\n\r\n" + answer));
		replies.put("length that is none", raw(OK + "Content-Length: many\r\n\r\n" + answer));
		replies.put("negative length", raw(OK + "Content-Length: -5\r\n\r\n" + answer));
		replies.put("two lengths", raw(OK + "Content-Length: 5\r\nContent-Length: 7\r\n\r\n" + answer));
		replies.put("huge length", raw(OK + "Content-Length: 9223372036854775807\r\n\r\n" + answer));
		replies.put("length beyond numbers", raw(OK + "Content-Length: 99999999999999999999\r\n\r\n" + answer));
		replies.put("chunk of no size", raw(OK + "Transfer-Encoding: chunked\r\n\r\nSECRET\r\n" + answer));
		replies.put("chunk of a negative size", raw(OK + "Transfer-Encoding: chunked\r\n\r\n-5\r\n" + answer));
		replies.put("chunk of a huge size",
				raw(OK + "Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n" + answer));
		replies.put("status that is none", raw("HTTP/1.1 SECRET\r\n\r\n"));
		replies.put("status 000", raw("HTTP/1.1 000 No\r\nContent-Length: 0\r\n\r\n"));
		replies.put("status 1000", raw("HTTP/1.1 1000 No\r\nContent-Length: 0\r\n\r\n"));
		replies.put("another protocol", raw("SSH-2.0-SECRET\r\n"));
		replies.put("HTTP/2", raw("HTTP/2 200\r\nContent-Length: 0\r\n\r\n"));
		replies.put("preface of HTTP/2", raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
		replies.put("settings of HTTP/2", raw("\0\0\0\4\0\0\0\0\0"));
		replies.put("header that begins with a space", raw("HTTP/1.1 200 OK\r\n SECRET: 1\r\n\r\n"));
		replies.put("header with NUL", raw("HTTP/1.1 200 OK\r\nA\0B: SECRET\0\r\nContent-Length: 0\r\n\r\n"));
		for (String encoding : List.of("br", "deflate", "zstd", "compress", "gzip, gzip", "SECRET", "../x")) {
			replies.put("encoding " + encoding, Reply.ok(answer).header("Content-Encoding", encoding));
		}
		replies.put("gzip that is none", Reply.ok(answer).header("Content-Encoding", "gzip"));
		replies.put("gzip in gzip", Reply.ok(answer).zipped().zipped());
		replies.put("gzip that is a bomb",
				Reply.ok("{\"a\":\"" + "0".repeat(500 * MAX_ENTRY_SIZE / 10) + "\"}").zipped());
		replies.put("gzip error that is a bomb", Reply.json(400, " ".repeat(50 * MAX_ENTRY_SIZE)).zipped());
		replies.put("gzip cut off", Reply.ok(answer).zipped().cutOffAfter(30));
		for (String type : List.of("text/html", "image/png", "application/octet-stream", "text/event-stream",
				"application/xml", "application/jsonx", "SECRET", "application/json2; charset=utf-8", ";;;")) {
			replies.put("type " + type, Reply.status(200).body(type, answer));
		}
		for (String json : List.of("", " ", "null", "true", "1", "\"SECRET\"", "[]", "[" + answer + "]", "{}", "{",
				answer + answer, answer + ",", "\uFEFF", "NaN", "{\"choices\":null}", "{\"choices\":[]}",
				"{\"choices\":{}}", "{\"choices\":[null]}", "{\"choices\":[{}]}", "[".repeat(100_000),
				"{\"a\":".repeat(100_000), "{\"choices\":" + "[".repeat(5000) + "]".repeat(5000) + "}",
				"{\"n\":" + "9".repeat(200_000) + "}", "{\"a\":1e999999999}", answer.replace("}", "}//"),
				answer.replaceFirst("\\{", "{'a':1,"))) {
			replies.put("JSON " + json.substring(0, Math.min(40, json.length())) + " " + json.length(), Reply.ok(json));
		}
		replies.put("invalid UTF-8", invalid(answer, new byte[] { (byte) 0xC3, (byte) 0x28 }));
		replies.put("overlong UTF-8", invalid(answer, new byte[] { (byte) 0xC0, (byte) 0xAF }));
		replies.put("surrogates in UTF-8", invalid(answer, new byte[] { (byte) 0xED, (byte) 0xA0, (byte) 0x80 }));
		for (int status : List.of(204, 205, 300, 301, 302, 303, 304, 305, 307, 308, 310, 399, 400, 401, 402, 403, 404,
				405, 407, 408, 409, 411, 413, 418, 421, 422, 425, 426, 429, 431, 451, 499, 500, 501, 502, 503, 504, 505,
				507, 511, 529, 530, 599, 600, 999)) {
			replies.put("status " + status, Reply.json(status, answer));
		}
		replies.put("status 206", Reply.json(206, answer).header("Content-Range", "bytes 0-9/1000"));
		replies.put("status 101",
				raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: SECRET\r\nConnection: upgrade\r\n\r\n"));
		replies.put("status 100 and no more", raw("HTTP/1.1 100 Continue\r\n\r\n"));
		replies.put("retry never", Reply.json(429, "{}").header("Retry-After", "99999999999"));
		replies.put("retry in the year 9999",
				Reply.json(503, "{}").header("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT"));
		replies.put("retry before", Reply.json(503, "{}").header("Retry-After", "-1"));
		replies.put("many headers", raw("HTTP/1.1 200 OK\r\n" + "A: SECRET\r\n".repeat(100_000) + "\r\n"));
		replies.put("cookies", Reply.json(500, "{}").header("Set-Cookie", "a=SECRET; Path=/"));
		return replies;
	}

	private static Reply raw(String bytes) {
		return Reply.raw(bytes);
	}

	private static Reply invalid(String answer, byte[] bytes) {
		byte[] body = answer.replace("SECRET", "*".repeat(bytes.length)).getBytes(StandardCharsets.US_ASCII);
		int start = new String(body, StandardCharsets.US_ASCII).indexOf('*');
		System.arraycopy(bytes, 0, body, start, bytes.length);
		return Reply.ok("").body(body);
	}

	@Test
	void theKeyFollowsNoRedirect(@TempDir Path directory) {
		try (StandInProvider standIn = StandInProvider.start(); StandInProvider other = StandInProvider.start()) {
			Asker.answer(standIn);
			Asker.answer(other);
			application(standIn, directory.toString()).run((context) -> {
				InferenceApi inference = context.getBean(InferenceApi.class);
				List<String> locations = List.of(other.baseUrl() + "/chat/completions",
						"//127.0.0.1:" + other.port() + "/v1/chat/completions", "https://127.0.0.1:" + other.port(),
						"/v1/chat/completions", "", "../../other", "file:///etc/passwd", "http://a b c/", "\\\\host",
						"http://user:pass@127.0.0.1:" + other.port() + "/");
				long calls = 0;
				long thrown = 0;
				for (int status : List.of(301, 302, 303, 307, 308)) {
					for (String location : locations) {
						standIn.enqueue(Reply.redirect(status, location).header("Set-Cookie", "session=1"));
						thrown += (problem(inference, Asker.question(calls++)) == null) ? 0 : 1;
					}
				}
				inference.infer(Asker.question(calls));
				Survival.of(Area.INPUT, "Providers that redirect, to another host, port or scheme")
					.count("redirects", calls)
					.wrong(other.requestCount())
					.thrown(thrown)
					.record();
				assertThat(other.connectionCount()).isZero();
				assertThat(thrown).isZero();
				// Neither followed nor tried again
				assertThat(standIn.requestCount()).isEqualTo((int) calls + 1);
				assertThat(standIn.requests()).allSatisfy((request) -> {
					assertThat(request.path()).isEqualTo("/v1/chat/completions");
					assertThat(request.headers()).doesNotContainKey("cookie");
				});
			});
		}
	}

	@Test
	void answersWithoutAnEndAreEndedWithinTheTimeout(@TempDir Path directory) {
		List<Endless> all = List.of(new Endless("status line", "HTTP/1.1 200 ", "a".repeat(8192)),
				new Endless("headers", "HTTP/1.1 200 OK\r\n", "A: " + "b".repeat(1000) + "\r\n"),
				new Endless("one header", "HTTP/1.1 200 OK\r\nA: ", "b".repeat(8192)),
				new Endless("interim responses", "", "HTTP/1.1 100 Continue\r\n\r\n"),
				new Endless("hints", "", "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n"),
				new Endless("body", OK + "\r\n", " ".repeat(8192)),
				new Endless("chunks", OK + "Transfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n".repeat(1000)),
				new Endless("size of a chunk", OK + "Transfer-Encoding: chunked\r\n\r\n", "0".repeat(8192)),
				new Endless("extension of a chunk", OK + "Transfer-Encoding: chunked\r\n\r\n1;", "a".repeat(8192)),
				new Endless("trailers", OK + "Transfer-Encoding: chunked\r\n\r\n0\r\n",
						"A: " + "b".repeat(1000) + "\r\n"),
				new Endless("gzip", OK + "Content-Encoding: gzip\r\n\r\n", "\u001f\u008b".repeat(4096)));
		List<String> problems = new ArrayList<>();
		for (boolean slow : new boolean[] { false, true }) {
			for (Endless endless : all) {
				try (EndlessServer server = new EndlessServer(endless, slow);
						StandInProvider unused = StandInProvider.start()) {
					application(unused, directory.toString())
						.withPropertyValues(
								"llmcache.providers.openai.base-url=http://127.0.0.1:" + server.port() + "/v1",
								"llmcache.retry.max-attempts=1", "llmcache.providers.openai.timeout=1s")
						.run((context) -> {
							String problem = problem(context.getBean(InferenceApi.class), Asker.question(0));
							if (problem != null) {
								problems.add(endless.what() + ": " + problem);
							}
						});
				}
			}
		}
		Survival.of(Area.INPUT, "Providers whose answers never end, fast and byte by byte")
			.count("kinds of answers", 2L * all.size())
			.thrown(problems.size())
			.record();
		assertThat(problems).isEmpty();
	}

	private record Endless(String what, String begin, String again) {
	}

	/**
	 * Answers every request with something that has no end.
	 */
	private static final class EndlessServer implements AutoCloseable {

		private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

		private final ServerSocket server;

		private final Endless endless;

		private final boolean slow;

		private EndlessServer(Endless endless, boolean slow) {
			this.endless = endless;
			this.slow = slow;
			try {
				this.server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			start(this::accept);
		}

		private static void start(Runnable task) {
			Thread thread = new Thread(task, "endless-server");
			thread.setDaemon(true);
			thread.start();
		}

		private int port() {
			return this.server.getLocalPort();
		}

		private void accept() {
			while (!this.server.isClosed()) {
				try {
					Socket connection = this.server.accept();
					this.connections.add(connection);
					start(() -> serve(connection));
				}
				catch (IOException ex) {
					// Closed
				}
			}
		}

		private void serve(Socket connection) {
			try (connection) {
				BufferedReader in = new BufferedReader(
						new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
				for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
					// The body stays where it is
				}
				OutputStream out = connection.getOutputStream();
				out.write(this.endless.begin().getBytes(StandardCharsets.ISO_8859_1));
				byte[] again = this.endless.again().getBytes(StandardCharsets.ISO_8859_1);
				for (int i = 0;; i = (i + 1) % again.length) {
					if (this.slow) {
						out.write(again, i, 1);
						Thread.sleep(10);
					}
					else {
						out.write(again);
					}
				}
			}
			catch (IOException ex) {
				// The client has left
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			finally {
				this.connections.remove(connection);
			}
		}

		@Override
		public void close() {
			try {
				this.server.close();
				for (Socket connection : this.connections) {
					connection.close();
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
