package io.github.llmcache.faults;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * Answers requests and keeps their heads byte by byte, which any parser of HTTP would
 * make prettier than they are.
 */
final class HeadRecorder implements AutoCloseable {

	private static final String END = "\r\n\r\n";

	private final List<String> heads = new CopyOnWriteArrayList<>();

	private final ServerSocket server;

	private final Function<String, String> answers;

	private HeadRecorder(ServerSocket server, Function<String, String> answers) {
		this.server = server;
		this.answers = answers;
	}

	/**
	 * Start a server.
	 * @param answers gives the JSON of the answer to a head
	 * @return the server, which accepts connections
	 */
	static HeadRecorder start(Function<String, String> answers) {
		try {
			HeadRecorder recorder = new HeadRecorder(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")),
					answers);
			start(recorder::accept);
			return recorder;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "head-recorder");
		thread.setDaemon(true);
		thread.start();
	}

	int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Return what came before the bodies.
	 * @return the heads in the order in which they came, a byte a character
	 */
	List<String> heads() {
		return List.copyOf(this.heads);
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket connection = this.server.accept();
				start(() -> serve(connection));
			}
			catch (IOException ex) {
				// Closed
			}
		}
	}

	private void serve(Socket connection) {
		try (connection; InputStream in = new BufferedInputStream(connection.getInputStream())) {
			for (String head = readHead(in); !head.isEmpty(); head = readHead(in)) {
				this.heads.add(head);
				in.skipNBytes(length(head));
				byte[] answer = this.answers.apply(head).getBytes(StandardCharsets.UTF_8);
				String reply = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + answer.length
						+ END;
				connection.getOutputStream().write(reply.getBytes(StandardCharsets.US_ASCII));
				connection.getOutputStream().write(answer);
				connection.getOutputStream().flush();
			}
		}
		catch (IOException ex) {
			// The client has left
		}
	}

	private static String readHead(InputStream in) throws IOException {
		ByteArrayOutputStream head = new ByteArrayOutputStream();
		for (int next = in.read(); next >= 0; next = in.read()) {
			head.write(next);
			if (next == '\n' && head.toString(StandardCharsets.ISO_8859_1).endsWith(END)) {
				return head.toString(StandardCharsets.ISO_8859_1);
			}
		}
		return head.toString(StandardCharsets.ISO_8859_1);
	}

	/**
	 * Return how long the body is that follows a head.
	 */
	static long length(String head) {
		return head.lines()
			.map((line) -> line.toLowerCase(Locale.ROOT))
			.filter((line) -> line.startsWith("content-length:"))
			.mapToLong((line) -> Long.parseLong(line.substring("content-length:".length()).strip()))
			.findFirst()
			.orElse(0);
	}

	@Override
	public void close() {
		try {
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
