package io.github.llmcache.inference;

import java.util.List;
import java.util.stream.Stream;

import io.github.llmcache.cache.CacheKeyHasher;
import io.github.llmcache.cache.CacheRequest;
import io.github.llmcache.provider.TextLimits;
import io.github.llmcache.provider.WireJson;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TextSplitter}.
 */
class TextSplitterTests {

	@Test
	void textsAreKeptTogetherAndInOrder() {
		assertThat(split(new TextSplitter(2, 100), "a", "b", "c", "d", "e")).containsExactly(List.of("a", "b"),
				List.of("c", "d"), List.of("e"));
		assertThat(split(new TextSplitter(2, 100))).isEmpty();
	}

	@Test
	void bytesCountNotCharacters() {
		assertThat(split(new TextSplitter(9, 6), "aaa", "bbb", "c")).containsExactly(List.of("aaa", "bbb"),
				List.of("c"));
		assertThat(split(new TextSplitter(9, 6), "\u4e2d\u4e2d", "\u6587")).containsExactly(List.of("\u4e2d\u4e2d"),
				List.of("\u6587"));
	}

	@Test
	void textThatIsTooLongIsSentAlone() {
		assertThat(split(new TextSplitter(9, 3), "a", "bbbbbb", "c")).containsExactly(List.of("a"), List.of("bbbbbb"),
				List.of("c"));
	}

	@Test
	void leastOfTheLimitsCounts() {
		TextLimits limits = new TextLimits(100, 5000, 10);
		assertThat(TextSplitter.of(limits, null, 1_000_000)).isEqualTo(new TextSplitter(100, 5000));
		assertThat(TextSplitter.of(limits, null, 500)).isEqualTo(new TextSplitter(50, 5000));
		assertThat(TextSplitter.of(limits, null, 5)).isEqualTo(new TextSplitter(1, 5000));
		assertThat(TextSplitter.of(limits, 7, 500)).isEqualTo(new TextSplitter(7, 5000));
		assertThat(TextSplitter.of(limits, 700, 500)).isEqualTo(new TextSplitter(50, 5000));
	}

	private static List<List<String>> split(TextSplitter splitter, String... texts) {
		CacheKeyHasher hasher = new CacheKeyHasher();
		List<MissingText> missing = Stream.of(texts)
			.map((text) -> new MissingText(text,
					new CacheRequest("", "e", "o", "m", WireJson.NODES.objectNode(), "input", hasher)))
			.toList();
		return splitter.split(missing).stream().map((call) -> call.stream().map(MissingText::text).toList()).toList();
	}

}
