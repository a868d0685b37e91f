package io.github.llmcache.inference;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.FinishReason;
import io.github.llmcache.Sample;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StoragePolicy}.
 */
class StoragePolicyTests {

	private static final List<Sample> SAMPLES = Stream
		.of(FinishReason.STOP, FinishReason.ERROR, FinishReason.REFUSAL, FinishReason.LENGTH)
		.map((reason) -> new Sample(ChatMessage.assistant(reason.name()), reason, null, null))
		.toList();

	@Test
	void completeSamplesAreStorable() {
		assertThat(texts(new StoragePolicy(false).storable(SAMPLES))).containsExactly("STOP", "LENGTH");
		assertThat(texts(new StoragePolicy(true).storable(SAMPLES))).containsExactly("STOP", "REFUSAL", "LENGTH");
	}

	@Test
	void storedSamplesAreToldByTheirNumber() {
		assertThat(texts(StoragePolicy.stored(SAMPLES, 2))).containsExactly("STOP", "LENGTH");
		assertThat(texts(StoragePolicy.stored(SAMPLES, 3))).containsExactly("STOP", "REFUSAL", "LENGTH");
		assertThat(StoragePolicy.stored(SAMPLES, 4)).isSameAs(SAMPLES);
		assertThat(StoragePolicy.stored(SAMPLES, 1)).isNull();
		assertThat(StoragePolicy.stored(SAMPLES, 5)).isNull();
	}

	private static List<String> texts(@Nullable List<Sample> samples) {
		return Objects.requireNonNull(samples).stream().map(Sample::text).toList();
	}

}
