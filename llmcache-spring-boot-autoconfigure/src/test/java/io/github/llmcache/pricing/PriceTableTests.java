package io.github.llmcache.pricing;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;

import io.github.llmcache.Usage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PriceTable}.
 */
class PriceTableTests {

	private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

	private static final Usage MILLION = Usage.of(100_000, 100_000);

	private final PriceTable table = PriceTable.bundled();

	@Test
	void chargesInputAndOutput() {
		assertThat(cost("openai", "gpt-4o-mini", Usage.of(1000, 500))).isEqualTo(450_000);
	}

	@Test
	void chargesCachedInputLess() {
		assertThat(cost("openai", "gpt-4o-mini", new Usage(1000, 500, 600, 0, 0, 200))).isEqualTo(405_000);
	}

	@Test
	void chargesCacheWritesByTheirLifetime() {
		// 100 at $4, 400 read at $0.20, 300 written at $5, 200 for long at $8, 50 at $20
		assertThat(cost("anthropic", "claude-opus-5-5", new Usage(1000, 50, 400, 300, 200, 0))).isEqualTo(4_580_000);
	}

	@Test
	void chargesOpenAiCacheWrites() {
		assertThat(cost("openai", "gpt-5.6-luna", new Usage(1000, 0, 100, 500, 0, 0))).isEqualTo(207_000);
	}

	@ParameterizedTest
	@CsvSource({ "gemini, gemini-2.5-pro, 200000, 250000000", "gemini, gemini-2.5-pro, 200001, 500002500",
			"google, gemini-3.1-pro-preview, 200001, 800004000", "openai, gpt-5.4, 272000, 680000000",
			"openai, gpt-5.4, 272001, 1360005000", "anthropic, claude-sonnet-4-5, 200001, 1200006000",
			"anthropic, claude-sonnet-4-6, 200001, 600003000", "anthropic, claude-haiku-5-5, 100000, 10000000",
			"anthropic, claude-haiku-5-5, 100001, 50000500" })
	void chargesTheWholeRequestMoreAboveTheThreshold(String provider, String model, long input, long nanos) {
		assertThat(cost(provider, model, Usage.of(input, 0))).isEqualTo(nanos);
	}

	@Test
	void countsCachedInputTowardsTheThreshold() {
		assertThat(cost("gemini", "gemini-2.5-pro", new Usage(300_000, 1000, 300_000, 0, 0, 0))).isEqualTo(90_000_000);
	}

	@ParameterizedTest
	@CsvSource({ "openai, gpt-4o, 625000000", "anthropic, claude-opus-4-5, 1500000000",
			"gemini, gemini-2.5-flash, 140000000", "openai, text-embedding-3-small, 1000000" })
	void chargesBatches(String provider, String model, long nanos) {
		assertThat(this.table.costNanos(new PriceQuery(provider, model, MILLION, null, true, NOW))).isEqualTo(nanos);
		assertThat(this.table.costNanos(new PriceQuery(provider, model, MILLION, "batch", false, NOW)))
			.isEqualTo(nanos);
	}

	@Test
	void chargesCachedInputOfABatch() {
		Usage usage = new Usage(1000, 0, 1000, 0, 0, 0);
		assertThat(this.table.costNanos(new PriceQuery("anthropic", "claude-opus-5-5", usage, null, true, NOW)))
			.isEqualTo(100_000);
		// Not listed, so like any other input of the batch
		assertThat(this.table.costNanos(new PriceQuery("openai", "gpt-4.1", usage, null, true, NOW)))
			.isEqualTo(1_000_000);
	}

	@Test
	void doesNotDeriveThePriceOfABatch() {
		assertThat(this.table.costNanos(new PriceQuery("deepseek", "deepseek-flash", MILLION, null, true, NOW)))
			.isNull();
	}

	@ParameterizedTest
	@CsvSource({ "flex, 562500000", "priority, 2250000000", "fast, 2250000000", "default, 1125000000",
			"standard, 1125000000", "'', 1125000000", "FLEX, 562500000" })
	void chargesServiceTiers(String tier, long nanos) {
		assertThat(this.table.costNanos(new PriceQuery("openai", "gpt-5", MILLION, tier, false, NOW))).isEqualTo(nanos);
	}

	@ParameterizedTest
	@ValueSource(strings = { "scale", "auto", "turbo" })
	void doesNotKnowOtherServiceTiers(String tier) {
		assertThat(this.table.costNanos(new PriceQuery("openai", "gpt-5", MILLION, tier, false, NOW))).isNull();
	}

	@Test
	void doesNotKnowAServiceTierThatIsNotListedForLongRequests() {
		Usage usage = Usage.of(300_000, 0);
		assertThat(this.table.costNanos(new PriceQuery("openai", "gpt-5.4", usage, "flex", false, NOW)))
			.isEqualTo(750_000_000);
		assertThat(this.table.costNanos(new PriceQuery("openai", "gpt-5.4", usage, "priority", false, NOW))).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "2026-11-23T00:59:59Z, 15000000", "2026-11-23T01:00:00Z, 30000000", "2026-11-23T03:59:59Z, 30000000",
			"2026-11-23T04:00:00Z, 15000000", "2026-11-23T09:59:59Z, 30000000", "2026-11-22T02:00:00Z, 15000000" })
	void chargesMoreAtPeakHours(Instant at, long nanos) {
		assertThat(this.table.costNanos(PriceQuery.of("deepseek", "deepseek-flash", Usage.of(100_000, 0), at)))
			.isEqualTo(nanos);
	}

	@ParameterizedTest
	@CsvSource({ "2026-12-31T23:59:59Z, 75000000", "2027-01-01T00:00:00Z, 150000000" })
	void appliesAnnouncedPricesFromTheirDate(Instant at, long nanos) {
		assertThat(this.table.costNanos(PriceQuery.of("gemini", "gemini-3.8-flash", Usage.of(100_000, 0), at)))
			.isEqualTo(nanos);
	}

	@Test
	void knowsWhatIsFree() {
		assertThat(cost("openai", "omni-moderation-latest", Usage.of(500, 0))).isZero();
		assertThat(cost("openai", "omni-moderation-2024-09-26", Usage.of(500, 0))).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "openai, gpt-4o-2024-08-06, gpt-4o", "openai, gpt-4.1-mini-2025-04-14, gpt-4.1-mini",
			"openai, gpt-4-0613, gpt-4", "openai, gpt-3.5-turbo-0125, gpt-3.5-turbo", "openai, gpt-5.6, gpt-5.6-sol",
			"anthropic, claude-haiku-4-5-20251001, claude-haiku-4-5",
			"anthropic, claude-sonnet-4-20250514, claude-sonnet-4",
			"anthropic, claude-sonnet-4@20250514, claude-sonnet-4",
			"anthropic, claude-3-5-haiku-latest, claude-3-5-haiku", "google, gemini-2.5-pro, gemini-2.5-pro" })
	void pricesSnapshotsLikeTheirModel(String provider, String snapshot, String model) {
		assertThat(cost(provider, snapshot, MILLION)).isNotNull().isEqualTo(cost(provider, model, MILLION));
	}

	@Test
	void prefersThePriceOfTheSnapshotItself() {
		assertThat(cost("openai", "gpt-4o-2024-05-13", MILLION)).isEqualTo(2_000_000_000L);
		assertThat(cost("openai", "gpt-4o", MILLION)).isEqualTo(1_250_000_000L);
	}

	@ParameterizedTest
	@CsvSource({ "openai, gpt-5-foo", "openai, gpt-4o-minimal", "openai, gpt-4o-2024-13-45", "openai, gpt-4o-9999",
			"openai, gpt-4o-audio-preview", "openai, gpt", "openai, GPT-4O", "openai, gpt-4o-", "openai, -latest",
			"openai, openai/gpt-4o", "openai, claude-opus-5", "openai, ft:gpt-4o-2024-08-06:acme::id", "openai, ''",
			"anthropic, claude-opus-5-20260101-preview", "my-proxy, gpt-4o", "openrouter, gpt-4o",
			"openrouter, openai/gpt-4o", "openrouter, deepseek/deepseek-flash", "together, deepseek-v4-pro",
			"vllm, gemini-2.5-pro", "gemini, gemini-flash-latest" })
	void doesNotGuess(String provider, String model) {
		assertThat(cost(provider, model, MILLION)).isNull();
	}

	@Test
	void neverPricesAModelAsOneWithAShorterName() {
		assertThat(cost("openai", "gpt-4o-mini", MILLION)).isNotEqualTo(cost("openai", "gpt-4o", MILLION));
		assertThat(cost("openai", "gpt-4o-mini-2024-07-18", MILLION)).isEqualTo(cost("openai", "gpt-4o-mini", MILLION));
	}

	@Test
	void pricesAProviderAsAnotherOneOnlyIfTold() {
		PriceTable table = PriceTable.builder().pricedAs("my-proxy", "openai").pricedAs("openai", null).build();
		assertThat(table.costNanos(PriceQuery.of("my-proxy", "gpt-4o", MILLION, NOW))).isEqualTo(1_250_000_000L);
		assertThat(table.costNanos(PriceQuery.of("openai", "gpt-4o", MILLION, NOW))).isNull();
	}

	@Test
	void overridesApplyToTheirProviderOrToAny() {
		PriceTable table = PriceTable.builder()
			.prices(Map.of("gpt-4o", price("1", "1"), "my-proxy/gpt-4o", price("2", "2"), "ollama/llama",
					price("0", "0"), "meta/llama", price("3", "3")))
			.build();
		assertThat(table.costNanos(PriceQuery.of("openai", "gpt-4o", MILLION, NOW))).isEqualTo(200_000_000);
		assertThat(table.costNanos(PriceQuery.of("openai", "gpt-4o-2024-08-06", MILLION, NOW))).isEqualTo(200_000_000);
		assertThat(table.costNanos(PriceQuery.of("my-proxy", "gpt-4o", MILLION, NOW))).isEqualTo(400_000_000);
		assertThat(table.costNanos(PriceQuery.of("ollama", "llama", MILLION, NOW))).isZero();
		assertThat(table.costNanos(PriceQuery.of("other", "llama", MILLION, NOW))).isNull();
		assertThat(table.costNanos(PriceQuery.of("vllm", "meta/llama", MILLION, NOW))).isEqualTo(600_000_000);
		assertThat(table.costNanos(PriceQuery.of("openai", "gpt-4o-mini", MILLION, NOW))).isEqualTo(75_000_000);
	}

	@Test
	void overridesHavingNoSpecialPricesLeaveThemUnknown() {
		PriceTable table = PriceTable.builder().price("gpt-4o", price("1", "1")).build();
		assertThat(table.costNanos(new PriceQuery("openai", "gpt-4o", MILLION, null, true, NOW))).isNull();
		assertThat(table.costNanos(new PriceQuery("openai", "gpt-4o", MILLION, "flex", false, NOW))).isNull();
	}

	@Test
	void ownPricesComeBeforeAFileAndTheFileBeforeTheBundledOnes() {
		CommunityPriceFile file = CommunityPriceFileTests.fixture();
		PriceTable.Builder builder = PriceTable.builder().file(file);
		assertThat(builder.build().costNanos(PriceQuery.of("openai", "gpt-4o", MILLION, NOW)))
			.isEqualTo(1_500_000_000L);
		assertThat(builder.build().costNanos(PriceQuery.of("openai", "gpt-4o-mini", MILLION, NOW)))
			.isEqualTo(75_000_000);
		assertThat(builder.price("gpt-4o", price("1", "1"))
			.build()
			.costNanos(PriceQuery.of("openai", "gpt-4o", MILLION, NOW))).isEqualTo(200_000_000);
	}

	@Test
	void tablesDoNotChangeWithTheirBuilder() {
		PriceTable.Builder builder = PriceTable.builder().price("a", price("1", "1"));
		PriceTable table = builder.build();
		builder.price("a", price("9", "9")).bundled(false);
		assertThat(table.costNanos(PriceQuery.of("p", "a", MILLION, NOW))).isEqualTo(200_000_000);
		assertThat(table.costNanos(PriceQuery.of("openai", "gpt-4o", MILLION, NOW))).isNotNull();
	}

	@Test
	void bundledPricesCanBeLeftOut() {
		PriceTable table = PriceTable.builder().bundled(false).build();
		assertThat(table.costNanos(PriceQuery.of("openai", "gpt-4o", MILLION, NOW))).isNull();
	}

	@Test
	void chargesUnlistedPartsLikeInput() {
		PriceTable table = PriceTable.builder()
			.price("a", price("2", "4"))
			.price("b", ModelPrice.of(new TokenPrices(decimal("2"), decimal("4"), null, decimal("3"), null)))
			.build();
		Usage usage = new Usage(1000, 10, 400, 300, 200, 0);
		assertThat(table.costNanos(PriceQuery.of("p", "a", usage, NOW))).isEqualTo(2_040_000);
		assertThat(table.costNanos(PriceQuery.of("p", "b", usage, NOW))).isEqualTo(2_540_000);
	}

	@ParameterizedTest
	@CsvSource({ "0.0005, 1", "0.0004999, 0", "0.0014999, 1", "0.0015, 2" })
	void roundsOnceAndHalfUp(String price, long nanos) {
		PriceTable table = PriceTable.builder().price("a", price(price, "0")).build();
		assertThat(table.costNanos(PriceQuery.of("p", "a", Usage.of(1, 0), NOW))).isEqualTo(nanos);
	}

	@Test
	void roundsTheSumAndNotItsParts() {
		PriceTable table = PriceTable.builder().price("a", price("0.0003", "0.0003")).build();
		assertThat(table.costNanos(PriceQuery.of("p", "a", Usage.of(1, 1), NOW))).isOne();
	}

	@Test
	void doesNotOverflow() {
		assertThat(cost("openai", "gpt-4o", Usage.of(Long.MAX_VALUE, Long.MAX_VALUE))).isNull();
		assertThat(cost("openai", "omni-moderation", Usage.of(Long.MAX_VALUE, Long.MAX_VALUE))).isZero();
		PriceTable table = PriceTable.builder().price("a", price("0.001", "1")).build();
		assertThat(table.costNanos(PriceQuery.of("p", "a", Usage.of(Long.MAX_VALUE, 0), NOW)))
			.isEqualTo(Long.MAX_VALUE);
		assertThat(table.costNanos(PriceQuery.of("p", "a", Usage.of(Long.MAX_VALUE, 1), NOW))).isNull();
	}

	@ParameterizedTest
	@MethodSource("contradictions")
	void doesNotPriceContradictions(Usage usage) {
		assertThat(cost("openai", "gpt-4o", usage)).isNull();
	}

	static Stream<Usage> contradictions() {
		return Stream.of(Usage.of(-1, 0), Usage.of(0, -1), new Usage(10, 0, 11, 0, 0, 0), new Usage(10, 0, 5, 6, 0, 0),
				new Usage(10, 0, 5, 5, 1, 0), new Usage(10, 0, -1, 0, 0, 0), new Usage(10, 0, 0, -1, 0, 0),
				new Usage(10, 0, 0, 0, -1, 0), new Usage(10, 0, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, 0));
	}

	private @Nullable Long cost(String provider, String model, Usage usage) {
		return this.table.costNanos(PriceQuery.of(provider, model, usage, NOW));
	}

	private static ModelPrice price(String input, String output) {
		return ModelPrice.of(decimal(input), decimal(output));
	}

	private static BigDecimal decimal(String value) {
		return new BigDecimal(value);
	}

}
