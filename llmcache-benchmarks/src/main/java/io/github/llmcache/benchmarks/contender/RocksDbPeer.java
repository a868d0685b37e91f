package io.github.llmcache.benchmarks.contender;

import java.nio.file.Path;
import java.util.List;

import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB with its defaults.
 */
final class RocksDbPeer extends Peer {

	private final Options options = new Options().setCreateIfMissing(true);

	private final RocksDB database;

	RocksDbPeer(Path directory) throws RocksDBException {
		super("rocksdb");
		RocksDB.loadLibrary();
		this.database = RocksDB.open(this.options, directory.resolve("rocksdb").toString());
	}

	@Override
	void write(List<Row> rows) throws RocksDBException {
		try (WriteBatch batch = new WriteBatch();
				WriteOptions writeOptions = new WriteOptions();
				FlushOptions flushOptions = new FlushOptions()) {
			for (Row row : rows) {
				batch.put(row.key(), row.payload());
			}
			this.database.write(writeOptions, batch);
			// Otherwise all is read from the table in memory
			this.database.flush(flushOptions);
		}
	}

	@Override
	Reader reader() {
		return this.database::get;
	}

	@Override
	public void close() {
		this.database.close();
		this.options.close();
	}

}
