package io.github.llmcache.benchmarks;

import java.util.List;

import io.github.llmcache.benchmarks.Options.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class OptionsTests {

	private static final List<String> KNOWN = List.of("headline", "typical");

	@Test
	void everythingRunsIfNothingIsNamed() throws UsageException {
		assertThat(parse()).isEqualTo(parse("all"));
		assertThat(parse().names()).containsExactly("headline", "typical");
		assertThat(parse().json()).isFalse();
		assertThat(parse().quick()).isFalse();
	}

	@Test
	void namesAndOptionsComeInAnyOrder() throws UsageException {
		Options options = parse("--json", "typical", "--seed", "7", "--quick");
		assertThat(options.names()).containsExactly("typical");
		assertThat(options.json()).isTrue();
		assertThat(options.quick()).isTrue();
		assertThat(options.seed()).isEqualTo(7);
		assertThat(parse("--seed=7", "--quick", "typical", "--json")).isEqualTo(options);
	}

	@ParameterizedTest
	@ValueSource(strings = { "nonsense", "--nonsense", "--seed", "--seed=x", "" })
	void whatIsUnknownIsRefusedWithWhatThereIs(String argument) {
		assertThatExceptionOfType(UsageException.class).isThrownBy(() -> parse("typical", argument));
	}

	@Test
	void quickAndFullExcludeEachOther() {
		assertThatExceptionOfType(UsageException.class).isThrownBy(() -> parse("--quick", "--full"));
	}

	private static Options parse(String... args) throws UsageException {
		return Options.parse(KNOWN, args);
	}

}
