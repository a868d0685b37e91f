package io.github.llmcache.benchmarks.contender;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

import redis.embedded.RedisServer;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A Redis server on this machine, which keeps nothing on disk, and a connection to it.
 */
public final class LocalRedis implements AutoCloseable {

	private final RedisServer server;

	private final LettuceConnectionFactory connections;

	/**
	 * Start a server.
	 * @throws IOException if that fails
	 */
	public LocalRedis() throws IOException {
		int port = freePort();
		this.server = RedisServer.newRedisServer().port(port).setting("save \"\"").setting("appendonly no").build();
		this.server.start();
		this.connections = new LettuceConnectionFactory("127.0.0.1", port);
		this.connections.afterPropertiesSet();
		this.connections.start();
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	public RedisConnectionFactory connections() {
		return this.connections;
	}

	@Override
	public void close() throws IOException {
		this.connections.destroy();
		this.server.stop();
	}

}
