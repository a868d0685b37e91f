package io.github.llmcache.cache.sqlite;

import java.time.Instant;
import java.time.InstantSource;
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
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.EntryDetails;
import io.github.llmcache.cache.MarkFile;
import io.github.llmcache.cache.StoreMark;
import io.github.llmcache.cache.StoreStatus;
import org.jspecify.annotations.Nullable;

/**
 * Keeps entries in SQLite, one database file a model. Any number of processes may use the
 * same directory. A hit writes nothing.
 */
public final class SqliteCacheStore implements CacheStore {

	private final SqliteDatabases databases;

	private final DatabaseScan scan;

	private final EntrySaver saver;

	private final StatisticsStore statistics;

	private final SqliteSettings settings;

	private final EntryCodec codec;

	private final StoreMark mark;

	/**
	 * Create a store that leaves damaged files where they are. Nothing is opened or
	 * created before the first use.
	 * @param settings how it works
	 * @param codec writes and reads responses; not closed with the store
	 */
	public SqliteCacheStore(SqliteSettings settings, EntryCodec codec) {
		this(settings, codec, null);
	}

	/**
	 * Create a store. Nothing is opened or created before the first use.
	 * @param settings how it works
	 * @param codec writes and reads responses; not closed with the store
	 * @param clock the time, which becomes part of the names of damaged files that are
	 * moved aside, so that new ones are begun; {@code null} to leave them where they are
	 */
	public SqliteCacheStore(SqliteSettings settings, EntryCodec codec, @Nullable InstantSource clock) {
		Objects.requireNonNull(settings, "'settings' must not be null");
		Objects.requireNonNull(codec, "'codec' must not be null");
		this.settings = settings;
		this.codec = codec;
		this.mark = new MarkFile(settings.directory(), name());
		this.databases = new SqliteDatabases(settings, codec, clock);
		this.scan = new DatabaseScan(settings);
		this.statistics = new StatisticsStore(this.databases);
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
		this.saver.save(entries, EntryWriter::put, EntryWriter::put);
	}

	@Override
	public void appendAll(List<CacheEntry> entries) {
		this.saver.save(entries, EntryWriter::append, EntryWriter::appendAgain);
	}

	@Override
	public void scan(@Nullable String model, Consumer<? super StoredEntry> action) {
		this.databases.checkOpen();
		List<String> models = (model != null) ? List.of(model) : this.scan.models();
		models.forEach((each) -> new EntryScan(this.databases, each).forEach(action));
	}

	@Override
	public @Nullable StoredEntry getWithRequest(CacheKey key) {
		return this.databases
			.use(key.model(), Optional.<StoredEntry>empty(),
					(database) -> database.read((reader) -> Optional.ofNullable(reader.findWithRequest(key))))
			.orElse(null);
	}

	@Override
	public void inspect(@Nullable String model, Consumer<? super EntryDetails> action) {
		this.databases.checkOpen();
		List<String> models = (model != null) ? List.of(model) : this.scan.models();
		models.forEach((each) -> new EntryInspection(this.databases, this.settings, each).forEach(action));
	}

	@Override
	public void touch(Map<CacheKey, Instant> lastUsed) {
		this.databases.checkOpen();
		Map<String, List<Map.Entry<CacheKey, Instant>>> byModel = lastUsed.entrySet()
			.stream()
			.collect(Collectors.groupingBy((use) -> use.getKey().model()));
		byModel.forEach((model, uses) -> new WriteTurns(this.databases, model).forEach(uses, EntryWriter::touch));
	}

	@Override
	public void addStatistics(Collection<DailyStatistics> counted) {
		this.statistics.add(counted);
	}

	@Override
	public List<DailyStatistics> statistics() {
		this.databases.checkOpen();
		return this.scan.statistics();
	}

	@Override
	public void reclaim(String model) {
		new SpaceReclaim(this.databases, model).run();
	}

	@Override
	public List<String> problems() {
		this.databases.checkOpen();
		return this.scan.problems((file) -> {
			this.databases.checkOpen();
			return new DatabaseCheck(file, this.settings, this.codec).problems();
		});
	}

	@Override
	public List<String> leftOut() {
		this.databases.checkOpen();
		return this.scan.leftOut();
	}

	@Override
	public StoreMark mark() {
		return this.mark;
	}

	@Override
	public StoreStatus status() {
		try {
			this.databases.checkOpen();
			return new StatusProbe(this.settings, this.scan).status();
		}
		catch (CacheStoreException ex) {
			return StatusProbe.failed(ex);
		}
	}

	@Override
	public long deleteAll(Collection<CacheKey> keys) {
		long deleted = 0;
		for (Map.Entry<String, List<CacheKey>> model : byModel(keys).entrySet()) {
			deleted += new EntryDeletion(this.databases, model.getKey()).byKeys(model.getValue());
		}
		return deleted;
	}

	@Override
	public long deleteModel(String model) {
		return new EntryDeletion(this.databases, model).all(null);
	}

	@Override
	public long deleteNamespace(String namespace) {
		this.databases.checkOpen();
		long deleted = 0;
		for (String model : this.scan.modelsWith(namespace)) {
			deleted += new EntryDeletion(this.databases, model).all(namespace);
		}
		return deleted;
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
	public StoredAmount amount(String model) {
		this.databases.checkOpen();
		return this.scan.amount(this.databases.file(model));
	}

	@Override
	public void close() {
		this.databases.close();
	}

}
