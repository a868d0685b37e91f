package io.github.llmcache.cache.file;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.FuzzData;
import io.github.llmcache.cache.TestEntries;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.cache.file.EntryParser.Wanted;

/**
 * Whatever a file holds is an entry or unreadable, the same for whoever reads a part of
 * it; and what was written is read as it was, byte for byte.
 */
public final class EntryFileFuzzTarget {

	private static final EntryFormat FORMAT = new EntryFormat(new FileSettings(Path.of("unused"), 64 * 1024, true));

	private EntryFileFuzzTarget() {
	}

	public static void fuzzerTestOneInput(byte[] input) throws UnreadableEntryException {
		FuzzData data = new FuzzData(input);
		switch (data.next() % 4) {
			case 0 -> readStatistics(data.rest());
			case 1 -> roundTrip(data.string(), data.string(), data.rest());
			default -> read(data.rest());
		}
	}

	private static void read(byte[] bytes) throws UnreadableEntryException {
		for (Wanted wanted : Wanted.values()) {
			try {
				EntryParser.parse(bytes, wanted);
			}
			catch (UnreadableEntryException ex) {
				continue;
			}
		}
		CacheEntry entry;
		try {
			entry = EntryParser.parse(bytes, Wanted.EVERYTHING);
		}
		catch (UnreadableEntryException ex) {
			return;
		}
		if (FORMAT.limit().allows(entry.responses()) && FORMAT.limit().isPlausible(entry.responses())) {
			CacheEntry again = EntryParser.parse(FORMAT.write(entry), Wanted.EVERYTHING);
			check(again.responses().equals(entry.responses()));
		}
	}

	private static void readStatistics(byte[] bytes) throws UnreadableEntryException {
		StatisticsFormat.Counted counted;
		try {
			counted = StatisticsFormat.read(bytes);
		}
		catch (UnreadableEntryException ex) {
			return;
		}
		byte[] written = StatisticsFormat.write(counted);
		check(Arrays.equals(StatisticsFormat.write(StatisticsFormat.read(written)), written));
	}

	private static void roundTrip(String namespace, String finishReason, byte[] body) throws UnreadableEntryException {
		check(Arrays.equals(StoredBytes.readable(body, "  ").toBytes(), body));
		check(Arrays.equals(StoredBytes.smallest(body).toBytes(), body));
		CacheEntry entry = new CacheEntry(TestEntries.key("m", 1), namespace,
				List.of(new CachedResponse(body, 1, 1, 2, 3L, finishReason, Instant.EPOCH, Duration.ofMillis(4), "id")),
				null, null);
		check(EntryParser.parse(FORMAT.write(entry), Wanted.EVERYTHING).equals(entry));
	}

	private static void check(boolean condition) {
		if (!condition) {
			throw new IllegalStateException("What was written is read as something else");
		}
	}

}
