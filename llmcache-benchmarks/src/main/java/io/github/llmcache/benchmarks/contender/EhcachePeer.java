package io.github.llmcache.benchmarks.contender;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

import org.ehcache.Cache;
import org.ehcache.PersistentCacheManager;
import org.ehcache.config.builders.CacheConfigurationBuilder;
import org.ehcache.config.builders.CacheManagerBuilder;
import org.ehcache.config.builders.ResourcePoolsBuilder;
import org.ehcache.config.units.MemoryUnit;

/**
 * Ehcache's disk tier, with next to nothing in front of it. Keys are text, for Ehcache
 * has a serializer for that.
 */
final class EhcachePeer extends Peer {

	private static final String NAME = "entry";

	private static final int HEAP_ENTRIES = 10;

	private static final int DISK_GIGABYTES = 1;

	private final PersistentCacheManager manager;

	private final Cache<String, byte[]> cache;

	EhcachePeer(Path directory) {
		super("ehcache disk");
		this.manager = CacheManagerBuilder.newCacheManagerBuilder()
			.with(CacheManagerBuilder.persistence(directory.resolve("ehcache").toFile()))
			.withCache(NAME,
					CacheConfigurationBuilder.newCacheConfigurationBuilder(String.class, byte[].class,
							ResourcePoolsBuilder.heap(HEAP_ENTRIES).disk(DISK_GIGABYTES, MemoryUnit.GB)))
			.build(true);
		this.cache = this.manager.getCache(NAME, String.class, byte[].class);
	}

	@Override
	void write(List<Row> rows) {
		rows.forEach((row) -> this.cache.put(HexFormat.of().formatHex(row.key()), row.payload()));
	}

	@Override
	Reader reader() {
		return (key) -> this.cache.get(HexFormat.of().formatHex(key));
	}

	@Override
	public void close() {
		this.manager.close();
	}

}
