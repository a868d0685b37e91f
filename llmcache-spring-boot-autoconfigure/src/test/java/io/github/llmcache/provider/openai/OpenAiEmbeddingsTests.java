package io.github.llmcache.provider.openai;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import io.github.llmcache.Embedding;
import io.github.llmcache.EmbeddingRequest;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.OverloadedException;
import io.github.llmcache.ProviderException;
import io.github.llmcache.Usage;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.StandInTexts;
import io.github.llmcache.provider.TestProviders;
import io.github.llmcache.provider.TextAnswer;
import io.github.llmcache.provider.TextAnswers;
import io.github.llmcache.provider.TextOperation;
import io.github.llmcache.provider.WireJson;
import io.github.llmcache.provider.WireRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link OpenAiEmbeddings}.
 */
class OpenAiEmbeddingsTests {

	private static final ProviderDefinition PROVIDER = TestProviders.of(new OpenAiChatProtocol());

	private final TextOperation<Embedding> operation = operation((request) -> request);

	@Test
	void textsAreSentInOneArrayAndAskedForInBase64() {
		WireRequest request = operation((builder) -> builder.dimensions(256).parameter("user", "u1"))
			.write(List.of("a", "b"));
		assertThat(request.operation()).isEqualTo("embeddings");
		assertThat(WireJson.write(request.body())).isEqualTo("{\"model\":\"text-embedding-3-small\",\"dimensions\":256,"
				+ "\"user\":\"u1\",\"encoding_format\":\"base64\",\"input\":[\"a\",\"b\"]}");
	}

	@Test
	void keyIsMadeOfOneTextWithoutTheEncoding() {
		WireRequest request = operation((builder) -> builder.dimensions(256)).write("a");
		assertThat(request.operation()).isEqualTo("embeddings");
		assertThat(WireJson.write(request.body()))
			.isEqualTo("{\"model\":\"text-embedding-3-small\",\"dimensions\":256,\"input\":\"a\"}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "model", "input", "encoding_format", "dimensions" })
	void parametersThatAreTheRequestsOwnAreRefused(String name) {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> operation((builder) -> builder.dimensions(256).parameter(name, "x")))
			.withMessageContaining("'" + name + "'");
	}

	@Test
	void limitsLeaveRoomForNumbers() {
		assertThat(this.operation.limits().texts()).isEqualTo(2048);
		assertThat(this.operation.limits().bytes()).isEqualTo(300_000);
		assertThat(this.operation.limits().answerBytes()).isGreaterThan(1536 * 21);
		assertThat(operation((builder) -> builder.dimensions(Integer.MAX_VALUE)).limits().answerBytes()).isPositive();
	}

	@Test
	void vectorsArePlacedByIndex() {
		TextAnswers<Embedding> answers = read("""
				{"object": "list", "model": "m", "data": [{"index": 2, "embedding": "%s"},
				  {"index": 0, "embedding": "%s"}, {"index": 1, "embedding": "%s"}],
				  "usage": {"prompt_tokens": 9, "total_tokens": 9}}""".formatted(StandInTexts.base64(2),
				StandInTexts.base64(0), StandInTexts.base64(1)), "a", "b", "c");
		assertThat(answers.answers()).extracting(TextAnswer::value)
			.containsExactly(Embedding.of(0), Embedding.of(1), Embedding.of(2));
		assertThat(answers.model()).isEqualTo("m");
	}

	@Test
	void numbersAreReadAsWell() {
		float[] values = { 0.1F, -0.012345678F, Float.MIN_VALUE, Float.MAX_VALUE, 1, 0 };
		List<String> asDoubles = IntStream.range(0, values.length).mapToObj((i) -> Double.toString(values[i])).toList();
		Embedding vector = read("{\"data\": [{\"index\": 0, \"embedding\": %s}]}".formatted(asDoubles), "a").answers()
			.get(0)
			.value();
		assertThat(vector).isEqualTo(Embedding.of(values));
		assertThat(read("{\"data\": [{\"index\": 0, \"embedding\": %s}]}".formatted(Arrays.toString(values)), "a")
			.answers()
			.get(0)
			.value()).isEqualTo(vector);
	}

	@Test
	void whatIsStoredIsReadBitForBit() {
		float[] values = StandInTexts.vector("m", "a", 1536);
		values[0] = -0F;
		values[1] = Float.MIN_VALUE;
		for (String embedding : List.of('"' + StandInTexts.base64(values) + '"', numbers(values))) {
			TextAnswer<Embedding> answer = read("""
					{"object": "list", "model": "m", "id": "e-1", "data": [
					  {"object": "embedding", "index": 1, "embedding": %s, "extra": {"kept": [1.50]}},
					  {"object": "embedding", "index": 0, "embedding": %s}],
					  "usage": {"prompt_tokens": 5, "total_tokens": 5, "cost": 0.1}}""".formatted(embedding, embedding),
					"a", "bbbb")
				.answers()
				.get(1);
			assertThat(this.operation.read(answer.body())).isEqualTo(answer.value());
			JsonNode stored = TestProviders.json(new String(answer.body(), StandardCharsets.UTF_8), PROVIDER);
			assertThat(stored.propertyNames()).containsExactly("object", "model", "id", "data", "usage");
			assertThat(WireJson.write(stored.path("usage"))).isEqualTo("{\"prompt_tokens\":4,\"total_tokens\":4}");
			assertThat(stored.path("data").size()).isOne();
			assertThat(stored.path("data").get(0).path("index").asInt()).isZero();
			assertThat(WireJson.write(stored.path("data").get(0).path("extra"))).isEqualTo("{\"kept\":[1.50]}");
			assertThat(stored.path("data").get(0).path("embedding").asString())
				.isEqualTo(StandInTexts.base64(answer.value().toArray()));
		}
	}

	private static String numbers(float[] values) {
		List<String> numbers = new ArrayList<>();
		for (float value : values) {
			numbers.add(Double.toString(value));
		}
		return numbers.toString();
	}

	@Test
	void whatIsTooMuchToRepeatForEachTextIsNotStored() {
		TextAnswer<Embedding> answer = read(
				"{\"object\": \"%s\", \"data\": [{\"index\": 0, \"embedding\": [1]}]}".formatted("x".repeat(10_000)),
				"a")
			.answers()
			.get(0);
		assertThat(answer.body()).hasSizeLessThan(200);
		assertThat(this.operation.read(answer.body())).isEqualTo(Embedding.of(1));
	}

	@Test
	void tokensAreSharedByLength() {
		TextAnswers<Embedding> answers = read("""
				{"data": [{"index": 0, "embedding": [1]}, {"index": 1, "embedding": [2]}],
				  "usage": {"prompt_tokens": 101, "total_tokens": 101}}""", "x", "y".repeat(99));
		assertThat(answers.usage()).isEqualTo(Usage.of(101, 0));
		assertThat(answers.answers()).extracting(TextAnswer::inputTokens).containsExactly(1L, 100L);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ", \"usage\": null", ", \"usage\": {}", ", \"usage\": {\"prompt_tokens\": 0}",
			", \"usage\": {\"prompt_tokens\": -1}", ", \"usage\": {\"prompt_tokens\": \"7\"}", ", \"usage\": 7" })
	void usageThatIsNotToldIsUnknown(String usage) {
		assertThat(read("{\"data\": [{\"index\": 0, \"embedding\": [1]}]" + usage + "}", "a").usage()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"data\": null}", "{\"data\": {}}", "{\"data\": []}", "{\"data\": [{}, {}]}",
			"{\"data\": [null, null]}", "{\"data\": [{\"index\": 0, \"embedding\": [1]}]}",
			"{\"data\": [{\"index\": 0, \"embedding\": [1]}, {\"index\": 1, \"embedding\": [1]}, {\"index\": 2, \"embedding\": [1]}]}",
			"{\"data\": [{\"index\": 0, \"embedding\": [1]}, {\"index\": 0, \"embedding\": [1]}]}",
			"{\"data\": [{\"index\": 0, \"embedding\": [1]}, {\"index\": 2, \"embedding\": [1]}]}",
			"{\"data\": [{\"index\": 0, \"embedding\": [1]}, {\"index\": -1, \"embedding\": [1]}]}",
			"{\"data\": [{\"index\": 0, \"embedding\": [1]}, {\"index\": 4294967297, \"embedding\": [1]}]}",
			"{\"data\": [{\"index\": 0, \"embedding\": [1]}, {\"index\": \"1\", \"embedding\": [1]}]}",
			"{\"data\": [{\"index\": 0, \"embedding\": [1]}, {\"embedding\": [1]}]}",
			"{\"data\": [{\"index\": 0, \"embedding\": [1]}, {\"index\": 1, \"embedding\": [1, 2]}]}" })
	void vectorsThatCannotBePlacedAreMalformed(String body) {
		assertThatExceptionOfType(MalformedResponseException.class).isThrownBy(() -> read(body, "a", "b"))
			.withNoCause();
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "7", "{}", "[]", "[null]", "[\"1\"]", "[[1]]", "[1e39]", "[-1e999999]", "\"\"",
			"\"AAAA\"", "\"AACAfw\\n==\"", "\"AACAfw==\"", "\"AACA/w==\"", "\"AADAfw==\"", "\"#\"", "\"AACAPwAA\"" })
	void vectorsThatAreNoneAreMalformed(String embedding) {
		assertThatExceptionOfType(MalformedResponseException.class)
			.isThrownBy(() -> read("{\"data\": [{\"index\": 0, \"embedding\": " + embedding + "}]}", "a"))
			.withNoCause()
			.withMessageContaining("data[0].embedding");
	}

	@Test
	void otherDimensionsThanAskedForAreAnError() {
		TextOperation<Embedding> two = operation((builder) -> builder.dimensions(2));
		assertThatExceptionOfType(ProviderException.class).isThrownBy(
				() -> two.read(TestProviders.bytes("{\"data\": [{\"index\": 0, \"embedding\": [1]}]}"), List.of("a")))
			.withMessageContaining("1 dimensions, not the 2")
			.satisfies((ex) -> assertThat(ex.isRetryable()).isFalse());
	}

	@Test
	void errorInASuccessIsAnError() {
		assertThatExceptionOfType(OverloadedException.class)
			.isThrownBy(() -> read("{\"error\": {\"code\": 503, \"message\": \"busy\"}}", "a"));
	}

	@Test
	void survivesWhateverAServerSends() {
		ObjectNode root = TestProviders.json("""
				{"object": "list", "model": "m", "data": [{"object": "embedding", "index": 0, "embedding": [1, 2]}],
				  "usage": {"prompt_tokens": 1, "total_tokens": 1, "cost": 0.1}}""", PROVIDER);
		List<JsonNode> values = new ArrayList<>();
		TestProviders.json(
				"{\"v\": [null, true, 0, -1, 1.5, 1e999999999, 123456789012345678901234567890, \"\", \"x\", \"error\","
						+ " [], [null], [[]], [{}], {}, {\"error\": {\"code\": 1}}]}",
				PROVIDER)
			.path("v")
			.forEach(values::add);
		int[] read = new int[1];
		for (JsonNode value : values) {
			for (ObjectNode object : List.of(root, (ObjectNode) root.path("data").get(0),
					(ObjectNode) root.path("usage"))) {
				for (Map.Entry<String, JsonNode> member : List.copyOf(object.properties())) {
					object.set(member.getKey(), value);
					try {
						read(WireJson.write(root), "a").answers().forEach((answer) -> {
							assertThat(this.operation.read(answer.body())).isEqualTo(answer.value());
							read[0]++;
						});
					}
					catch (ProviderException ex) {
						assertThat(ex).hasNoCause();
					}
					object.set(member.getKey(), member.getValue());
				}
			}
		}
		assertThat(read[0]).isPositive();
	}

	@Test
	void bodyThatIsCutOffAnywhereIsMalformed() {
		byte[] body = TestProviders.bytes("{\"data\":[{\"index\":0,\"embedding\":[1,2]}],\"usage\":{}}");
		for (int length = 0; length < body.length; length++) {
			byte[] cut = Arrays.copyOf(body, length);
			assertThatExceptionOfType(MalformedResponseException.class)
				.isThrownBy(() -> this.operation.read(cut, List.of("a")));
		}
	}

	private TextAnswers<Embedding> read(String body, String... texts) {
		return this.operation.read(TestProviders.bytes(body), List.of(texts));
	}

	private static TextOperation<Embedding> operation(UnaryOperator<EmbeddingRequest.Builder> customizer) {
		return new OpenAiChatProtocol()
			.embeddings(customizer.apply(EmbeddingRequest.builder("text-embedding-3-small")).build(), PROVIDER);
	}

}
