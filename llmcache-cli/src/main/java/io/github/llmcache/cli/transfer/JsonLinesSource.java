package io.github.llmcache.cli.transfer;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.github.llmcache.cache.CacheEntry;

/**
 * Reads entries that an {@link EntryExport} has written, compressed or not: that is seen
 * by how they begin. Used by one thread.
 */
public final class JsonLinesSource implements EntrySource {

	/** What zstd begins with, and what may be skipped before it. */
	private static final int FRAME = 0xFD2FB528;

	private static final int SKIPPABLE_FRAME = 0x184D2A50;

	private static final int SKIPPABLE_MASK = 0xFFFFFFF0;

	private static final int PROGRESS_BYTES = 1024 * 1024;

	private final CountedInput input;

	private final long total;

	private final TransferSettings settings;

	/**
	 * Create a source.
	 * @param in what is read, and closed with this
	 * @param total how many bytes that are, or 0 if it is not known
	 * @param settings how large is what is read
	 */
	public JsonLinesSource(InputStream in, long total, TransferSettings settings) {
		this.input = new CountedInput(in);
		this.total = total;
		this.settings = settings;
	}

	@Override
	public void readAll(EntrySink sink) throws IOException {
		BufferedInputStream buffered = new BufferedInputStream(this.input, 64 * 1024);
		if (!isCompressed(buffered)) {
			readAll(buffered, sink);
			return;
		}
		try (InputStream plain = new ZstdInputStreamNoFinalizer(buffered)) {
			readAll(plain, sink);
		}
	}

	private static boolean isCompressed(InputStream in) throws IOException {
		in.mark(Integer.BYTES);
		int magic = 0;
		for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
			int next = in.read();
			magic |= (next & 0xFF) << shift;
		}
		in.reset();
		return magic == FRAME || (magic & SKIPPABLE_MASK) == SKIPPABLE_FRAME;
	}

	private void readAll(InputStream in, EntrySink sink) throws IOException {
		BoundedLines lines = new BoundedLines(in, this.settings.maxLineLength());
		EntryLineReader reader = new EntryLineReader(this.settings);
		long reported = 0;
		while (next(lines)) {
			read(lines, reader, sink);
			if (this.input.bytes - reported >= PROGRESS_BYTES) {
				reported = this.input.bytes;
				sink.progress(reported, this.total);
			}
		}
		sink.progress(this.input.bytes, this.total);
	}

	private static boolean next(BoundedLines lines) throws IOException {
		try {
			return lines.next();
		}
		catch (ZstdIOException ex) {
			throw new IOException("the compressed data is cut off or damaged after line " + lines.number(), ex);
		}
		catch (IOException ex) {
			throw new IOException("nothing can be read after line " + lines.number(), ex);
		}
	}

	private static void read(BoundedLines lines, EntryLineReader reader, EntrySink sink) {
		String where = "line " + lines.number();
		if (lines.tooLong()) {
			sink.skipped(where, "longer than a line may be");
			return;
		}
		if (isBlank(lines)) {
			return;
		}
		CacheEntry entry;
		try {
			entry = reader.read(lines.bytes(), lines.length());
		}
		catch (BrokenLineException ex) {
			sink.skipped(where, ex.reason());
			return;
		}
		sink.entry(entry);
	}

	private static boolean isBlank(BoundedLines lines) {
		for (int i = 0; i < lines.length(); i++) {
			if (lines.bytes()[i] != ' ' && lines.bytes()[i] != '\t' && lines.bytes()[i] != '\r') {
				return false;
			}
		}
		return true;
	}

	@Override
	public void close() throws IOException {
		this.input.close();
	}

	/**
	 * Counts what is read.
	 */
	private static final class CountedInput extends FilterInputStream {

		private long bytes;

		private CountedInput(InputStream in) {
			super(in);
		}

		@Override
		public int read() throws IOException {
			int read = super.read();
			this.bytes += (read >= 0) ? 1 : 0;
			return read;
		}

		@Override
		public int read(byte[] target, int offset, int length) throws IOException {
			int read = super.read(target, offset, length);
			this.bytes += Math.max(read, 0);
			return read;
		}

	}

}
