package io.github.llmcache.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.llmcache.testsupport.JavaProcess;
import io.github.llmcache.testsupport.RedisServer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Asks prompts that no model takes, in a JVM with ten times as much memory: they are
 * answered, their answers are stored without them, and others notice nothing.
 */
class HugePromptsTests {

	private static final int SIZE = Scale.of(100, 10);

	private static final int THREADS = Scale.of(64, 16);

	private static final int SIZE_EACH = Scale.of(2, 1);

	private static final int HEAP = Scale.of(1024, 192);

	private static List<String> backends() {
		return List.of("sqlite", "file", "redis").subList(0, Scale.of(3, 1));
	}

	@ParameterizedTest
	@MethodSource("backends")
	void promptsOfAnySizeAreAnsweredInBoundedMemory(String backend, @TempDir Path directory) {
		List<String> said;
		List<String> printed;
		try (RedisServer redis = RedisServer.start();
				HeadRecorder provider = HeadRecorder
					.start((head) -> Asker.completion("Answer to " + HeadRecorder.length(head) + " bytes"));
				JavaProcess caller = JavaProcess.of(HugePromptCaller.class)
					.lasting(Duration.ofMinutes(20))
					.options("-Xmx" + HEAP + "m")
					.arguments(String.valueOf(SIZE), String.valueOf(THREADS), String.valueOf(SIZE_EACH),
							"logging.level.root=warn", "spring.main.banner-mode=off", "llmcache.backend=" + backend,
							"llmcache.directory=" + directory, "llmcache.redis.command-timeout=1m",
							"spring.data.redis.port=" + redis.port(), "llmcache.memory.maximum-size=0B",
							"llmcache.max-entry-size=1MB", "llmcache.providers.openai.api-key=sk-huge",
							"llmcache.providers.openai.cache-identity=stand-in",
							"llmcache.providers.openai.base-url=http://127.0.0.1:" + provider.port() + "/v1")
					.start()) {
			printed = caller.printed();
			said = JavaProcess.said(printed).toList();
		}
		String[] peak = said.isEmpty() ? new String[0] : said.get(said.size() - 1).split(" ");
		assertThat(peak).as(String.join("\n", printed)).hasSize(2).startsWith("peak");
		Survival
			.of(Area.INPUT,
					"Prompts of " + SIZE + " MB, and " + THREADS + " of " + SIZE_EACH
							+ " MB at the same time, in a heap of " + HEAP + " MB: " + backend)
			.count("MB of memory at most, heap and all", Long.parseLong(peak[1]))
			.wrong(said.stream().filter((line) -> line.startsWith("wrong")).count())
			.thrown(said.stream().filter((line) -> line.startsWith("thrown")).count())
			.record();
		assertThat(said).as(String.join("\n", printed)).hasSize(1);
	}

}
