package io.github.llmcache.cli;

import java.time.Duration;

import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.redis.RedisCacheStore;
import io.github.llmcache.cache.redis.RedisSettings;
import io.github.llmcache.testsupport.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

class RedisCommandTests {

	private static final String PASSWORD = "hunter2";

	private final RedisServer server = RedisServer.start("--requirepass", PASSWORD);

	@BeforeEach
	void fill() {
		LettuceConnectionFactory connections = RedisAddress.parse(url(PASSWORD)).connect(Duration.ofSeconds(10));
		try (CacheStore store = new RedisCacheStore(connections, RedisSettings.defaults(), new EntryCodec(1024),
				CommandRun.CLOCK)) {
			new TestCache().fill(store, 50);
		}
		connections.destroy();
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	private String url(String password) {
		return "redis://:" + password + "@127.0.0.1:" + this.server.port();
	}

	private CommandRun run(String command) {
		return CommandRun.of((command + " --backend redis --redis-url " + url(PASSWORD)).split(" "));
	}

	@Test
	void everyCommandWorksOnRedis() {
		JsonNode stats = run("stats --json").json();
		assertThat(stats.path("backend").stringValue()).isEqualTo("redis");
		assertThat(stats.path("location").stringValue()).isEqualTo("Redis at 127.0.0.1:" + this.server.port());
		assertThat(stats.path("total").path("entries").intValue()).isEqualTo(46);
		assertThat(run("list --model gpt-4o --limit 0").out()).startsWith("0 of 26 entries");
		assertThat(run("show " + new TestCache().entry(5).key().hex()).out()).contains("What is 5 + 5?");
		assertThat(run("verify").out()).contains("All is well: 46 entries read.");
		assertThat(run("prune --namespace evals --yes").out()).contains("Deleted 5 entries.");
		assertThat(run("list --limit 0").out()).startsWith("0 of 41 entries");
	}

	@Test
	void saysThatThePasswordIsWrong() {
		CommandRun run = CommandRun.of("stats", "--backend", "redis", "--redis-url", url("wrong-one"));
		assertThat(run.exitCode()).isEqualTo(ExitCode.FAILURE);
		assertThat(run.err().lines()).singleElement()
			.asString()
			.startsWith("llmcache: Redis")
			.contains("WRONGPASS")
			.doesNotContain("wrong-one");
	}

}
