package io.github.llmcache.sample;

import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.List;

import io.github.llmcache.CacheMissException;
import io.github.llmcache.CacheMode;
import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.test.autoconfigure.AutoConfigureLlmCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The application with answers that were recorded, and nobody to ask.
 */
@SpringBootTest(properties = { "sample.stand-in=true", "sample.run-questions=false" })
@AutoConfigureLlmCache
class ReplayTests {

	static final String QUESTION = "Why is the sky blue?";

	@Autowired
	private QuestionController controller;

	@Autowired
	private InferenceApi inference;

	@Test
	void answersAQuestion() {
		Answer answer = this.controller.ask(QUESTION, null);
		assertThat(answer.text()).startsWith("This is a stand-in's answer to: " + QUESTION);
	}

	@Test
	void answersManyQuestions() {
		List<InferenceResult> results = this.inference.inferAll(Questions.load()
			.stream()
			.limit(5)
			.map((question) -> Questions.request(StandInProvider.MODEL, question))
			.toList());
		assertThat(results).hasSize(5).allMatch(InferenceResult::succeeded);
	}

	@Test
	@DisabledIfSystemProperty(named = AutoConfigureLlmCache.RECORD, matches = ".*")
	void thereIsNobodyToAsk(@Autowired ApplicationContext context, @Value("${llmcache.mode}") CacheMode mode,
			@Value("${llmcache.providers.stand-in.base-url}") URI provider) {
		assertThat(mode).isEqualTo(CacheMode.REPLAY);
		assertThat(context.getBeanProvider(StandInProvider.class)).isEmpty();
		assertThatExceptionOfType(SocketException.class)
			.isThrownBy(() -> new Socket(provider.getHost(), provider.getPort()).close());
		assertThat(this.controller.ask(QUESTION, null).cached()).isTrue();
		assertThatExceptionOfType(CacheMissException.class)
			.isThrownBy(() -> this.controller.ask("What was never asked?", null));
	}

}
