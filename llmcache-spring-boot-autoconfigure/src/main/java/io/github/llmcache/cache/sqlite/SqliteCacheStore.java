package io.github.llmcache.cache.sqlite;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.StoreStatus;
import io.github.llmcache.cache.EntryDetails;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.EntryCodec;
import org.jspecify.annotations.Nullable;

/**
 * Keeps entries in SQLite, one database file a model. Any number of processes may use the
 * same directory. A hit writes nothing.
 */
public final class SqliteCacheStore implements CacheStore {

	private final SqliteDatabases databases;

	private final DatabaseScan scan;

	private final EntrySaver saver;

	/**
	 * Create a store. Nothing is opened or created before the first use.
	 * @param settings how it works
	 * @param codec writes and reads responses; not closed with the store
	 */
	public SqliteCacheStore(SqliteSettings settings, EntryCodec codec) {
		Objects.requireNonNull(settings, "'settings' must not be null");
		Objects.requireNonNull(codec, "'codec' must not be null");
		this.databases = new SqliteDatabases(settings, codec);
		this.scan = new DatabaseScan(settings);
		this.saver = new EntrySaver(this.databases, codec, settings.storeRequests());
	}

	@Override
	public String name() {
		return "sqlite";
	}

	@Override
	public @Nullable StoredEntry get(CacheKey key) {
		SqliteDatabase database = this.databases.find(key.model());
		if (database == null) {
			return null;
		}
		try {
			return database.read((reader) -> Optional.ofNullable(reader.find(key))).orElse(null);
		}
		finally {
			database.release();
		}
	}

	@Override
	public Map<CacheKey, StoredEntry> getAll(Collection<CacheKey> keys) {
		Map<String, List<CacheKey>> models = byModel(keys);
		if (models.size() == 1) {
			Map.Entry<String, List<CacheKey>> only = models.entrySet().iterator().next();
			return getAll(only.getKey(), only.getValue());
		}
		Map<CacheKey, StoredEntry> found = new HashMap<>();
		models.forEach((model, modelKeys) -> found.putAll(getAll(model, modelKeys)));
		return found;
	}

	private Map<CacheKey, StoredEntry> getAll(String model, List<CacheKey> keys) {
		SqliteDatabase database = this.databases.find(model);
		if (database == null) {
			return Map.of();
		}
		try {
			return database.read((reader) -> reader.findAll(keys));
		}
		finally {
			database.release();
		}
	}

	@Override
	public void putAll(List<CacheEntry> entries) {
		this.saver.save(entries, EntryWriter::put);
	}

	@Override
	public void appendAll(List<CacheEntry> entries) {
		this.saver.save(entries, EntryWriter::append);
	}

	@Override
	public void scan(@Nullable String model, Consumer<? super StoredEntry> action) {
		this.databases.checkOpen();
		List<String> models = (model != null) ? List.of(model) : this.scan.models();
		models.forEach((each) -> new EntryScan(this.databases, each).forEach(action));
	}

	@Override
	public @Nullable StoredEntry getWithRequest(CacheKey key) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void inspect(@Nullable String model, Consumer<? super EntryDetails> action) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void touch(Map<CacheKey, Instant> lastUsed) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void addStatistics(Collection<DailyStatistics> counted) {
		throw new UnsupportedOperationException();
	}

	@Override
	public List<DailyStatistics> statistics() {
		throw new UnsupportedOperationException();
	}

	@Override
	public void reclaim(String model) {
		throw new UnsupportedOperationException();
	}

	@Override
	public StoreStatus status() {
		throw new UnsupportedOperationException();
	}

	@Override
	public long deleteAll(Collection<CacheKey> keys) {
		long deleted = 0;
		for (Map.Entry<String, List<CacheKey>> model : byModel(keys).entrySet()) {
			deleted += delete(model.getKey(), (writer) -> writer.delete(model.getValue()));
		}
		return deleted;
	}

	@Override
	public long deleteModel(String model) {
		return delete(model, EntryWriter::deleteAll);
	}

	@Override
	public long deleteNamespace(String namespace) {
		this.databases.checkOpen();
		long deleted = 0;
		for (String model : this.scan.modelsWith(namespace)) {
			deleted += delete(model, (writer) -> writer.deleteNamespace(namespace));
		}
		return deleted;
	}

	private long delete(String model, GroupWriter.Work<Long> work) {
		SqliteDatabase database = this.databases.find(model);
		if (database == null) {
			return 0;
		}
		try {
			return database.write(0, work);
		}
		finally {
			database.release();
		}
	}

	private static Map<String, List<CacheKey>> byModel(Collection<CacheKey> keys) {
		return keys.stream().collect(Collectors.groupingBy(CacheKey::model));
	}

	@Override
	public List<StoreSize> size() {
		this.databases.checkOpen();
		return this.scan.sizes();
	}

	@Override
	public void close() {
		this.databases.close();
	}

}
