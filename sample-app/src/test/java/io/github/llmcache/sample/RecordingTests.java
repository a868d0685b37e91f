package io.github.llmcache.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import io.github.llmcache.CacheMissException;
import io.github.llmcache.test.autoconfigure.AutoConfigureLlmCache;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

/**
 * How a test with recorded answers goes on when its prompt is changed, on a copy of what
 * is recorded.
 */
class RecordingTests {

	private static final Path RECORDED = Path.of("src/test/resources/llmcache");

	@TempDir
	Path copy;

	private @Nullable String recording;

	@BeforeEach
	void copy() throws IOException {
		this.recording = System.getProperty(AutoConfigureLlmCache.RECORD);
		for (Path file : files(RECORDED)) {
			Path target = this.copy.resolve(RECORDED.relativize(file));
			Files.createDirectories(Objects.requireNonNull(target.getParent()));
			Files.copy(file, target);
		}
		AskingTestCase.directory = this.copy;
		AskingTestCase.question = ReplayTests.QUESTION;
	}

	@AfterEach
	void restore() {
		record(this.recording);
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void failsWhenThePromptIsChangedUntilItIsRecorded(CapturedOutput output) throws IOException {
		int recorded = files(this.copy).size();
		assertThat(failure(null)).isNull();
		AskingTestCase.question = "Why is the sky dark?";
		assertThat(failure(null)).isInstanceOf(CacheMissException.class)
			.hasMessageContaining("/content: first difference at character ")
			.hasMessageContaining("stored: \"" + ReplayTests.QUESTION + "\"")
			.hasMessageContaining("requested: \"Why is the sky dark?\"");
		assertThat(output).contains("not recorded in " + RECORDED.toAbsolutePath()).contains("-Dllmcache.record=true");
		assertThat(files(this.copy)).hasSize(recorded);
		assertThat(failure("true")).isNull();
		assertThat(files(this.copy)).hasSize(recorded + 1);
		assertThat(failure(null)).isNull();
	}

	@Test
	void everythingIsRecordedAnew() throws IOException {
		List<Path> recorded = files(this.copy);
		byte[] before = Files.readAllBytes(entry(ReplayTests.QUESTION));
		assertThat(failure("refresh")).isNull();
		assertThat(files(this.copy)).isEqualTo(recorded);
		assertThat(Files.readAllBytes(entry(ReplayTests.QUESTION))).isNotEqualTo(before);
		assertThat(failure(null)).isNull();
	}

	@Test
	void unknownValueIsExplained() {
		assertThat(failure("always")).isInstanceOf(IllegalArgumentException.class)
			.hasMessageContaining("'llmcache.record' is 'always'")
			.hasMessageContaining("'refresh'");
	}

	/**
	 * Run the test case as another process would.
	 * @return why it has failed, or {@code null} if it has passed
	 */
	private static @Nullable Throwable failure(@Nullable String recording) {
		record(recording);
		LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
			.selectors(selectClass(AskingTestCase.class))
			.build();
		SummaryGeneratingListener listener = new SummaryGeneratingListener();
		LauncherFactory.create().execute(request, listener);
		TestExecutionSummary summary = listener.getSummary();
		assertThat(summary.getTestsFoundCount()).isOne();
		return summary.getFailures().stream().map(TestExecutionSummary.Failure::getException).findFirst().orElse(null);
	}

	private static void record(@Nullable String value) {
		if (value != null) {
			System.setProperty(AutoConfigureLlmCache.RECORD, value);
		}
		else {
			System.clearProperty(AutoConfigureLlmCache.RECORD);
		}
	}

	private Path entry(String question) throws IOException {
		for (Path file : files(this.copy)) {
			if (Files.readString(file).contains(question)) {
				return file;
			}
		}
		throw new AssertionError("No entry for " + question);
	}

	private static List<Path> files(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.filter((file) -> file.toString().endsWith(".json")).sorted().toList();
		}
	}

	@SpringBootTest(webEnvironment = WebEnvironment.NONE,
			properties = { "sample.stand-in=true", "sample.run-questions=false",
					"spring.main.lazy-initialization=true" })
	@AutoConfigureLlmCache
	@DirtiesContext
	static class AskingTestCase {

		private static String question = "";

		private static Path directory = Path.of("");

		@DynamicPropertySource
		static void copy(DynamicPropertyRegistry registry) {
			registry.add("llmcache.directory", () -> directory.toString());
		}

		@Test
		void asks(@Autowired QuestionController controller) {
			assertThat(controller.ask(question, null).text()).contains(question);
		}

	}

}
