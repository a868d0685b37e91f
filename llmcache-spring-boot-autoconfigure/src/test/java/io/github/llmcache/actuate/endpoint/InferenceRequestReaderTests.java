package io.github.llmcache.actuate.endpoint;

import java.time.Duration;

import io.github.llmcache.CacheControl;
import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.RawJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link InferenceRequestReader}.
 */
class InferenceRequestReaderTests {

	private final InferenceRequestReader reader = new InferenceRequestReader();

	@Test
	void everyMemberIsRead() {
		assertThat(this.reader.read("""
				{"model": "gpt-4.1", "provider": "openai", "system": "Be short.",
				 "messages": [{"role": "user", "content": "Hello"}, {"role": "Assistant", "content":
				   [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}],
				 "temperature": 0, "topP": 0.9, "maxTokens": 10, "stop": ["x", "y"], "seed": 12345678901,
				 "topLogprobs": 2, "parameters": {"verbosity": "low", "user": null, "x": 1.10}, "sample": 3,
				 "namespace": "tests", "maxAge": "PT1H"}""")).isEqualTo(InferenceRequest.builder("gpt-4.1")
			.provider("openai")
			.system("Be short.")
			.user("Hello")
			.message(ChatMessage.assistant(new ContentPart.Text("a"), new ContentPart.Text("b")))
			.temperature(0)
			.topP(0.9)
			.maxTokens(10)
			.stop("x", "y")
			.seed(12345678901L)
			.topLogprobs(2)
			.parameter("verbosity", RawJson.of("\"low\""))
			.parameter("user", RawJson.of("null"))
			.parameter("x", RawJson.of("1.10"))
			.sample(3)
			.cacheControl(CacheControl.DEFAULT.withNamespace("tests").withMaxAge(Duration.ofHours(1)))
			.build());
	}

	@Test
	void promptIsAMessageOfTheUser() {
		assertThat(this.reader.read("{\"model\":\"m\",\"prompt\":\"Hello\",\"stop\":\"x\",\"n\":2,\"seed\":null}"))
			.isEqualTo(InferenceRequest.builder("m").user("Hello").stop("x").n(2).build());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			no JSON                                       | 'request' is no valid JSON
			{"model":"m","prompt":"x"} {}                 | 'request' is no valid JSON
			{"model":"m","prompt":"x","temperature":1e99999999999} | 'request' is no valid JSON
			``                                            | the request has to be an object
			[1]                                           | the request has to be an object
			{"prompt":"x"}                                | 'model' is missing
			{"model":1,"prompt":"x"}                      | 'model' has to be a text
			{"model":" ","prompt":"x"}                    | 'model' must not be blank
			{"model":"m"}                                 | Either 'prompt' or 'messages' is needed
			{"model":"m","prompt":"x","messages":[]}      | Either 'prompt' or 'messages' is needed
			{"model":"m","messages":[]}                   | A request needs at least one message
			{"model":"m","messages":"x"}                  | 'messages' has to be a list of messages
			{"model":"m","messages":["x"]}                | a message has to be an object
			{"model":"m","messages":[{"role":"user"}]}    | 'content' is missing
			{"model":"m","messages":[{"role":"tool","content":"x"}]} | 'role' has to be one of
			{"model":"m","messages":[{"role":"user","content":[{"type":"image","text":"x"}]}]} | InferenceApi.explain
			{"model":"m","prompt":"x","temprature":0}     | 'temprature' is no member of the request. Those are maxAge,
			{"model":"m","prompt":"x","a\\nb":0}          | 'a?b' is no member
			{"model":"m","prompt":"x","temperature":"0"}  | 'temperature' has to be a number
			{"model":"m","prompt":"x","temperature":1e999} | must be a finite number
			{"model":"m","prompt":"x","maxTokens":1.5}    | 'maxTokens' has to be an integer
			{"model":"m","prompt":"x","maxTokens":3000000000} | 'maxTokens' has to be an integer
			{"model":"m","prompt":"x","seed":1e30}        | 'seed' has to be an integer
			{"model":"m","prompt":"x","n":0}              | At least one sample
			{"model":"m","prompt":"x","stop":[1]}         | 'stop' has to be a text
			{"model":"m","prompt":"x","parameters":[]}    | 'parameters' has to be an object
			{"model":"m","prompt":"x","maxAge":"1 hour"}  | 'maxAge' has to be a duration such as 'PT1H'
			{"model":"m","prompt":"x","maxAge":"-PT1H"}   | 'maxAge' must not be negative
			""")
	void whatIsWrongIsSaid(String json, String message) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.reader.read(json)).withMessageContaining(message);
	}

}
