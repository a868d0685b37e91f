package io.github.llmcache.cli.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The lines of a stream, of which no more is held in memory than one may have. Used by
 * one thread.
 */
final class BoundedLines {

	private static final int USUAL_LENGTH = 64 * 1024;

	private final InputStream in;

	private final int maxLength;

	private final byte[] buffer = new byte[USUAL_LENGTH];

	private int position;

	private int limit;

	private byte[] line = new byte[USUAL_LENGTH];

	private int length;

	private boolean tooLong;

	private long number;

	BoundedLines(InputStream in, int maxLength) {
		this.in = in;
		this.maxLength = maxLength;
	}

	/**
	 * Go on to the next line.
	 * @return whether there is one
	 * @throws IOException if it cannot be read to its end
	 */
	boolean next() throws IOException {
		if (this.line.length > USUAL_LENGTH && this.length <= USUAL_LENGTH) {
			this.line = new byte[USUAL_LENGTH];
		}
		this.length = 0;
		this.tooLong = false;
		boolean any = false;
		while (this.position < this.limit || fill()) {
			any = true;
			int end = this.position;
			while (end < this.limit && this.buffer[end] != '\n') {
				end++;
			}
			append(this.position, end);
			this.position = end + 1;
			if (end < this.limit) {
				break;
			}
		}
		if (any) {
			this.number++;
		}
		return any;
	}

	private boolean fill() throws IOException {
		this.position = 0;
		this.limit = 0;
		int read = this.in.read(this.buffer);
		this.limit = Math.max(read, 0);
		return read > 0;
	}

	private void append(int from, int to) {
		if (this.tooLong || to - from > this.maxLength - this.length) {
			this.tooLong = true;
			this.length = 0;
			return;
		}
		if (to - from > this.line.length - this.length) {
			long wanted = Math.max(2L * this.line.length, (long) this.length + to - from);
			this.line = Arrays.copyOf(this.line, (int) Math.min(wanted, this.maxLength));
		}
		System.arraycopy(this.buffer, from, this.line, this.length, to - from);
		this.length += to - from;
	}

	/**
	 * Return what begins with the current line.
	 */
	byte[] bytes() {
		return this.line;
	}

	/**
	 * Return how many bytes the current line has, without its end.
	 */
	int length() {
		return this.length;
	}

	/**
	 * Return whether the current line is longer than a line may be.
	 */
	boolean tooLong() {
		return this.tooLong;
	}

	/**
	 * Return the number of the current line.
	 * @return the number, from 1
	 */
	long number() {
		return this.number;
	}

}
