package io.github.llmcache.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.ProgressBar;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Asks the bundled questions twice on start-up, and shows what each time took.
 */
@Component
@ConditionalOnBooleanProperty(name = "sample.run-questions", matchIfMissing = true)
class QuestionsRun implements ApplicationRunner {

	private final InferenceApi inference;

	private final ModelChoice choice;

	private final @Nullable StandInProvider standIn;

	private final SampleProperties properties;

	private final Environment environment;

	private final ConsoleReport report = new ConsoleReport(System.out);

	private volatile List<RunSummary> summaries = List.of();

	QuestionsRun(InferenceApi inference, ModelChoice choice, ObjectProvider<StandInProvider> standIn,
			SampleProperties properties, Environment environment) {
		this.inference = inference;
		this.choice = choice;
		this.standIn = standIn.getIfAvailable();
		this.properties = properties;
		this.environment = environment;
	}

	@Override
	public void run(ApplicationArguments arguments) throws Exception {
		// On a thread of its own, so that the application gets ready whatever happens
		FutureTask<@Nullable Void> task = new FutureTask<>(this::askTwice, null);
		Thread thread = new Thread(task, "questions");
		thread.setDaemon(true);
		thread.start();
		Duration timeLimit = this.properties.timeLimit();
		try {
			task.get(timeLimit.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			task.cancel(true);
			this.report.unfinished(Format.time(timeLimit));
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof Exception cause) ? cause : ex;
		}
		this.report.inviteTo(url());
	}

	private void askTwice() {
		List<InferenceRequest> requests = Questions.load()
			.stream()
			.map((question) -> Questions.request(this.choice.model(), question))
			.toList();
		this.report.introduce(this.choice, requests.size());
		List<RunSummary> summaries = new ArrayList<>();
		List<InferenceResult> results = new ArrayList<>();
		for (String name : List.of("run 1", "run 2")) {
			results.addAll(ask(name, requests, summaries));
		}
		this.summaries = List.copyOf(summaries);
		this.report.runs(summaries);
		this.report.failures(results);
	}

	private List<InferenceResult> ask(String name, List<InferenceRequest> requests, List<RunSummary> summaries) {
		Long callsBefore = (this.standIn != null) ? this.standIn.calls() : null;
		long start = System.nanoTime();
		List<InferenceResult> results;
		try (ProgressBar progress = ProgressBar.onStandardOutput(name)) {
			results = this.inference.inferAll(requests, progress);
		}
		Duration time = Duration.ofNanos(System.nanoTime() - start);
		Long calls = (this.standIn != null && callsBefore != null) ? this.standIn.calls() - callsBefore : null;
		summaries.add(RunSummary.of(name, results, calls, time));
		return results;
	}

	private String url() {
		return "http://%s:%s".formatted(this.environment.getProperty("server.address", "127.0.0.1"),
				this.environment.getProperty("local.server.port", "8080"));
	}

	/**
	 * Return what each run took.
	 * @return the summaries, empty until both runs have ended
	 */
	List<RunSummary> summaries() {
		return this.summaries;
	}

}
