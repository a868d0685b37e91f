package io.github.llmcache.benchmarks.contender;

import java.nio.ByteBuffer;
import java.util.List;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * Caffeine: the same payloads, in the heap. It forgets everything when the process ends.
 */
public final class CaffeinePeer extends Peer {

	private final Cache<ByteBuffer, byte[]> cache = Caffeine.newBuilder().maximumSize(10_000_000).build();

	/**
	 * Create an instance.
	 */
	public CaffeinePeer() {
		super("caffeine");
	}

	@Override
	void write(List<Row> rows) {
		rows.forEach((row) -> this.cache.put(ByteBuffer.wrap(row.key()), row.payload()));
	}

	@Override
	Reader reader() {
		return (key) -> this.cache.getIfPresent(ByteBuffer.wrap(key));
	}

	@Override
	public void close() {
		this.cache.invalidateAll();
	}

}
