package io.github.llmcache.cli.safetytooling;

import java.io.IOException;

import io.github.llmcache.cli.transfer.EntrySink;
import io.github.llmcache.cli.transfer.EntrySource;

/**
 * Makes entries of the values of a home.
 */
final class SafetyToolingSource implements EntrySource {

	private final Home home;

	private final ValueMapper mapper;

	SafetyToolingSource(Home home, ValueMapper mapper) {
		this.home = home;
		this.mapper = mapper;
	}

	@Override
	public void readAll(EntrySink sink) throws IOException {
		this.home.readAll(new Home.Visitor() {

			@Override
			public void value(Home.Value value) {
				SafetyToolingSource.this.mapper.map(value, sink);
			}

			@Override
			public void skipped(String where, String reason) {
				sink.skipped(where, reason);
			}

			@Override
			public void progress(long done, long total) {
				sink.progress(done, total);
			}

		});
	}

	@Override
	public void close() throws IOException {
		this.home.close();
	}

}
