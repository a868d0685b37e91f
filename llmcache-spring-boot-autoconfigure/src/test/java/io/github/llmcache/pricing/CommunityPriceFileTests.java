package io.github.llmcache.pricing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;

import io.github.llmcache.Usage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CommunityPriceFile}.
 */
class CommunityPriceFileTests {

	private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

	private final PriceTable table = PriceTable.builder().bundled(false).file(fixture()).build();

	@Test
	void readsPricesExactly() {
		assertThat(cost("openai", "plain-model", new Usage(1000, 100, 400, 0, 0, 0))).isEqualTo(3_000_000);
		assertThat(cost("anthropic", "caching-model", new Usage(1000, 10, 400, 300, 200, 0))).isEqualTo(2_895_000);
	}

	@Test
	void readsBatchesAndServiceTiers() {
		Usage usage = Usage.of(1000, 100);
		assertThat(this.table.costNanos(new PriceQuery("openai", "plain-model", usage, null, true, NOW)))
			.isEqualTo(1_750_000);
		assertThat(this.table.costNanos(new PriceQuery("openai", "plain-model", usage, "priority", false, NOW)))
			.isEqualTo(5_950_000);
		assertThat(this.table.costNanos(new PriceQuery("openai", "plain-model", usage, "flex", false, NOW))).isNull();
	}

	@Test
	void readsLongContext() {
		assertThat(cost("gemini", "long-model", Usage.of(200_000, 0))).isEqualTo(250_000_000);
		assertThat(cost("gemini", "long-model", Usage.of(200_001, 1000))).isEqualTo(515_002_500);
		// What is not listed for much input costs as much as otherwise
		assertThat(cost("gemini", "long-model", new Usage(200_001, 0, 200_001, 0, 0, 0))).isEqualTo(25_000_125);
	}

	@ParameterizedTest
	@CsvSource({ "together, meta-llama/Some-Llama, 880000", "openrouter, openai/plain-model, 9000000",
			"openai, some-embedding, 20000", "anybody, anyones-model, 0", "google, long-model, 1250000",
			"openai, plain-model-2026-01-01, 2500000" })
	void findsModels(String provider, String model, long nanos) {
		assertThat(cost(provider, model, Usage.of(1000, 0))).isEqualTo(nanos);
	}

	@ParameterizedTest
	@CsvSource({ "my-proxy, plain-model", "openrouter, plain-model", "anthropic, plain-model", "openai, long-model",
			"openai, picture-model", "openai, half-model", "openai, worded-model", "openai, negative-model",
			"openai, endless-model", "openai, sample_spec" })
	void doesNotFindOthers(String provider, String model) {
		assertThat(cost(provider, model, Usage.of(1000, 0))).isNull();
	}

	@Test
	void reportsEntriesThatItLeavesOut() {
		assertThat(fixture().problems()).satisfiesExactly(
				(problem) -> assertThat(problem).isEqualTo("half-model: 'output_cost_per_token' is missing"),
				(problem) -> assertThat(problem).isEqualTo("worded-model: 'input_cost_per_token' is not a number"),
				(problem) -> assertThat(problem).isEqualTo("negative-model: 'input_cost_per_token' is negative"),
				(problem) -> assertThat(problem).startsWith("endless-model: 'input' must be at most"));
	}

	@Test
	void prefersEntriesWithThePrefixOfTheirProvider() {
		for (String json : new String[] { "{%s,%s}", "{%2$s,%1$s}" }) {
			CommunityPriceFile file = read(json.formatted(
					"\"a\":{\"input_cost_per_token\":1,\"output_cost_per_token\":1,\"litellm_provider\":\"gemini\"}",
					"\"gemini/a\":{\"input_cost_per_token\":2,\"output_cost_per_token\":2,\"litellm_provider\":\"gemini\"}"));
			assertThat(PriceTable.builder()
				.file(file)
				.build()
				.costNanos(PriceQuery.of("gemini", "a", Usage.of(1, 0), NOW))).isEqualTo(2_000_000_000L);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					{"a":      | The price file 'prices.json' is not valid JSON (line 1)
					''         | The price file 'prices.json' is not a JSON object with an entry for each model
					[]         | The price file 'prices.json' is not a JSON object with an entry for each model
					{}         | The price file 'prices.json' has no usable price
					{"a":{"input_cost_per_token":1}} | The price file 'prices.json' has no usable price: a: 'output_cost_per_token' is missing
					""")
	void rejectsOtherFiles(String content, String message) {
		assertThatExceptionOfType(PriceFileException.class).isThrownBy(() -> read(content))
			.withMessageStartingWith(message);
	}

	@ParameterizedTest
	@ValueSource(strings = { "1e2147483647", "1e-2147483647", "1e99999999999", "99999999999999999999999" })
	void survivesExtremeNumbers(String number) {
		assertThatExceptionOfType(PriceFileException.class)
			.isThrownBy(() -> read("{\"a\":{\"input_cost_per_token\":1,\"output_cost_per_token\":" + number + "}}"));
	}

	@Test
	void survivesDeepNesting() {
		assertThatExceptionOfType(PriceFileException.class).isThrownBy(() -> read("[".repeat(100_000)))
			.withMessageStartingWith("The price file 'prices.json' is not valid JSON");
	}

	@Test
	void namesAFileThatCannotBeRead(@TempDir Path directory) {
		Path missing = directory.resolve("missing.json");
		assertThatExceptionOfType(PriceFileException.class).isThrownBy(() -> CommunityPriceFile.read(missing))
			.withMessage("The price file '%s' does not exist", missing);
		assertThatExceptionOfType(PriceFileException.class).isThrownBy(() -> CommunityPriceFile.read(directory))
			.withMessageStartingWith("The price file '%s' cannot be read", directory);
	}

	@Test
	void readsAPath(@TempDir Path directory) throws IOException {
		Path file = Files.writeString(directory.resolve("prices.json"),
				"{\"a\":{\"input_cost_per_token\":1e-6,\"output_cost_per_token\":1e-6}}");
		assertThat(CommunityPriceFile.read(file).problems()).isEmpty();
	}

	static CommunityPriceFile fixture() {
		String name = "community-prices.json";
		try (InputStream stream = CommunityPriceFileTests.class.getResourceAsStream(name)) {
			return CommunityPriceFile.read(name, Objects.requireNonNull(stream));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static CommunityPriceFile read(String content) {
		return CommunityPriceFile.read("prices.json",
				new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
	}

	private @Nullable Long cost(String provider, String model, Usage usage) {
		return this.table.costNanos(PriceQuery.of(provider, model, usage, NOW));
	}

}
