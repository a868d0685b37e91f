package io.github.llmcache.inference;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.inference.ManyQuestionsApplication.Way;
import io.github.llmcache.provider.Reply;
import io.github.llmcache.provider.StandInProvider;
import io.github.llmcache.provider.StandInProvider.ReceivedRequest;
import io.github.llmcache.testsupport.Jars;
import io.github.llmcache.testsupport.JavaProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that is killed loses nothing of what it was answered: the next one on
 * the same directory is not made to pay for it again.
 */
class KilledProcessTests {

	private static final int ANSWERS_BEFORE_THE_KILL = 200;

	private static final int MAX_CONCURRENCY = 4;

	/** How often each question was asked. */
	private final Map<String, Integer> calls = new ConcurrentHashMap<>();

	private final StandInProvider standIn = StandInProvider.start().delay(Duration.ofMillis(10)).answer(this::answer);

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	@AfterEach
	void closeStandIn() {
		this.standIn.close();
	}

	@Test
	void everyAnswerThatWasReturnedIsAHit() throws Exception {
		Map<Integer, Answer> returned = new HashMap<>();
		try (JavaProcess process = start(Way.INFER)) {
			for (String line = process.hear(); line != null; line = process.hear()) {
				add(line, returned);
				if (returned.size() == ANSWERS_BEFORE_THE_KILL) {
					process.kill();
				}
			}
			assertThat(process.waitFor()).isNotZero();
		}
		assertThat(returned).hasSizeBetween(ANSWERS_BEFORE_THE_KILL, ManyQuestionsApplication.QUESTIONS - 1)
			.allSatisfy((number, answer) -> assertThat(answer.source()).isEqualTo(Source.PROVIDER));
		Map<Integer, Answer> answers = runToTheEnd(Way.INFER);
		assertThat(returned).allSatisfy(
				(number, answer) -> assertThat(answers).containsEntry(number, new Answer(Source.CACHE, answer.text())));
		assertHitsWereAskedOnce(answers);
		// Those that were on their way when the process was killed
		assertAskedAgainAtMost(ManyQuestionsApplication.THREADS);
	}

	@Test
	void everyAnswerThatWasReportedAsCompletedIsAHit() throws Exception {
		int completed = 0;
		try (JavaProcess process = start(Way.INFER_ALL)) {
			for (String line = process.hear(); line != null; line = process.hear()) {
				assertThat(line).matches("completed \\d+");
				completed = Integer.parseInt(line.substring("completed ".length()));
				if (completed >= ANSWERS_BEFORE_THE_KILL) {
					process.kill();
				}
			}
			assertThat(process.waitFor()).isNotZero();
		}
		assertThat(completed).isBetween(ANSWERS_BEFORE_THE_KILL, ManyQuestionsApplication.QUESTIONS - 1);
		Map<Integer, Answer> answers = runToTheEnd(Way.INFER_ALL);
		assertThat(answers.values().stream().filter((answer) -> answer.source() == Source.CACHE).count())
			.isGreaterThanOrEqualTo(completed);
		assertHitsWereAskedOnce(answers);
		// Those that were on their way, and those that had come meanwhile
		assertAskedAgainAtMost(2 * MAX_CONCURRENCY);
	}

	private Map<Integer, Answer> runToTheEnd(Way way) throws InterruptedException {
		Map<Integer, Answer> answers = new HashMap<>();
		try (JavaProcess process = start(way)) {
			List<String> printed = process.printed();
			assertThat(process.waitFor()).as("%s", printed).isZero();
			JavaProcess.said(printed)
				.filter((line) -> line.startsWith("answered "))
				.forEach((line) -> add(line, answers));
		}
		assertThat(answers).hasSize(ManyQuestionsApplication.QUESTIONS);
		return answers;
	}

	private void assertHitsWereAskedOnce(Map<Integer, Answer> answers) {
		assertThat(answers).allSatisfy((number, answer) -> {
			String question = "Question " + number;
			if (answer.source() == Source.CACHE) {
				assertThat(this.calls).containsEntry(question, 1);
			}
			assertThat(answer.text()).isEqualTo(answerText(question, this.calls.getOrDefault(question, 0)));
		});
	}

	private void assertAskedAgainAtMost(int count) {
		assertThat(this.calls.values().stream().mapToInt(Integer::intValue).sum())
			.isBetween(ManyQuestionsApplication.QUESTIONS, ManyQuestionsApplication.QUESTIONS + count);
	}

	private JavaProcess start(Way way) {
		return JavaProcess.of(ManyQuestionsApplication.class)
			.without(EnumSet.allOf(Jars.class))
			// Who is killed leaves native libraries behind
			.options("-Djava.io.tmpdir=" + this.directory)
			.arguments("--way=" + way, "--llmcache.directory=" + this.directory.resolve("cache"),
					"--llmcache.providers.openai.base-url=" + this.standIn.baseUrl(),
					"--llmcache.providers.openai.cache-identity=stand-in",
					"--llmcache.providers.openai.api-key=" + StandInProvider.API_KEY,
					"--llmcache.providers.openai.max-concurrency=" + MAX_CONCURRENCY)
			.start();
	}

	/**
	 * Answer each time differently, so that an answer tells which call it is from.
	 */
	private Reply answer(ReceivedRequest request) {
		String question = request.json().path("messages").path(0).path("content").stringValue();
		String text = answerText(question, this.calls.merge(question, 1, Integer::sum));
		return Reply.ok("""
				{"choices": [{"index": 0, "message": {"role": "assistant", "content": "%s"}, "finish_reason": "stop"}]}
				""".formatted(text));
	}

	private static String answerText(String question, int call) {
		return question + " answered by call " + call;
	}

	private static void add(String line, Map<Integer, Answer> answers) {
		String[] words = line.split(" ", 4);
		assertThat(words).hasSize(4).startsWith("answered");
		assertThat(answers.put(Integer.valueOf(words[1]), new Answer(Source.valueOf(words[2]), words[3]))).isNull();
	}

	/**
	 * What an application says that it was answered.
	 */
	private record Answer(Source source, String text) {
	}

}
