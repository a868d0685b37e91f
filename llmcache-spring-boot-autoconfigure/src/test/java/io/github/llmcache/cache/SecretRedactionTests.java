package io.github.llmcache.cache;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link SecretRedaction} and {@link SecretForm}.
 */
class SecretRedactionTests {

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final int HOSTILE = 1_000_000;

	/** Not in one piece anywhere, or this file would be reported as a leak itself. */
	private static final String KEY = "sk-" + "proj-" + "a1B2c3D4e5F6g7H8i9J0k1L2";

	private final SecretRedaction redaction = SecretRedaction.of(Map.of());

	static Stream<Arguments> secrets() {
		String letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789";
		return Stream.of(Arguments.of("openai-key", KEY), Arguments.of("openai-key", "sk-" + letters),
				Arguments.of("anthropic-key", "sk-ant-" + "api03-" + letters + "-" + letters + "AA"),
				Arguments.of("google-key", "AIza" + "SyA-0123456789abcdefghijklmnopqrstu"),
				Arguments.of("google-token", "ya29." + "a0Af_-" + letters),
				Arguments.of("aws-key", "AKIA" + "IOSFODNN7EXAMPLE"),
				Arguments.of("aws-key", "ASIA" + "IOSFODNN7EXAMPLE"),
				Arguments.of("aws-secret-key", "secret_access_key" + " = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
				Arguments.of("aws-secret-key", "SecretAccessKey" + "\": \"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
				Arguments.of("github-token", "ghp_" + letters.substring(0, 36)),
				Arguments.of("github-token", "gho_" + letters.substring(0, 36)),
				Arguments.of("github-token", "ghu_" + letters.substring(0, 36)),
				Arguments.of("github-token", "ghs_" + letters.substring(0, 36)),
				Arguments.of("github-token", "ghr_" + letters.substring(0, 36)),
				Arguments.of("github-token", "github_pat_" + letters + "_" + letters),
				Arguments.of("gitlab-token", "glpat-" + letters.substring(0, 20)),
				Arguments.of("gitlab-token", "glrt-" + letters.substring(0, 20)),
				Arguments.of("slack-token", "xoxb-" + "123456789012-123456789012-" + letters),
				Arguments.of("slack-token", "xapp-" + "1-A123-123-" + letters),
				Arguments.of("slack-webhook", "hooks.slack.com" + "/services/T00000000/B00000000/XXXXXXXXXXXXXXXX"),
				Arguments.of("stripe-key", "sk_live_" + letters), Arguments.of("stripe-key", "rk_test_" + letters),
				Arguments.of("stripe-secret", "whsec_" + letters),
				Arguments.of("hugging-face-token", "hf_" + letters.substring(0, 34)),
				Arguments.of("json-web-token",
						"eyJ" + "hbGciOiJIUzI1NiJ9" + ".eyJ" + "zdWIiOiIxMjM0NSJ9" + ".SflKxwRJSMeKKF2QT4fwpMeJf36P"),
				Arguments.of("private-key", pem("RSA PRIVATE KEY", "\n")),
				Arguments.of("private-key", pem("PRIVATE KEY", "\\n")),
				Arguments.of("private-key", pem("ENCRYPTED PRIVATE KEY", "\r\n")),
				Arguments.of("private-key", pem("OPENSSH PRIVATE KEY", "\n")),
				Arguments.of("private-key", pem("PGP PRIVATE KEY BLOCK", "\n")),
				Arguments.of("bearer-token", "Bearer " + "mF_9.B5f-4.1JqM/aBcDeFgHiJk=="));
	}

	private static String pem(String label, String lineBreak) {
		return "-----BEGIN " + label + "-----" + lineBreak + "Proc-Type: 4,ENCRYPTED" + lineBreak
				+ ("MIIEowIBAAKCAQEA0Z3VS5JJcds3xfn/ygWyF8PbnGy0AHB7MhgwMbRvI0MBZhpI" + lineBreak).repeat(20)
				+ "-----END " + label + "-----";
	}

	@ParameterizedTest
	@MethodSource("secrets")
	void isFoundBetweenOtherWords(String name, String secret) {
		String label = "[redacted " + name + "]";
		assertThat(this.redaction.text(secret)).isEqualTo(label);
		assertThat(this.redaction.text("Use " + secret + ", or \"" + secret + "\"; please"))
			.isEqualTo("Use " + label + ", or \"" + label + "\"; please");
		assertThat(this.redaction.text("first\n" + secret + "\nlast")).isEqualTo("first\n" + label + "\nlast");
		assertThat(this.redaction.text("key=" + secret)).isEqualTo("key=" + label);
	}

	@ParameterizedTest
	@MethodSource("secrets")
	void isFoundHoweverJsonEscapesIt(String name, String secret) {
		String label = "[redacted " + name + "]";
		StringBuilder escaped = new StringBuilder();
		secret.chars().forEach((c) -> escaped.append(String.format("\\u%04x", c)));
		for (String text : new String[] { JSON.writeValueAsString(secret), "\"" + escaped + "\"",
				"\"" + escaped.substring(0, 6) + JSON.writeValueAsString(secret.substring(1)).substring(1) }) {
			assertThat(redact("{\"a\": 1.50, \"b\":[" + text + "] }"))
				.isEqualTo("{\"a\": 1.50, \"b\":[\"" + label + "\"] }");
		}
	}

	@ParameterizedTest
	@MethodSource("secrets")
	void isFoundInJsonWithinJson(String name, String secret) {
		String arguments = JSON.writeValueAsString(Map.of("file", "A=1\n" + secret + "\nB=2"));
		JsonNode redacted = JSON.readTree(redact(JSON.writeValueAsString(Map.of("arguments", arguments))));
		// It is JSON still
		assertThat(JSON.readTree(redacted.get("arguments").asString()).get("file").asString())
			.isEqualTo("A=1\n[redacted " + name + "]\nB=2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "s", "sk", "sk-", "sk-learn", "sk-fading-circle-container-of-spinkit",
			"risk-1234567890123456789012", "AIza", "AIzaShort", "AKIAIOSFODNN7", "XAKIAIOSFODNN7EXAMPLE",
			"Bearer of bad-and-rather-long-news", "bearer", "ghp_short", "glad-1234567890123456789012",
			"eyJhbGciOi.short", "-----BEGIN PUBLIC KEY-----\nMIIB\n",
			"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "hooks.slack.com", "xoxo-xoxo",
			"\ud83d\ude00 sk-\ud83d", "550e8400-e29b-41d4-a716-446655440000" })
	void otherTextIsLeftAlone(String text) {
		assertThat(this.redaction.text(text)).isSameAs(text);
		byte[] json = JSON.writeValueAsBytes(Map.of("text", text.replace("\ud83d", "")));
		assertThat(this.redaction.response(response(json)).body()).isSameAs(json);
	}

	@Test
	void privateKeyThatIsCutOffIsFound() {
		assertThat(this.redaction.text("It begins with -----BEGIN " + "EC PRIVATE KEY-----\nMHcCAQEEIIrYSSNQFaA2Hw"))
			.isEqualTo("It begins with [redacted private-key]");
	}

	@Test
	void imagesAreLeftAlone() {
		// The longest run of characters that Base64 and Google's keys have in common
		String image = "data:image/png;base64," + "iVBO" + "Rw0K/AIzaSyA0123456789abcdefghijklmnopqrstuv/".repeat(50)
				+ "AKIAIOSFODNN7EXAMPLE";
		assertThat(this.redaction.text(image)).isSameAs(image);
	}

	@Test
	void allElseStaysByteForByte() {
		String before = "{ \"n\" : 1e400,\"d\":0.10000000000000000000001 ,\"\\u0061\":\"\\/\\u00e4\u00e4\",\"x\":null,\"k\":";
		String after = ",\t\"big\":123456789012345678901234567890}\n";
		assertThat(redact(before + "\"" + KEY + "\"" + after)).isEqualTo(before + "\"[redacted openai-key]\"" + after);
	}

	@Test
	void restOfATextStays() {
		String text = "a\"b\\c\n\u0001\u00e4\ud83d\ude00" + " " + KEY + " \ud83d\ude00\u2028";
		JsonNode redacted = JSON.readTree(redact(JSON.writeValueAsString(Map.of("text", text))));
		assertThat(redacted.get("text").asString()).isEqualTo(text.replace(KEY, "[redacted openai-key]"));
	}

	@Test
	void halfACharacterStays() {
		String redacted = redact("{\"text\":\"\\ud83d " + KEY + " \\ude00 \\ud83d\\ude00\"}");
		assertThat(JSON.readTree(redacted).get("text").asString())
			.isEqualTo("\ud83d [redacted openai-key] \ude00 \ud83d\ude00");
	}

	@Test
	void namesAreLookedThroughAndStayDifferent() {
		assertThat(redact("{\"" + KEY + "\":1,\"" + KEY + "X\" : {\"a\":\"" + KEY + "\"}}"))
			.isEqualTo("{\"[redacted openai-key]\":1,\"[redacted openai-key] 2\" : {\"a\":\"[redacted openai-key]\"}}");
	}

	@Test
	void whatIsNoUtf8JsonIsNotTakenForClean() {
		byte[] utf16 = ("{\"a\":\"" + KEY + "\"}").getBytes(StandardCharsets.UTF_16BE);
		SecretRedaction all = SecretRedaction.of(Map.of("number", Pattern.compile("[0-9]{6}")));
		assertThatExceptionOfType(SecretRedactionException.class).isThrownBy(() -> all.response(response(utf16)));
		for (String broken : new String[] { "{\"a\":\"" + KEY, "{" + KEY + "}", "" + KEY }) {
			assertThatExceptionOfType(SecretRedactionException.class).isThrownBy(() -> redact(broken))
				.withMessageNotContaining(KEY)
				.withNoCause();
		}
	}

	@Test
	void requestIsMarked() throws Exception {
		ObjectNode body = JSON.createObjectNode().put("model", "m").put("prompt", "My key is " + KEY);
		CacheRequest request = new CacheRequest("space " + KEY, "https://api.example.com", "completions", "m", body,
				"prompt", new CacheKeyHasher());
		RequestRecord record = RequestRecord.of(request);
		RequestRecord redacted = this.redaction.request(record);
		assertThat(redacted.hashes()).isEqualTo(record.hashes());
		StoredRequest stored = StoredRequest.parse(redacted.json());
		assertThat(stored.redacted()).isTrue();
		assertThat(stored.body().get("prompt").asString()).isEqualTo("My key is [redacted openai-key]");
		// It tells entries apart, and is stored in other places as well
		assertThat(stored.namespace()).isEqualTo("space " + KEY);
		assertThat(StoredRequest.parse(record.json()).redacted()).isFalse();
	}

	@Test
	void requestCannotMarkItself() throws Exception {
		ObjectNode body = JSON.createObjectNode().put("redacted", true);
		CacheRequest request = new CacheRequest("", "", "", "m", body, "prompt", new CacheKeyHasher());
		assertThat(StoredRequest.parse(this.redaction.request(RequestRecord.of(request)).json()).redacted()).isFalse();
	}

	@Test
	void furtherPatternsAreFound() {
		SecretRedaction all = SecretRedaction
			.of(Map.of("employee", Pattern.compile("E[0-9]{6}"), "nothing", Pattern.compile("x*")));
		assertThat(all.text("E123456 and " + KEY)).isEqualTo("[redacted employee] and [redacted openai-key]");
		assertThat(
				new String(all.response(response("{\"a\":\"\\u0045123456\"}".getBytes(StandardCharsets.UTF_8))).body(),
						StandardCharsets.UTF_8))
			.isEqualTo("{\"a\":\"[redacted employee]\"}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "(a+)+$", "(a|b)*c", "(?:a?){40}a{40}$", "(a|aa)+$" })
	void patternThatTakesTooLongIsGivenUp(String regex) {
		SecretRedaction all = SecretRedaction.of(Map.of("slow", Pattern.compile(regex)));
		String text = "a".repeat(50_000) + "!";
		assertThat(all.text(text)).isEqualTo("[redacted text]");
		byte[] json = JSON.writeValueAsBytes(Map.of("text", text));
		assertThatExceptionOfType(SecretRedactionException.class).isThrownBy(() -> all.response(response(json)));
	}

	/**
	 * What took time in proportion to the square of the length would take hours.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "sk-", " sk-", " sk-a", "\\nsk-", "sk-ant-", " sk-ant-", "AIza", " AIza", "eyJ", " eyJ",
			".eyJ", "eyJaaaaaaaaaa.", ".eyJaaaaaaaaaaaaaaaaaaa", "-----BEGIN ", "-----BEGIN PRIVATE KEY-----",
			"-----BEGIN PRIVATE KEY-----\n", "-----BEGIN PRIVATE KEY-----a-", "-----BEGIN A A A A ", "Bearer ",
			"Bearer a", "bearer\t", " Bearer Bearer", "ghp_", " ghp_a", "github_pat_", " github_pat_", "glpat-",
			" glpat-", "xoxb-", " xoxb-", " xoxb.xoxb", "hooks.slack.com/services/", "sk_live_", " sk_live_", "hf_",
			" hf_", "whsec_", "ya29.", " ya29.", "AKIA", " AKIA", "secret_access_key", "secret_access_key = ",
			"SecretAccessKey\\\"\\\"", "\\", "\\n", "-", "----", "a", "=", "\u0000", "\ud83d" })
	void hostileTextTakesNoLongerThanOther(String piece) {
		String repeated = piece.repeat(HOSTILE / piece.length());
		assertThatNoException().isThrownBy(() -> this.redaction.text("-----BEGIN PRIVATE KEY----- sk-" + repeated));
	}

	@Test
	void secretInTenMegabytesIsFound() {
		String noise = "sk-sk-eyJ.eyJaaaaaaaaaaaa.-----BEGIN Bearer ".repeat(10 * HOSTILE / 44);
		assertThat(redact(JSON.writeValueAsString(Map.of("text", noise + " " + KEY + " " + noise)))).doesNotContain(KEY)
			.contains("[redacted openai-key]");
	}

	private String redact(String json) {
		CachedResponse response = this.redaction.response(response(json.getBytes(StandardCharsets.UTF_8)));
		return new String(response.body(), StandardCharsets.UTF_8);
	}

	private static CachedResponse response(byte[] body) {
		return new CachedResponse(body, 1, 1, 1, 1L, "STOP", Instant.EPOCH, Duration.ZERO, null);
	}

}
