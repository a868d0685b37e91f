package io.github.llmcache.cache.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.FuzzData;
import io.github.llmcache.cache.TestEntries;
import io.github.llmcache.cache.UnreadableEntryException;

/**
 * Whatever is in Redis under a name of ours, or comes over our channel, is what it should
 * be or is unreadable.
 */
public final class RedisValueFuzzTarget {

	private static final CacheKey KEY = TestEntries.key("m", 1);

	private static final EntryCodec CODEC = new EntryCodec(64 * 1024);

	private static final RedisKeys KEYS = new RedisKeys("llmcache:");

	private RedisValueFuzzTarget() {
	}

	public static void fuzzerTestOneInput(byte[] input) {
		FuzzData data = new FuzzData(input);
		switch (data.next() % 5) {
			case 0 -> readEntry(data.rest());
			case 1 -> readEntry(changed(data));
			case 2 -> readRequest(data.rest());
			case 3 -> ChangeMessage.read(data.rest());
			default -> readName(data.rest());
		}
	}

	/**
	 * Return an entry some bytes of which were replaced.
	 */
	private static byte[] changed(FuzzData data) {
		String body = new String(data.take(data.next()), StandardCharsets.UTF_8);
		CacheEntry entry = TestEntries.entryIn(data.string(), KEY, body, "second");
		byte[] value = EntryValue.of(entry, EntryValue.part(entry, CODEC));
		int count = data.next() % 4;
		for (int i = 0; i < count; i++) {
			value[data.next(value.length)] = (byte) data.next();
		}
		return value;
	}

	private static void readEntry(byte[] value) {
		try {
			EntryValue.Head head = EntryValue.Head.read(ByteBuffer.wrap(value), KEY.toBytes());
			head.facts();
			EntryValue.read(value, KEY, CODEC).costNanos();
		}
		catch (UnreadableEntryException ex) {
			// As it should be
		}
	}

	private static void readRequest(byte[] value) {
		RequestValue.hashesLength(value);
		RequestValue.hashes(value);
		try {
			RequestValue.read(value, CODEC);
		}
		catch (UnreadableEntryException ex) {
			// As it should be
		}
	}

	private static void readName(byte[] name) {
		for (byte[] one : List.of(name, KEYS.entry(KEY), KEYS.requestOf(KEYS.entry(KEY)))) {
			KEYS.kind(one);
			KEYS.keyHash(one);
			KEYS.entryOf(one);
		}
	}

}
