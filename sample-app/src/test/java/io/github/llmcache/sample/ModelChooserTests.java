package io.github.llmcache.sample;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

class ModelChooserTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withInitializer(ModelChooserTests::hideEnvironmentVariables)
		.withInitializer(new ModelChooser());

	@Test
	void asksAStandInWithoutAKey() {
		this.contextRunner.run((context) -> {
			URI url = context.getBean(StandInProvider.class).url();
			ModelChoice choice = context.getBean(ModelChoice.class);
			assertThat(choice.model()).isEqualTo("stand-in");
			assertThat(choice.reason())
				.startsWith("No OPENAI_API_KEY or ANTHROPIC_API_KEY: asking a stand-in on " + url
						+ " that speaks the OpenAI protocol")
				.endsWith("Dollars are what gpt-4o-mini would cost.");
			assertThat(context.getEnvironment().getProperty("llmcache.providers.stand-in.base-url"))
				.isEqualTo(url + "/v1");
			assertThat(context.getEnvironment().getProperty("llmcache.providers.stand-in.cache-identity"))
				.doesNotContain(String.valueOf(url.getPort()));
			assertThat(context.getEnvironment().getProperty("llmcache.prices.models.stand-in.input")).isEqualTo("0.15");
		});
	}

	@Test
	void stopsTheStandInWithTheContext() {
		List<URI> urls = new ArrayList<>();
		this.contextRunner.run((context) -> {
			urls.add(context.getBean(StandInProvider.class).url());
			connect(urls.get(0));
		});
		assertThatIOException().isThrownBy(() -> connect(urls.get(0)));
	}

	@Test
	void stopsTheStandInIfTheContextFails() {
		List<URI> urls = new ArrayList<>();
		this.contextRunner
			.withInitializer((context) -> urls.add(context.getBeanFactory().getBean(StandInProvider.class).url()))
			.withBean("broken", Object.class, () -> {
				throw new IllegalStateException("broken");
			})
			.run((context) -> assertThat(context).hasFailed());
		assertThatIOException().isThrownBy(() -> connect(urls.get(0)));
	}

	@Test
	void asksOpenAiWithAKey() {
		this.contextRunner.withPropertyValues("OPENAI_API_KEY=k", "ANTHROPIC_API_KEY=k").run((context) -> {
			assertThat(context.getBean(ModelChoice.class).model()).isEqualTo("gpt-4o-mini");
			assertThat(context.getBean(ModelChoice.class).reason()).contains("OpenAI");
			assertThat(context).doesNotHaveBean(StandInProvider.class);
		});
	}

	@Test
	void asksOpenAiWithAKeyInAProperty() {
		this.contextRunner.withPropertyValues("llmcache.providers.openai.api-key=k")
			.run((context) -> assertThat(context.getBean(ModelChoice.class).model()).isEqualTo("gpt-4o-mini"));
	}

	@Test
	void asksAnthropicWithItsKey() {
		this.contextRunner.withPropertyValues("OPENAI_API_KEY=", "ANTHROPIC_API_KEY=k").run((context) -> {
			assertThat(context.getBean(ModelChoice.class).model()).isEqualTo("claude-haiku-4-5");
			assertThat(context).doesNotHaveBean(StandInProvider.class);
		});
	}

	@Test
	void asksTheModelThatIsConfigured() {
		this.contextRunner.withPropertyValues("sample.model=llama3.2", "OPENAI_API_KEY=k").run((context) -> {
			assertThat(context.getBean(ModelChoice.class).model()).isEqualTo("llama3.2");
			assertThat(context).doesNotHaveBean(StandInProvider.class);
		});
	}

	@Test
	void asksTheStandInIfToldTo() {
		this.contextRunner.withPropertyValues("sample.stand-in=true", "OPENAI_API_KEY=k").run((context) -> {
			assertThat(context.getBean(ModelChoice.class).model()).isEqualTo("stand-in");
			assertThat(context.getBean(ModelChoice.class).reason()).startsWith("As 'sample.stand-in' says: asking");
		});
	}

	@Test
	void leavesWhatIsConfigured() {
		this.contextRunner.withPropertyValues("llmcache.providers.stand-in.max-concurrency=3")
			.run((context) -> assertThat(
					context.getEnvironment().getProperty("llmcache.providers.stand-in.max-concurrency"))
				.isEqualTo("3"));
	}

	private static void hideEnvironmentVariables(ConfigurableApplicationContext context) {
		context.getEnvironment()
			.getPropertySources()
			.remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
	}

	private static void connect(URI url) throws IOException {
		new Socket(url.getHost(), url.getPort()).close();
	}

}
