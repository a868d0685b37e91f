package io.github.llmcache.cli.transfer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.Random;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.EntryFilter;
import io.github.llmcache.cache.sqlite.SqliteCacheStore;
import io.github.llmcache.cache.sqlite.SqliteSettings;

/**
 * Imports, exports and reads far more than its heap could hold.
 */
public final class ManyEntriesApplication {

	private static final int ENTRIES = 5_000;

	private static final int BODY_BYTES = 30_000;

	private ManyEntriesApplication() {
	}

	public static void main(String[] args) throws IOException {
		Path directory = Path.of(args[0]);
		Path file = directory.resolve("export.jsonl.zst");
		Clock clock = Clock.systemUTC();
		try (EntryCodec codec = new EntryCodec(TransferEntries.SETTINGS.maxEntrySize());
				CacheStore store = new SqliteCacheStore(SqliteSettings.of(directory), codec)) {
			EntryImport sink = new EntryImport(store, clock, ImportOptions.DEFAULTS, TransferEntries.SETTINGS);
			try (JsonLinesSource source = new JsonLinesSource(new Lines(), 0, TransferEntries.SETTINGS)) {
				source.readAll(sink);
			}
			sink.flush();
			System.out.println("added " + sink.summary().added());
			EntryExport export = new EntryExport(store, clock, TransferEntries.SETTINGS);
			try (OutputStream out = Files.newOutputStream(file)) {
				ExportSummary summary = export.export(new ExportOptions(EntryFilter.ALL, false, true), out, (done) -> {
				});
				System.out.println(
						"exported " + summary.entries() + ", more than 190 MB: " + (summary.bytes() > 190_000_000));
			}
			Count count = new Count();
			try (JsonLinesSource source = new JsonLinesSource(Files.newInputStream(file), Files.size(file),
					TransferEntries.SETTINGS)) {
				source.readAll(count);
			}
			System.out.println("read " + count.entries);
		}
	}

	/**
	 * Counts entries.
	 */
	private static final class Count implements EntrySink {

		private int entries;

		@Override
		public void entry(CacheEntry entry) {
			this.entries++;
		}

		@Override
		public void skipped(String where, String reason) {
			throw new IllegalStateException(reason);
		}

	}

	/**
	 * Lines that are made when they are read.
	 */
	private static final class Lines extends InputStream {

		private final Random random = new Random(1);

		private final EntryLineWriter writer = new EntryLineWriter();

		private byte[] line = {};

		private int position;

		private int made;

		@Override
		public int read() throws IOException {
			byte[] one = new byte[1];
			return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xFF;
		}

		@Override
		public int read(byte[] target, int offset, int length) throws IOException {
			if (this.position == this.line.length && !next()) {
				return -1;
			}
			int read = Math.min(length, this.line.length - this.position);
			System.arraycopy(this.line, this.position, target, offset, read);
			this.position += read;
			return read;
		}

		private boolean next() throws IOException {
			if (this.made == ENTRIES) {
				return false;
			}
			byte[] body = new byte[BODY_BYTES];
			this.random.nextBytes(body);
			CacheEntry entry = TransferEntries.entry("gpt-4o", "question " + this.made++,
					"{\"answer\":\"" + Base64.getEncoder().encodeToString(body) + "\"}");
			ByteArrayOutputStream line = new ByteArrayOutputStream();
			this.writer.write(entry, entry.request());
			this.writer.writeTo(line);
			this.line = line.toByteArray();
			this.position = 0;
			return true;
		}

	}

}
