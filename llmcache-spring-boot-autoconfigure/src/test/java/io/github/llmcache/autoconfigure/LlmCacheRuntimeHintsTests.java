package io.github.llmcache.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LlmCacheRuntimeHints}.
 */
class LlmCacheRuntimeHintsTests {

	@ParameterizedTest
	@ValueSource(strings = { "io/github/llmcache/cache/sqlite/migration/V1__create_schema.sql",
			"io/github/llmcache/pricing/prices.json", "io/github/llmcache/ui/index.html" })
	void resourcesThatAreReadAreRegistered(String resource) {
		RuntimeHints hints = new RuntimeHints();
		new LlmCacheRuntimeHints().registerHints(hints, null);
		assertThat(getClass().getClassLoader().getResource(resource)).isNotNull();
		assertThat(RuntimeHintsPredicates.resource().forResource(resource)).accepts(hints);
	}

	@Test
	void registrarIsFound() {
		assertThat(SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
			.load(RuntimeHintsRegistrar.class)).hasAtLeastOneElementOfType(LlmCacheRuntimeHints.class);
	}

}
