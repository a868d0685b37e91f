package io.github.llmcache.provider.openai;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.Moderation;
import io.github.llmcache.ModerationRequest;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.TestProviders;
import io.github.llmcache.provider.TextAnswer;
import io.github.llmcache.provider.TextAnswers;
import io.github.llmcache.provider.TextOperation;
import io.github.llmcache.provider.WireJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for {@link OpenAiModerations}.
 */
class OpenAiModerationsTests {

	private static final ProviderDefinition PROVIDER = TestProviders.of(new OpenAiChatProtocol());

	private static final String RESULT = """
			{"flagged": true, "categories": {"violence": true, "self-harm/intent": false, "illicit": null},
			  "category_scores": {"violence": 0.9182, "self-harm/intent": 1.2e-05, "illicit": null},
			  "category_applied_input_types": {"violence": ["text"]}, "new": {"field": 1}}""";

	private final TextOperation<Moderation> operation = new OpenAiChatProtocol()
		.moderations(ModerationRequest.builder("omni-moderation-latest").build(), PROVIDER);

	@Test
	void modelIsInTheCallAndInTheKey() {
		assertThat(WireJson.write(this.operation.write(List.of("a", "b")).body()))
			.isEqualTo("{\"model\":\"omni-moderation-latest\",\"input\":[\"a\",\"b\"]}");
		assertThat(WireJson.write(this.operation.write("a").body()))
			.isEqualTo("{\"model\":\"omni-moderation-latest\",\"input\":\"a\"}");
		assertThat(this.operation.write("a").operation()).isEqualTo("moderations");
		assertThat(this.operation.limits().texts()).isEqualTo(32);
	}

	@ParameterizedTest
	@ValueSource(strings = { "model", "input" })
	void parametersThatAreTheRequestsOwnAreRefused(String name) {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> new OpenAiChatProtocol()
			.moderations(ModerationRequest.builder("m").parameter(name, "x").build(), PROVIDER));
	}

	@Test
	void resultIsTypedAndRaw() {
		TextAnswers<Moderation> answers = read("{\"id\": \"modr-1\", \"model\": \"m\", \"results\": [%s]}", "a");
		Moderation moderation = answers.answers().get(0).value();
		assertThat(moderation.flagged()).isTrue();
		assertThat(moderation.categories()).containsExactly(entry("violence", true), entry("self-harm/intent", false));
		assertThat(moderation.scores()).containsExactly(entry("violence", 0.9182), entry("self-harm/intent", 1.2e-5));
		assertThat(moderation.raw().text()).contains("\"new\":{\"field\":1}", "category_applied_input_types");
		assertThat(moderation).hasToString("Moderation[2 categories]");
		assertThat(answers.usage()).isNull();
	}

	@Test
	void whatIsStoredIsReadAsItWas() {
		TextAnswer<Moderation> answer = read("{\"id\": \"modr-1\", \"model\": \"m\", \"results\": [%s]}", "a").answers()
			.get(0);
		assertThat(this.operation.read(answer.body())).isEqualTo(answer.value());
		assertThat(TestProviders.json(new String(answer.body(), StandardCharsets.UTF_8), PROVIDER).propertyNames())
			.containsExactly("id", "model", "results");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"results\": null}", "{\"results\": []}", "{\"results\": [%s, %s]}",
			"{\"results\": [null]}", "{\"results\": [{}]}", "{\"results\": [{\"flagged\": \"true\"}]}",
			"{\"results\": [{\"flagged\": true, \"categories\": [], \"category_scores\": {}}]}",
			"{\"results\": [{\"flagged\": true, \"categories\": {\"a\": 1}, \"category_scores\": {}}]}",
			"{\"results\": [{\"flagged\": true, \"categories\": {}}]}",
			"{\"results\": [{\"flagged\": true, \"categories\": {}, \"category_scores\": {\"a\": \"1\"}}]}",
			"{\"results\": [{\"flagged\": true, \"categories\": {}, \"category_scores\": {\"a\": 1e400}}]}" })
	void resultsThatAreNotAsDescribedAreMalformed(String body) {
		assertThatExceptionOfType(MalformedResponseException.class).isThrownBy(() -> read(body, "a")).withNoCause();
	}

	private TextAnswers<Moderation> read(String body, String... texts) {
		return this.operation.read(TestProviders.bytes(body.replace("%s", RESULT)), List.of(texts));
	}

}
