package io.github.llmcache.inference;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import io.github.llmcache.provider.BatchFormat;

/**
 * The file with the items of one batch, for as long as it takes to send them. Used by one
 * thread.
 */
final class BatchItemsFile implements AutoCloseable {

	private final Path path;

	private final BatchFormat format;

	private final OutputStream output;

	private int count;

	private long size;

	/**
	 * Create a file.
	 * @param path where it is; it exists and is empty
	 * @param format what it may hold
	 * @throws IOException if it cannot be written
	 */
	BatchItemsFile(Path path, BatchFormat format) throws IOException {
		this.path = path;
		this.format = format;
		this.output = new BufferedOutputStream(Files.newOutputStream(path, StandardOpenOption.WRITE));
	}

	/**
	 * Add an item if there is room for it.
	 * @param item the item
	 * @return whether it was added
	 * @throws IOException if it cannot be written
	 */
	boolean add(byte[] item) throws IOException {
		if (this.count == this.format.maxRequests() || item.length >= this.format.maxBytes() - this.size) {
			return false;
		}
		if (this.count > 0) {
			this.output.write(this.format.separator());
			this.size++;
		}
		this.output.write(item);
		this.size += item.length;
		this.count++;
		return true;
	}

	/**
	 * Write what is still in memory.
	 * @return where the items are
	 * @throws IOException if it cannot be written
	 */
	Path finish() throws IOException {
		this.output.close();
		return this.path;
	}

	/**
	 * Delete the file.
	 */
	@Override
	public void close() throws IOException {
		try {
			this.output.close();
		}
		finally {
			Files.deleteIfExists(this.path);
		}
	}

}
