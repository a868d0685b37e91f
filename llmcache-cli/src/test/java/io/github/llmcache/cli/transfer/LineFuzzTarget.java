package io.github.llmcache.cli.transfer;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

import io.github.llmcache.cache.CacheEntry;

/**
 * Whatever is imported as lines, compressed or not, becomes entries or is skipped with a
 * reason, and an entry that is exported again is the same.
 */
public final class LineFuzzTarget {

	private static final TransferSettings SETTINGS = new TransferSettings(16 * 1024, 64 * 1024);

	private LineFuzzTarget() {
	}

	public static void fuzzerTestOneInput(byte[] input) {
		try (JsonLinesSource source = new JsonLinesSource(new ByteArrayInputStream(input), input.length, SETTINGS)) {
			source.readAll(new Checking());
		}
		catch (IOException ex) {
			// The compressed data is damaged
		}
	}

	/**
	 * Checks what is imported.
	 */
	private static final class Checking implements EntrySink {

		@Override
		public void entry(CacheEntry entry) {
			ByteArrayOutputStream line = new ByteArrayOutputStream();
			try {
				EntryLineWriter writer = new EntryLineWriter();
				writer.write(entry, entry.request());
				writer.writeTo(line);
				if (!new EntryLineReader(SETTINGS).read(line.toByteArray(), line.size() - 1).equals(entry)) {
					throw new IllegalStateException("What was exported is imported as something else");
				}
			}
			catch (BrokenLineException | IOException ex) {
				throw new IllegalStateException("What was exported cannot be imported", ex);
			}
		}

		@Override
		public void skipped(String where, String reason) {
			if (reason.isEmpty()) {
				throw new IllegalStateException("There is no reason");
			}
		}

	}

}
