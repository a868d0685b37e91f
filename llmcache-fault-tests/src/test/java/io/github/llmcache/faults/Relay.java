package io.github.llmcache.faults;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * A network between a client and a server that loses what a test wants to be lost.
 * Thread-safe.
 */
final class Relay implements AutoCloseable {

	private static final int BUFFER = 64 * 1024;

	private final ExecutorService threads = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "relay");
		thread.setDaemon(true);
		return thread;
	});

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private final AtomicInteger cuts = new AtomicInteger();

	private final ServerSocket server;

	private final int target;

	private volatile @Nullable Predicate<String> cutAfter;

	private volatile long delayMillis;

	private Relay(ServerSocket server, int target) {
		this.server = server;
		this.target = target;
	}

	/**
	 * Start a relay on a free port.
	 * @param target the port of the server
	 * @return the relay, which accepts connections
	 */
	static Relay start(int target) {
		try {
			Relay relay = new Relay(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), target);
			relay.threads.execute(relay::accept);
			return relay;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	int port() {
		return this.server.getLocalPort();
	}

	/**
	 * From now on, end a connection as soon as the server has replied to what the client
	 * sends, before the client gets the reply.
	 * @param what the requests, or {@code null} for none
	 */
	void cutAfter(@Nullable Predicate<String> what) {
		this.cutAfter = what;
	}

	/**
	 * Let each reply take longer.
	 * @param millis by how much
	 */
	void delay(long millis) {
		this.delayMillis = millis;
	}

	/**
	 * Return how many connections were ended.
	 * @return the number of connections
	 */
	int cuts() {
		return this.cuts.get();
	}

	/**
	 * End all connections.
	 */
	void cut() {
		this.sockets.forEach(Relay::close);
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket client = this.server.accept();
				Socket upstream = new Socket("127.0.0.1", this.target);
				client.setTcpNoDelay(true);
				upstream.setTcpNoDelay(true);
				this.sockets.add(client);
				this.sockets.add(upstream);
				Connection connection = new Connection(client, upstream);
				this.threads.execute(connection::requests);
				this.threads.execute(connection::replies);
			}
			catch (IOException ex) {
				// One of both is gone
			}
		}
	}

	private static void close(Closeable closeable) {
		try {
			closeable.close();
		}
		catch (IOException ex) {
			// It is of no use either way
		}
	}

	@Override
	public void close() {
		close(this.server);
		cut();
		this.threads.shutdownNow();
	}

	private final class Connection {

		private final Socket client;

		private final Socket upstream;

		private volatile boolean cut;

		private Connection(Socket client, Socket upstream) {
			this.client = client;
			this.upstream = upstream;
		}

		private void requests() {
			try {
				InputStream in = this.client.getInputStream();
				OutputStream out = this.upstream.getOutputStream();
				byte[] buffer = new byte[BUFFER];
				for (int read = in.read(buffer); read != -1; read = in.read(buffer)) {
					Predicate<String> what = Relay.this.cutAfter;
					if (what != null
							&& what.test(new String(Arrays.copyOf(buffer, read), StandardCharsets.ISO_8859_1))) {
						this.cut = true;
					}
					out.write(buffer, 0, read);
				}
			}
			catch (IOException ex) {
				// Ended by a side
			}
			end();
		}

		private void replies() {
			try {
				InputStream in = this.upstream.getInputStream();
				OutputStream out = this.client.getOutputStream();
				byte[] buffer = new byte[BUFFER];
				for (int read = in.read(buffer); read != -1; read = in.read(buffer)) {
					if (this.cut) {
						Relay.this.cuts.incrementAndGet();
						break;
					}
					if (Relay.this.delayMillis > 0) {
						Thread.sleep(Relay.this.delayMillis);
					}
					out.write(buffer, 0, read);
				}
			}
			catch (IOException ex) {
				// Ended by a side
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			end();
		}

		private void end() {
			for (Socket socket : new Socket[] { this.client, this.upstream }) {
				Relay.this.sockets.remove(socket);
				Relay.close(socket);
			}
		}

	}

}
