package io.github.llmcache.benchmarks.contender;

import java.nio.file.Path;
import java.util.List;

import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;

/**
 * H2's MVStore with its defaults.
 */
final class MvStorePeer extends Peer {

	private final MVStore store;

	private final MVMap<byte[], byte[]> map;

	MvStorePeer(Path directory) {
		super("mvstore");
		this.store = MVStore.open(directory.resolve("mvstore").toString());
		this.map = this.store.openMap("entry", new MVMap.Builder<byte[], byte[]>().keyType(ByteArrayDataType.INSTANCE)
			.valueType(ByteArrayDataType.INSTANCE));
	}

	@Override
	void write(List<Row> rows) {
		rows.forEach((row) -> this.map.put(row.key(), row.payload()));
		this.store.commit();
	}

	@Override
	Reader reader() {
		return this.map::get;
	}

	@Override
	public void close() {
		this.store.close();
	}

}
