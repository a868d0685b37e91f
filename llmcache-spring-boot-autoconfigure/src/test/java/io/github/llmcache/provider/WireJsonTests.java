package io.github.llmcache.provider;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.RawJson;
import io.github.llmcache.provider.openai.OpenAiChatProtocol;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link WireJson}.
 */
class WireJsonTests {

	private final ProviderDefinition provider = TestProviders.of(new OpenAiChatProtocol());

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "{", "1e99999999999", "{\"secret\":1,\"secret\":2}",
			"{\"a\":{\"secret\":1,\"secret\":1}}", "1 2", "{} secret", "secret", "'secret'", "{secret:1}", "NaN", "01",
			"[1,]", "\"secret", "// secret\n1" })
	void rejectsWhatIsNotOneJsonValueWithoutQuotingIt(String text) {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> WireJson.read(RawJson.of(text), "name", this.provider))
			.withNoCause()
			.withMessageContaining("'name'")
			.withMessageContaining("'acme'")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret"));
	}

	@Test
	void rejectsWhatIsNestedTooDeeply() {
		String text = "[".repeat(300) + "]".repeat(300);
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> WireJson.read(RawJson.of(text), "name", this.provider));
		Object list = List.of();
		for (int i = 0; i < 300; i++) {
			list = List.of(list);
		}
		Object nested = list;
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> WireJson.valueOf(nested, "name", this.provider));
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "true", "0", "-0", "0.1", "1.50", "0.10000000000000000001",
			"12345678901234567890123", "\"\"", "\"a\\u0000\\ud800\"", "[]", "{}", "{\"b\":1,\"a\":[{\"c\":null}]}" })
	void keepsValuesAsTheyAreWritten(String text) {
		String written = WireJson.write(WireJson.read(RawJson.of(text), "name", this.provider));
		assertThat(WireJson.read(RawJson.of(written), "name", this.provider))
			.isEqualTo(WireJson.read(RawJson.of(text), "name", this.provider));
		if (!text.contains("\\u") && !text.equals("-0")) {
			assertThat(written).isEqualTo(text);
		}
	}

	@Test
	void convertsValuesOfParameters() {
		assertThat(write(null)).isEqualTo("null");
		assertThat(write(true)).isEqualTo("true");
		assertThat(write("a\"b")).isEqualTo("\"a\\\"b\"");
		assertThat(write(0.1f)).isEqualTo("0.1");
		assertThat(write(0.1)).isEqualTo("0.1");
		assertThat(write((byte) 1)).isEqualTo("1");
		assertThat(write((short) 2)).isEqualTo("2");
		assertThat(write(3)).isEqualTo("3");
		assertThat(write(Long.MAX_VALUE)).isEqualTo("9223372036854775807");
		assertThat(write(new BigDecimal("1.50"))).isEqualTo("1.50");
		assertThat(write(BigInteger.TEN.pow(30))).isEqualTo("1" + "0".repeat(30));
		assertThat(write(RawJson.of("{ \"a\" : 1.0 }"))).isEqualTo("{\"a\":1.0}");
		assertThat(write(List.of(1, List.of(), Map.of("a", RawJson.of("[2]"))))).isEqualTo("[1,[],{\"a\":[2]}]");
		assertThat(write(Arrays.asList(null, 1))).isEqualTo("[null,1]");
	}

	@ParameterizedTest
	@ValueSource(doubles = { Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY })
	void rejectsNumbersThatJsonDoesNotHave(double number) {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> WireJson.valueOf(number, "name", this.provider));
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> WireJson.valueOf((float) number, "name", this.provider));
	}

	@Test
	void rejectsValuesThatAreNoJson() {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> WireJson.valueOf(new Object(), "name", this.provider));
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "\"1\"", "-1", "1.5", "1e999999999", "1e16", "99999999999999999999", "{}" })
	void countsAreRealistic(String text) {
		assertThat(WireJson.count(WireJson.read(RawJson.of(text), "name", this.provider))).isNull();
	}

	@Test
	void countsMayBeWrittenAsDecimals() {
		assertThat(WireJson.count(WireJson.read(RawJson.of("12.0"), "name", this.provider))).isEqualTo(12);
		assertThat(WireJson.count(WireJson.read(RawJson.of("1e3"), "name", this.provider))).isEqualTo(1000);
	}

	private String write(@Nullable Object value) {
		return WireJson.write(WireJson.valueOf(value, "name", this.provider));
	}

}
