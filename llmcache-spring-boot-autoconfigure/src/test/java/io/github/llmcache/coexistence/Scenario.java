package io.github.llmcache.coexistence;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.provider.StandInProvider;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Starts an application with a stand-in for its provider, checks what holds for every
 * application, and then what the scenario is about. Prints {@value #PASSED} at the end.
 */
final class Scenario {

	static final String PASSED = "scenario passed";

	/** Types of which an application may have a bean of its own, or want to have none. */
	private static final List<String> FORBIDDEN_TYPES = List.of("javax.sql.DataSource", "org.flywaydb.core.Flyway",
			"org.springframework.jdbc.core.JdbcOperations", "org.springframework.jdbc.core.simple.JdbcClient",
			"org.springframework.transaction.TransactionManager", "tools.jackson.databind.ObjectMapper",
			"org.springframework.web.client.RestClient", "org.springframework.web.client.RestClient$Builder",
			"org.springframework.cache.CacheManager", "java.util.concurrent.Executor",
			"org.springframework.http.client.ClientHttpRequestFactory",
			"org.springframework.data.redis.connection.RedisConnectionFactory",
			"org.springframework.data.redis.core.RedisOperations");

	private Scenario() {
	}

	static void run(Class<?> application, String directory, Consumer<Fixture> check, String... properties) {
		try (StandInProvider standIn = StandInProvider.start();
				ConfigurableApplicationContext context = new SpringApplicationBuilder(application)
					.web(WebApplicationType.NONE)
					.properties("llmcache.directory=" + directory,
							"llmcache.providers.openai.base-url=" + standIn.baseUrl(),
							"llmcache.providers.openai.api-key=" + StandInProvider.API_KEY)
					.properties(properties)
					.run()) {
			checkBeans(context);
			checkInference(context, standIn);
			check.accept(new Fixture(context, standIn));
		}
		System.out.println(PASSED);
	}

	private static void checkInference(ConfigurableApplicationContext context, StandInProvider standIn) {
		InferenceApi inference = context.getBean(InferenceApi.class);
		InferenceRequest request = InferenceRequest.builder("gpt-4o-mini").user("Capital of France?").build();
		assertThat(inference.infer(request).cached()).isFalse();
		assertThat(inference.infer(request).cached()).isTrue();
		assertThat(standIn.requestCount()).isOne();
	}

	private static void checkBeans(ConfigurableApplicationContext context) {
		List<String> ours = Stream.of(context.getBeanDefinitionNames())
			.filter((name) -> isOurs(context.getBeanFactory().getMergedBeanDefinition(name)))
			.toList();
		assertThat(ours).contains("inferenceApi", "llmCacheManager");
		for (String name : ours) {
			assertThat(name.toLowerCase(Locale.ROOT))
				.matches("((batch)?inferenceapi|llmcache.*|io\\.github\\.llmcache\\..*)");
			Class<?> type = Objects.requireNonNull(context.getType(name));
			FORBIDDEN_TYPES.stream().flatMap(Scenario::load).forEach((forbidden) -> {
				assertThat(forbidden.isAssignableFrom(type)).as("%s is a %s", name, forbidden).isFalse();
			});
		}
	}

	private static boolean isOurs(BeanDefinition definition) {
		Method factoryMethod = (definition instanceof RootBeanDefinition root) ? root.getResolvedFactoryMethod() : null;
		String origin = (factoryMethod != null) ? factoryMethod.getDeclaringClass().getName()
				: String.valueOf(definition.getBeanClassName());
		return origin.startsWith("io.github.llmcache.") && !origin.startsWith("io.github.llmcache.coexistence.");
	}

	private static Stream<Class<?>> load(String type) {
		try {
			return Stream.of(Class.forName(type, false, Scenario.class.getClassLoader()));
		}
		catch (ClassNotFoundException ex) {
			return Stream.empty();
		}
	}

	/**
	 * What a scenario checks.
	 *
	 * @param context the running application
	 * @param standIn its provider, which has been asked once
	 */
	record Fixture(ConfigurableApplicationContext context, StandInProvider standIn) {

		<T> T bean(Class<T> type) {
			return this.context.getBean(type);
		}

		int count(Class<?> type) {
			return this.context.getBeanNamesForType(type).length;
		}

	}

}
