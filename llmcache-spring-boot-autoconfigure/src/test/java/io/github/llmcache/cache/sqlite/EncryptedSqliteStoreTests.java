package io.github.llmcache.cache.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStoreContractTests;
import io.github.llmcache.cache.FileNames;
import io.github.llmcache.cache.StoreOpener;
import io.github.llmcache.cache.encryption.EncryptedStoreOpener;
import io.github.llmcache.cache.encryption.EncryptedStores;
import org.sqlite.SQLiteConfig;

/**
 * Tests for {@link SqliteCacheStore} below encryption.
 */
class EncryptedSqliteStoreTests extends CacheStoreContractTests {

	@Override
	protected CacheStore createStore() {
		return EncryptedStores.over(new SqliteStoreOpener().open(List.of(directory().toString()), this.codec));
	}

	@Override
	protected Class<? extends StoreOpener> opener() {
		return EncryptedStoreOpener.class;
	}

	@Override
	protected List<String> openerArguments() {
		return List.of(SqliteStoreOpener.class.getName(), directory().toString());
	}

	@Override
	protected void damage(CacheKey key) throws Exception {
		Path file = directory().resolve(FileNames.of(key.model()) + ".sqlite");
		try (Connection connection = new SQLiteConfig().createConnection("jdbc:sqlite:" + file);
				Statement statement = connection.createStatement()) {
			statement.executeUpdate("UPDATE entry SET payload = zeroblob(100) WHERE key = x'"
					+ EncryptedStores.stored(key).hex() + "'");
		}
	}

	private Path directory() {
		return this.temp.resolve("cache");
	}

}
