package io.github.llmcache.faults.secrets;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.llmcache.BatchInferenceApi;
import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.ProviderException;
import io.github.llmcache.autoconfigure.LlmCacheProperties;
import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.faults.Area;
import io.github.llmcache.faults.Survival;
import io.github.llmcache.provider.ProviderRouter;
import io.github.llmcache.provider.Reply;
import io.github.llmcache.provider.StandInProvider;
import io.github.llmcache.testsupport.RedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Looks for the keys that an application is configured with in all that can be seen of
 * it, and for prompts and answers in what is not meant to show them.
 */
@ExtendWith(OutputCaptureExtension.class)
class NoSecretsTests {

	private static final String PROMPT = "prompt-that-nobody-may-see";

	private static final String HEADER = "header-token-5b1d9e7f3a2c4680";

	private static final String PASSWORD = "redis-password-0f1e2d3c4b5a6978";

	private static final Map<String, String> KEYS = Map.of("openai", "sk-openai-1a2b3c4d5e6f7081", "anthropic",
			"sk-ant-anthropic-9f8e7d6c5b4a3021", "gemini", "AIza-gemini-123456789abcdef0");

	@TempDir
	Path directory;

	private final Map<String, String> seen = new LinkedHashMap<>();

	@ParameterizedTest
	@ValueSource(strings = { "sqlite", "file", "redis" })
	void keysAreNowhere(String backend, CapturedOutput output) throws Exception {
		try (StandInProvider provider = StandInProvider.start().acceptAnyKey();
				RedisServer redis = RedisServer.start("--requirepass", PASSWORD);
				ConfigurableApplicationContext context = run(backend, provider, redis.port())) {
			use(context, provider);
			look(context);
		}
		this.seen.put("output", output.getAll());
		try (Stream<Path> files = Files.walk(this.directory)) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				this.seen.put("file " + file, Files.readString(file, StandardCharsets.ISO_8859_1));
			}
		}
		List<String> leaks = leaks();
		long bytes = this.seen.values().stream().mapToLong(String::length).sum();
		Survival.of(Area.SECURITY, "Keys looked for, " + backend)
			.count("bytes of logs, answers of endpoints, exceptions and files", bytes)
			.wrong(leaks.size())
			.record();
		assertThat(leaks).isEmpty();
		assertThat(this.seen.get("output")).contains("DEBUG").doesNotContain(PROMPT);
		assertThat(this.seen.get("GET metrics")).contains("llmcache").doesNotContain(PROMPT);
		assertThat(this.seen.get("GET llmcache")).contains("gpt-4o-mini").doesNotContain(PROMPT);
		assertThat(this.seen.get("GET configprops")).contains("llmcache", "******");
		assertThat(this.seen.keySet().stream().filter((name) -> name.startsWith("exception"))).hasSizeGreaterThan(20);
		this.seen.forEach((name, text) -> {
			if (name.startsWith("exception")) {
				assertThat(text).as(name).doesNotContain(PROMPT);
			}
		});
	}

	@Test
	void badConfigurationIsExplainedWithoutKeys(CapturedOutput output) {
		List<String> bad = List.of("openai.base-url=https://user:" + HEADER + "@api.example.com/v1",
				"openai.base-url=https://api.example.com/v1?key=" + HEADER, "openai.base-url=" + HEADER,
				"openai.api-key=" + HEADER + " and more", "openai.headers.X-Token=" + HEADER + "\u00e4",
				"openai.headers.Host=" + HEADER, "openai.max-concurrency=0");
		for (String property : bad) {
			Throwable failure = catchThrowable(
					() -> new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
						.run("--llmcache.directory=" + this.directory, "--llmcache.providers." + property,
								"--llmcache.providers.anthropic.api-key=" + HEADER)
						.close());
			assertThat(failure).isNotNull();
			see("exception " + property.substring(0, 12) + this.seen.size(), failure);
		}
		this.seen.put("output", output.getAll());
		List<String> leaks = leaks();
		Survival.of(Area.SECURITY, "Keys looked for, applications that do not start")
			.count("configurations", bad.size())
			.wrong(leaks.size())
			.record();
		assertThat(leaks).isEmpty();
	}

	private ConfigurableApplicationContext run(String backend, StandInProvider provider, int redisPort) {
		List<String> arguments = new ArrayList<>(List.of("--server.port=0", "--llmcache.backend=" + backend,
				"--llmcache.directory=" + this.directory, "--llmcache.history.enabled=true",
				"--llmcache.retry.max-attempts=2", "--llmcache.retry.initial-interval=1ms",
				"--llmcache.explain.endpoint=true", "--llmcache.explain.show-values=true", "--llmcache.ui.enabled=true",
				"--logging.level.io.github.llmcache=TRACE", "--management.endpoints.web.exposure.include=*",
				"--management.endpoint.health.show-details=always", "--management.endpoint.env.show-values=always",
				"--management.endpoint.configprops.show-values=always", "--spring.data.redis.host=127.0.0.1",
				"--spring.data.redis.port=" + redisPort));
		// Not as an argument: what an application itself shows of these is its own matter
		Map<String, Object> properties = new LinkedHashMap<>();
		KEYS.forEach((name, key) -> {
			String prefix = "llmcache.providers." + name + ".";
			properties.put(prefix + "api-key", key);
			properties.put(prefix + "headers.X-Gateway", HEADER);
			properties.put(prefix + "timeout", "2s");
			properties.put(prefix + "base-url", provider.baseUrl().toString());
		});
		properties.put("llmcache.providers.refused.protocol", "openai");
		properties.put("llmcache.providers.refused.base-url", "http://127.0.0.1:1/v1");
		properties.put("llmcache.providers.refused.api-key", KEYS.get("openai"));
		System.setProperty("spring.data.redis.password", PASSWORD);
		try {
			return new SpringApplicationBuilder(Application.class).properties(properties)
				.run(arguments.toArray(String[]::new));
		}
		finally {
			System.clearProperty("spring.data.redis.password");
		}
	}

	private void use(ConfigurableApplicationContext context, StandInProvider provider) {
		InferenceApi api = context.getBean(InferenceApi.class);
		Map<String, String> models = Map.of("gpt-4o-mini", "openai", "claude-sonnet-4-5", "anthropic",
				"gemini-2.5-flash", "gemini");
		for (String model : models.keySet()) {
			this.seen.put("answer " + model, String.valueOf(api.infer(question(model, "ok"))));
			api.infer(question(model, "ok"));
			this.seen.put("explanation " + model, String.valueOf(api.explain(question(model, "other"))));
			String echo = "Incorrect API key provided: " + KEYS.get(models.get(model)) + ", " + HEADER;
			List<Reply> failures = List.of(Reply.openAiError(401, echo, echo, echo),
					Reply.openAiError(429, "rate_limit_error", null, echo).header("Retry-After", "0"),
					Reply.json(400, "{\"error\":{\"message\":\"" + echo + "\"}}"), Reply.ok("{\"broken\":"),
					Reply.ok(""), Reply.html(502), Reply.redirect(302, "http://127.0.0.1:1/" + HEADER),
					Reply.disconnect(), Reply.raw("HTTP/1.1 " + HEADER + "\r\n\r\n"),
					Reply.status(500).header("x-request-id", HEADER));
			for (int i = 0; i < failures.size(); i++) {
				Reply failure = failures.get(i);
				provider.answer((request) -> failure);
				see("exception " + model + " " + i, catchThrowable(() -> api.infer(question(model, "fails"))));
			}
			provider.answer((request) -> null);
		}
		see("exception refused", catchThrowable(
				() -> api.infer(InferenceRequest.builder("refused/model").provider("refused").user(PROMPT).build())));
		see("exception without provider", catchThrowable(() -> api.infer(question("nobodys-model", "ok"))));
		this.seen.put("batch", String.valueOf(context.getBean(BatchInferenceApi.class)
			.submit(List.of(question("gpt-4o-mini", "batch")), (progress) -> {
			})));
	}

	private static InferenceRequest question(String model, String text) {
		return InferenceRequest.builder(model).user(PROMPT + " " + text).maxTokens(10).build();
	}

	private void see(String name, Throwable failure) {
		assertThat(failure).as(name).isNotNull();
		StringWriter trace = new StringWriter();
		// Causes and what is suppressed are in it, too
		failure.printStackTrace(new PrintWriter(trace));
		this.seen.put(name, trace.toString());
		if (failure instanceof ProviderException ex) {
			// It may quote the prompt, and no key
			this.seen.put("words of " + name,
					ex.getProviderMessage().orElse("") + ex.getRequestId().orElse("") + ex.getError());
		}
	}

	private void look(ConfigurableApplicationContext context) throws IOException, InterruptedException {
		HttpClient client = HttpClient.newHttpClient();
		String base = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + "/actuator/";
		for (String path : List.of("health", "llmcache", "llmcache/gpt-4o-mini", "configprops", "env", "metrics",
				"beans", "metrics/llmcache.calls", "conditions", "loggers", "threaddump", "llmcache/ui", "mappings")) {
			this.seen.put("GET " + path,
					client.send(HttpRequest.newBuilder(URI.create(base + path)).build(), BodyHandlers.ofString())
						.body());
		}
		this.seen.put("properties", String.valueOf(context.getBean(LlmCacheProperties.class)));
		this.seen.put("definitions", String.valueOf(context.getBean(ProviderRouter.class).providers()));
		this.seen.put("statistics", String.valueOf(context.getBean(CacheManager.class).statistics()));
		this.seen.put("beans' toString",
				context.getBeansOfType(Object.class)
					.entrySet()
					.stream()
					.filter((bean) -> bean.getValue().getClass().getName().startsWith("io.github.llmcache"))
					.toList()
					.toString());
		this.seen.put("threads", Thread.getAllStackTraces().keySet().toString());
		StringBuilder entries = new StringBuilder();
		context.getBean(CacheStore.class).scan(null, (stored) -> {
			try {
				CacheEntry entry = stored.read();
				RequestRecord request = entry.request();
				entries.append(entry)
					.append((request != null) ? new String(request.json(), StandardCharsets.UTF_8) : "");
				entry.responses()
					.forEach((response) -> entries.append(new String(response.body(), StandardCharsets.UTF_8)));
			}
			catch (UnreadableEntryException ex) {
				throw new IllegalStateException(ex);
			}
		});
		assertThat(entries.toString()).contains(PROMPT);
		this.seen.put("entries", entries.toString());
	}

	private List<String> leaks() {
		List<String> secrets = new ArrayList<>(KEYS.values());
		secrets.addAll(List.of(HEADER, PASSWORD));
		List<String> leaks = new ArrayList<>();
		this.seen.forEach((name, text) -> {
			for (String secret : secrets) {
				String base64 = Base64.getEncoder()
					.withoutPadding()
					.encodeToString(secret.getBytes(StandardCharsets.UTF_8));
				int at = Math.max(text.indexOf(secret), text.indexOf(base64.substring(0, base64.length() - 2)));
				// Of Spring Boot's own properties, an application that shows values shows
				// this
				boolean shown = secret.equals(PASSWORD) && (name.equals("GET configprops") || name.equals("GET env"));
				if (at >= 0 && !shown) {
					leaks.add(name + ": " + text.substring(Math.max(0, at - 80), Math.min(text.length(), at + 40)));
				}
			}
		});
		return leaks;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
