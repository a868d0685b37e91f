package io.github.llmcache.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.provider.StandInProvider;
import io.github.llmcache.testsupport.RedisCluster;
import io.github.llmcache.testsupport.RedisServer;
import io.lettuce.core.MigrateArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Takes masters away from a cluster, and moves what they hold, in the middle of calls:
 * every question is answered, rightly, and the cluster is used again as soon as it can
 * be.
 */
@SuppressWarnings("NullAway.Init")
class RedisClusterFaultTests {

	private static final Duration LONGEST = Duration.ofMinutes(3);

	private static final int KNOWN = 60;

	private static final int THREADS = 4;

	private static final int MASTERS = 3;

	private final Map<Integer, RedisCommands<String, String>> connections = new HashMap<>();

	@TempDir
	private Path directory;

	private StandInProvider standIn;

	private RedisClient client;

	@BeforeEach
	void start() {
		this.standIn = StandInProvider.start();
		Asker.answer(this.standIn);
		this.client = RedisClient.create();
	}

	@AfterEach
	void stop() {
		this.client.shutdown();
		this.standIn.close();
	}

	private ApplicationContextRunner application(RedisCluster cluster) {
		return Applications.onRedis(this.standIn, 1000)
			.withPropertyValues("spring.data.redis.cluster.nodes=" + cluster.nodes());
	}

	private RedisCommands<String, String> redis(RedisServer server) {
		return Objects.requireNonNull(this.connections.computeIfAbsent(server.port(),
				(port) -> this.client.connect(RedisURI.create(RedisServer.HOST, port)).sync()));
	}

	@Test
	void replicasTakeOverFromMastersThatAreKilled() {
		int rounds = Scale.of(3, 1);
		try (RedisCluster cluster = RedisCluster.startWithReplicas(this.directory, Duration.ofSeconds(2))) {
			application(cluster).run((context) -> {
				Asker asker = new Asker(context.getBean(InferenceApi.class), Duration.ofMinutes(1));
				CacheManager cache = context.getBean(CacheManager.class);
				LongStream.range(0, KNOWN).forEach(asker::ask);
				AtomicLong next = new AtomicLong(KNOWN);
				List<Long> fresh = new ArrayList<>();
				long lost = 0;
				long lostFresh = 0;
				AtomicBoolean told = new AtomicBoolean();
				for (int round = 0; round < rounds; round++) {
					RedisServer master = cluster.servers().get(round % MASTERS);
					RedisServer replica = cluster.servers().get(round % MASTERS + MASTERS);
					await().atMost(LONGEST).until(() -> hasAll(replica, master));
					long firstFresh = next.get();
					AtomicBoolean ended = new AtomicBoolean();
					List<Thread> askers = ask(asker, next, ended,
							() -> told.compareAndSet(false, !cache.health().isUp()));
					await().atMost(LONGEST).until(() -> next.get() > firstFresh + 50);
					long lastFresh = next.get() - THREADS;
					master.kill();
					await().atMost(LONGEST).until(() -> isMaster(replica));
					await().atMost(LONGEST).until(() -> isUsed(asker, next, cache));
					ended.set(true);
					for (Thread thread : askers) {
						thread.join();
					}
					lost += LongStream.range(0, KNOWN).filter((number) -> !asker.isCached(number)).count();
					LongStream.range(firstFresh, lastFresh).forEach(fresh::add);
					lostFresh += LongStream.range(firstFresh, lastFresh)
						.filter((number) -> !asker.isCached(number))
						.count();
					master.restart();
					await().atMost(LONGEST).ignoreExceptions().until(() -> isReplica(master));
				}
				Survival.of(Area.REDIS, "Masters of a cluster killed, and replaced by their replicas")
					.count("kills", rounds)
					.count("calls", asker.calls())
					.count("questions asked right before", fresh.size())
					.count("of them not answered by the replica", lostFresh)
					.lost(lost)
					.wrong(asker.wrong())
					.thrown(asker.thrown())
					.record();
				assertThat(asker.thrown()).isZero();
				assertThat(asker.wrong()).isZero();
				assertThat(lost).isZero();
				assertThat(told).isTrue();
			});
		}
	}

	private static List<Thread> ask(Asker asker, AtomicLong next, AtomicBoolean ended, Runnable afterwards) {
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			Thread thread = new Thread(() -> {
				for (long number = 0; !ended.get(); number = (number + 1) % KNOWN) {
					asker.ask(number);
					asker.ask(next.getAndIncrement());
					afterwards.run();
				}
			}, "asker-" + i);
			thread.setDaemon(true);
			thread.start();
			threads.add(thread);
		}
		return threads;
	}

	/**
	 * Return whether what is asked now is found again, wherever in the cluster it is.
	 */
	private static boolean isUsed(Asker asker, AtomicLong next, CacheManager cache) {
		long first = next.getAndAdd(20);
		LongStream.range(first, first + 20).forEach(asker::ask);
		return LongStream.range(first, first + 20).allMatch(asker::isCached) && cache.health().isUp();
	}

	private boolean hasAll(RedisServer replica, RedisServer master) {
		String info = redis(replica).info("replication");
		return info.contains("master_link_status:up")
				&& offset(info, "slave_repl_offset") >= offset(redis(master).info("replication"), "master_repl_offset");
	}

	private static long offset(String info, String name) {
		return Long.parseLong(info.split(name + ":")[1].split("\\s")[0]);
	}

	private boolean isMaster(RedisServer server) {
		return redis(server).info("replication").contains("role:master");
	}

	private boolean isReplica(RedisServer server) {
		String info = redis(server).info("replication");
		return info.contains("role:slave") && info.contains("master_link_status:up");
	}

	@Test
	void entriesAreFoundWhileTheyMoveFromNodeToNode() {
		try (RedisCluster cluster = RedisCluster.start(this.directory)) {
			application(cluster).run((context) -> {
				Asker asker = new Asker(context.getBean(InferenceApi.class), Duration.ofMinutes(1));
				LongStream.range(0, KNOWN).forEach(asker::ask);
				RedisServer from = cluster.servers().get(0);
				RedisServer to = cluster.servers().get(1);
				Map<Integer, List<String>> slots = new HashMap<>();
				for (String key : redis(from).keys("*")) {
					slots.computeIfAbsent(redis(from).clusterKeyslot(key).intValue(), (slot) -> new ArrayList<>())
						.add(key);
				}
				slots.keySet().forEach((slot) -> {
					redis(to).clusterSetSlotImporting(slot, redis(from).clusterMyId());
					redis(from).clusterSetSlotMigrating(slot, redis(to).clusterMyId());
				});
				long lost = 0;
				long moved = 0;
				for (List<String> keys : slots.values()) {
					for (String key : keys) {
						redis(from).migrate(RedisServer.HOST, to.port(), 0, 60_000,
								MigrateArgs.Builder.keys(List.of(key)));
						moved++;
					}
				}
				lost += LongStream.range(0, KNOWN).filter((number) -> !asker.isCached(number)).count();
				LongStream.range(KNOWN, 2 * KNOWN).forEach(asker::ask);
				for (int slot : slots.keySet()) {
					List<String> left = redis(from).clusterGetKeysInSlot(slot, 1000);
					if (!left.isEmpty()) {
						redis(from).migrate(RedisServer.HOST, to.port(), 0, 60_000, MigrateArgs.Builder.keys(left));
					}
					cluster.servers()
						.forEach((server) -> redis(server).clusterSetSlotNode(slot, redis(to).clusterMyId()));
				}
				lost += LongStream.range(0, 2 * KNOWN).filter((number) -> !asker.isCached(number)).count();
				LongStream.range(2 * KNOWN, 3 * KNOWN).forEach(asker::ask);
				lost += LongStream.range(2 * KNOWN, 3 * KNOWN).filter((number) -> !asker.isCached(number)).count();
				Survival.of(Area.REDIS, "Entries that move to another node of a cluster")
					.count("keys moved", moved)
					.count("calls", asker.calls())
					.lost(lost)
					.wrong(asker.wrong())
					.thrown(asker.thrown())
					.record();
				assertThat(moved).isPositive();
				assertThat(asker.thrown()).isZero();
				assertThat(asker.wrong()).isZero();
				assertThat(lost).isZero();
				assertThat(context.getBean(CacheManager.class).health().isUp()).isTrue();
			});
		}
	}

}
