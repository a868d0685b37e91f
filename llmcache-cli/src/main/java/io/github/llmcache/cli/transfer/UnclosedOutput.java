package io.github.llmcache.cli.transfer;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Collects what is written to a stream that somebody else closes.
 */
final class UnclosedOutput extends BufferedOutputStream {

	private static final int SIZE = 64 * 1024;

	UnclosedOutput(OutputStream out) {
		super(out, SIZE);
	}

	@Override
	public void close() throws IOException {
		flush();
	}

}
