package io.github.llmcache.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.cluster.ClusterClientOptions;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Where Redis is: one server, or nodes of a cluster.
 *
 * @param nodes the servers; the first one says how to sign in, and whether with TLS
 */
record RedisAddress(List<RedisURI> nodes) {

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

	/**
	 * Read an address.
	 * @param text a URL, or several with commas between, of which only the first one
	 * needs to be more than {@code host:port}
	 * @throws CliException if it is none
	 */
	static RedisAddress parse(String text) {
		List<RedisURI> nodes = new ArrayList<>();
		for (String part : text.split(",", -1)) {
			String url = part.strip();
			try {
				nodes.add(RedisURI.create(url.contains("://") ? url : "redis://" + url));
			}
			catch (IllegalArgumentException ex) {
				// The cause quotes the address, and with it the password
				throw invalid();
			}
			String host = nodes.get(nodes.size() - 1).getHost();
			// What is no port is taken for a part of the name
			if (host == null || host.isEmpty() || host.contains(":") && !url.contains("[")) {
				throw invalid();
			}
		}
		return new RedisAddress(nodes);
	}

	private static CliException invalid() {
		return CliException.usage("--redis-url has to be like redis://host:6379/0, rediss://host:6379 or "
				+ "host1:6379,host2:6379; a password goes before the host");
	}

	/**
	 * Create connections, which are made with the first use.
	 * @param timeout how long to wait for an answer
	 * @return the connections, to be destroyed
	 */
	LettuceConnectionFactory connect(Duration timeout) {
		RedisURI first = this.nodes.get(0);
		SocketOptions socket = SocketOptions.builder().connectTimeout(CONNECT_TIMEOUT).build();
		ClientOptions options = (this.nodes.size() > 1)
				? ClusterClientOptions.builder().socketOptions(socket).autoReconnect(false).build()
				: ClientOptions.builder().socketOptions(socket).autoReconnect(false).build();
		LettuceClientConfigurationBuilder client = LettuceClientConfiguration.builder()
			.commandTimeout(timeout)
			.shutdownQuietPeriod(Duration.ZERO)
			.clientOptions(options);
		if (first.isSsl()) {
			client.useSsl();
		}
		LettuceConnectionFactory connections = new LettuceConnectionFactory(configuration(first), client.build());
		connections.afterPropertiesSet();
		connections.start();
		return connections;
	}

	private RedisConfiguration configuration(RedisURI first) {
		if (this.nodes.size() == 1) {
			return LettuceConnectionFactory.createRedisConfiguration(first);
		}
		RedisClusterConfiguration cluster = new RedisClusterConfiguration();
		this.nodes.forEach((node) -> cluster.addClusterNode(new RedisNode(node.getHost(), node.getPort())));
		var credentials = first.getCredentialsProvider().resolveCredentials().block();
		if (credentials != null && credentials.hasPassword()) {
			cluster.setUsername(credentials.getUsername());
			cluster.setPassword(RedisPassword.of(credentials.getPassword()));
		}
		return cluster;
	}

	/**
	 * Describe the address without the password.
	 */
	@Override
	public String toString() {
		return "Redis at "
				+ String.join(", ", this.nodes.stream().map((node) -> node.getHost() + ":" + node.getPort()).toList());
	}

}
