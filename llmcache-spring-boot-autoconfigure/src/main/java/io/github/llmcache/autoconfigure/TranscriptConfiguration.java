package io.github.llmcache.autoconfigure;

import java.nio.file.Path;

import io.github.llmcache.transcript.PromptHistory;
import io.github.llmcache.transcript.PromptPrinter;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * What is kept or shown of what was asked and answered, if somebody wants it.
 */
@Configuration(proxyBeanMethods = false)
class TranscriptConfiguration {

	@Bean
	@ConditionalOnBooleanProperty("llmcache.history.enabled")
	PromptHistory llmCachePromptHistory(LlmCacheProperties properties, Environment environment) {
		Path directory = properties.history().directory();
		return new PromptHistory(
				(directory != null) ? directory.toAbsolutePath().normalize()
						: CacheDirectory.resolve(properties.directory(), environment).resolve("history"),
				properties.redaction().toRedaction());
	}

	@Bean
	@ConditionalOnBooleanProperty("llmcache.print-prompts")
	PromptPrinter llmCachePromptPrinter() {
		return new PromptPrinter(System.out);
	}

}
