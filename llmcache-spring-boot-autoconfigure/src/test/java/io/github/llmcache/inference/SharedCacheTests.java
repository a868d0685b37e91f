package io.github.llmcache.inference;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.github.llmcache.inference.ManyQuestionsApplication.Way;
import io.github.llmcache.provider.Reply;
import io.github.llmcache.provider.StandInProvider;
import io.github.llmcache.provider.StandInProvider.ReceivedRequest;
import io.github.llmcache.testsupport.Jars;
import io.github.llmcache.testsupport.JavaProcess;
import io.github.llmcache.testsupport.RedisCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Applications that share a cache ask for everything once, whoever is first, and make up
 * for one of them that is killed.
 */
class SharedCacheTests {

	private static final int NODES = 3;

	private static final int MAX_CONCURRENCY = 8;

	@TempDir
	static Path directory;

	private static RedisCluster cluster;

	/** How often each question was asked. */
	private final Map<String, Integer> calls = new ConcurrentHashMap<>();

	private final StandInProvider standIn = StandInProvider.start().delay(Duration.ofMillis(20)).answer(this::answer);

	private final List<JavaProcess> nodes = new ArrayList<>();

	@BeforeAll
	static void startCluster() {
		cluster = RedisCluster.start(directory);
	}

	@AfterAll
	static void stopCluster() {
		cluster.close();
	}

	@AfterEach
	void stop() {
		this.nodes.forEach(JavaProcess::close);
		this.standIn.close();
	}

	@Test
	void identicalRequestsOfManyNodesAreOneCallEach() throws Exception {
		startTogether("once");
		for (JavaProcess node : this.nodes) {
			assertAnsweredAll(node);
		}
		assertThat(this.calls).hasSize(ManyQuestionsApplication.QUESTIONS);
		assertThat(this.calls.values()).containsOnly(1);
	}

	@Test
	void onlyWhatAKilledNodeWasAskingIsAskedAgain() throws Exception {
		startTogether("killed");
		await().atMost(1, TimeUnit.MINUTES)
			.pollInterval(5, TimeUnit.MILLISECONDS)
			.until(() -> this.calls.size() > ManyQuestionsApplication.QUESTIONS / 4);
		this.nodes.get(0).kill();
		for (JavaProcess node : this.nodes.subList(1, NODES)) {
			assertAnsweredAll(node);
		}
		assertThat(this.nodes.get(0).printed()).noneMatch((line) -> line.contains("Exception"));
		assertThat(this.calls).hasSize(ManyQuestionsApplication.QUESTIONS);
		assertThat(this.calls.values().stream().mapToInt(Integer::intValue).sum())
			// Those that were on their way, and those that had come meanwhile
			.isLessThanOrEqualTo(ManyQuestionsApplication.QUESTIONS + 2 * MAX_CONCURRENCY);
	}

	private void startTogether(String prefix) {
		for (int i = 0; i < NODES; i++) {
			this.nodes.add(start(prefix, (i == 1) ? Way.INFER : Way.INFER_ALL));
		}
		for (JavaProcess node : this.nodes) {
			assertThat(node.hear()).isEqualTo("ready");
		}
		this.nodes.forEach(JavaProcess::nudge);
	}

	private static void assertAnsweredAll(JavaProcess node) throws Exception {
		List<String> printed = node.printed();
		assertThat(node.waitFor()).as("%s", printed).isZero();
		assertThat(JavaProcess.said(printed).filter((line) -> line.startsWith("answered "))).as("%s", printed)
			.hasSize(ManyQuestionsApplication.QUESTIONS)
			.allMatch((line) -> line.matches("answered (\\d+) [A-Z]+ Question \\1 answered"));
	}

	private JavaProcess start(String prefix, Way way) {
		Set<Jars> missing = EnumSet.allOf(Jars.class);
		missing.removeAll(Set.of(Jars.REDIS, Jars.SPRING_DATA));
		return JavaProcess.of(ManyQuestionsApplication.class)
			.without(missing)
			// Who is killed leaves native libraries behind
			.options("-Djava.io.tmpdir=" + directory)
			.arguments("--wait=true", "--way=" + way, "--llmcache.backend=redis",
					"--spring.data.redis.cluster.nodes=" + cluster.nodes(), "--llmcache.redis.key-prefix=" + prefix,
					"--llmcache.redis.command-timeout=20s", "--llmcache.redis.lease-time=2s",
					"--llmcache.providers.openai.base-url=" + this.standIn.baseUrl(),
					"--llmcache.providers.openai.api-key=" + StandInProvider.API_KEY,
					"--llmcache.providers.openai.max-concurrency=" + MAX_CONCURRENCY)
			.start();
	}

	private Reply answer(ReceivedRequest request) {
		String question = request.json().path("messages").path(0).path("content").stringValue();
		this.calls.merge(Objects.requireNonNull(question), 1, Integer::sum);
		return Reply.ok("""
				{"choices": [{"index": 0, "message": {"role": "assistant", "content": "%s answered"},
				  "finish_reason": "stop"}]}
				""".formatted(question));
	}

}
