package io.github.llmcache;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Embedding}, {@link EmbeddingRequest} and {@link ModerationRequest}.
 */
class EmbeddingTests {

	@Test
	void cannotBeChanged() {
		float[] values = { 1, 2 };
		Embedding embedding = Embedding.of(values);
		values[0] = 7;
		embedding.toArray()[1] = 7;
		assertThat(embedding.toArray()).containsExactly(1, 2);
		assertThat(embedding.value(1)).isEqualTo(2);
		assertThat(embedding.dimensions()).isEqualTo(2);
	}

	@Test
	void isEqualBitForBit() {
		assertThat(Embedding.of(0.1F)).isEqualTo(Embedding.of(0.1F)).hasSameHashCodeAs(Embedding.of(0.1F));
		assertThat(Embedding.of(0F)).isNotEqualTo(Embedding.of(-0F));
	}

	@ParameterizedTest
	@ValueSource(floats = { Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY })
	void hasFiniteValuesOnly(float value) {
		assertThatIllegalArgumentException().isThrownBy(() -> Embedding.of(1, value));
		assertThatIllegalArgumentException().isThrownBy(Embedding::of);
	}

	@Test
	void requestsDoNotSayWhatTheirTextsAre() {
		assertThat(EmbeddingRequest.builder("m").texts("secret").build().toString()).doesNotContain("secret")
			.contains("texts=1");
		assertThat(ModerationRequest.builder("m").texts("secret").build().toString()).doesNotContain("secret")
			.contains("texts=1");
	}

	@Test
	void requestsThatMakeNoSenseAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> EmbeddingRequest.builder(" ").build());
		assertThatIllegalArgumentException().isThrownBy(() -> EmbeddingRequest.builder("m").dimensions(0).build());
		assertThatIllegalArgumentException().isThrownBy(() -> EmbeddingRequest.builder("m").textsPerCall(0).build());
		assertThatIllegalArgumentException().isThrownBy(() -> ModerationRequest.builder(" ").build());
		assertThatIllegalArgumentException().isThrownBy(() -> ModerationRequest.builder("m").textsPerCall(0).build());
	}

}
