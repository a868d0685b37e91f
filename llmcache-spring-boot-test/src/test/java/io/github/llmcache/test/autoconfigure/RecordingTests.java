package io.github.llmcache.test.autoconfigure;

import io.github.llmcache.CacheMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Recording}.
 */
class RecordingTests {

	@ParameterizedTest
	@CsvSource({ ",REPLAY", "false,REPLAY", "'',READ_WRITE", "true,READ_WRITE", "TRUE,READ_WRITE", "refresh,REFRESH" })
	void propertyDecidesTheModeOfWhatIsReplayed(@Nullable String value, CacheMode mode) {
		assertThat(Recording.of(value).mode(CacheMode.REPLAY)).isEqualTo(mode);
	}

	@ParameterizedTest
	@ValueSource(strings = { "true", "refresh" })
	void otherModesRecordNothingMore(String value) {
		assertThat(Recording.of(value).mode(CacheMode.OFF)).isEqualTo(CacheMode.OFF);
		assertThat(Recording.of(value).mode(CacheMode.READ_ONLY)).isEqualTo(CacheMode.READ_ONLY);
	}

	@Test
	void unknownValueIsExplained() {
		assertThatIllegalArgumentException().isThrownBy(() -> Recording.of("yes"))
			.withMessageContaining("'llmcache.record' is 'yes'")
			.withMessageContaining("'true'")
			.withMessageContaining("'refresh'");
	}

}
