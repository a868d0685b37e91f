package io.github.llmcache.provider;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link LineReader}.
 */
class LineReaderTests {

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 1000 })
	void linesAreFoundHoweverTheyArrive(int chunk) throws IOException {
		String longest = "x".repeat(10);
		assertThat(read("a\n\nüb\r\n \t\r\n" + longest + "\n" + longest + "x\nc", chunk)).containsExactly("a", "üb\r",
				longest, "too long", "c, incomplete");
	}

	@Test
	void nothingHasNoLines() throws IOException {
		assertThat(read("", 1)).isEmpty();
		assertThat(read("\n\n", 1)).isEmpty();
		assertThat(read("x".repeat(11), 2)).containsExactly("too long");
	}

	@Test
	void whatNeverEndsIsGivenUp() {
		InputStream endless = new InputStream() {

			@Override
			public int read() {
				return 'x';
			}

			@Override
			public int read(byte[] bytes, int offset, int length) {
				return length;
			}

		};
		assertThatExceptionOfType(BrokenResponseException.class)
			.isThrownBy(() -> new LineReader(10, 1_000_000, new Collector(new ArrayList<>())).read(endless));
	}

	private static List<String> read(String text, int chunk) throws IOException {
		List<String> lines = new ArrayList<>();
		new LineReader(10, 100, new Collector(lines))
			.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {

				@Override
				public int read(byte[] bytes, int offset, int length) {
					return super.read(bytes, offset, Math.min(length, chunk));
				}

			});
		return lines;
	}

	private record Collector(List<String> lines) implements BatchClient.LineHandler {

		@Override
		public void line(byte[] line, boolean complete) {
			this.lines.add(new String(line, StandardCharsets.UTF_8) + (complete ? "" : ", incomplete"));
		}

		@Override
		public void tooLong() {
			this.lines.add("too long");
		}

	}

}
