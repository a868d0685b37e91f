package io.github.llmcache.pricing;

import java.math.BigDecimal;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link TokenPrices}.
 */
class TokenPricesTests {

	private static final BigDecimal ONE = BigDecimal.ONE;

	private static final BigDecimal NEGATIVE = new BigDecimal("-0.01");

	@Test
	void rejectsNegativePrices() {
		assertThatIllegalArgumentException().isThrownBy(() -> TokenPrices.of(NEGATIVE, ONE))
			.withMessage("'input' must not be negative");
		assertThatIllegalArgumentException().isThrownBy(() -> TokenPrices.of(ONE, NEGATIVE))
			.withMessage("'output' must not be negative");
		assertThatIllegalArgumentException().isThrownBy(() -> TokenPrices.of(ONE, ONE, NEGATIVE))
			.withMessage("'cachedInput' must not be negative");
		assertThatIllegalArgumentException().isThrownBy(() -> new TokenPrices(ONE, ONE, null, NEGATIVE, null))
			.withMessage("'cacheWrite' must not be negative");
		assertThatIllegalArgumentException().isThrownBy(() -> new TokenPrices(ONE, ONE, null, null, NEGATIVE))
			.withMessage("'longCacheWrite' must not be negative");
	}

	@Test
	void rejectsPricesThatCannotBeCalculatedWith() {
		assertThatIllegalArgumentException().isThrownBy(() -> TokenPrices.of(new BigDecimal("1e999999999"), ONE))
			.withMessageStartingWith("'input' must be at most 1000000000");
		assertThatIllegalArgumentException().isThrownBy(() -> TokenPrices.of(ONE, new BigDecimal("1e-999999999")))
			.withMessageContaining("at most 30 decimal places");
	}

	@Test
	void acceptsFreeTokens() {
		assertThat(TokenPrices.of(BigDecimal.ZERO, BigDecimal.ZERO).input()).isZero();
	}

}
