package io.github.llmcache.webtests;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CachedResponse;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A running application with the page, one entry and a user, and a client of it.
 */
final class WebApplication implements AutoCloseable {

	static final String KEY = "ab".repeat(32);

	private final HttpClient client = HttpClient.newHttpClient();

	private final ConfigurableApplicationContext context;

	private WebApplication(ConfigurableApplicationContext context) {
		this.context = context;
	}

	static WebApplication run(Class<?> configuration, WebApplicationType type, Path directory, String... properties) {
		List<String> all = new ArrayList<>(List.of("server.port=0", "llmcache.directory=" + directory,
				"management.endpoints.web.exposure.include=llmcache", "llmcache.ui.enabled=true",
				"llmcache.ui.show-content=true", "spring.security.user.name=user",
				"spring.security.user.password=password"));
		all.addAll(List.of(properties));
		ConfigurableApplicationContext context = new SpringApplicationBuilder(configuration).web(type)
			.properties(all.toArray(String[]::new))
			.run();
		byte[] hash = new byte[CacheKey.LENGTH];
		Arrays.fill(hash, (byte) 0xab);
		context.getBean(CacheStore.class)
			.putAll(List.of(new CacheEntry(CacheKey.of("gpt-4o", 1, hash), "",
					List.of(new CachedResponse("{\"n\":1.50}".getBytes(StandardCharsets.UTF_8), 1, 1, 1, null, "STOP",
							Instant.EPOCH, Duration.ZERO, null)),
					null, null)));
		return new WebApplication(context);
	}

	HttpResponse<String> get(String path) throws Exception {
		return send(HttpRequest.newBuilder().GET(), path);
	}

	HttpResponse<String> getAsUser(String path) throws Exception {
		return send(asUser(), path);
	}

	HttpRequest.Builder asUser() {
		return HttpRequest.newBuilder()
			.header("Authorization",
					"Basic " + Base64.getEncoder().encodeToString("user:password".getBytes(StandardCharsets.UTF_8)));
	}

	HttpResponse<String> send(HttpRequest.Builder request, String path) throws Exception {
		String port = this.context.getEnvironment()
			.getProperty("local.management.port",
					this.context.getEnvironment().getRequiredProperty("local.server.port"));
		return this.client.send(request.uri(URI.create("http://localhost:" + port + path)).build(),
				HttpResponse.BodyHandlers.ofString());
	}

	static void assertHeaders(HttpResponse<String> response) {
		assertThat(response.headers().allValues("Content-Security-Policy")).singleElement()
			.asString()
			.startsWith("default-src 'none'");
		assertThat(response.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
		assertThat(response.headers().allValues("Referrer-Policy")).containsExactly("no-referrer");
		assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-store");
	}

	@Override
	public void close() {
		this.context.close();
	}

}
