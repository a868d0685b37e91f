package io.github.llmcache.faults.entries;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.llmcache.faults.Area;
import io.github.llmcache.faults.Survival;
import io.github.llmcache.testsupport.JavaProcess;
import io.github.llmcache.testsupport.RedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Writes entries past the cache, in a process with little memory, and has their questions
 * asked.
 */
class HostileEntriesTests {

	/** Less than the largest thing that is put in the way. */
	private static final String HEAP = "-Xmx96m";

	/**
	 * What a JVM with such a heap takes, with all libraries and whoever writes the rows.
	 */
	private static final long MAX_PEAK = 900;

	@Test
	void inDatabases(@TempDir Path directory) throws Exception {
		attack("SQLite: rows that somebody else has written", "sqlite", directory.toString());
	}

	@Test
	void inFiles(@TempDir Path directory) throws Exception {
		attack("Files that somebody else has written", "file", directory.toString());
	}

	@Test
	void inRedis() throws Exception {
		try (RedisServer server = RedisServer.start()) {
			attack("Redis: values that somebody else has written", "redis", String.valueOf(server.port()));
		}
	}

	private static void attack(String what, String backend, String where) throws Exception {
		List<String> printed;
		int exit;
		try (JavaProcess process = JavaProcess.of(HostileEntriesApplication.class)
			.options(HEAP)
			.arguments(backend, where)
			.start()) {
			printed = process.printed();
			exit = process.waitFor();
		}
		Map<String, List<String>> said = JavaProcess.said(printed)
			.map((line) -> line.split(" ", 2))
			.collect(Collectors.groupingBy((line) -> line[0],
					Collectors.mapping((line) -> line[1], Collectors.toList())));
		long attacks = said.values().stream().mapToLong(List::size).sum() - said.getOrDefault("peak", List.of()).size();
		long peak = said.getOrDefault("peak", List.of("-1")).stream().mapToLong(Long::parseLong).sum();
		Survival.of(Area.ENTRIES, what)
			.count("attacks", attacks)
			.count("MB of memory at most", peak)
			.wrong(said.getOrDefault("wrong", List.of()).size())
			.thrown(said.getOrDefault("thrown", List.of()).size())
			.record();
		assertThat(exit).as(() -> String.join("\n", printed)).isZero();
		assertThat(said.keySet()).as(() -> said + "\n" + String.join("\n", printed))
			.isSubsetOf("ok", "unharmed", "peak");
		assertThat(said.getOrDefault("ok", List.of())).hasSizeGreaterThan(20);
		assertThat(peak).isBetween(1L, MAX_PEAK);
	}

}
