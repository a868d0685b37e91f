package io.github.llmcache.autoconfigure.metrics;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.autoconfigure.LlmCacheAutoConfiguration;
import io.github.llmcache.provider.Reply;
import io.github.llmcache.provider.StandInProvider;
import io.github.llmcache.testsupport.RedisServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.awaitility.Awaitility;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientObservationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/**
 * What Prometheus gets of an application with Redis that has asked a provider, with and
 * without success, and has found answers.
 *
 * @param meters the names of the meters
 * @param samples the names of the samples
 * @param text all that was scraped
 */
record ScrapedApplication(Set<String> meters, Set<String> samples, String text) {

	static ScrapedApplication run(Path directory, String... properties) {
		ScrapedApplication[] scraped = new ScrapedApplication[1];
		try (StandInProvider standIn = StandInProvider.start(); RedisServer redis = RedisServer.start()) {
			new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(HttpClientAutoConfiguration.class,
						ImperativeHttpClientAutoConfiguration.class, RestClientAutoConfiguration.class,
						RestClientObservationAutoConfiguration.class, DataRedisAutoConfiguration.class,
						MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
						PrometheusMetricsExportAutoConfiguration.class, ObservationAutoConfiguration.class,
						LlmCacheAutoConfiguration.class, LlmCacheMetricsAutoConfiguration.class,
						LlmCacheObservationAutoConfiguration.class))
				.withPropertyValues("llmcache.directory=" + directory, "llmcache.backend=redis",
						"spring.data.redis.port=" + redis.port(),
						"llmcache.providers.openai.base-url=" + standIn.baseUrl(),
						"llmcache.providers.openai.api-key=" + StandInProvider.API_KEY,
						"llmcache.retry.initial-interval=1ms")
				.withPropertyValues(properties)
				.run((context) -> {
					InferenceApi inference = context.getBean(InferenceApi.class);
					standIn.enqueue(Reply.status(503));
					InferenceRequest request = InferenceRequest.builder("gpt-4o-mini").user("Hello").build();
					inference.infer(request);
					inference.infer(request);
					inference.inferAll(List.of(request, request));
					scraped[0] = scrape(context.getBean(PrometheusMeterRegistry.class));
				});
		}
		return scraped[0];
	}

	private static ScrapedApplication scrape(PrometheusMeterRegistry registry) {
		String text = Awaitility.await().until(registry::scrape, (scrape) -> scrape.contains("llmcache_stored_bytes{"));
		Set<String> meters = registry.getMeters()
			.stream()
			.map((meter) -> meter.getId().getName())
			.collect(Collectors.toCollection(TreeSet::new));
		Set<String> samples = text.lines()
			.filter((line) -> !line.startsWith("#"))
			.map((line) -> line.split("[{ ]", 2)[0])
			.collect(Collectors.toCollection(TreeSet::new));
		return new ScrapedApplication(meters, samples, text);
	}

}
