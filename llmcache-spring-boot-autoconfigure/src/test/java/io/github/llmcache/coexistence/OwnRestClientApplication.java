package io.github.llmcache.coexistence;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Customizes and observes its REST clients, and expects ours to be one of them.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class OwnRestClientApplication {

	private static final AtomicInteger intercepted = new AtomicInteger();

	private static final Queue<String> observed = new ConcurrentLinkedQueue<>();

	@Bean
	RestClientCustomizer teamCustomizer() {
		return (builder) -> builder.defaultHeader("X-Team", "a").requestInterceptor((request, body, execution) -> {
			intercepted.incrementAndGet();
			return execution.execute(request, body);
		});
	}

	@Bean
	ObservationHandler<Observation.Context> ownObservations() {
		return new ObservationHandler<>() {

			@Override
			public void onStop(Observation.Context context) {
				observed.add(context.getName());
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		};
	}

	public static void main(String[] args) {
		Scenario.run(OwnRestClientApplication.class, args[0], (fixture) -> {
			assertThat(fixture.standIn().lastRequest().header("X-Team")).isEqualTo("a");
			assertThat(intercepted).hasValue(1);
			assertThat(observed).containsExactly("llmcache.lookup", "http.client.requests",
					"gen_ai.client.operation.duration", "llmcache.request", "llmcache.lookup", "llmcache.request");
			assertThat(fixture.count(RestClient.class)).isZero();
			RestClient own = fixture.bean(RestClient.Builder.class).build();
			own.get().uri(fixture.standIn().baseUrl().resolve("/other")).exchange((request, response) -> 0);
			assertThat(fixture.standIn().lastRequest().header("Authorization")).isNull();
		});
	}

}
