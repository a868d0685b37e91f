package io.github.llmcache.cli.testsupport;

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
 * A real Redis server on this machine, which keeps nothing on disk.
 */
public final class RedisServer implements AutoCloseable {

	private static final String HOST = "127.0.0.1";

	/** Below those that systems choose for connections. */
	private static final int FIRST_PORT = 11_000;

	private static final int END_PORT = 32_000;

	private static final int TRIES = 20;

	private final int port;

	private final Process process;

	private RedisServer(int port, List<String> options) throws IOException {
		this.port = port;
		this.process = run(options);
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

	private Process run(List<String> options) throws IOException {
		String executable = ExecutableProvider.newJarResourceProvider().get().getAbsolutePath();
		List<String> command = new ArrayList<>(List.of(executable, "--port", String.valueOf(this.port), "--bind", HOST,
				"--save", "", "--appendonly", "no", "--daemonize", "no"));
		command.addAll(options);
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
		return process;
	}

	public String url() {
		return "redis://" + HOST + ":" + this.port;
	}

	public int port() {
		return this.port;
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	private static int choosePort() {
		return ThreadLocalRandom.current().nextInt(FIRST_PORT, END_PORT);
	}

}
