package io.github.llmcache.cli.transfer;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongConsumer;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.EntryBrowser;
import io.github.llmcache.cache.EntryBrowser.EntryVisitor;
import io.github.llmcache.cache.EntryFilter;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the entries of a store as lines, one by one. Used by one thread, once.
 */
public final class EntryExport {

	/** zstd's own default. */
	private static final int LEVEL = 3;

	private final CacheStore store;

	private final EntryBrowser browser;

	private final InstantSource clock;

	private final TransferSettings settings;

	private final EntryLineWriter writer = new EntryLineWriter();

	private final RequestCheck requests = new RequestCheck();

	private final SkipTally withoutRequest = new SkipTally();

	private final SkipTally skipped = new SkipTally();

	private long entries;

	private long bytes;

	/**
	 * Create an export.
	 * @param store holds the entries
	 * @param clock the clock
	 * @param settings how large a line may be
	 */
	public EntryExport(CacheStore store, InstantSource clock, TransferSettings settings) {
		this.store = store;
		this.browser = new EntryBrowser(store, clock);
		this.clock = clock;
		this.settings = settings;
	}

	/**
	 * Export entries.
	 * @param options which entries, and how
	 * @param out takes them, and is not closed
	 * @param progress is told how many entries have been exported, after each of them
	 * @return what has been exported
	 * @throws IOException if it cannot be written
	 * @throws CacheStoreException if the store fails
	 */
	public ExportSummary export(ExportOptions options, OutputStream out, LongConsumer progress) throws IOException {
		OutputStream open = new UnclosedOutput(out);
		try (OutputStream lines = options.compress() ? compressing(open) : open) {
			export(options.filter(), options.includeExpired() ? Instant.MIN : this.clock.instant(), lines, progress);
		}
		if (options.filter().model() == null) {
			this.store.leftOut().forEach((problem) -> this.skipped.add(problem, "what no entry can be read of"));
		}
		return new ExportSummary(this.entries, this.bytes, this.withoutRequest.result(), this.skipped.result());
	}

	private static OutputStream compressing(OutputStream out) throws IOException {
		ZstdOutputStreamNoFinalizer compressing = new ZstdOutputStreamNoFinalizer(out, LEVEL);
		compressing.setChecksum(true);
		return compressing;
	}

	private void export(EntryFilter filter, Instant now, OutputStream out, LongConsumer progress) throws IOException {
		try {
			this.browser.forEach(filter, new EntryVisitor() {

				@Override
				public void visit(CacheKey key, StoredEntry stored) {
					CacheEntry entry = read(key, stored, now);
					if (entry != null) {
						write(entry, out);
						progress.accept(EntryExport.this.entries);
					}
				}

				@Override
				public void missing(CacheKey key) {
					EntryExport.this.skipped.add(EntryNames.of(key), "not there any more, or damaged");
				}

			});
		}
		catch (UncheckedIOException ex) {
			throw ex.getCause();
		}
	}

	private @Nullable CacheEntry read(CacheKey key, StoredEntry stored, Instant now) {
		try {
			CacheEntry entry = stored.read();
			Instant expiresAt = entry.expiresAt();
			return (expiresAt == null || expiresAt.isAfter(now)) ? entry : null;
		}
		catch (UnreadableEntryException ex) {
			this.skipped.add(EntryNames.of(key), "cannot be read: damaged, or of another version");
			return null;
		}
	}

	private void write(CacheEntry entry, OutputStream out) {
		int length = write(entry);
		if (length > this.settings.maxLineLength()) {
			this.skipped.add(EntryNames.of(entry.key()), "longer than a line may be");
			return;
		}
		try {
			this.writer.writeTo(out);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.entries++;
		this.bytes += length;
	}

	/**
	 * Write an entry in a way that it can be read again: what was paid for is its
	 * responses.
	 */
	private int write(CacheEntry entry) {
		RequestRecord request = entry.request();
		if (request == null) {
			return this.writer.write(entry, null);
		}
		String problem = EntryLineWriter.isUtf8(request.json())
				? this.requests.problem(entry.key(), entry.namespace(), request) : "the request is not UTF-8";
		if (problem == null) {
			int length = this.writer.write(entry, request);
			if (length <= this.settings.maxLineLength()) {
				return length;
			}
			problem = "the line would be too long";
		}
		this.withoutRequest.add(EntryNames.of(entry.key()), problem);
		return this.writer.write(entry, null);
	}

}
