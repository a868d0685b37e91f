package io.github.llmcache.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A provider for those who have no key: a server on loopback that speaks OpenAI's chat
 * completions protocol. Its answers are canned and the same for the same question; its
 * delays and token counts are real.
 */
final class StandInProvider implements AutoCloseable {

	/** The id of the only model that it has. */
	static final String MODEL = "stand-in";

	private static final String PATH = "/v1/chat/completions";

	private static final int MAX_BODY = 1024 * 1024;

	/** How much more of a body that is too large is read, and thrown away. */
	private static final int MAX_REST = 8 * 1024 * 1024;

	private static final int THREADS = 64;

	private final JsonMapper jsonMapper = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	private final StandInCompletions completions = new StandInCompletions(this.jsonMapper);

	private final AtomicLong calls = new AtomicLong();

	private final HttpServer server;

	private final ExecutorService executor = Executors.newFixedThreadPool(THREADS, StandInProvider::thread);

	private StandInProvider(HttpServer server) {
		this.server = server;
	}

	/**
	 * Start a stand-in on a free port.
	 * @return the stand-in
	 */
	static StandInProvider start() {
		try {
			InetAddress loopback = InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 });
			StandInProvider provider = new StandInProvider(
					HttpServer.create(new InetSocketAddress(loopback, 0), THREADS));
			provider.server.createContext("/", provider::handle);
			provider.server.setExecutor(provider.executor);
			provider.server.start();
			return provider;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The stand-in cannot listen on 127.0.0.1", ex);
		}
	}

	private static Thread thread(Runnable task) {
		Thread thread = new Thread(task, "stand-in");
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * Return where it listens.
	 * @return the URL, without a path
	 */
	URI url() {
		return URI.create("http://127.0.0.1:" + this.server.getAddress().getPort());
	}

	/**
	 * Return how many completions it was asked for, answered or not.
	 * @return the number of calls
	 */
	long calls() {
		return this.calls.get();
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.executor.shutdownNow();
	}

	private void handle(HttpExchange exchange) throws IOException {
		try (exchange) {
			if (!PATH.equals(exchange.getRequestURI().getPath())) {
				sendError(exchange, new StandInException(404, "unknown_url", "There is only " + PATH));
			}
			else if (!"POST".equals(exchange.getRequestMethod())) {
				exchange.getResponseHeaders().set("Allow", "POST");
				sendError(exchange, new StandInException(405, "method_not_allowed", "Use POST"));
			}
			else {
				complete(exchange, this.calls.incrementAndGet());
			}
		}
	}

	private void complete(HttpExchange exchange, long number) throws IOException {
		exchange.getResponseHeaders().set("x-request-id", "req-" + number);
		try {
			ObjectNode completion = this.completions.complete(read(exchange), "chatcmpl-" + number);
			send(exchange, 200, completion);
		}
		catch (StandInException ex) {
			sendError(exchange, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			sendError(exchange, new StandInException(503, "shutting_down", "The stand-in is shutting down"));
		}
	}

	private JsonNode read(HttpExchange exchange) throws IOException {
		byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
		if (body.length > MAX_BODY) {
			// Who still sends when the connection is closed does not get the answer
			exchange.getRequestBody().readNBytes(MAX_REST);
			throw new StandInException(413, "too_large", "The body is larger than " + MAX_BODY + " bytes");
		}
		try {
			return this.jsonMapper.readTree(body);
		}
		catch (JacksonException ex) {
			throw new StandInException(400, "invalid_json", "The body is not JSON");
		}
	}

	private void sendError(HttpExchange exchange, StandInException ex) throws IOException {
		ObjectNode body = this.jsonMapper.createObjectNode();
		body.putObject("error")
			.put("message", ex.getMessage())
			.put("type", "invalid_request_error")
			.putNull("param")
			.put("code", ex.getCode());
		send(exchange, ex.getStatus(), body);
	}

	private void send(HttpExchange exchange, int status, ObjectNode body) throws IOException {
		byte[] bytes = this.jsonMapper.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("Content-Type", "application/json");
		if ("HEAD".equals(exchange.getRequestMethod())) {
			exchange.sendResponseHeaders(status, -1);
			return;
		}
		exchange.sendResponseHeaders(status, bytes.length);
		exchange.getResponseBody().write(bytes);
	}

}
