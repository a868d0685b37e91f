package io.github.llmcache.webtests;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

import io.github.llmcache.CacheControl;
import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.NamespaceResolver;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.EntryFilter;
import io.github.llmcache.provider.StandInProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for an application of two users, each with a namespace of his own, which comes
 * from Spring Security's context.
 */
class TenantsTests {

	private static final int CALLERS = 8;

	@TempDir
	Path directory;

	private final HttpClient client = HttpClient.newHttpClient();

	@Test
	void usersShareNothing() throws Exception {
		usersShareNothing("spring.threads.virtual.enabled=false");
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void usersShareNothingOnVirtualThreads() throws Exception {
		usersShareNothing("spring.threads.virtual.enabled=true");
	}

	private void usersShareNothing(String property) throws Exception {
		try (StandInProvider provider = StandInProvider.start();
				ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
					.properties("server.port=0", "llmcache.directory=" + this.directory,
							"llmcache.providers.openai.base-url=" + provider.baseUrl(),
							"llmcache.providers.openai.api-key=" + StandInProvider.API_KEY,
							"management.endpoints.web.exposure.include=llmcache", property)
					.run()) {
			String base = "http://localhost:" + context.getEnvironment().getRequiredProperty("local.server.port");
			for (String user : List.of("alice", "bob")) {
				assertThat(post(base + "/ask?question=Hello", user).body()).isEqualTo("PROVIDER");
				assertThat(post(base + "/ask?question=Hello", user).body()).isEqualTo("CACHE");
				assertThat(post(base + "/async?question=Later", user).body()).isEqualTo("PROVIDER");
				assertThat(post(base + "/all?question=Hello&question=Later&question=More", user).body())
					.isEqualTo("CACHE,CACHE,PROVIDER");
				assertThat(post(base + "/ask?question=More", user).body()).isEqualTo("CACHE");
				assertThat(get(base + "/statistics", user).body()).isEqualTo("4 3");
			}
			assertThat(provider.requestCount()).isEqualTo(6);
			assertThat(post(base + "/ask?question=Hello&namespace=bob", "alice").statusCode()).isEqualTo(403);
			assertThat(post(base + "/ask?question=Hello", null).statusCode()).isEqualTo(401);
			assertThat(get(base + "/actuator/llmcache?namespace=alice", "alice").body())
				.contains("\"namespace\":\"alice\"", "\"hits\":4", "\"misses\":3");
			assertThat(get(base + "/actuator/llmcache?namespace=carol", "alice").body()).contains("\"models\":{}");
			HttpResponse<String> deleted = send(HttpRequest.newBuilder().DELETE(), base + "/cache", "alice");
			assertThat(deleted.body()).isEqualTo("3");
			assertThat(post(base + "/ask?question=Hello", "bob").body()).isEqualTo("CACHE");
			assertThat(post(base + "/ask?question=Hello", "alice").body()).isEqualTo("PROVIDER");
			manyCallersAtOnce(base, provider);
		}
	}

	private void manyCallersAtOnce(String base, StandInProvider provider) throws Exception {
		int before = provider.requestCount();
		List<Callable<String>> calls = new ArrayList<>();
		for (int caller = 0; caller < CALLERS; caller++) {
			String user = (caller % 2 == 0) ? "alice" : "bob";
			calls.add(() -> post(base + "/ask?question=Together", user).body());
		}
		ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
		try {
			List<String> sources = new ArrayList<>();
			for (Future<String> call : threads.invokeAll(calls)) {
				sources.add(call.get());
			}
			assertThat(sources).hasSize(CALLERS);
			assertThat(sources.stream().filter("PROVIDER"::equals)).hasSize(2);
		}
		finally {
			threads.shutdown();
		}
		assertThat(provider.requestCount()).isEqualTo(before + 2);
	}

	private HttpResponse<String> get(String uri, String user) throws Exception {
		return send(HttpRequest.newBuilder().GET(), uri, user);
	}

	private HttpResponse<String> post(String uri, @Nullable String user) throws Exception {
		return send(HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.noBody()), uri, user);
	}

	private HttpResponse<String> send(HttpRequest.Builder request, String uri, @Nullable String user) throws Exception {
		if (user != null) {
			request.header("Authorization", "Basic "
					+ Base64.getEncoder().encodeToString((user + ":password").getBytes(StandardCharsets.UTF_8)));
		}
		return this.client.send(request.uri(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
	}

	/**
	 * An application that answers its users.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Answers.class)
	static class Application {

		@Bean
		NamespaceResolver namespaceOfTheUser() {
			return (requested) -> {
				Authentication user = SecurityContextHolder.getContext().getAuthentication();
				if (user == null || !user.isAuthenticated()) {
					throw new AuthenticationCredentialsNotFoundException("Nobody is logged in");
				}
				if (requested != null && !requested.equals(user.getName())) {
					throw new AccessDeniedException("The namespace is somebody else's");
				}
				return user.getName();
			};
		}

		@Bean
		UserDetailsService users() {
			return new InMemoryUserDetailsManager(user("alice"), user("bob"));
		}

		private static org.springframework.security.core.userdetails.UserDetails user(String name) {
			return User.withUsername(name).password("{noop}password").roles("USER").build();
		}

		@Bean
		SecurityFilterChain chain(HttpSecurity http) throws Exception {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.httpBasic(Customizer.withDefaults())
				.csrf(AbstractHttpConfigurer::disable)
				.build();
		}

	}

	/**
	 * What users may ask.
	 */
	@RestController
	static class Answers {

		private final InferenceApi inferenceApi;

		private final CacheManager cacheManager;

		Answers(InferenceApi inferenceApi, CacheManager cacheManager) {
			this.inferenceApi = inferenceApi;
			this.cacheManager = cacheManager;
		}

		@PostMapping("/ask")
		String ask(@RequestParam("question") String question,
				@RequestParam(name = "namespace", required = false) @Nullable String namespace) {
			InferenceRequest.Builder request = InferenceRequest.builder("gpt-4o").user(question);
			if (namespace != null) {
				request.cacheControl(CacheControl.DEFAULT.withNamespace(namespace));
			}
			return this.inferenceApi.infer(request.build()).source().name();
		}

		@PostMapping("/async")
		String async(@RequestParam("question") String question) {
			return this.inferenceApi.inferAsync(request(question)).join().source().name();
		}

		@PostMapping("/all")
		String all(@RequestParam("question") List<String> questions) {
			return this.inferenceApi.inferAll(questions.stream().map(Answers::request).toList())
				.stream()
				.map((result) -> result.orElseThrow().source().name())
				.collect(Collectors.joining(","));
		}

		private static InferenceRequest request(String question) {
			return InferenceRequest.builder("gpt-4o").user(question).build();
		}

		@GetMapping("/statistics")
		String statistics() {
			ModelStatistics statistics = this.cacheManager.statistics(user()).total();
			return statistics.hits() + " " + statistics.misses();
		}

		@DeleteMapping("/cache")
		long delete() {
			return this.cacheManager.delete(EntryFilter.ofNamespace(user()));
		}

		private static String user() {
			Authentication user = SecurityContextHolder.getContext().getAuthentication();
			if (user == null) {
				throw new AuthenticationCredentialsNotFoundException("Nobody is logged in");
			}
			return user.getName();
		}

	}

}
