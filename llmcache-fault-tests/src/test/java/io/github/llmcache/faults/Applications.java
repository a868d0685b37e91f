package io.github.llmcache.faults;

import io.github.llmcache.autoconfigure.LlmCacheAutoConfiguration;
import io.github.llmcache.provider.StandInProvider;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/**
 * Applications that ask a stand-in for a provider.
 */
final class Applications {

	private Applications() {
	}

	/**
	 * Return an application without anything in memory, so that its store is used.
	 * @param standIn the provider {@code openai}
	 * @return the application
	 */
	static ApplicationContextRunner of(StandInProvider standIn) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(HttpClientAutoConfiguration.class,
					ImperativeHttpClientAutoConfiguration.class, RestClientAutoConfiguration.class,
					DataRedisAutoConfiguration.class, LlmCacheAutoConfiguration.class))
			.withPropertyValues("llmcache.memory.maximum-size=0",
					"llmcache.providers.openai.base-url=" + standIn.baseUrl(),
					"llmcache.providers.openai.cache-identity=stand-in",
					"llmcache.providers.openai.api-key=" + StandInProvider.API_KEY);
	}

	/**
	 * Return an application that keeps its entries in Redis.
	 * @param standIn the provider {@code openai}
	 * @param timeout the milliseconds that it waits for Redis
	 * @return the application, to be told where Redis is
	 */
	static ApplicationContextRunner onRedis(StandInProvider standIn, long timeout) {
		return of(standIn).withPropertyValues("llmcache.backend=redis",
				"llmcache.redis.command-timeout=" + timeout + "ms");
	}

}
