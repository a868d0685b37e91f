package io.github.llmcache.cache;

import java.util.Locale;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FileNames}.
 */
class FileNamesTests {

	@Test
	void namesArePartOfTheFormat() {
		assertThat(FileNames.of("gpt-4o-mini")).isEqualTo("gpt-4o-mini-a4c3051a41cf");
		assertThat(FileNames.of("meta-llama/Llama-3.1")).startsWith("meta-llama-llama-3.1-").hasSize(33);
		assertThat(FileNames.of("")).startsWith("model-");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", "..", "../../x", "/", "a\0b", "\uD83D\uDE80", "\uD800", ".hidden", "A B", "é", "a\nb" })
	void namesAreHarmless(String model) {
		String name = FileNames.of(model);
		assertThat(name).matches("[a-z0-9_-][a-z0-9._-]*").hasSizeLessThan(90);
		assertThat(FileNames.matches(name)).isTrue();
	}

	@Test
	void namesAreShort() {
		assertThat(FileNames.of("m".repeat(10_000))).hasSize(73);
	}

	@Test
	void modelsThatDifferHaveNamesThatDifferEvenIfCaseIsIgnored() {
		Stream<String> models = Stream.of("gpt", "GPT", "Gpt", "\uD800", "\uD801", "\uDC00", "?", "a/b", "a-b", "a.b",
				"m".repeat(100), "m".repeat(101), "", "model", "\0");
		assertThat(models.map((model) -> FileNames.of(model).toLowerCase(Locale.ROOT))).doesNotHaveDuplicates();
	}

	@ParameterizedTest
	@ValueSource(strings = { "app", "gpt", "gpt-a4c3051a41cf.db", "gpt-A4C3051A41CF", ".gpt-a4c3051a41cf",
			"gpt-a4c3051a41cf-wal", "copy of gpt-a4c3051a41cf", "a4c3051a41cf" })
	void namesOfOthersAreRecognised(String name) {
		assertThat(FileNames.matches(name)).isFalse();
	}

}
