package io.github.llmcache.provider;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A provider on loopback that speaks real HTTP, as well or as badly as a test wants.
 * <p>
 * By default it answers OpenAI's chat completions, responses, completions, embeddings and
 * moderations, Anthropic's messages and Gemini's generateContent, the same request always
 * alike. Before that come, in this order: the replies of {@link #enqueue(Reply...)}, one
 * for each request, and then those of {@link #answer(Function)}. Any number of requests
 * are answered at the same time.
 */
public final class StandInProvider implements AutoCloseable {

	/** The key that is asked for, unless {@link #acceptAnyKey()}. */
	public static final String API_KEY = "sk-stand-in-0123456789";

	static final JsonMapper JSON = JsonMapper.shared();

	private final ServerSocket serverSocket;

	private final ExecutorService executor = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "stand-in-provider");
		thread.setDaemon(true);
		return thread;
	});

	private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

	private final AtomicInteger connectionCount = new AtomicInteger();

	private final Queue<Reply> replies = new ArrayDeque<>();

	private final List<ReceivedRequest> requests = new ArrayList<>();

	private final StandInAnswers answers = new StandInAnswers();

	private volatile @Nullable Function<ReceivedRequest, @Nullable Reply> answerer;

	private volatile Duration delay = Duration.ZERO;

	private volatile CountDownLatch gate = new CountDownLatch(0);

	private int inFlight;

	private int maxInFlight;

	private int abandonedCount;

	private StandInProvider(ServerSocket serverSocket) {
		this.serverSocket = serverSocket;
	}

	/**
	 * Start a stand-in on a free port.
	 * @return the stand-in, which accepts connections
	 */
	public static StandInProvider start() {
		return start(0);
	}

	/**
	 * Start a stand-in.
	 * @param port the port
	 * @return the stand-in, which accepts connections
	 */
	public static StandInProvider start(int port) {
		try {
			StandInProvider provider = new StandInProvider(
					new ServerSocket(port, 256, InetAddress.getByName("127.0.0.1")));
			provider.executor.execute(provider::acceptConnections);
			return provider;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the URL below which the operations are.
	 * @return the URL, such as {@code http://127.0.0.1:12345/v1}
	 */
	public URI baseUrl() {
		return URI.create("http://127.0.0.1:" + port() + "/v1");
	}

	public int port() {
		return this.serverSocket.getLocalPort();
	}

	/**
	 * Answer also without a key.
	 * @return this stand-in
	 */
	public StandInProvider acceptAnyKey() {
		this.answers.acceptAnyKey();
		return this;
	}

	/**
	 * Say in each default answer which call it is for, so that the same request is
	 * answered differently each time, as with a temperature.
	 * @return this stand-in
	 */
	public StandInProvider varyAnswers() {
		this.answers.vary();
		return this;
	}

	/**
	 * Let every reply take some time.
	 * @param delay the time before the first byte
	 * @return this stand-in
	 */
	public StandInProvider delay(Duration delay) {
		this.delay = delay;
		return this;
	}

	/**
	 * Reply to the next requests.
	 * @param replies the replies, one for each request
	 * @return this stand-in
	 */
	public StandInProvider enqueue(Reply... replies) {
		synchronized (this.replies) {
			Collections.addAll(this.replies, replies);
		}
		return this;
	}

	/**
	 * Reply to all requests from now on.
	 * @param answerer gives the reply, or {@code null} for the default one
	 * @return this stand-in
	 */
	public StandInProvider answer(Function<ReceivedRequest, @Nullable Reply> answerer) {
		this.answerer = answerer;
		return this;
	}

	/**
	 * Receive requests but reply to none, until {@link #release()}.
	 */
	public void hold() {
		this.gate = new CountDownLatch(1);
	}

	/**
	 * Reply to the requests that were held, and hold no more.
	 */
	public void release() {
		this.gate.countDown();
	}

	/**
	 * Return what was received.
	 * @return the requests in the order in which they came
	 */
	public List<ReceivedRequest> requests() {
		synchronized (this.requests) {
			return List.copyOf(this.requests);
		}
	}

	public ReceivedRequest lastRequest() {
		List<ReceivedRequest> all = requests();
		return all.get(all.size() - 1);
	}

	public int requestCount() {
		return requests().size();
	}

	/**
	 * Return how many requests are being replied to or held.
	 * @return the number of requests
	 */
	public int inFlight() {
		synchronized (this.requests) {
			return this.inFlight;
		}
	}

	public int maxInFlight() {
		synchronized (this.requests) {
			return this.maxInFlight;
		}
	}

	/**
	 * Return how many requests were left alone by the client before their reply ended.
	 * @return the number of requests
	 */
	public int abandonedCount() {
		synchronized (this.requests) {
			return this.abandonedCount;
		}
	}

	/**
	 * Return how many connections were opened.
	 * @return the number of connections, open or not
	 */
	public int connectionCount() {
		return this.connectionCount.get();
	}

	/**
	 * Return how many connections are open.
	 * @return the number of connections that no side has ended
	 */
	public int openConnectionCount() {
		return this.connections.size();
	}

	/**
	 * Forget what was received, and the replies that were not used.
	 */
	public void reset() {
		synchronized (this.replies) {
			this.replies.clear();
		}
		synchronized (this.requests) {
			this.requests.clear();
			this.maxInFlight = this.inFlight;
			this.abandonedCount = 0;
		}
		this.answerer = null;
		this.delay = Duration.ZERO;
		release();
	}

	@Override
	public void close() {
		try {
			this.serverSocket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.connections.forEach(StandInProvider::close);
		this.executor.shutdownNow();
	}

	private static void close(Socket connection) {
		try {
			connection.close();
		}
		catch (IOException ex) {
			// It is of no use either way
		}
	}

	private void acceptConnections() {
		while (!this.serverSocket.isClosed()) {
			try {
				Socket connection = this.serverSocket.accept();
				connection.setTcpNoDelay(true);
				this.connections.add(connection);
				this.connectionCount.incrementAndGet();
				this.executor.execute(() -> serve(connection));
			}
			catch (IOException ex) {
				// The client is gone already, or the stand-in is closed
			}
		}
	}

	/**
	 * Read one request after the other. While one is being replied to, the next byte is
	 * waited for, so that a client that goes away is noticed.
	 */
	private void serve(Socket connection) {
		try (connection) {
			PushbackInputStream in = new PushbackInputStream(new BufferedInputStream(connection.getInputStream()));
			OutputStream out = connection.getOutputStream();
			ReceivedRequest request = ReceivedRequest.read(in);
			while (request != null) {
				Exchange exchange = new Exchange(request);
				Future<?> replying = this.executor.submit(() -> reply(exchange, connection, out));
				int next = readQuietly(in);
				if (next == -1) {
					if (replying.cancel(true)) {
						exchange.abandon();
					}
					return;
				}
				in.unread(next);
				request = ReceivedRequest.read(in);
			}
		}
		catch (IOException ex) {
			// The client is gone
		}
		finally {
			this.connections.remove(connection);
		}
	}

	private static int readQuietly(InputStream in) {
		try {
			return in.read();
		}
		catch (IOException ex) {
			return -1;
		}
	}

	private void reply(Exchange exchange, Socket connection, OutputStream out) {
		try {
			this.gate.await();
			Thread.sleep(this.delay.toMillis());
			Reply reply = chooseReply(exchange.request, exchange.number);
			reply.awaitTurn();
			if (reply.isFinite()) {
				// Before the last byte: who has the whole reply finds the number right
				exchange.end();
			}
			if (!reply.writeTo(out)) {
				close(connection);
			}
		}
		catch (InterruptedException ex) {
			close(connection);
		}
		catch (IOException ex) {
			exchange.abandon();
			close(connection);
		}
		finally {
			exchange.end();
		}
	}

	private Reply chooseReply(ReceivedRequest request, int number) {
		synchronized (this.replies) {
			Reply next = this.replies.poll();
			if (next != null) {
				return next;
			}
		}
		Function<ReceivedRequest, @Nullable Reply> answerer = this.answerer;
		Reply reply = (answerer != null) ? answerer.apply(request) : null;
		return (reply != null) ? reply : this.answers.answer(request, number);
	}

	/**
	 * A request and what became of it. Client and reply can end it at the same time.
	 */
	private final class Exchange {

		private final ReceivedRequest request;

		private final int number;

		private boolean ended;

		private boolean abandoned;

		private Exchange(ReceivedRequest request) {
			this.request = request;
			StandInProvider provider = StandInProvider.this;
			synchronized (provider.requests) {
				provider.requests.add(request);
				this.number = provider.requests.size();
				provider.inFlight++;
				provider.maxInFlight = Math.max(provider.maxInFlight, provider.inFlight);
			}
		}

		private void end() {
			synchronized (StandInProvider.this.requests) {
				if (!this.ended) {
					this.ended = true;
					StandInProvider.this.inFlight--;
				}
			}
		}

		private void abandon() {
			synchronized (StandInProvider.this.requests) {
				end();
				if (!this.abandoned) {
					this.abandoned = true;
					StandInProvider.this.abandonedCount++;
				}
			}
		}

	}

	/**
	 * A request as it came.
	 *
	 * @param method the HTTP method
	 * @param path the path
	 * @param headers the headers, with names in lower case
	 * @param body the body
	 */
	public record ReceivedRequest(String method, String path, Map<String, List<String>> headers, byte[] body) {

		public @Nullable String header(String name) {
			List<String> values = this.headers.get(name.toLowerCase(Locale.ROOT));
			return (values != null) ? values.get(0) : null;
		}

		public String text() {
			return new String(this.body, StandardCharsets.UTF_8);
		}

		public JsonNode json() {
			return JSON.readTree(this.body);
		}

		/**
		 * Read the next request.
		 * @return the request, or {@code null} if there is none, or it is not HTTP
		 */
		private static @Nullable ReceivedRequest read(InputStream in) throws IOException {
			String requestLine = readLine(in);
			if (requestLine == null) {
				return null;
			}
			String[] parts = requestLine.split(" ");
			if (parts.length != 3) {
				return null;
			}
			Map<String, List<String>> headers = new LinkedHashMap<>();
			for (String line = readLine(in); line != null && !line.isEmpty(); line = readLine(in)) {
				int colon = line.indexOf(':');
				if (colon == -1) {
					return null;
				}
				headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), (name) -> new ArrayList<>())
					.add(line.substring(colon + 1).strip());
			}
			// Chunked requests are not for providers: some servers cannot read them
			int length = Integer.parseInt(headers.getOrDefault("content-length", List.of("0")).get(0));
			byte[] body = in.readNBytes(length);
			return (body.length == length) ? new ReceivedRequest(parts[0], parts[1], headers, body) : null;
		}

		private static @Nullable String readLine(InputStream in) throws IOException {
			ByteArrayOutputStream line = new ByteArrayOutputStream();
			for (int b = in.read(); b != '\n'; b = in.read()) {
				if (b == -1) {
					return null;
				}
				if (b != '\r') {
					line.write(b);
				}
			}
			return line.toString(StandardCharsets.ISO_8859_1);
		}

	}

}
