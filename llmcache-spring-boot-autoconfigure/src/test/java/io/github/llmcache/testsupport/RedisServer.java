package io.github.llmcache.testsupport;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis server on this machine, which keeps nothing on disk. It can be paused,
 * killed and started again at the same port.
 */
public final class RedisServer implements AutoCloseable {

	public static final String HOST = "127.0.0.1";

	/**
	 * Below the ports that systems choose for connections, also the one that is 10,000
	 * higher, at which the nodes of a cluster talk to each other: while a server is down,
	 * nobody takes its port.
	 */
	private static final int FIRST_PORT = 11_000;

	private static final int END_PORT = 22_000;

	private static final int TRIES = 20;

	private static final String EXECUTABLE = extract();

	private final int port;

	private final List<String> options;

	private Process process;

	private RedisServer(int port, List<String> options) throws IOException {
		this.port = port;
		this.options = options;
		this.process = run();
	}

	/**
	 * Start a server.
	 * @param options settings in the form {@code --name value}
	 * @return the server, which accepts connections
	 */
	public static RedisServer start(String... options) {
		try {
			for (int i = 1; i < TRIES; i++) {
				try {
					return new RedisServer(choosePort(), List.of(options));
				}
				catch (BindException ex) {
					// Somebody else has that port
				}
			}
			return new RedisServer(choosePort(), List.of(options));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public int port() {
		return this.port;
	}

	public String url() {
		return "redis://" + HOST + ":" + this.port;
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
		try {
			this.process = run();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	private Process run() throws IOException {
		List<String> command = new ArrayList<>(List.of(EXECUTABLE, "--port", String.valueOf(this.port), "--bind", HOST,
				"--save", "", "--appendonly", "no", "--daemonize", "no"));
		command.addAll(this.options);
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
		List<String> printed = new ArrayList<>();
		String line = output.readLine();
		while (line != null && !line.contains("Ready to accept connections")) {
			printed.add(line);
			line = output.readLine();
		}
		if (line == null) {
			String message = "Redis did not start: " + printed;
			if (message.contains("Address already in use")) {
				throw new BindException(message);
			}
			throw new IllegalStateException(message);
		}
		Thread drain = new Thread(() -> output.lines().forEach((ignored) -> {
		}), "redis-output");
		drain.setDaemon(true);
		drain.setUncaughtExceptionHandler((thread, closed) -> {
		});
		drain.start();
		return process;
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

	private static int choosePort() {
		return ThreadLocalRandom.current().nextInt(FIRST_PORT, END_PORT);
	}

}
