package io.github.llmcache.inference;

import java.util.List;
import java.util.stream.IntStream;

import io.github.llmcache.BatchInferenceApi;
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
 * Asks many questions in a batch, and says what has become of them: lines such as
 * {@code 7 CACHE Paris} or {@code 8 FAILED ProviderTimeoutException}, and before them
 * {@code waiting} when it begins to wait.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class BatchApplication {

	/**
	 * Ask.
	 * @param args properties of the application, as its options
	 */
	public static void main(String[] args) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(BatchApplication.class)
			.web(WebApplicationType.NONE)
			.run(args)) {
			int questions = context.getEnvironment().getRequiredProperty("questions", Integer.class);
			List<InferenceRequest> requests = IntStream.range(0, questions)
				.mapToObj((number) -> InferenceRequest.builder("gpt-4o-mini").user("Question " + number).build())
				.toList();
			var batch = context.getBean(BatchInferenceApi.class).submit(requests);
			say("waiting");
			List<InferenceResult> results = batch.await();
			for (int number = 0; number < questions; number++) {
				InferenceResult result = results.get(number);
				InferenceResponse response = result.response();
				say(number + " " + ((response != null) ? response.source() + " " + response.text()
						: "FAILED " + String.valueOf(result.failure()).split("[:\n]")[0].replaceAll(".*[.]", "")));
			}
		}
	}

}
