package io.github.llmcache.sample;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the sample application.
 *
 * @param model the model to ask, or {@code null} to choose one by the keys that are there
 * @param standIn whether to ask the stand-in even if there is a key
 * @param runQuestions whether to ask the bundled questions on start-up
 * @param timeLimit how long the bundled questions may take
 */
@ConfigurationProperties("sample")
record SampleProperties(@Nullable String model, boolean standIn, @DefaultValue("true") boolean runQuestions,
		@DefaultValue("5m") Duration timeLimit) {

}
