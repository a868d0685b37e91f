package io.github.llmcache.coexistence;

import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Uses Spring's caching.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableCaching
class OwnCachingApplication {

	@Bean
	Squares squares() {
		return new Squares();
	}

	public static void main(String[] args) {
		Scenario.run(OwnCachingApplication.class, args[0], (fixture) -> {
			assertThat(fixture.context().getBeanNamesForType(CacheManager.class)).containsExactly("cacheManager");
			Squares squares = fixture.bean(Squares.class);
			assertThat(squares.of(7)).isEqualTo(49);
			assertThat(squares.of(7)).isEqualTo(49);
			assertThat(squares.computed()).isOne();
		});
	}

	/**
	 * Something worth caching.
	 */
	static class Squares {

		private final AtomicInteger computed = new AtomicInteger();

		@Cacheable("squares")
		public int of(int number) {
			this.computed.incrementAndGet();
			return number * number;
		}

		public int computed() {
			return this.computed.get();
		}

	}

}
