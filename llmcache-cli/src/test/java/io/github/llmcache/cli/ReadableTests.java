package io.github.llmcache.cli;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ReadableTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			0                   | 0 B
			999                 | 999 B
			1000                | 1.0 KB
			1536                | 1.5 KB
			125829120           | 120 MB
			9223372036854775807 | 8.0 EB
			""")
	void bytes(long bytes, String text) {
		assertThat(Readable.bytes(bytes)).isEqualTo(text);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			0                   | $0.00
			1                   | <$0.0001
			1234567             | $0.0012
			123456789           | $0.12
			12300000000         | $12.30
			9223372036854775807 | $9,223,372,036.85
			""")
	void dollars(long nanos, String text) {
		assertThat(Readable.dollars(nanos)).isEqualTo(text);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			PT59S     | 59 s
			PT61S     | 1 min 01 s
			PT1H2M    | 1 h 02 min
			P3DT23H   | 3 d
			P1000000D | 1,000,000 d
			""")
	void time(Duration time, String text) {
		assertThat(Readable.time(time)).isEqualTo(text);
	}

}
