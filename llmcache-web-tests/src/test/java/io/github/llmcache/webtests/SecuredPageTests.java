package io.github.llmcache.webtests;

import java.net.http.HttpResponse;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.web.SecurityFilterChain;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the page of an application with Spring MVC whose endpoint is secured by
 * Spring Security, and of which all else is open.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecuredPageTests {

	@TempDir
	static Path directory;

	private WebApplication application;

	@BeforeAll
	void start() {
		this.application = WebApplication.run(Application.class, WebApplicationType.SERVLET, directory);
	}

	@AfterAll
	void stop() {
		this.application.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/", "/app.js", "/style.css", "/other", "/data/overview", "/data/entries" })
	void nobodyMaySeeIt(String path) throws Exception {
		assertThat(this.application.get("/actuator/llmcache/ui" + path).statusCode()).isEqualTo(401);
		assertThat(this.application.get("/other").statusCode()).isEqualTo(404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/app.js", "/data/overview", "/data/entries" })
	void userMaySeeIt(String path) throws Exception {
		HttpResponse<String> response = this.application.getAsUser("/actuator/llmcache/ui" + path);
		assertThat(response.statusCode()).isEqualTo(200);
		WebApplication.assertHeaders(response);
	}

	@Test
	void deletionNeedsTheToken() throws Exception {
		String path = "/actuator/llmcache?model=gpt-4o&key=" + WebApplication.KEY;
		assertThat(this.application.send(this.application.asUser().DELETE(), path).statusCode()).isEqualTo(403);
		assertThat(this.application.send(
				this.application.asUser().header("Cookie", "XSRF-TOKEN=a-b-c").header("X-XSRF-TOKEN", "a-b-c").DELETE(),
				path)
			.body()).isEqualTo("{\"deleted\":1}");
	}

	/**
	 * An application that secures the endpoint.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		@Order(1)
		SecurityFilterChain endpoint(HttpSecurity http) throws Exception {
			return http.securityMatcher(EndpointRequest.to("llmcache"))
				.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.httpBasic(Customizer.withDefaults())
				.csrf(CsrfConfigurer::spa)
				.build();
		}

		@Bean
		@Order(2)
		SecurityFilterChain other(HttpSecurity http) throws Exception {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
		}

	}

}
