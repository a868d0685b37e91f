package io.github.llmcache.cli.safetytooling;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.cli.transfer.EntrySink;

/**
 * Recognizes responses that were imported before, so that importing again adds nothing.
 * The library does not say everywhere when it has stored a response, and what is taken
 * for it changes: the time of a file, or that of the import. Used by one thread.
 */
public final class KnownResponses implements EntrySink {

	private final CacheStore store;

	private final EntrySink sink;

	private final Consumer<CacheKey> settling;

	/**
	 * Create an instance.
	 * @param store takes the entries in the end
	 * @param sink is given the entries, with the responses of the store in place of those
	 * that have the same body
	 * @param settling stores what the sink has of a key and has not stored yet
	 */
	public KnownResponses(CacheStore store, EntrySink sink, Consumer<CacheKey> settling) {
		this.store = store;
		this.sink = sink;
		this.settling = settling;
	}

	@Override
	public void entry(CacheEntry entry) {
		// The library may hold an answer twice, in files of two kinds
		this.settling.accept(entry.key());
		StoredEntry stored = this.store.get(entry.key());
		this.sink.entry((stored != null) ? withKnown(entry, stored) : entry);
	}

	private static CacheEntry withKnown(CacheEntry entry, StoredEntry stored) {
		try {
			List<CachedResponse> known = stored.read().responses();
			return new CacheEntry(entry.key(), entry.namespace(),
					entry.responses().stream().map((response) -> find(response, known)).toList(), entry.expiresAt(),
					entry.request());
		}
		catch (UnreadableEntryException ex) {
			return entry;
		}
	}

	private static CachedResponse find(CachedResponse response, List<CachedResponse> known) {
		return known.stream()
			.filter((candidate) -> Arrays.equals(candidate.body(), response.body()))
			.findFirst()
			.orElse(response);
	}

	@Override
	public void skipped(String where, String reason) {
		this.sink.skipped(where, reason);
	}

	@Override
	public void progress(long done, long total) {
		this.sink.progress(done, total);
	}

}
