package io.github.llmcache.inference;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResult;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static io.github.llmcache.testsupport.JavaProcess.say;

/**
 * Asks many questions, and says what it has been answered as soon as it knows: lines such
 * as {@code answered 7 CACHE Paris}, and with {@link Way#INFER_ALL} before them lines
 * such as {@code completed 250}. With {@code --wait} it says {@code ready} first, and
 * asks when it is nudged.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class ManyQuestionsApplication {

	static final int QUESTIONS = 500;

	static final int THREADS = 4;

	/**
	 * How it asks.
	 */
	enum Way {

		/** One question after the other, with several threads. */
		INFER,

		/** All at once. */
		INFER_ALL

	}

	/**
	 * Ask.
	 * @param args properties of the application, as its options
	 */
	public static void main(String[] args) throws Exception {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(ManyQuestionsApplication.class)
			.web(WebApplicationType.NONE)
			.run(args)) {
			InferenceApi inference = context.getBean(InferenceApi.class);
			if (context.getEnvironment().getProperty("wait", Boolean.class, false)) {
				say("ready");
				System.in.read();
			}
			switch (context.getEnvironment().getRequiredProperty("way", Way.class)) {
				case INFER -> infer(inference);
				case INFER_ALL -> inferAll(inference);
			}
		}
	}

	private static void infer(InferenceApi inference) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		try {
			List<Callable<Void>> tasks = forEachQuestion((number) -> () -> {
				sayAnswer(number, inference.infer(question(number)));
				return null;
			});
			for (Future<Void> answered : threads.invokeAll(tasks)) {
				answered.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static void inferAll(InferenceApi inference) {
		List<InferenceResult> results = inference.inferAll(forEachQuestion(ManyQuestionsApplication::question),
				(update) -> say("completed " + update.completed()));
		for (int number = 0; number < QUESTIONS; number++) {
			sayAnswer(number, results.get(number).orElseThrow());
		}
	}

	private static <T> List<T> forEachQuestion(IntFunction<T> function) {
		return IntStream.range(0, QUESTIONS).mapToObj(function).toList();
	}

	private static InferenceRequest question(int number) {
		return InferenceRequest.builder("gpt-4o-mini").user("Question " + number).build();
	}

	private static void sayAnswer(int number, InferenceResponse response) {
		say("answered " + number + " " + response.source() + " " + response.text());
	}

}
