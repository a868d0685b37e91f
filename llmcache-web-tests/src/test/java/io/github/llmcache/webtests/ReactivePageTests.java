package io.github.llmcache.webtests;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the page of applications with Spring WebFlux, secured by Spring Security as
 * it is without configuration.
 */
class ReactivePageTests {

	@TempDir
	Path directory;

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = {
					"/manage/cache|management.endpoints.web.base-path=/manage|management.endpoints.web.path-mapping"
							+ ".llmcache=cache",
					"/base/actuator/llmcache|spring.webflux.base-path=/base|x=y",
					"/own/actuator/llmcache|management.server.port=0|management.server.base-path=/own" })
	void everythingIsThere(String path, String property, String otherProperty) throws Exception {
		try (WebApplication application = run(property, otherProperty)) {
			String ui = path + "/ui";
			assertThat(application.get(ui).statusCode()).isEqualTo(401);
			assertThat(application.get(ui + "/data/entries").statusCode()).isEqualTo(401);
			assertAnswer(application, ui, 200, "text/html;charset=UTF-8");
			assertAnswer(application, ui + "/app.js", 200, "text/javascript;charset=UTF-8");
			assertAnswer(application, ui + "/style.css", 200, "text/css;charset=UTF-8");
			String json = "application/vnd.spring-boot.actuator.v3+json";
			assertAnswer(application, ui + "/data/overview", 200, json);
			assertThat(assertAnswer(application, ui + "/data/entries?limit=1", 200, json)).contains("\"matching\":1",
					WebApplication.KEY);
			assertThat(
					assertAnswer(application, ui + "/data/entries/" + WebApplication.KEY + "?model=gpt-4o", 200, json))
				.contains("\\\"n\\\" : 1.50");
			assertAnswer(application, ui + "/data/entries?limit=x", 400, json);
			assertAnswer(application, path + "/gpt-4o", 200, json);
		}
	}

	@Test
	void whatIsNotThereIsNotFound() throws Exception {
		try (WebApplication application = run()) {
			for (String path : new String[] { "/other", "/app.js/x", "/data/entries/0000" }) {
				HttpResponse<String> response = application.getAsUser("/actuator/llmcache/ui" + path);
				assertThat(response.statusCode()).as(path).isEqualTo(404);
				WebApplication.assertHeaders(response);
			}
			assertThat(application.getAsUser("/actuator/llmcache/gpt-4o?path=ui").statusCode()).isEqualTo(404);
			assertThat(application.getAsUser("/other").headers().map()).doesNotContainKey("Content-Security-Policy");
			HttpResponse<String> head = application.send(
					application.asUser().method("HEAD", HttpRequest.BodyPublishers.noBody()), "/actuator/llmcache/ui");
			assertThat(head.statusCode()).isEqualTo(200);
			WebApplication.assertHeaders(head);
		}
	}

	private WebApplication run(String... properties) {
		return WebApplication.run(Application.class, WebApplicationType.REACTIVE, this.directory, properties);
	}

	private static String assertAnswer(WebApplication application, String path, int status, String type)
			throws Exception {
		HttpResponse<String> response = application.getAsUser(path);
		assertThat(response.statusCode()).as(path).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).as(path).hasValue(type);
		WebApplication.assertHeaders(response);
		return response.body();
	}

	/**
	 * An application with the Actuator.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
