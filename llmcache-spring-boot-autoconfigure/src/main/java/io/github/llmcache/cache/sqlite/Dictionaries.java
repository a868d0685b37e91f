package io.github.llmcache.cache.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.llmcache.cache.CompressionDictionary;
import io.github.llmcache.cache.EntryCodec;
import org.jspecify.annotations.Nullable;

/**
 * The dictionaries of one file, each read when it is first needed. A number never gets
 * another content. Thread-safe.
 */
final class Dictionaries implements AutoCloseable {

	/** More than any that we make; what is larger was not made by us. */
	private static final int MAX_LENGTH = 1024 * 1024;

	private final Map<Integer, CompressionDictionary> byNumber = new ConcurrentHashMap<>();

	private final EntryCodec codec;

	Dictionaries(EntryCodec codec) {
		this.codec = codec;
	}

	EntryCodec codec() {
		return this.codec;
	}

	/**
	 * Find the dictionary that an entry needs.
	 * @param payload the bytes of the entry
	 * @param connection a connection to the file
	 * @return the dictionary, or {@code null} if none is needed or there is none
	 * @throws SQLException if SQLite fails
	 */
	@Nullable CompressionDictionary find(byte[] payload, Connection connection) throws SQLException {
		int number = this.codec.dictionaryOf(payload);
		return (number != 0) ? find(number, connection) : null;
	}

	/**
	 * Find a dictionary.
	 * @param number its number
	 * @param connection a connection to the file
	 * @return the dictionary, or {@code null} if there is none
	 * @throws SQLException if SQLite fails
	 */
	@Nullable CompressionDictionary find(int number, Connection connection) throws SQLException {
		CompressionDictionary known = this.byNumber.get(number);
		return (known != null || number < 1) ? known : read(number, connection);
	}

	private @Nullable CompressionDictionary read(int number, Connection connection) throws SQLException {
		try (PreparedStatement select = connection.prepareStatement(
				"SELECT content FROM dictionary WHERE id = ? AND octet_length(content) <= " + MAX_LENGTH)) {
			select.setInt(1, number);
			try (ResultSet row = select.executeQuery()) {
				byte[] content = row.next() ? row.getBytes(1) : null;
				return (content != null) ? remember(number, content) : null;
			}
		}
	}

	private @Nullable CompressionDictionary remember(int number, byte[] content) {
		CompressionDictionary read;
		try {
			read = this.codec.dictionary(number, content);
		}
		catch (IllegalArgumentException ex) {
			// It is damaged, and as good as none
			return null;
		}
		CompressionDictionary known = this.byNumber.putIfAbsent(number, read);
		if (known != null) {
			read.close();
		}
		return (known != null) ? known : read;
	}

	/**
	 * Release the native memory. Whoever is using a dictionary can finish.
	 */
	@Override
	public void close() {
		this.byNumber.values().forEach(CompressionDictionary::close);
		this.byNumber.clear();
	}

}
