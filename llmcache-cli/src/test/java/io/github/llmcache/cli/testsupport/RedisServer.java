package io.github.llmcache.cli.testsupport;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;

import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis server on this machine, which keeps nothing on disk.
 */
public final class RedisServer implements AutoCloseable {

	private static final String HOST = "127.0.0.1";

	private final int port;

	private final Process process;

	private RedisServer(int port, Process process) {
		this.port = port;
		this.process = process;
	}

	/**
	 * Start a server.
	 * @return the server, which accepts connections
	 */
	public static RedisServer start() {
		try {
			int port = freePort();
			String executable = ExecutableProvider.newJarResourceProvider().get().getAbsolutePath();
			Process process = new ProcessBuilder(executable, "--port", String.valueOf(port), "--bind", HOST, "--save",
					"", "--appendonly", "no", "--daemonize", "no")
				.redirectErrorStream(true)
				.start();
			BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
			String line = output.readLine();
			while (line != null && !line.contains("Ready to accept connections")) {
				line = output.readLine();
			}
			if (line == null) {
				throw new IllegalStateException("Redis did not start");
			}
			return new RedisServer(port, process);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public String url() {
		return "redis://" + HOST + ":" + this.port;
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
			return socket.getLocalPort();
		}
	}

}
