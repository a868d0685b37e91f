package io.github.llmcache.cache;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Collectors;

import io.github.llmcache.MissExplanation.Difference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestDifferences}.
 */
class RequestDifferencesTests {

	private static final CacheKeyHasher HASHER = new CacheKeyHasher();

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.build();

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{"a":1}                  | {"a":1.0}
			{"a":1e2}                | {"a":100}
			{"a":0.1}                | {"a":1e-1}
			{"a":-0.0}               | {"a":0}
			{"a":1,"b":{"c":2,"d":3}} | {"b":{"d":3,"c":2},"a":1}
			{"a":1,"b":null}         | {"a":1}
			{"a":1}                  | {"a":1,"b":null}
			{"a":[{"b":1,"c":[]}]}   | {"a":[{"c":[],"b":1.00}]}
			""")
	void whatTheKeyTakesForEqualIsEqual(String stored, String requested) {
		RequestDifferences differences = between(stored, requested);
		assertThat(differences.list()).isEmpty();
		assertThat(differences.size()).isZero();
		assertThat(request(stored).key().hex()).isEqualTo(request(requested).key().hex());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					{}                       | {"temperature":0}        | /body/temperature: absent / 0
					{"temperature":0.7}      | {"temperature":1}        | /body/temperature: 0.7 / 1
					{"a":true}               | {}                       | /body/a: true / absent
					{"a":"yes"}              | {"a":true}               | /body/a: text of 3 characters / true
					{"a":"x"}                | {"a":[1,2]}              | /body/a: text of 1 character / array of 2 elements
					{"a":{"b":null}}         | {"a":{}}                 | /body/a/b: null / absent
					{"a":{"b":1}}            | {"a":[]}                 | /body/a: object of 1 member / array of 0 elements
					{"a/b":{"c~d":1}}        | {"a/b":{"c~d":2}}        | /body/a~1b/c~0d: 1 / 2
					{"a":"same end"}         | {"a":"some end"}         | /body/a: first difference at character 2 (8 / 8 characters)
					{"a":"begin"}            | {"a":"begins"}           | /body/a: first difference at character 6 (5 / 6 characters)
					{"a":[1,2,3]}            | {"a":[1,5,3]}            | /body/a/1: 2 / 5
					{"a":[1,3]}              | {"a":[1,2,3]}            | /body/a/1: absent / 2
					{"a":[1,2,3]}            | {"a":[2,3]}              | /body/a/0: 1 / absent
					{"a":[]}                 | {"a":["x"]}              | /body/a/0: absent / text of 1 character
					{"a":1e400}              | {"a":1e401}              | /body/a: 1E+400 / 1E+401
					""")
	void differencesAreNamed(String stored, String requested, String expected) {
		assertThat(between(stored, requested).list()).singleElement().hasToString(expected);
		assertThat(request(stored).key().hex()).isNotEqualTo(request(requested).key().hex());
	}

	@Test
	void insertedMessageIsRecognised() {
		String one = "{\"role\":\"user\",\"content\":\"1\"}";
		String two = "{\"role\":\"user\",\"content\":\"2\"}";
		String inserted = "{\"role\":\"system\",\"content\":\"new\"}";
		assertThat(between("{\"messages\":[" + one + "," + two + "]}",
				"{\"messages\":[" + one + "," + inserted + "," + two + "]}")
			.list())
			.containsExactly(new Difference("/body/messages/1", "absent / object of 2 members", null,
					"{\"role\":\"system\",\"content\":\"new\"}"));
	}

	@Test
	void otherNumbersOfOtherElementsAreComparedOneByOne() {
		assertThat(between("{\"a\":[1,2,3,9]}", "{\"a\":[1,5,9]}").list()).map(Difference::toString)
			.containsExactly("/body/a: 4 / 3 elements", "/body/a/1: 2 / 5", "/body/a/2: 3 / absent");
	}

	@Test
	void whatIsBesideTheBodyIsCompared() {
		CacheRequest stored = new CacheRequest("one", "https://a.example", "chat", "model", body("{}"), "messages",
				HASHER);
		CacheRequest requested = new CacheRequest("two", "https://b.example", "chat/completions", "model", body("{}"),
				"messages", HASHER);
		List<Difference> differences = RequestDifferences.between(MAPPER.readTree(RequestJson.write(stored)), requested)
			.list();
		assertThat(differences).map(Difference::pointer).containsExactly("/namespace", "/endpoint", "/operation");
		assertThat(differences.get(0).stored()).isEqualTo("\"one\"");
		assertThat(differences.get(0).requested()).isEqualTo("\"two\"");
	}

	@Test
	void descriptionsHoldNoTextAndValuesOnlyWhatIsAroundTheDifference() {
		String prompt = "The secret recipe begins like this, and it goes on and on for a very long time. ".repeat(50);
		Difference difference = between("{\"messages\":[{\"content\":\"" + prompt + "one" + prompt + "\"}]}",
				"{\"messages\":[{\"content\":\"" + prompt + "two" + prompt + "\"}]}")
			.list()
			.get(0);
		assertThat(difference)
			.hasToString("/body/messages/0/content: first difference at character " + (prompt.length() + 1)
					+ " (8003 / 8003 characters)".replace("8003", String.valueOf(2 * prompt.length() + 3)));
		assertThat(difference.requested()).startsWith("\"\u2026").endsWith("\u2026\"").contains("two").hasSize(84);
		assertThat(difference.stored()).contains("one").hasSize(84);
	}

	@Test
	void lessTextThatDiffersIsNearer() {
		String stored = "{\"messages\":[{\"content\":\"What is the capital of France?\"}]}";
		long parameter = between(stored, stored.replace("]}", "],\"seed\":1}")).size();
		long word = between(stored, stored.replace("France", "Italy")).size();
		long all = between(stored, stored.replace("What is the capital of France", "How many roads are there")).size();
		assertThat(parameter).isLessThan(word);
		assertThat(word).isLessThan(all);
	}

	@Test
	void howMuchIsToldIsBounded() {
		String stored = members(20_000, 1);
		RequestDifferences differences = between(stored, members(20_000, 2));
		assertThat(differences.list()).hasSize(RequestDifferences.MOST);
		String huge = "[".repeat(400) + "\"" + "x".repeat(1_000_000) + "\"" + "]".repeat(400);
		Difference difference = between("{}", "{\"a\":" + huge + ",\"" + "n".repeat(10_000) + "\":1}").list().get(0);
		assertThat(difference.requested()).hasSizeLessThan(100);
		assertThat(between("{}", "{\"" + "n".repeat(10_000) + "\":" + "1".repeat(900) + "}").list().get(0).toString())
			.hasSizeLessThan(300);
	}

	@Test
	void namesFromOutsideBreakNoLine() {
		assertThat(between("{}", "{\"a\\nb\\u2028c\\ud800\":1}").list()).singleElement()
			.hasToString("/body/a?b?c?: absent / 1");
	}

	@Test
	void whatIsStoredMayBeAnything() {
		CacheRequest request = request("{\"a\":1}");
		for (String json : List.of("null", "[]", "1", "{}", "{\"body\":[1]}",
				"{\"namespace\":{\"a\":1},\"body\":\"x\"}", "\"text\"")) {
			assertThat(RequestDifferences.between(MAPPER.readTree(json), request).list()).as(json).isNotEmpty();
		}
	}

	private static String members(int count, int value) {
		return IntStream.range(0, count)
			.mapToObj((i) -> "\"" + i + "\":" + value)
			.collect(Collectors.joining(",", "{", "}"));
	}

	private static RequestDifferences between(String stored, String requested) {
		return RequestDifferences.between(MAPPER.readTree(RequestJson.write(request(stored))), request(requested));
	}

	private static CacheRequest request(String body) {
		return new CacheRequest("", "endpoint", "operation", "model", body(body), "messages", HASHER);
	}

	private static ObjectNode body(String json) {
		ObjectNode body = JsonNodeFactory.instance.objectNode();
		body.setAll((ObjectNode) MAPPER.readTree(json));
		return body;
	}

}
