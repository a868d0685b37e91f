package io.github.llmcache.faults;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.provider.StandInProvider;
import io.github.llmcache.testsupport.RedisServer;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Does to a Redis what administrators, other programs and networks do to one: every
 * question is answered, rightly, and Redis is used again as soon as it can be.
 */
@SuppressWarnings("NullAway.Init")
class RedisFaultTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	private static final int KNOWN = 20;

	/** As many calls as it takes to notice that nothing comes. */
	private static final int WINDOW = 10;

	/** How often Redis is tried again that does not answer. */
	private static final Duration TRIED_EVERY = Duration.ofSeconds(2);

	private RedisServer server;

	private Relay relay;

	private StandInProvider standIn;

	private RedisClient client;

	@BeforeEach
	void start() {
		this.server = RedisServer.start("--maxmemory-policy", "noeviction");
		this.relay = Relay.start(this.server.port());
		this.standIn = StandInProvider.start();
		Asker.answer(this.standIn);
		this.client = RedisClient.create(RedisURI.create(RedisServer.HOST, this.server.port()));
	}

	@AfterEach
	void stop() {
		this.client.shutdown();
		this.standIn.close();
		this.relay.close();
		this.server.close();
	}

	private ApplicationContextRunner application() {
		return Applications.onRedis(this.standIn, TIMEOUT.toMillis())
			.withPropertyValues("spring.data.redis.port=" + this.relay.port());
	}

	private RedisCommands<String, String> redis() {
		return this.client.connect().sync();
	}

	@ParameterizedTest
	@EnumSource
	void everyQuestionIsAnsweredAndRedisIsUsedAgain(Fault fault) {
		application().run((context) -> {
			Asker asker = new Asker(context.getBean(InferenceApi.class), TIMEOUT);
			CacheManager cache = context.getBean(CacheManager.class);
			LongStream.range(0, KNOWN).forEach(asker::ask);
			RedisCommands<String, String> redis = redis();
			long waitsBefore = asker.waits();
			long start = System.nanoTime();
			fault.begin.accept(new Target(this.server, this.relay, redis));
			int rounds = Scale.of(20, 3);
			for (int round = 0; round < rounds; round++) {
				LongStream.range(0, KNOWN).forEach(asker::ask);
				asker.ask(1000 + round);
			}
			boolean told = !cache.health().isUp();
			fault.end.accept(new Target(this.server, this.relay, redis));
			long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
			long waits = asker.waits() - waitsBefore;
			await().atMost(Duration.ofMinutes(2)).until(() -> {
				asker.ask(5000);
				return asker.isCached(5000) && cache.health().isUp();
			});
			long lost = fault.keeps ? LongStream.range(0, KNOWN).filter((i) -> !asker.isCached(i)).count() : 0;
			Survival.of(Area.REDIS, "Redis " + fault.what)
				.count("calls", asker.calls())
				.count("of them waited for it", waits)
				.lost(lost)
				.wrong(asker.wrong())
				.thrown(asker.thrown())
				.record();
			assertThat(asker.thrown()).isZero();
			assertThat(asker.wrong()).isZero();
			assertThat(lost).isZero();
			// A busy machine can make more of a fault than it is
			assertThat(told || !fault.told).isTrue();
			assertThat(waits).isLessThanOrEqualTo(WINDOW + 1 + seconds / TRIED_EVERY.toSeconds());
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "get", "set", "mget", "exists", "unlink", "eval", "scan", "publish", "subscribe", "info",
			"sadd", "hgetall", "@all" })
	void anUserWhoMayNotDoEverythingIsAnswered(String forbidden) {
		RedisCommands<String, String> redis = redis();
		acl(redis, "on", ">secret", "~*", "&*", "+@all");
		application().withPropertyValues("spring.data.redis.username=cache", "spring.data.redis.password=secret")
			.run((context) -> {
				Asker asker = new Asker(context.getBean(InferenceApi.class), Duration.ofMinutes(1));
				LongStream.range(0, 5).forEach(asker::ask);
				acl(redis, "-" + forbidden);
				LongStream.range(0, 10).forEach(asker::ask);
				LongStream.range(0, 10).forEach(asker::ask);
				acl(redis, "+@all");
				await().atMost(Duration.ofMinutes(2)).until(() -> {
					asker.ask(100);
					return asker.isCached(100) && context.getBean(CacheManager.class).health().isUp();
				});
				long lost = LongStream.range(0, 5).filter((i) -> !asker.isCached(i)).count();
				Survival.of(Area.REDIS, "Redis forbids " + forbidden.replace("@all", "everything"))
					.count("calls", asker.calls())
					.lost(lost)
					.wrong(asker.wrong())
					.thrown(asker.thrown())
					.record();
				assertThat(asker.thrown()).isZero();
				assertThat(asker.wrong()).isZero();
				assertThat(lost).isZero();
			});
	}

	private static void acl(RedisCommands<String, String> redis, String... rules) {
		CommandArgs<String, String> arguments = new CommandArgs<>(StringCodec.UTF8).add("SETUSER").add("cache");
		for (String rule : rules) {
			arguments.add(rule);
		}
		redis.dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), arguments);
	}

	@Test
	void whatOthersHavePutUnderOurNamesIsReplaced() {
		application().run((context) -> {
			Asker asker = new Asker(context.getBean(InferenceApi.class), Duration.ofMinutes(1));
			CacheStore store = context.getBean(CacheStore.class);
			RedisCommands<String, String> redis = redis();
			List<Consumer<String>> values = List.of((name) -> redis.set(name, ""), (name) -> redis.set(name, "LC\2"),
					(name) -> redis.set(name, "\0\uFFFF garbage"), (name) -> redis.lpush(name, "a"),
					(name) -> redis.sadd(name, "a"), (name) -> redis.hset(name, "a", "b"),
					(name) -> redis.zadd(name, 1, "a"), (name) -> redis.xadd(name, "a", "b"),
					(name) -> redis.setbit(name, 100_000, 1));
			long replaced = 0;
			for (Consumer<String> value : values) {
				asker.ask(1);
				List<String> names = redis.keys("llmcache:*")
					.stream()
					.flatMap((name) -> name.endsWith(":e") ? Stream.of(name, name.substring(0, name.length() - 1) + "l")
							: Stream.of(name))
					.distinct()
					.toList();
				for (String name : List.of("llmcache:models", "llmcache:{a}:s", "llmcache:{}:e", "llmcache:x")) {
					redis.del(name);
					value.accept(name);
				}
				for (String name : names) {
					boolean lease = name.endsWith(":l");
					redis.del(name);
					value.accept(name);
					if (lease && !redis.type(name).equals("string")) {
						redis.expire(name, 100_000);
					}
					replaced++;
				}
				asker.ask(1);
				assertThat(asker.isCached(1)).isTrue();
				store.problems();
				store.size();
				store.statistics();
				store.inspect(null, (entry) -> {
				});
				store.deleteNamespace("");
			}
			Survival.of(Area.REDIS, "Values of every type put under the cache's names")
				.count("values", replaced)
				.wrong(asker.wrong())
				.thrown(asker.thrown())
				.record();
			assertThat(asker.waits()).isZero();
			assertThat(asker.wrong()).isZero();
			assertThat(asker.thrown()).isZero();
			assertThat(replaced).isPositive();
			for (Consumer<String> value : values) {
				redis.del("llmcache:models");
				value.accept("llmcache:models");
				store.addStatistics(List.of(new DailyStatistics("model", LocalDate.of(2026, 1, 2),
						context.getBean(CacheManager.class).statistics().total())));
				assertThat(redis.type("llmcache:models")).isEqualTo("set");
			}
		});
	}

	@Test
	void whatRedisEvictsIsAskedAgain() {
		application().run((context) -> {
			RedisCommands<String, String> redis = redis();
			Asker asker = new Asker(context.getBean(InferenceApi.class), Duration.ofMinutes(1));
			CacheStore store = context.getBean(CacheStore.class);
			asker.ask(0);
			redis.configSet("maxmemory-policy", "allkeys-random");
			redis.configSet("maxmemory", String.valueOf(number(redis.info("memory"), "used_memory") + 300_000));
			int questions = Scale.of(2000, 600);
			LongStream.range(0, questions).forEach(asker::ask);
			LongStream.range(0, questions).forEach(asker::ask);
			store.problems();
			store.inspect(null, (entry) -> {
			});
			long evicted = number(redis.info("stats"), "evicted_keys");
			long found = LongStream.range(0, questions).filter(asker::isCached).count();
			Survival.of(Area.REDIS, "Redis evicts parts of entries")
				.count("calls", asker.calls())
				.count("keys evicted", evicted)
				.wrong(asker.wrong())
				.thrown(asker.thrown())
				.record();
			assertThat(evicted).isPositive();
			assertThat(found).isPositive();
			assertThat(asker.wrong()).isZero();
			assertThat(asker.thrown()).isZero();
		});
	}

	private static long number(String info, String name) {
		return Long.parseLong(info.split(name + ":")[1].split("\\s")[0]);
	}

	/**
	 * What is done to.
	 */
	private record Target(RedisServer server, Relay relay, RedisCommands<String, String> redis) {

		private void endConnections() {
			this.redis.clientKill(KillArgs.Builder.typeNormal().skipme());
			this.redis.clientKill(KillArgs.Builder.typePubsub().skipme());
		}

	}

	private enum Fault {

		FROZEN("is stopped and goes on", (target) -> target.server().pause(), (target) -> target.server().resume(),
				true, true),

		EMPTIED("is emptied", (target) -> target.redis().flushall(), (target) -> {
		}, false, false),

		SCRIPTS("forgets its scripts", (target) -> target.redis().scriptFlush(), (target) -> {
		}, true, false),

		KILLED_CLIENTS("ends its connections", (target) -> {
			target.endConnections();
		}, (target) -> {
		}, true, false),

		READ_ONLY("is a replica without its primary", (target) -> target.redis().replicaof(RedisServer.HOST, 1),
				(target) -> target.redis().replicaofNoOne(), true, true),

		FULL("is full", (target) -> target.redis().configSet("maxmemory", "1"),
				(target) -> target.redis().configSet("maxmemory", "0"), true, true),

		LOCKED("wants another password", (target) -> {
			target.redis().configSet("requirepass", "other");
			target.endConnections();
		}, (target) -> target.redis().configSet("requirepass", ""), true, true),

		CROWDED("has no room for a connection", (target) -> {
			target.redis().configSet("maxclients", "1");
			target.endConnections();
		}, (target) -> target.redis().configSet("maxclients", "1000"), true, true),

		SLOW("answers too late", (target) -> target.relay().delay(3 * TIMEOUT.toMillis()),
				(target) -> target.relay().delay(0), true, true),

		CUT_OFF("is cut off from time to time", (target) -> {
			Random random = new Random(1);
			target.relay().cutAfter((request) -> random.nextInt(10) == 0);
		}, (target) -> target.relay().cutAfter(null), true, false);

		private final String what;

		private final Consumer<Target> begin;

		private final Consumer<Target> end;

		private final boolean keeps;

		private final boolean told;

		Fault(String what, Consumer<Target> begin, Consumer<Target> end, boolean keeps, boolean told) {
			this.what = what;
			this.begin = begin;
			this.end = end;
			this.keeps = keeps;
			this.told = told;
		}

	}

}
