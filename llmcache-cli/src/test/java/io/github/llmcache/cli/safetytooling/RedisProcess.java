package io.github.llmcache.cli.safetytooling;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;

import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis server on this machine, which keeps nothing on disk.
 */
final class RedisProcess implements AutoCloseable {

	private final Process process;

	private final int port;

	RedisProcess() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			this.port = socket.getLocalPort();
		}
		this.process = new ProcessBuilder(ExecutableProvider.newJarResourceProvider().get().getAbsolutePath(), "--port",
				String.valueOf(this.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
			.redirectErrorStream(true)
			.start();
		BufferedReader output = this.process.inputReader(StandardCharsets.UTF_8);
		String line = output.readLine();
		while (line != null && !line.contains("Ready to accept connections")) {
			line = output.readLine();
		}
		if (line == null) {
			throw new IllegalStateException("Redis did not start");
		}
	}

	String uri() {
		return "redis://127.0.0.1:" + this.port;
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
