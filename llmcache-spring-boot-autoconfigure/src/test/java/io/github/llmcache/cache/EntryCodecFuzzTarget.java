package io.github.llmcache.cache;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

import org.jspecify.annotations.Nullable;

/**
 * Whatever is read as an entry is one or is unreadable, also if its checksum is right;
 * and what was written is read as it was.
 */
public final class EntryCodecFuzzTarget {

	private static final int MAX_ENTRY_SIZE = 64 * 1024;

	private static final CacheKey KEY = TestEntries.key("m", 1);

	private static final EntryCodec CODEC = new EntryCodec(MAX_ENTRY_SIZE);

	private EntryCodecFuzzTarget() {
	}

	public static void fuzzerTestOneInput(byte[] input) {
		FuzzData data = new FuzzData(input);
		switch (data.next() % 4) {
			case 0 -> read(data.rest());
			case 1 -> read(withChecksum(data.take(data.next()), data.rest()));
			case 2 -> readRequest(data.rest());
			default -> roundTrip(data);
		}
	}

	private static byte[] withChecksum(byte[] header, byte[] frames) {
		CRC32C checksum = new CRC32C();
		KEY.update(checksum);
		checksum.update(header);
		checksum.update(frames);
		return ByteBuffer.allocate(header.length + Integer.BYTES + frames.length)
			.put(header)
			.putInt((int) checksum.getValue())
			.put(frames)
			.array();
	}

	private static void read(byte[] bytes) {
		CODEC.dictionaryOf(bytes);
		CacheEntry entry = decode(bytes);
		if (entry != null && new EntryLimit(MAX_ENTRY_SIZE).allows(entry.responses())) {
			check(entry, decode(CODEC.encode(entry, null)));
		}
	}

	private static void readRequest(byte[] frame) {
		try {
			CODEC.decompress(frame, null);
		}
		catch (UnreadableEntryException ex) {
			// As it should be
		}
	}

	private static @Nullable CacheEntry decode(byte[] bytes) {
		try {
			return CODEC.decode(KEY, bytes, null);
		}
		catch (UnreadableEntryException ex) {
			return null;
		}
	}

	private static void roundTrip(FuzzData data) {
		List<CachedResponse> responses = new ArrayList<>();
		int count = 1 + data.next() % 4;
		for (int i = 0; i < count; i++) {
			responses.add(new CachedResponse(data.take(data.next(2000)), 1 + data.next(1000), data.nextLong(),
					data.nextLong(), (data.next() % 2 == 0) ? null : Long.valueOf(data.nextLong()), data.string(),
					Instant.ofEpochMilli(data.nextLong()), Duration.ofMillis(data.nextLong()), "id" + data.string()));
		}
		CacheEntry entry = new CacheEntry(KEY, data.string(), responses,
				(data.next() % 2 == 0) ? null : Instant.ofEpochMilli(data.nextLong()), null);
		byte[] bytes;
		try {
			bytes = CODEC.encode(entry, null);
		}
		catch (CacheStoreException ex) {
			// No entry says such things
			return;
		}
		if (responses.stream().allMatch((response) -> response.finishReason().length() < 1000)) {
			check(entry, decode(bytes));
		}
	}

	private static void check(CacheEntry expected, @Nullable CacheEntry actual) {
		boolean shortened = expected.responses()
			.stream()
			.anyMatch((response) -> response.finishReason().length() > 1000
					|| response.requestId() != null && response.requestId().length() > 1000);
		if (!shortened && !expected.equals(actual)) {
			throw new IllegalStateException("What was written is read as something else");
		}
	}

}
