package io.github.llmcache.cache.file;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.EntryDetails;
import io.github.llmcache.cache.MarkFile;
import io.github.llmcache.cache.StoreMark;
import io.github.llmcache.cache.StoreStatus;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Keeps entries in JSON files, one an entry, made to be read, compared and committed. Any
 * number of processes may use the same directory, and people may edit the files. A lookup
 * opens one file and nothing else.
 */
public final class FileCacheStore implements CacheStore {

	private static final Log logger = LogFactory.getLog(FileCacheStore.class);

	private final EntrySource source;

	private final EntrySaver saver;

	private final EntryDeletion deletion;

	private final FileScan scan;

	private final FileTouch touch;

	private final StatisticsFiles statistics;

	private final DirectoryStatus status;

	private final FileReclaim reclaim;

	private final EntryLocks locks;

	private final Path directory;

	private final Leftovers leftovers;

	private final StoreMark mark;

	/** Shared by those who write, so that closing waits for them. */
	private final ReadWriteLock writing = new ReentrantReadWriteLock();

	private volatile boolean closed;

	/**
	 * Create a store. Nothing is opened or created before the first use.
	 * @param settings how it works
	 * @param clock the time, by which it is known what a killed writer has left behind
	 */
	public FileCacheStore(FileSettings settings, InstantSource clock) {
		Objects.requireNonNull(settings, "'settings' must not be null");
		Objects.requireNonNull(clock, "'clock' must not be null");
		EntryPaths paths = new EntryPaths(settings.directory());
		EntryFormat format = new EntryFormat(settings);
		EntryFiles files = new EntryFiles(format.maxFileSize(), clock);
		FileWalk walk = new FileWalk(paths);
		DamageLog damages = new DamageLog();
		this.directory = settings.directory();
		this.leftovers = new Leftovers(clock);
		this.mark = new MarkFile(settings.directory(), name());
		this.locks = new EntryLocks(settings.directory());
		this.source = new EntrySource(paths, format, files, damages);
		this.saver = new EntrySaver(this.source, format, files, this.locks);
		this.deletion = new EntryDeletion(this.source, walk, this.locks);
		this.scan = new FileScan(this.source, walk);
		this.touch = new FileTouch(paths, this.locks);
		this.statistics = new StatisticsFiles(walk, files, this.locks, damages);
		this.status = new DirectoryStatus(settings.directory(), walk, this.source, this.locks);
		this.reclaim = new FileReclaim(walk, files);
	}

	@Override
	public String name() {
		return "file";
	}

	@Override
	public @Nullable StoredEntry get(CacheKey key) {
		checkOpen();
		return this.source.find(key);
	}

	@Override
	public Map<CacheKey, StoredEntry> getAll(Collection<CacheKey> keys) {
		checkOpen();
		Map<CacheKey, StoredEntry> found = new HashMap<>();
		for (CacheKey key : new LinkedHashSet<>(keys)) {
			StoredEntry entry = this.source.find(key);
			if (entry != null) {
				found.put(key, entry);
			}
		}
		return found;
	}

	@Override
	public void putAll(List<CacheEntry> entries) {
		write(() -> {
			this.saver.putAll(entries);
			return entries.size();
		});
	}

	@Override
	public void appendAll(List<CacheEntry> entries) {
		write(() -> {
			this.saver.appendAll(entries);
			return entries.size();
		});
	}

	@Override
	public void scan(@Nullable String model, Consumer<? super StoredEntry> action) {
		checkOpen();
		this.scan.forEach(model, (entry) -> {
			checkOpen();
			action.accept(entry);
		});
	}

	@Override
	public @Nullable StoredEntry getWithRequest(CacheKey key) {
		checkOpen();
		return this.source.findWithRequest(key);
	}

	@Override
	public void inspect(@Nullable String model, Consumer<? super EntryDetails> action) {
		checkOpen();
		this.scan.inspect(model, (details) -> {
			checkOpen();
			action.accept(details);
		});
	}

	@Override
	public void touch(Map<CacheKey, Instant> lastUsed) {
		write(() -> {
			this.touch.touch(lastUsed);
			return lastUsed.size();
		});
	}

	@Override
	public void addStatistics(Collection<DailyStatistics> counted) {
		write(() -> {
			this.statistics.add(counted);
			return counted.size();
		});
	}

	@Override
	public List<DailyStatistics> statistics() {
		checkOpen();
		return this.statistics.all();
	}

	@Override
	public void reclaim(String model) {
		write(() -> {
			this.reclaim.reclaim(model);
			return 0;
		});
	}

	@Override
	public List<String> leftOut() {
		checkOpen();
		return this.scan.leftOut();
	}

	@Override
	public List<String> problems() {
		checkOpen();
		return new DirectoryCheck(this.directory, this.source, this.statistics, this.leftovers)
			.problems(this::checkOpen);
	}

	@Override
	public StoreMark mark() {
		return this.mark;
	}

	@Override
	public StoreStatus status() {
		this.writing.readLock().lock();
		try {
			checkOpen();
			return this.status.find();
		}
		catch (CacheStoreException ex) {
			return new StoreStatus(ex.getMessage(), ex.getMessage(), null, null);
		}
		finally {
			this.writing.readLock().unlock();
		}
	}

	@Override
	public long deleteAll(Collection<CacheKey> keys) {
		return write(() -> this.deletion.deleteAll(keys));
	}

	@Override
	public long deleteModel(String model) {
		return write(() -> this.deletion.deleteModel(model));
	}

	@Override
	public long deleteNamespace(String namespace) {
		return write(() -> this.deletion.deleteNamespace(namespace));
	}

	private long write(LongSupplier operation) {
		this.writing.readLock().lock();
		try {
			checkOpen();
			return operation.getAsLong();
		}
		finally {
			this.writing.readLock().unlock();
		}
	}

	@Override
	public List<StoreSize> size() {
		checkOpen();
		return this.scan.sizes();
	}

	@Override
	public StoredAmount amount(String model) {
		checkOpen();
		return this.scan.amount(model);
	}

	private void checkOpen() {
		if (this.closed) {
			throw new CacheStoreException("The cache is closed", null);
		}
	}

	@Override
	public void close() {
		this.writing.writeLock().lock();
		try {
			this.closed = true;
			this.locks.close();
		}
		catch (IOException ex) {
			// Nothing is lost: every file is closed before its entry counts as written
			logger.debug("The lock file could not be closed", ex);
		}
		finally {
			this.writing.writeLock().unlock();
		}
	}

}
