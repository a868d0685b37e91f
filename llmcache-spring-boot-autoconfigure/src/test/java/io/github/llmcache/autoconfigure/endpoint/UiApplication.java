package io.github.llmcache.autoconfigure.endpoint;

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.provider.StandInProvider;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A running application with the page, and a client of it.
 */
final class UiApplication implements AutoCloseable {

	private final HttpClient client = HttpClient.newHttpClient();

	private final ConfigurableApplicationContext context;

	private UiApplication(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/**
	 * Start an application with Spring MVC.
	 * @param directory where the cache is
	 * @param standIn the provider
	 * @param properties more properties, which take precedence
	 * @return the application
	 */
	static UiApplication run(Path directory, StandInProvider standIn, String... properties) {
		List<String> all = new ArrayList<>(
				List.of("server.port=0", "llmcache.directory=" + directory, "spring.flyway.enabled=false",
						"spring.jpa.open-in-view=false", "management.endpoints.web.exposure.include=llmcache",
						"llmcache.ui.enabled=true", "llmcache.providers.openai.base-url=" + standIn.baseUrl(),
						"llmcache.providers.openai.models=gpt*,meta-llama/*,ui/*,odd*",
						"llmcache.providers.openai.api-key=" + StandInProvider.API_KEY,
						"llmcache.prices.models.[gpt-4o].input=1", "llmcache.prices.models.[gpt-4o].output=1"));
		all.addAll(List.of(properties));
		return new UiApplication(
				new SpringApplicationBuilder(Application.class).properties(all.toArray(String[]::new)).run());
	}

	ConfigurableApplicationContext context() {
		return this.context;
	}

	String ask(String model, String question) {
		return this.context.getBean(InferenceApi.class)
			.infer(InferenceRequest.builder(model).user(question).build())
			.text();
	}

	HttpResponse<String> get(String path) throws Exception {
		return send(HttpRequest.newBuilder().GET(), path);
	}

	JsonNode json(String path) throws Exception {
		return JsonMapper.shared().readTree(get(path).body());
	}

	HttpResponse<String> send(HttpRequest.Builder request, String path) throws Exception {
		String port = this.context.getEnvironment()
			.getProperty("local.management.port",
					this.context.getEnvironment().getRequiredProperty("local.server.port"));
		return this.client.send(request.uri(URI.create("http://localhost:" + port + path)).build(),
				HttpResponse.BodyHandlers.ofString());
	}

	/**
	 * Send a path as it is, which the JDK's client does not.
	 * @param path the path
	 * @return the status line and all that follows it
	 */
	String raw(String path) throws Exception {
		int port = this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
		try (Socket socket = new Socket("localhost", port)) {
			socket.getOutputStream()
				.write(String
					.format(Locale.ROOT, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path)
					.getBytes(StandardCharsets.UTF_8));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	static void assertHeaders(HttpResponse<String> response) {
		UiHeaders.ALL.forEach((name, value) -> assertThat(response.headers().allValues(name)).containsExactly(value));
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * An application with the Actuator.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = { HibernateJpaAutoConfiguration.class, DataSourceAutoConfiguration.class })
	static class Application {

	}

}
