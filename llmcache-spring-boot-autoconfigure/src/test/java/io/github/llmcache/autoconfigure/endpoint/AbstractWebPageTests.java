package io.github.llmcache.autoconfigure.endpoint;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.llmcache.testsupport.Browser;
import io.github.llmcache.testsupport.BrowserPage;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Base class for tests of the web page, in a real browser against a running application.
 * They are skipped where there is no browser.
 */
abstract class AbstractWebPageTests {

	/**
	 * The folder in which to put the pictures of the documentation, if they are wanted.
	 */
	static final String PICTURES = "llmcache.pictures";

	private static final String IDLE = "document.querySelector('main')?.getAttribute('aria-busy') === 'false'"
			+ " && !document.querySelector('[aria-busy=true]')";

	@TempDir
	static Path profile;

	private static @Nullable Browser browser;

	private @Nullable BrowserPage page;

	@BeforeAll
	static void startBrowser() {
		Path executable = Browser.find().orElse(null);
		Assumptions.assumeTrue(executable != null, "The web page is not tested: Chromium is not installed");
		browser = Browser.start(Objects.requireNonNull(executable), profile);
	}

	@AfterAll
	static void stopBrowser() {
		if (browser != null) {
			browser.close();
		}
	}

	@BeforeEach
	void openPage() {
		this.page = Objects.requireNonNull(browser).newPage();
		page().show(1280, 900, "light");
	}

	@AfterEach
	void nothingRanAndNothingCameFromElsewhere() {
		if (this.page != null) {
			assertThat(page().evaluate("typeof window.hacked").stringValue()).isEqualTo("undefined");
			assertThat(page().complaints()).isEmpty();
			assertThat(page().requests()).filteredOn((address) -> !address.startsWith("about:"))
				.allMatch((address) -> address.startsWith("http://localhost:"));
			this.page.close();
		}
	}

	BrowserPage page() {
		return Objects.requireNonNull(this.page);
	}

	static ConfigurableApplicationContext run(Path directory, String... properties) {
		return new SpringApplicationBuilder(Application.class)
			.properties("server.port=0", "llmcache.directory=" + directory, "spring.flyway.enabled=false",
					"spring.jpa.open-in-view=false", "llmcache.providers.openai.base-url=http://localhost:9",
					"llmcache.providers.openai.api-key=none", "llmcache.maintenance.enabled=false",
					"management.endpoints.web.exposure.include=llmcache", "llmcache.ui.enabled=true")
			.properties(properties)
			.run();
	}

	static String address(ConfigurableApplicationContext application) {
		return "http://localhost:" + application.getEnvironment().getProperty("local.server.port")
				+ "/actuator/llmcache";
	}

	static JsonNode get(String address) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create(address)).build();
		return JsonMapper.shared()
			.readTree(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
	}

	void open(ConfigurableApplicationContext application, String view) {
		page().open(address(application) + "/ui#" + view);
		waitUntilShown();
	}

	void picture(ConfigurableApplicationContext application, String name, String view, int width, int height,
			String scheme) throws IOException {
		page().show(width, height, scheme);
		open(application, view);
		Path folder = Path.of(System.getProperty(PICTURES));
		assertThat(Files.write(folder.resolve(name + ".png"), page().picture())).isNotEmptyFile();
	}

	void waitUntilShown() {
		page().waitFor(IDLE);
	}

	String text(String selector) {
		return page().evaluate("document.querySelector(" + quoted(selector) + ").textContent").stringValue();
	}

	long count(String selector) {
		return page().evaluate("document.querySelectorAll(" + quoted(selector) + ").length").longValue();
	}

	void click(String button) {
		page().evaluate("[...document.querySelectorAll('button')].find((button) => button.textContent.startsWith("
				+ quoted(button) + ")).click()");
	}

	void enter(String field, String value) {
		page().evaluate("document.querySelector('[name=" + field + "]').value = " + quoted(value));
	}

	static String quoted(String text) {
		return JsonMapper.shared().writeValueAsString(text);
	}

	/**
	 * An application with the Actuator, whose data can fail with a status.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		AtomicInteger status() {
			return new AtomicInteger();
		}

		@Bean
		Filter failing(AtomicInteger status) {
			return new HttpFilter() {

				@Override
				protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
						throws IOException, ServletException {
					if (status.get() == 0 || !request.getRequestURI().contains("/data/")) {
						chain.doFilter(request, response);
						return;
					}
					response.setStatus(status.get());
					response.setContentType("text/html");
					response.setHeader("Location", "/login");
				}

			};
		}

	}

}
