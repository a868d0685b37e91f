package io.github.llmcache.cli.transfer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How much memory it takes to move much more than that.
 */
class TransferMemoryTests {

	@Test
	void memoryIsBoundedWhateverIsMoved(@TempDir Path directory) throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx64m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
				ManyEntriesApplication.class.getName(), directory.toString())
			.redirectErrorStream(true)
			.start();
		try {
			List<String> printed = process.inputReader(StandardCharsets.UTF_8).lines().toList();
			assertThat(printed).contains("added 5000", "exported 5000, more than 190 MB: true", "read 5000");
			assertThat(process.waitFor()).isZero();
		}
		finally {
			process.destroyForcibly();
		}
	}

}
