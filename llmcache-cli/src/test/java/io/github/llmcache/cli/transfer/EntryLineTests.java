package io.github.llmcache.cli.transfer;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

import io.github.llmcache.cache.CacheEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link EntryLineWriter} and {@link EntryLineReader}.
 */
class EntryLineTests {

	/** The line that docs/format.md explains. */
	private static final String GOLDEN = """
			{"llmcache":1,\
			"key":"38bacf30bc13a0edcb7ea02b79ec186334089941f6c26dfada15d90e147a9726",\
			"fingerprint":"a3e846c2bc411015",\
			"model":"gpt-4o",\
			"namespace":"",\
			"request":{"namespace":"",\
			"endpoint":"https://api.example.com/v1",\
			"operation":"chat/completions",\
			"body":{"model":"x",\
			"messages":[{"role":"user",\
			"content":"plain"}],\
			"temperature":0.50}},\
			"hashes":{"parameters":"aeaeaeaeaeaeaeae",\
			"messages":["aeaeaeaeaeaeaeae",\
			"0000000000000000"],\
			"sketch":"5252525252525252525252525252525252525252525252525252525252525252"},\
			"responses":[{"body":"{\\"answer\\":\\"Hello\\"}",\
			"crc32c":"4b482d67",\
			"samples":1,\
			"inputTokens":20,\
			"outputTokens":30,\
			"costNanos":4000,\
			"finishReason":"STOP",\
			"createdAt":"2026-01-02T03:04:05.678Z",\
			"durationMillis":1234,\
			"requestId":"req-1"}]}\
			""";

	private final EntryLineReader reader = new EntryLineReader(TransferEntries.SETTINGS);

	static Stream<CacheEntry> hardOnes() {
		return TransferEntries.hardOnes().stream();
	}

	@ParameterizedTest
	@MethodSource("hardOnes")
	void entryIsTheSameAfterItWasALine(CacheEntry entry) throws BrokenLineException {
		String line = line(entry);
		assertThat(line).endsWith("\n");
		assertThat(line.substring(0, line.length() - 1)).doesNotContain("\n", "\r");
		assertThat(read(line)).isEqualTo(entry);
		assertThat(line(read(line))).isEqualTo(line);
	}

	@Test
	void requestIsAPartOfTheLineByteForByte() {
		CacheEntry entry = TransferEntries.hardOnes().get(8);
		assertThat(line(entry)).contains(
				"\"request\":" + new String(Objects.requireNonNull(entry.request()).json(), StandardCharsets.UTF_8));
	}

	@Test
	void lineIsAsDocumented() {
		assertThat(line(TransferEntries.hardOnes().get(0))).isEqualTo(GOLDEN + "\n");
	}

	@Test
	void lineCanBeRearranged() throws BrokenLineException {
		CacheEntry entry = TransferEntries.entry("gpt-4o", "a question", "{}");
		JsonMapper mapper = new JsonMapper();
		StringBuilder reversed = new StringBuilder();
		mapper.readTree(line(entry))
			.forEachEntry((name, value) -> reversed.insert(0,
					" , " + mapper.writeValueAsString(name) + " : " + mapper.writeValueAsString(value)));
		CacheEntry read = read("\uFEFF \t{\"unknown\":[{\"key\":1}]" + reversed + "} \r\n");
		assertThat(TransferEntries.withoutRequest(read)).isEqualTo(TransferEntries.withoutRequest(entry));
	}

	@Test
	void membersThatMayBeAbsentMayBeNull() throws BrokenLineException {
		CacheEntry entry = TransferEntries.withoutRequest(TransferEntries.entry("gpt-4o", "a question", "{}"));
		String line = line(entry).replace("\"responses\":[{",
				"\"expiresAt\":null,\"request\":null,\"hashes\":null,\"responses\":[{\"x\":null,");
		assertThat(read(line)).isEqualTo(entry);
		assertThat(read(line.replaceFirst("\"costNanos\":\\d+", "\"costNanos\":null")
			.replace("\"requestId\":\"req-1\"", "\"requestId\":null")).responses()).singleElement()
			.satisfies((response) -> assertThat(response.costNanos()).isNull())
			.satisfies((response) -> assertThat(response.requestId()).isNull());
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "{", "{}x", "null", "[]", "1", "\"\"", "{\"llmcache\":1,\"llmcache\":1}",
			"{\"llmcache\":1}}", "{\"a\":\u0000}", "\u0000{\u0000}", "{\"a\":NaN}", "{'a':1}", "// {}", "{\"a\":01}",
			"\u0000\u0000\u0000{" })
	void lineThatIsNoJson(String line) {
		assertReason(line, "no valid JSON, or a member occurs twice", "the member 'llmcache' is missing",
				"the member 'key' is missing", "there is more in the line than an object");
	}

	@Test
	void lineThatIsCutOffAtAnyByte() {
		String line = line(TransferEntries.entry("gpt-4o", "a question", "{}", "{}"));
		for (int length = 1; length < line.length() - 1; length++) {
			String part = line.substring(0, length);
			assertThatExceptionOfType(BrokenLineException.class).isThrownBy(() -> read(part));
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
			"llmcache":1; "llmcache":2; another version of the format than 1
			"llmcache":1; "llmcache":"1"; another version of the format than 1
			"llmcache":1,; ; the member 'llmcache' is missing
			"key":"; "key":"zz; a value is none of its kind
			"fingerprint":"; "fingerprint":"00; a value is none of its kind
			"model":"gpt-4o"; "model":null; a value is none of its kind
			"model":"gpt-4o"; "model":["gpt-4o"]; a value is none of its kind
			"model":"gpt-4o",; ; the member 'model' is missing
			"namespace":"",; ; the member 'namespace' is missing
			"namespace":""; "namespace":"other"; the namespace is not that of the request
			"namespace":""; "namespace":"","namespace":""; no valid JSON, or a member occurs twice
			"llmcache":1; "llmcache":1,"expiresAt":"tomorrow"; a value is none of its kind
			"llmcache":1; "llmcache":1,"expiresAt":"+1000000000-12-31T23:59:59Z"; a value is out of range
			"llmcache":1; "llmcache":1,"expiresAt":"1969-12-31T23:59:59Z"; a value is out of range
			a question; another question; the key is not that of the request
			"temperature":0.50; "temperature":0.51; the key is not that of the request
			"temperature":0.50; "temperature":0.5e-99999999999; the request is none that a key can be computed of
			"operation":; "other":; the request is none that a key can be computed of
			"body":{"model"; "body":null,"x":{"model"; the request is none that a key can be computed of
			"request":{; "request":1,"x":{; a value is none of its kind
			"parameters":"; "parameters":"00; a value is none of its kind
			"messages":["; "messages":["00; a value is none of its kind
			"messages":["; "messages":[[],"; a value is none of its kind
			"hashes":{; "x":{; the member 'hashes' is missing
			"responses":[{; "responses":[],"x":[{; there is no response
			"responses":[{; "responses":{},"x":[{; a value is none of its kind
			"responses":[{; "responses":[null,{; a value is none of its kind
			"crc32c":"; "crc32c":"0; the CRC-32C of a body is another one
			"crc32c":; "x":; the member 'crc32c' is missing
			"body":"{}"; "body":"{ }"; the CRC-32C of a body is another one
			"body":"{}"; "body":"\\ud800"; the CRC-32C of a body is another one
			"body":"{}"; "bodyBase64":"$"; a value is none of its kind
			"body":"{}"; "body":{}; a value is none of its kind
			"body":"{}"; "body":"{}","bodyBase64":""; a response has two bodies
			"body":"{}",; ; the member 'body' is missing
			"samples":1; "samples":0; a value is out of range
			"samples":1; "samples":2147483648; a value is out of range
			"samples":1; "samples":"1"; a value is none of its kind
			"samples":1; "samples":1.0; a value is none of its kind
			"inputTokens":20; "inputTokens":-1; a value is out of range
			"outputTokens":30; "outputTokens":99999999999999999999; a value is out of range
			"costNanos":4000; "costNanos":-1; a value is out of range
			"costNanos":4000; "costNanos":9223372036854775807; a value is out of range
			"finishReason":"STOP"; "finishReason":null; a value is none of its kind
			"createdAt":"2026-; "createdAt":"12026-; a value is none of its kind
			"createdAt":"2026-; "createdAt":"+12026-; a value is out of range
			"durationMillis":1234; "durationMillis":9223372036854775807; a value is out of range
			""")
	void lineWithAWrongValue(String part, String replacement, String reason) {
		String line = line(TransferEntries.entry("gpt-4o", "a question", "{}"));
		assertThat(line).contains(part);
		int index = line.indexOf(part);
		String broken = line.substring(0, index) + ((replacement != null) ? replacement : "")
				+ line.substring(index + part.length());
		assertReason(broken, reason);
	}

	@Test
	void whatIsNestedTooDeeply() {
		String line = line(TransferEntries.entry("gpt-4o", "a question", "{}"));
		for (int depth : new int[] { 1_000, 100_000 }) {
			String nested = "[".repeat(depth) + "]".repeat(depth);
			assertReason(line.replace("\"llmcache\":1", "\"llmcache\":1,\"x\":" + nested),
					"nested too deeply, or a number or name is too long");
			assertReason(line.replace("\"temperature\":0.50", "\"temperature\":" + nested),
					"nested too deeply, or a number or name is too long");
		}
	}

	@Test
	void requestAsDeepAsItMayBe() throws BrokenLineException {
		int depth = 490;
		CacheEntry entry = TransferEntries.entryIn("", "gpt-4o",
				"{\"messages\":" + "[".repeat(depth) + "]".repeat(depth) + "}", null, TransferEntries.responses("{}"));
		assertThat(read(line(entry))).isEqualTo(entry);
	}

	@Test
	void endlessNumber() {
		String line = line(TransferEntries.entry("gpt-4o", "a question", "{}"));
		assertReason(line.replace("\"samples\":1", "\"samples\":" + "9".repeat(1_000_000)),
				"nested too deeply, or a number or name is too long");
	}

	@Test
	void entryThatIsTooLarge() throws BrokenLineException {
		EntryLineReader strict = new EntryLineReader(TransferSettings.of(10));
		byte[] small = line(TransferEntries.entry("gpt-4o", "a question", "12345", "12345"))
			.getBytes(StandardCharsets.UTF_8);
		assertThat(strict.read(small, small.length).samples()).isEqualTo(2);
		byte[] large = line(TransferEntries.entry("gpt-4o", "a question", "12345", "123456"))
			.getBytes(StandardCharsets.UTF_8);
		assertThatExceptionOfType(BrokenLineException.class).isThrownBy(() -> strict.read(large, large.length))
			.withMessage("larger than an entry may be");
	}

	@Test
	void costsThatNobodyCouldAddUp() {
		List<String> many = Collections.nCopies(3, "{}");
		String line = line(TransferEntries.entry("gpt-4o", "a question", many.toArray(String[]::new)));
		assertReason(line.replace("\"costNanos\":4000", "\"costNanos\":4000000000000"),
				"costs or samples are out of range");
	}

	@Test
	void lineWithAnyByteChangedIsAnEntryOrBroken() {
		byte[] line = line(TransferEntries.entry("gpt-4o", "a question", "{\"a\":\"b\"}"))
			.getBytes(StandardCharsets.UTF_8);
		Random random = new Random(7);
		for (int i = 0; i < 20_000; i++) {
			byte[] changed = line.clone();
			for (int changes = random.nextInt(3); changes >= 0; changes--) {
				changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
			}
			try {
				CacheEntry entry = this.reader.read(changed, changed.length);
				assertThat(entry.responses().get(0).body()).asString().isEqualTo("{\"a\":\"b\"}");
			}
			catch (BrokenLineException ex) {
				assertThat(ex.reason()).doesNotContain("question", "\uFFFD");
			}
		}
	}

	@Test
	void lineIsJsonThatOthersRead() {
		for (CacheEntry entry : TransferEntries.hardOnes()) {
			JsonNode line = new JsonMapper().readTree(line(entry));
			assertThat(line.get("llmcache").intValue()).isEqualTo(1);
			assertThat(line.get("responses").size()).isEqualTo(entry.responses().size());
		}
	}

	private void assertReason(String line, String... reasons) {
		assertThatExceptionOfType(BrokenLineException.class).isThrownBy(() -> read(line))
			.satisfies((ex) -> assertThat(reasons).contains(ex.reason()));
	}

	private CacheEntry read(String line) throws BrokenLineException {
		byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
		return this.reader.read(bytes, bytes.length);
	}

	private static String line(CacheEntry entry) {
		return TransferEntries.lines(List.of(entry));
	}

}
