package io.github.llmcache.cli.safetytooling;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpServer;

/**
 * Counts the calls of a provider that nobody should call.
 */
final class CountingServer implements AutoCloseable {

	private final AtomicInteger calls = new AtomicInteger();

	private final HttpServer server;

	CountingServer() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/", (exchange) -> {
			this.calls.incrementAndGet();
			exchange.sendResponseHeaders(400, -1);
			exchange.close();
		});
		this.server.start();
	}

	int calls() {
		return this.calls.get();
	}

	/**
	 * Return the properties of a provider that is this server, with the entries of
	 * another endpoint.
	 */
	String[] provider(String name, String identity) {
		String prefix = "llmcache.providers." + name + ".";
		return new String[] { prefix + "base-url=http://127.0.0.1:" + this.server.getAddress().getPort() + "/" + name,
				prefix + "cache-identity=" + identity, prefix + "api-key=key" };
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
