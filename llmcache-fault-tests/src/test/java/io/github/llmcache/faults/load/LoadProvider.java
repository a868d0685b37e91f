package io.github.llmcache.faults.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.llmcache.testsupport.JavaProcess;

/**
 * A provider that answers thousands a second in a process of its own, each after a delay
 * of its own, and keeps nothing of what it was asked.
 */
final class LoadProvider {

	private static final String ANSWER = """
			{"id":"chatcmpl-%d","object":"chat.completion","created":1700000000,"model":"gpt-soak","choices":[{"index":0,\
			"message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}],\
			"usage":{"prompt_tokens":1000,"completion_tokens":500,"total_tokens":1500}}""";

	private final AtomicLong attempts = new AtomicLong();

	private final AtomicInteger running = new AtomicInteger();

	private final AtomicInteger mostRunning = new AtomicInteger();

	private final int shortestMillis;

	private final int longestMillis;

	private LoadProvider(int shortestMillis, int longestMillis) {
		this.shortestMillis = shortestMillis;
		this.longestMillis = longestMillis;
	}

	/**
	 * Says its port, and for each byte that it reads how many it has answered, and the
	 * most at the same time.
	 */
	public static void main(String... arguments) throws IOException {
		System.setProperty("sun.net.httpserver.nodelay", "true");
		System.setProperty("sun.net.httpserver.maxIdleConnections", "4096");
		LoadProvider provider = new LoadProvider(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 1024);
		server.setExecutor(Executors.newCachedThreadPool());
		server.createContext("/v1/chat/completions", provider::answer);
		server.start();
		JavaProcess.say(Integer.toString(server.getAddress().getPort()));
		while (System.in.read() != -1) {
			JavaProcess.say(provider.attempts + " " + provider.mostRunning);
		}
		Runtime.getRuntime().halt(0);
	}

	private void answer(HttpExchange exchange) {
		try (exchange) {
			this.mostRunning.accumulateAndGet(this.running.incrementAndGet(), Math::max);
			long question = SoakTexts
				.question(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
			long attempt = this.attempts.incrementAndGet();
			LockSupport.parkNanos(TimeUnit.MILLISECONDS
				.toNanos(ThreadLocalRandom.current().nextInt(this.shortestMillis, this.longestMillis + 1)));
			byte[] body = ANSWER.formatted(attempt, SoakTexts.answer(question, attempt))
				.getBytes(StandardCharsets.UTF_8);
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			// Before the answer, for who has it may ask again at once
			this.running.decrementAndGet();
			exchange.sendResponseHeaders(200, body.length);
			exchange.getResponseBody().write(body);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
