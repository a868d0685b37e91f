package io.github.llmcache.faults.secrets;

import java.io.IOException;
import java.util.List;

import io.github.llmcache.BatchInferenceApi;
import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.testsupport.JavaProcess;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * A process that lets every kind of file be created, and keeps them open until it is
 * nudged. Its arguments are properties.
 */
final class CacheUser {

	private CacheUser() {
	}

	public static void main(String[] arguments) throws IOException {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.run(arguments)) {
			InferenceApi api = context.getBean(InferenceApi.class);
			for (int i = 0; i < 20; i++) {
				api.infer(question("Question " + i));
			}
			api.infer(question("Question 0"));
			api.embed("text-embedding-3-small", List.of("A text"));
			context.getBean(BatchInferenceApi.class).submit(List.of(question("In a batch")), (progress) -> {
			});
			JavaProcess.say("open");
			System.in.read();
		}
		JavaProcess.say("closed");
	}

	private static InferenceRequest question(String text) {
		return InferenceRequest.builder("gpt-4o-mini").user(text).build();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
