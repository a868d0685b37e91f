package io.github.llmcache.cli.safetytooling;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cli.transfer.EntrySink;
import io.github.llmcache.cli.transfer.EntrySource;

/**
 * Keeps what a source gives.
 */
final class CollectedEntries implements EntrySink {

	final List<CacheEntry> entries = new ArrayList<>();

	final Map<String, String> skipped = new LinkedHashMap<>();

	final List<Long> progress = new ArrayList<>();

	private long total;

	static CollectedEntries of(String location, SafetyToolingOptions options) throws IOException {
		CollectedEntries collected = new CollectedEntries();
		try (EntrySource source = SafetyToolingSources.open(location, options, Clock.systemUTC())) {
			source.readAll(collected);
		}
		return collected;
	}

	@Override
	public void entry(CacheEntry entry) {
		this.entries.add(entry);
	}

	@Override
	public void skipped(String where, String reason) {
		this.skipped.put(where, reason);
	}

	@Override
	public void progress(long done, long total) {
		this.progress.add(done);
		this.total = total;
	}

	long total() {
		return this.total;
	}

}
