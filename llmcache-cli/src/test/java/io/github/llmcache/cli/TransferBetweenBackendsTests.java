package io.github.llmcache.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cli.transfer.TransferEntries;
import io.github.llmcache.testsupport.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Moves entries between all backends.
 */
class TransferBetweenBackendsTests {

	private static RedisServer redis;

	@TempDir
	private Path temporary;

	@BeforeAll
	static void start() {
		redis = RedisServer.start();
	}

	@AfterAll
	static void stop() {
		redis.close();
	}

	@ParameterizedTest
	@CsvSource({ "sqlite, sqlite, plain", "sqlite, file, zst", "sqlite, redis, plain", "file, sqlite, zst",
			"file, file, plain", "file, redis, zst", "redis, sqlite, plain", "redis, file, zst",
			"redis, redis, plain" })
	void entriesAreTheSameAfterwards(String from, String to, String form) throws Exception {
		TransferFixture cli = new TransferFixture();
		List<String> source = cache(from, "from-" + from + to + ":");
		List<String> target = cache(to, "to-" + from + to + ":");
		TransferFixture.store(source, entries());
		Map<CacheKey, CacheEntry> original = TransferFixture.entries(source);
		assertThat(original).hasSize(entries().size());
		Path file = this.temporary.resolve("export.jsonl" + (form.equals("zst") ? ".zst" : ""));
		assertThat(cli.run(TransferFixture.on(source, "export", file))).as(cli.err()).isEqualTo(ExitCode.OK);
		assertThat(cli.run(TransferFixture.on(target, "import", file))).as(cli.err()).isEqualTo(ExitCode.OK);
		assertThat(cli.out()).startsWith("Imported " + entries().size() + " entries");
		assertThat(TransferFixture.entries(target)).isEqualTo(original);
		assertThat(cli.run(TransferFixture.on(target, "import", file))).isEqualTo(ExitCode.OK);
		assertThat(cli.out()).startsWith("Imported 0 entries")
			.contains(entries().size() + " were there already, 0 differ");
		if (form.equals("plain")) {
			Path again = this.temporary.resolve("again.jsonl");
			cli.run(TransferFixture.on(target, "export", again));
			assertThat(Files.readAllLines(again)).containsExactlyInAnyOrderElementsOf(Files.readAllLines(file));
		}
	}

	/**
	 * More than a portion of an import has.
	 */
	private static List<CacheEntry> entries() {
		List<CacheEntry> entries = new ArrayList<>(TransferEntries.hardOnes());
		for (int i = 0; i < 600; i++) {
			entries.add(TransferEntries.entry("gpt-4o-mini", "question " + i, "{\"answer\":" + i + "}"));
		}
		return entries;
	}

	private List<String> cache(String backend, String name) {
		return switch (backend) {
			case "sqlite" -> TransferFixture.sqlite(this.temporary.resolve(name.replace(":", "")));
			case "file" -> TransferFixture.file(this.temporary.resolve(name.replace(":", "")));
			default -> TransferFixture.redis(redis.url(), name);
		};
	}

}
