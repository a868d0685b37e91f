package io.github.llmcache.benchmarks.contender;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.github.llmcache.benchmarks.workload.Exchange;
import io.github.llmcache.cache.CacheRequest;

/**
 * Inserts of what llmcache stores, by hand: keys, responses and requests that have been
 * hashed and compressed before the clock runs.
 */
public final class RawInserts implements AutoCloseable {

	private static final double NANOS = 1e9;

	private static final int LEVEL = 3;

	/** The same as llmcache's. */
	private static final int CHECKPOINT_PAGES = 4096;

	private final Connection connection;

	private final PreparedStatement insert;

	/**
	 * Create the file.
	 * @param file the file
	 * @throws SQLException if that fails
	 */
	public RawInserts(Path file) throws SQLException {
		this.connection = DriverManager.getConnection("jdbc:sqlite:" + file);
		try (Statement statement = this.connection.createStatement()) {
			statement.execute("PRAGMA page_size = 16384");
			statement.execute("PRAGMA journal_mode = WAL");
			statement.execute("PRAGMA synchronous = NORMAL");
			statement.execute("PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES);
			statement
				.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, key BLOB UNIQUE, payload BLOB, request BLOB)");
		}
		this.insert = this.connection.prepareStatement("INSERT INTO entry (key, payload, request) VALUES (?, ?, ?)");
	}

	/**
	 * Insert exchanges.
	 * @param cache maps the requests
	 * @param exchanges the exchanges
	 * @param transaction how many are committed together
	 * @return rows a second
	 * @throws SQLException if that fails
	 */
	public double insert(LlmCache cache, List<Exchange> exchanges, int transaction) throws SQLException {
		List<byte[][]> rows = new ArrayList<>();
		try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
			zstd.setLevel(LEVEL);
			for (Exchange exchange : exchanges) {
				CacheRequest request = cache.plan(exchange.request());
				rows.add(new byte[][] { request.key().toBytes(), zstd.compress(exchange.body()),
						zstd.compress(json(request)) });
			}
		}
		long start = System.nanoTime();
		this.connection.setAutoCommit(false);
		for (int i = 0; i < rows.size(); i++) {
			byte[][] row = rows.get(i);
			for (int column = 0; column < row.length; column++) {
				this.insert.setBytes(column + 1, row[column]);
			}
			this.insert.executeUpdate();
			if ((i + 1) % transaction == 0) {
				this.connection.commit();
			}
		}
		this.connection.commit();
		return rows.size() / ((System.nanoTime() - start) / NANOS);
	}

	/**
	 * Return how large an exchange is, its request and its response each compressed on
	 * its own.
	 * @param request the request as the cache sees it
	 * @param body the body of the response
	 * @param withRequest whether the request counts
	 * @return the number of bytes
	 */
	public static long compressedSize(CacheRequest request, byte[] body, boolean withRequest) {
		long size = Zstd.compress(body, LEVEL).length;
		return withRequest ? size + Zstd.compress(json(request), LEVEL).length : size;
	}

	private static byte[] json(CacheRequest request) {
		return request.body().toString().getBytes(StandardCharsets.UTF_8);
	}

	@Override
	public void close() throws SQLException {
		this.connection.close();
	}

}
