package io.github.llmcache.inference;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.llmcache.provider.StandInBatches;
import io.github.llmcache.provider.StandInBatches.Fate;
import io.github.llmcache.provider.StandInProvider;
import io.github.llmcache.testsupport.Jars;
import io.github.llmcache.testsupport.JavaProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that is killed while it waits for a batch pays for nothing twice: the
 * next one waits for the same batch.
 */
class KilledBatchTests {

	private static final int QUESTIONS = 25_000;

	private final StandInBatches batches = new StandInBatches();

	private final StandInProvider standIn = StandInProvider.start().answer(this.batches);

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	@AfterEach
	void closeStandIn() {
		this.standIn.close();
	}

	@Test
	void batchIsWaitedForByTheNextProcessAndOnlyWhatFailedIsAskedAgain() throws Exception {
		this.batches.fates(KilledBatchTests::fate);
		try (JavaProcess process = start(QUESTIONS)) {
			assertThat(process.hear()).isEqualTo("waiting");
			Awaitility.await().until(() -> this.batches.pollCount() > 2);
			process.kill();
			assertThat(process.printed()).noneMatch((line) -> line.contains("PROVIDER"));
			assertThat(process.waitFor()).isNotZero();
		}
		this.batches.end();
		Map<Integer, String> results = run(QUESTIONS);
		assertThat(this.batches.questions()).singleElement().satisfies((asked) -> assertThat(asked).hasSize(QUESTIONS));
		assertThat(this.batches.fileCount()).isEqualTo(3);
		for (int number = 0; number < QUESTIONS; number++) {
			assertThat(results.get(number)).isEqualTo(switch (fate("Question " + number)) {
				case FAILED -> "FAILED ProviderUnavailableException";
				case EXPIRED -> "FAILED ProviderTimeoutException";
				default -> "PROVIDER Answer to Question " + number;
			});
		}
		this.batches.fates((question) -> Fate.ANSWERED);
		Map<Integer, String> again = run(QUESTIONS);
		List<String> failed = IntStream.range(0, QUESTIONS)
			.mapToObj((number) -> "Question " + number)
			.filter((question) -> fate(question) != Fate.ANSWERED)
			.toList();
		assertThat(failed).hasSize(750);
		assertThat(this.batches.questions()).hasSize(2);
		assertThat(this.batches.questions().get(1)).isEqualTo(failed);
		for (int number = 0; number < QUESTIONS; number++) {
			String source = (fate("Question " + number) == Fate.ANSWERED) ? "CACHE" : "PROVIDER";
			assertThat(again.get(number)).isEqualTo(source + " Answer to Question " + number);
		}
	}

	@Test
	void processesThatAskTheSameAtTheSameTimeShareABatch() throws Exception {
		try (JavaProcess one = start(500); JavaProcess other = start(500)) {
			assertThat(one.hear()).isEqualTo("waiting");
			assertThat(other.hear()).isEqualTo("waiting");
			assertThat(this.batches.questions()).singleElement().satisfies((asked) -> assertThat(asked).hasSize(500));
			this.batches.end();
			for (JavaProcess process : List.of(one, other)) {
				assertThat(answers(process)).hasSize(500)
					.allSatisfy((number, answer) -> assertThat(answer).endsWith(" Answer to Question " + number));
			}
		}
		assertThat(this.batches.ids()).hasSize(1);
	}

	/**
	 * 2 % fail, 1 % expire.
	 */
	private static Fate fate(String question) {
		return switch (Integer.parseInt(question.substring("Question ".length())) % 100) {
			case 17, 71 -> Fate.FAILED;
			case 42 -> Fate.EXPIRED;
			default -> Fate.ANSWERED;
		};
	}

	private Map<Integer, String> run(int questions) throws InterruptedException {
		try (JavaProcess process = start(questions)) {
			assertThat(process.hear()).isEqualTo("waiting");
			return answers(process);
		}
	}

	private static Map<Integer, String> answers(JavaProcess process) throws InterruptedException {
		List<String> printed = process.printed();
		assertThat(process.waitFor()).as("%s", printed).isZero();
		return JavaProcess.said(printed)
			.map((line) -> line.split(" ", 2))
			.collect(Collectors.toMap((words) -> Integer.valueOf(words[0]), (words) -> words[1], (one, same) -> {
				throw new IllegalStateException();
			}, HashMap::new));
	}

	private JavaProcess start(int questions) {
		return JavaProcess.of(BatchApplication.class)
			.without(EnumSet.allOf(Jars.class))
			// Who is killed leaves native libraries behind
			.options("-Djava.io.tmpdir=" + this.directory, "-Xmx512m", "-XX:TieredStopAtLevel=1")
			.arguments("--questions=" + questions, "--llmcache.directory=" + this.directory.resolve("cache"),
					"--llmcache.batch.poll-interval=20ms", "--llmcache.batch.max-poll-interval=100ms",
					"--llmcache.providers.openai.base-url=" + this.standIn.baseUrl(),
					"--llmcache.providers.openai.cache-identity=stand-in",
					"--llmcache.providers.openai.api-key=" + StandInProvider.API_KEY)
			.start();
	}

}
