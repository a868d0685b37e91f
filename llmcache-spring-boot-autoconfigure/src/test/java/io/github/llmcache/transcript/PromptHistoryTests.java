package io.github.llmcache.transcript;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.github.llmcache.cache.SecretRedaction;
import io.github.llmcache.InferenceResponse.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class PromptHistoryTests {

	@TempDir
	Path directory;

	@Test
	void writesAllThatWasSaid() throws IOException {
		history().requestEnded(TestResponses.REQUEST, TestResponses.response(Source.PROVIDER, "A cat."), Duration.ZERO);
		Path file = files().get(0);
		assertThat(this.directory.resolve("history").relativize(file).toString())
			.matches("org-model-1-[0-9a-f]{12}/2026-11-22/102030\\.456\\.txt");
		assertThat(file).hasContent("""
				--- org/model-1 from openai, provider at 2026-11-22T10:20:30.456Z ---
				temperature: 0.0
				tools: look
				verbosity: low
				tokens: 1,200 in, 30 out
				cost: $0.0012, saved: $0
				time: 1.500 s, at the provider: 1.250 s
				request id: req_1

				--- system ---
				Be brief.

				--- user ---
				What is this?
				[image: image/png, 4 characters of Base64]

				--- assistant ---
				[call call_1: look {"at":1}]

				--- tool ---
				[result of call_1] a cat

				--- answer, stop ---
				A cat.
				""");
		assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
		assertThat(Files.getPosixFilePermissions(file.getParent()))
			.isEqualTo(PosixFilePermissions.fromString("rwx------"));
	}

	@Test
	void numbersSamples() throws IOException {
		history().requestEnded(TestResponses.REQUEST.toBuilder().n(2).build(),
				TestResponses.response(Source.PROVIDER, "A cat.", "A dog."), Duration.ZERO);
		assertThat(files().get(0)).content().contains("--- answer 0, stop ---\nA cat.", "--- answer 1, stop ---");
	}

	@Test
	void writesAFileForEachAnswerOfTheSameMillisecond() throws IOException {
		PromptHistory history = history();
		for (int i = 0; i < 3; i++) {
			history.requestEnded(TestResponses.REQUEST, TestResponses.response(Source.PROVIDER, "Answer " + i),
					Duration.ZERO);
		}
		assertThat(files()).hasSize(3);
		assertThat(files()).extracting(Files::readString).anyMatch((text) -> text.contains("Answer 2"));
	}

	@Test
	void writesOnlyWhatProvidersHaveAnswered() {
		history().requestEnded(TestResponses.REQUEST, TestResponses.response(Source.CACHE, "A cat."), Duration.ZERO);
		history().requestEnded(TestResponses.REQUEST, TestResponses.response(Source.COALESCED, "A cat."),
				Duration.ZERO);
		assertThat(this.directory.resolve("history")).doesNotExist();
	}

	@Test
	void showsWhatWouldControlATerminalAndWritesHalfCharacters() throws IOException {
		history().requestEnded(TestResponses.REQUEST,
				TestResponses.response(Source.PROVIDER, "\u001b]0;owned\u0007 \u202e \ud83d end\r\n"), Duration.ZERO);
		assertThat(files().get(0)).content().contains("\\u001b]0;owned\\u0007 \\u202e ? end\n");
	}

	@Test
	void aFailureIsLoggedOnceUntilItEnds(CapturedOutput output) throws IOException {
		Path blocked = Files.createFile(this.directory.resolve("history"));
		PromptHistory history = history();
		for (int i = 0; i < 3; i++) {
			history.requestEnded(TestResponses.REQUEST, TestResponses.response(Source.PROVIDER, "A cat."),
					Duration.ZERO);
		}
		assertThat(output).containsOnlyOnce("The prompt history cannot be written").doesNotContain("cat");
		Files.delete(blocked);
		history.requestEnded(TestResponses.REQUEST, TestResponses.response(Source.PROVIDER, "A cat."), Duration.ZERO);
		assertThat(output).containsOnlyOnce("The prompt history can be written again");
		assertThat(files()).hasSize(1);
	}

	private PromptHistory history() {
		return new PromptHistory(this.directory.resolve("history"), SecretRedaction.NONE);
	}

	private List<Path> files() throws IOException {
		try (Stream<Path> files = Files.walk(this.directory)) {
			return files.filter(Files::isRegularFile).toList();
		}
	}

}
