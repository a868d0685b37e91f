package io.github.llmcache.testsupport;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;

import static org.awaitility.Awaitility.await;

/**
 * A cluster of three masters on this machine, with or without a replica each.
 */
public final class RedisCluster implements AutoCloseable {

	private static final int MASTERS = 3;

	private static final int SLOTS = 16_384;

	private final List<RedisServer> servers = new ArrayList<>();

	private RedisCluster(Path directory, int nodes, String... options) {
		for (int i = 0; i < nodes; i++) {
			// A replica writes down what it is sent, whatever is said of snapshots
			List<String> all = new ArrayList<>(List.of("--cluster-enabled", "yes", "--cluster-config-file",
					directory.resolve("node-" + i + ".conf").toString(), "--dir", directory.toString(), "--dbfilename",
					"node-" + i + ".rdb"));
			Collections.addAll(all, options);
			this.servers.add(RedisServer.start(all.toArray(String[]::new)));
		}
	}

	/**
	 * Start a cluster without replicas.
	 * @param directory a folder for the nodes' own configuration
	 * @return the cluster, whose nodes know each other
	 */
	public static RedisCluster start(Path directory) {
		return join(new RedisCluster(directory, MASTERS));
	}

	/**
	 * Start a cluster in which a replica takes over from a master that is gone.
	 * @param directory a folder for the nodes' own configuration
	 * @param nodeTimeout after which time a node is gone
	 * @return the cluster, whose replicas hold what their masters do
	 */
	public static RedisCluster startWithReplicas(Path directory, Duration nodeTimeout) {
		return join(new RedisCluster(directory, 2 * MASTERS, "--cluster-node-timeout",
				String.valueOf(nodeTimeout.toMillis()), "--cluster-replica-validity-factor", "0",
				"--repl-diskless-sync-delay", "0"));
	}

	private static RedisCluster join(RedisCluster cluster) {
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
			awaitAll(connections, (node) -> isReady(node, connections.size()));
			for (int i = MASTERS; i < connections.size(); i++) {
				connections.get(i).sync().clusterReplicate(connections.get(i - MASTERS).sync().clusterMyId());
			}
			awaitAll(connections.subList(MASTERS, connections.size()),
					(node) -> node.info("replication").contains("master_link_status:up"));
			return cluster;
		}
		finally {
			client.shutdown();
		}
	}

	private static void awaitAll(List<StatefulRedisConnection<String, String>> connections,
			Predicate<RedisCommands<String, String>> condition) {
		await().atMost(Duration.ofMinutes(2))
			.pollInterval(Duration.ofMillis(20))
			.until(() -> connections.stream().allMatch((connection) -> condition.test(connection.sync())));
	}

	private static boolean isReady(RedisCommands<String, String> node, int nodes) {
		String info = node.clusterInfo();
		return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + nodes);
	}

	/**
	 * Return the nodes.
	 * @return first the masters, as they were when the cluster was started, and then the
	 * replica of each
	 */
	public List<RedisServer> servers() {
		return List.copyOf(this.servers);
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
