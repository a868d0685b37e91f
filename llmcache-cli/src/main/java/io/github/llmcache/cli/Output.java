package io.github.llmcache.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

import org.jspecify.annotations.Nullable;

/**
 * Remembers why something could not be written, which a {@link java.io.PrintStream} does
 * not. Thread-safe so far as it is written by one thread.
 */
final class Output extends FilterOutputStream {

	private volatile @Nullable IOException failure;

	Output(OutputStream out) {
		super(out);
	}

	@Override
	public void write(int value) throws IOException {
		attempt(() -> this.out.write(value));
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		attempt(() -> this.out.write(bytes, offset, length));
	}

	@Override
	public void flush() throws IOException {
		attempt(this.out::flush);
	}

	private void attempt(Writing writing) throws IOException {
		try {
			writing.run();
		}
		catch (IOException ex) {
			this.failure = ex;
			throw ex;
		}
	}

	/**
	 * Return why something could not be written, or {@code null} if all was.
	 */
	@Nullable IOException failure() {
		return this.failure;
	}

	@FunctionalInterface
	private interface Writing {

		void run() throws IOException;

	}

}
