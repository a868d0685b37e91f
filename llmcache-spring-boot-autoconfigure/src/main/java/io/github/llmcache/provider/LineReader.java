package io.github.llmcache.provider;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

import io.github.llmcache.provider.BatchClient.LineHandler;

/**
 * Reads lines in bounded memory. Lines that are empty are left out. Used by one thread.
 */
final class LineReader {

	private static final int BUFFER_SIZE = 64 * 1024;

	private final ByteArrayOutputStream line = new ByteArrayOutputStream();

	private final int maxBytes;

	private final long maxSkippedBytes;

	private final LineHandler handler;

	private boolean tooLong;

	private long skippedBytes;

	/**
	 * Create a reader.
	 * @param maxBytes the most bytes of a line
	 * @param maxSkippedBytes the most bytes that are in no such line: who sends more
	 * never ends
	 * @param handler is given the lines
	 */
	LineReader(int maxBytes, long maxSkippedBytes, LineHandler handler) {
		this.maxBytes = maxBytes;
		this.maxSkippedBytes = maxSkippedBytes;
		this.handler = handler;
	}

	/**
	 * Read all lines.
	 * @param in the lines
	 * @throws IOException if they cannot be read to the end
	 */
	void read(InputStream in) throws IOException {
		byte[] buffer = new byte[BUFFER_SIZE];
		for (int length = in.read(buffer); length != -1; length = in.read(buffer)) {
			int start = 0;
			for (int i = 0; i < length; i++) {
				if (buffer[i] == '\n') {
					add(buffer, start, i - start);
					end(true);
					start = i + 1;
				}
			}
			add(buffer, start, length - start);
		}
		end(false);
	}

	private void add(byte[] buffer, int offset, int length) throws IOException {
		if (this.tooLong || length > this.maxBytes - this.line.size()) {
			this.tooLong = true;
			skip(length);
			this.line.reset();
			return;
		}
		this.line.write(buffer, offset, length);
	}

	private void skip(int bytes) throws IOException {
		this.skippedBytes += bytes;
		if (this.skippedBytes > this.maxSkippedBytes) {
			throw new BrokenResponseException("the response has too much that is no line of results");
		}
	}

	private void end(boolean complete) throws IOException {
		if (this.tooLong) {
			this.handler.tooLong();
		}
		else {
			byte[] bytes = this.line.toByteArray();
			if (isBlank(bytes)) {
				skip(bytes.length + 1);
			}
			else {
				this.handler.line(bytes, complete);
			}
		}
		this.line.reset();
		this.tooLong = false;
	}

	private static boolean isBlank(byte[] bytes) {
		for (byte b : bytes) {
			if (b != ' ' && b != '\t' && b != '\r') {
				return false;
			}
		}
		return true;
	}

}
