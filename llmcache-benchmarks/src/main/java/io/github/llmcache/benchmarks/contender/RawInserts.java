package io.github.llmcache.benchmarks.contender;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.github.llmcache.benchmarks.workload.Exchange;
import io.github.llmcache.cache.CacheRequest;

/**
 * Inserts of what llmcache stores, by hand and one after the other: keys, responses and
 * requests. Each instance has a file of its own, which grows by its own rows only.
 */
public final class RawInserts implements AutoCloseable {

	private static final double NANOS = 1e9;

	private static final int LEVEL = 3;

	private final Kind kind;

	private final MessageDigest digest;

	private final ZstdCompressCtx zstd = new ZstdCompressCtx();

	private final Connection connection;

	private final PreparedStatement insert;

	/**
	 * Create the file.
	 * @param directory where to create it
	 * @param kind what is inserted
	 * @throws SQLException if that fails
	 * @throws NoSuchAlgorithmException if this Java has no SHA-256
	 */
	public RawInserts(Path directory, Kind kind) throws SQLException, NoSuchAlgorithmException {
		this.kind = kind;
		this.digest = MessageDigest.getInstance("SHA-256");
		this.zstd.setLevel(LEVEL);
		this.zstd.setChecksum(true);
		this.connection = RawSqlite.open(directory.resolve(kind.name() + ".sqlite"));
		try (Statement statement = this.connection.createStatement()) {
			statement
				.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, key BLOB UNIQUE, payload BLOB, request BLOB)");
		}
		this.insert = this.connection.prepareStatement("INSERT INTO entry (key, payload, request) VALUES (?, ?, ?)");
	}

	public String name() {
		return this.kind.title;
	}

	Connection connection() {
		return this.connection;
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
		List<Row> rows = exchanges.stream().map((exchange) -> prepare(cache, exchange)).toList();
		// Without explicit transactions SQLite commits each row, with fewer statements
		this.connection.setAutoCommit(transaction == 1);
		long start = System.nanoTime();
		for (int i = 0; i < rows.size(); i++) {
			Row row = (this.kind == Kind.COMPRESSING) ? compress(rows.get(i)) : rows.get(i);
			this.insert.setBytes(1, row.key());
			this.insert.setBytes(2, row.payload());
			this.insert.setBytes(3, row.request());
			this.insert.executeUpdate();
			if (transaction > 1 && ((i + 1) % transaction == 0 || i + 1 == rows.size())) {
				this.connection.commit();
			}
		}
		return rows.size() / ((System.nanoTime() - start) / NANOS);
	}

	private Row prepare(LlmCache cache, Exchange exchange) {
		byte[] json = json(cache.plan(exchange.request()));
		Row row = new Row(this.digest.digest(json), exchange.body(), json);
		return (this.kind == Kind.COMPRESSED_BEFORE) ? compress(row) : row;
	}

	private Row compress(Row row) {
		return new Row(this.digest.digest(row.request()), this.zstd.compress(row.payload()),
				this.zstd.compress(row.request()));
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
		this.zstd.close();
		this.connection.close();
	}

	/**
	 * What is inserted, and what of that is done within the time.
	 */
	public enum Kind {

		/** Bytes that were hashed and compressed before. */
		COMPRESSED_BEFORE("raw, compressed before"),

		/** Bytes that were hashed before, and are not compressed. */
		AS_THEY_ARE("raw, as they are"),

		/**
		 * Bytes that are hashed and compressed within the time: the least that such a
		 * save has to do.
		 */
		COMPRESSING("raw, compressing");

		private final String title;

		Kind(String title) {
			this.title = title;
		}

	}

	private record Row(byte[] key, byte[] payload, byte[] request) {
	}

}
