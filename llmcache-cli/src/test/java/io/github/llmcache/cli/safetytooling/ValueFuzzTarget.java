package io.github.llmcache.cli.safetytooling;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

import io.github.llmcache.cache.EntryLimit;

/**
 * Whatever is imported as a value of the library becomes an entry or is skipped.
 */
public final class ValueFuzzTarget {

	private static final ValueMapper MAPPER = create();

	private static final int MAX_BLOB = 64 * 1024;

	private ValueFuzzTarget() {
	}

	private static ValueMapper create() {
		try {
			return ValueMapper.create(new SafetyToolingOptions("", "openai", null, null, true));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public static void fuzzerTestOneInput(byte[] input) {
		String json = new String(input, StandardCharsets.UTF_8);
		if (input.length > 0 && input[0] == 0) {
			try (BlobReader blobs = new BlobReader(MAX_BLOB)) {
				json = blobs.read(Arrays.copyOfRange(input, 1, input.length));
			}
			catch (UnmappableException ex) {
				return;
			}
		}
		CollectedEntries sink = new CollectedEntries();
		MAPPER.map(new Home.Value("value", "hash", json, Instant.EPOCH), sink);
		if (sink.entries.isEmpty() && sink.skipped.isEmpty()) {
			throw new IllegalStateException("A value is lost without a reason");
		}
		sink.entries.forEach((entry) -> {
			if (!new EntryLimit(Long.MAX_VALUE).isPlausible(entry.responses())) {
				throw new IllegalStateException("An entry would not be stored");
			}
			entry.key().toBytes();
		});
	}

}
