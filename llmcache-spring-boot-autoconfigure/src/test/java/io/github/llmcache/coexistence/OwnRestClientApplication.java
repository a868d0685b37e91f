package io.github.llmcache.coexistence;

import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Customizes its REST clients, and expects ours to be one of them.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class OwnRestClientApplication {

	private static final AtomicInteger intercepted = new AtomicInteger();

	@Bean
	RestClientCustomizer teamCustomizer() {
		return (builder) -> builder.defaultHeader("X-Team", "a").requestInterceptor((request, body, execution) -> {
			intercepted.incrementAndGet();
			return execution.execute(request, body);
		});
	}

	public static void main(String[] args) {
		Scenario.run(OwnRestClientApplication.class, args[0], (fixture) -> {
			assertThat(fixture.standIn().lastRequest().header("X-Team")).isEqualTo("a");
			assertThat(intercepted).hasValue(1);
			assertThat(fixture.count(RestClient.class)).isZero();
			RestClient own = fixture.bean(RestClient.Builder.class).build();
			own.get().uri(fixture.standIn().baseUrl().resolve("/other")).exchange((request, response) -> 0);
			assertThat(fixture.standIn().lastRequest().header("Authorization")).isNull();
		});
	}

}
