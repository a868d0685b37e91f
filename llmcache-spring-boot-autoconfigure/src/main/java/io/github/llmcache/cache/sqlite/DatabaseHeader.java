package io.github.llmcache.cache.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The first 100 bytes of a database, most of which are the same in all of ours, and
 * without which SQLite reads nothing of the others.
 *
 * @see <a href="https://www.sqlite.org/fileformat2.html#the_database_header">The database
 * header</a>
 */
final class DatabaseHeader {

	private static final int LENGTH = 100;

	private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

	private static final int PAGE_SIZE = 16;

	private static final int SMALLEST_PAGE = 512;

	/** Means 65,536. */
	private static final int LARGEST_PAGE = 1;

	private static final int RESERVED = 20;

	private static final int CHANGES = 24;

	private static final int PAGES = 28;

	private static final int CHANGES_AT_PAGES = 92;

	/** Of the first page, which has no more tables than that. */
	private static final int MOST_CELLS = 100;

	private static final int TABLE_INTERIOR = 5;

	private static final int TABLE_LEAF = 13;

	private DatabaseHeader() {
	}

	/**
	 * Write what the header of a file should say where it says something else, if what
	 * follows it is the first page of a database.
	 * @param file a file that has been moved aside, and has no log
	 * @throws IOException if the file cannot be read or written
	 */
	static void restore(Path file) throws IOException {
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			ByteBuffer page = ByteBuffer.allocate(Schema.PAGE_SIZE);
			while (page.hasRemaining() && channel.read(page, page.position()) >= 0) {
				continue;
			}
			if (page.hasRemaining() || !isFirstPage(page) || isRewritten(page)) {
				return;
			}
			ByteBuffer before = ByteBuffer.wrap(page.array(), 0, LENGTH);
			ByteBuffer header = expected(before, channel.size() / Schema.PAGE_SIZE);
			if (header.equals(before)) {
				return;
			}
			while (header.hasRemaining()) {
				channel.write(header, header.position());
			}
		}
	}

	private static boolean isFirstPage(ByteBuffer page) {
		int type = page.get(LENGTH);
		int cells = page.getShort(LENGTH + 3);
		int content = Short.toUnsignedInt(page.getShort(LENGTH + 5));
		return (type == TABLE_INTERIOR || type == TABLE_LEAF) && cells > 0 && cells <= MOST_CELLS && content > LENGTH
				&& content < Schema.PAGE_SIZE;
	}

	/**
	 * Return whether others have written the file anew, with pages of another size or of
	 * which something is reserved, as some builds of SQLite do. A flipped bit makes no
	 * such size of ours, and reserves a power of two.
	 */
	private static boolean isRewritten(ByteBuffer page) {
		int size = Short.toUnsignedInt(page.getShort(PAGE_SIZE));
		boolean valid = size == LARGEST_PAGE || size >= SMALLEST_PAGE && Integer.bitCount(size) == 1;
		return valid && (size != Schema.PAGE_SIZE || Integer.bitCount(Byte.toUnsignedInt(page.get(RESERVED))) > 1);
	}

	private static ByteBuffer expected(ByteBuffer before, long pages) {
		byte[] header = new byte[LENGTH];
		before.get(0, header);
		return ByteBuffer.wrap(header)
			.put(0, MAGIC)
			.putShort(PAGE_SIZE, (short) Schema.PAGE_SIZE)
			// With a write-ahead log
			.put(18, new byte[] { 2, 2 })
			.put(RESERVED, new byte[] { 0, 64, 32, 32 })
			.putInt(PAGES, (int) pages)
			// The format of the schema
			.putInt(44, 4)
			// UTF-8
			.putInt(56, 1)
			.putInt(CHANGES_AT_PAGES, before.getInt(CHANGES));
	}

}
