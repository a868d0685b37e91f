package io.github.llmcache.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.EntryBrowser;
import io.github.llmcache.cache.EntryFilter;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.cli.transfer.TransferEntries;
import picocli.CommandLine;

import org.springframework.util.unit.DataSize;

/**
 * Runs commands on caches, and looks into them.
 */
final class TransferFixture {

	static final Clock CLOCK = Clock.fixed(TransferEntries.NOW, ZoneOffset.UTC);

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	private final ByteArrayOutputStream err = new ByteArrayOutputStream();

	/**
	 * Run a command.
	 * @return what it ends with
	 */
	int run(String... arguments) {
		return run(new byte[0], this.out, arguments);
	}

	int run(byte[] in, OutputStream out, String... arguments) {
		this.out.reset();
		this.err.reset();
		Terminal terminal = new Terminal(new ByteArrayInputStream(in), out, this.err, TerminalTraits.NONE,
				StandardCharsets.UTF_8);
		return LlmCacheCli.run(terminal, CLOCK, (name) -> null, arguments);
	}

	byte[] bytes() {
		return this.out.toByteArray();
	}

	String out() {
		return this.out.toString(StandardCharsets.UTF_8);
	}

	String err() {
		return this.err.toString(StandardCharsets.UTF_8);
	}

	/**
	 * Return a command's arguments with those that name a cache.
	 */
	static String[] on(List<String> cache, String command, Object... arguments) {
		return Stream.of(Stream.of(command), cache.stream(), Stream.of(arguments).map(Objects::toString))
			.flatMap((part) -> part)
			.toArray(String[]::new);
	}

	static List<String> sqlite(Path directory) {
		return List.of("--backend", "sqlite", "--directory", directory.toString());
	}

	static List<String> file(Path directory) {
		return List.of("--backend", "file", "--directory", directory.toString());
	}

	static List<String> redis(String url, String prefix) {
		return List.of("--backend", "redis", "--redis-url", url, "--redis-key-prefix", prefix);
	}

	static OpenStore open(List<String> cache) {
		StoreOptions options = new StoreOptions();
		new CommandLine(options).registerConverter(DataSize.class, DataSize::parse)
			.setCaseInsensitiveEnumValuesAllowed(true)
			.parseArgs(cache.toArray(String[]::new));
		return options.open(CLOCK);
	}

	static void store(List<String> cache, List<CacheEntry> entries) {
		try (OpenStore open = open(cache)) {
			open.store().putAll(entries);
		}
	}

	/**
	 * Read everything.
	 */
	static Map<CacheKey, CacheEntry> entries(List<String> cache) {
		try (OpenStore open = open(cache)) {
			return entries(open.store());
		}
	}

	static Map<CacheKey, CacheEntry> entries(CacheStore store) {
		Map<CacheKey, CacheEntry> entries = new HashMap<>();
		List<CacheKey> unreadable = new ArrayList<>();
		new EntryBrowser(store, CLOCK).forEach(EntryFilter.ALL, (key, stored) -> {
			try {
				CacheEntry entry = stored.read();
				entries.put(entry.key(), entry);
			}
			catch (UnreadableEntryException ex) {
				unreadable.add(key);
			}
		});
		if (!unreadable.isEmpty()) {
			throw new IllegalStateException("Unreadable: " + unreadable);
		}
		return entries;
	}

	static Map<CacheKey, CacheEntry> byKey(List<CacheEntry> entries) {
		Map<CacheKey, CacheEntry> byKey = new HashMap<>();
		entries.forEach((entry) -> byKey.put(entry.key(), entry));
		return byKey;
	}

}
