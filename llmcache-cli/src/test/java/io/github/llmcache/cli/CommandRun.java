package io.github.llmcache.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.file.FileCacheStore;
import io.github.llmcache.cache.file.FileSettings;
import io.github.llmcache.cache.sqlite.SqliteCacheStore;
import io.github.llmcache.cache.sqlite.SqliteSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a command came to.
 *
 * @param exitCode what the process would end with
 * @param out what it printed
 * @param err what it said beside that
 */
record CommandRun(int exitCode, String out, String err) {

	static final Clock CLOCK = Clock.fixed(TestCache.NOW, ZoneOffset.UTC);

	static final TerminalTraits SHOWN = new TerminalTraits(true, true, true, false, 100);

	private static final int MAX_ENTRY_SIZE = 1024 * 1024;

	static CommandRun of(String... args) {
		return of(TerminalTraits.NONE, "", Map.of(), args);
	}

	static CommandRun of(TerminalTraits traits, String input, Map<String, String> environment, String... args) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		ByteArrayOutputStream err = new ByteArrayOutputStream();
		Terminal terminal = new Terminal(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), out, err,
				traits, StandardCharsets.UTF_8);
		int exitCode = LlmCacheCli.run(terminal, CLOCK, environment::get, args);
		return new CommandRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
	}

	/**
	 * Run a command on a folder.
	 */
	static CommandRun on(Path directory, String... args) {
		List<String> all = new ArrayList<>(List.of(args));
		all.addAll(List.of("--directory", directory.toString()));
		return of(all.toArray(String[]::new));
	}

	/**
	 * Fill a cache on SQLite.
	 * @param directory its folder
	 * @param count how many entries
	 */
	static void fill(Path directory, int count) {
		try (CacheStore store = sqlite(directory)) {
			new TestCache().fill(store, count);
		}
	}

	static CacheStore sqlite(Path directory) {
		return new SqliteCacheStore(SqliteSettings.of(directory), new EntryCodec(MAX_ENTRY_SIZE));
	}

	static CacheStore files(Path directory) {
		return new FileCacheStore(new FileSettings(directory, MAX_ENTRY_SIZE, true), CLOCK);
	}

	JsonNode json() {
		return new JsonMapper().readTree(this.out);
	}

	List<String> lines() {
		return this.out.lines().toList();
	}

}
