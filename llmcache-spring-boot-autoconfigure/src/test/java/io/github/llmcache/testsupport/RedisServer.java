package io.github.llmcache.testsupport;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis server on this machine, which keeps nothing on disk. It can be paused,
 * killed and started again at the same port.
 */
public final class RedisServer implements AutoCloseable {

	public static final String HOST = "127.0.0.1";

	/** In a cluster, nodes talk to each other at a port that is so much higher. */
	private static final int BUS_OFFSET = 10_000;

	private static final int MAX_PORT = 65_535;

	private static final String EXECUTABLE = extract();

	private final int port = freePort();

	private final List<String> options;

	private Process process;

	private RedisServer(List<String> options) {
		this.options = options;
		this.process = run();
	}

	/**
	 * Start a server.
	 * @param options settings in the form {@code --name value}
	 * @return the server, which accepts connections
	 */
	public static RedisServer start(String... options) {
		return new RedisServer(List.of(options));
	}

	public int port() {
		return this.port;
	}

	/**
	 * Stop the server where it is: it keeps its connections and answers nothing.
	 */
	public void pause() {
		signal("STOP");
	}

	/**
	 * Let the server go on where it was stopped.
	 */
	public void resume() {
		signal("CONT");
	}

	/**
	 * Kill the server. What it held is lost.
	 * @throws InterruptedException if the thread is interrupted
	 */
	public void kill() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
	}

	/**
	 * Start the server again, after it was killed.
	 */
	public void restart() {
		this.process = run();
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	private Process run() {
		List<String> command = new ArrayList<>(List.of(EXECUTABLE, "--port", String.valueOf(this.port), "--bind", HOST,
				"--save", "", "--appendonly", "no", "--daemonize", "no"));
		command.addAll(this.options);
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
			List<String> printed = new ArrayList<>();
			String line = output.readLine();
			while (line != null && !line.contains("Ready to accept connections")) {
				printed.add(line);
				line = output.readLine();
			}
			if (line == null) {
				throw new IllegalStateException("Redis did not start: " + printed);
			}
			Thread drain = new Thread(() -> output.lines().forEach((ignored) -> {
			}), "redis-output");
			drain.setDaemon(true);
			drain.setUncaughtExceptionHandler((thread, closed) -> {
			});
			drain.start();
			return process;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void signal(String name) {
		try {
			int exit = new ProcessBuilder("kill", "-" + name, String.valueOf(this.process.pid())).start().waitFor();
			if (exit != 0) {
				throw new IllegalStateException("kill -" + name + " failed");
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static String extract() {
		try {
			return ExecutableProvider.newJarResourceProvider().get().getAbsolutePath();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static int freePort() {
		int port = findFreePort();
		while (port > MAX_PORT - BUS_OFFSET) {
			port = findFreePort();
		}
		return port;
	}

	private static int findFreePort() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
