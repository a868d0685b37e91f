package io.github.llmcache.testsupport;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;

import static org.awaitility.Awaitility.await;

/**
 * A cluster of three masters on this machine.
 */
public final class RedisCluster implements AutoCloseable {

	private static final int MASTERS = 3;

	private static final int SLOTS = 16_384;

	private final List<RedisServer> servers = new ArrayList<>();

	private RedisCluster(Path directory) {
		for (int i = 0; i < MASTERS; i++) {
			this.servers.add(RedisServer.start("--cluster-enabled", "yes", "--cluster-config-file",
					directory.resolve("node-" + i + ".conf").toString()));
		}
	}

	/**
	 * Start a cluster.
	 * @param directory a folder for the nodes' own configuration
	 * @return the cluster, whose nodes know each other
	 */
	public static RedisCluster start(Path directory) {
		RedisCluster cluster = new RedisCluster(directory);
		RedisClient client = RedisClient.create();
		try {
			List<StatefulRedisConnection<String, String>> connections = new ArrayList<>();
			for (RedisServer server : cluster.servers) {
				connections.add(client.connect(RedisURI.create(RedisServer.HOST, server.port())));
			}
			for (int i = 0; i < MASTERS; i++) {
				RedisCommands<String, String> node = connections.get(i).sync();
				node.clusterAddSlots(IntStream.range(SLOTS * i / MASTERS, SLOTS * (i + 1) / MASTERS).toArray());
				// Otherwise nodes that agree too fast on nothing stay at odds
				node.clusterSetConfigEpoch(i + 1L);
			}
			for (RedisServer server : cluster.servers) {
				connections.get(0).sync().clusterMeet(RedisServer.HOST, server.port());
			}
			await().atMost(Duration.ofMinutes(1))
				.pollInterval(Duration.ofMillis(20))
				.until(() -> connections.stream().allMatch((connection) -> isReady(connection.sync())));
			return cluster;
		}
		finally {
			client.shutdown();
		}
	}

	private static boolean isReady(RedisCommands<String, String> node) {
		String info = node.clusterInfo();
		return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + MASTERS);
	}

	/**
	 * Return where the nodes are.
	 * @return addresses as {@code spring.data.redis.cluster.nodes} takes them
	 */
	public String nodes() {
		return this.servers.stream()
			.map((server) -> RedisServer.HOST + ":" + server.port())
			.collect(Collectors.joining(","));
	}

	@Override
	public void close() {
		this.servers.forEach(RedisServer::close);
	}

}
