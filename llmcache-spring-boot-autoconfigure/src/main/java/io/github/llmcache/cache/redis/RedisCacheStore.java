package io.github.llmcache.cache.redis;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import io.github.llmcache.cache.BreakerState;
import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.CallLease;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.EntryDetails;
import io.github.llmcache.cache.SharedCacheStore;
import io.github.llmcache.cache.StoreFailures;
import io.github.llmcache.cache.StoreMark;
import io.github.llmcache.cache.StoreStatus;
import io.github.llmcache.cache.UnreadableEntryException;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisFuture;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Keeps entries in Redis, or in what speaks its protocol, over a connection of the
 * application: to one server, through Sentinel, or to a cluster. Any number of processes
 * may share them.
 * <p>
 * Nothing waits longer for an answer than the command timeout, and nothing waits at all
 * while Redis has failed several times in a row. {@link #size()}, {@link #scan},
 * {@link #inspect}, {@link #deleteModel} and {@link #deleteNamespace} go through all keys
 * of the server, in small steps.
 */
public final class RedisCacheStore implements SharedCacheStore {

	/** How many keys are looked up by one command. */
	private static final int KEYS_AT_ONCE = 100;

	/** How much of one call is under way at the same time. */
	private static final int PORTION = 1000;

	private static final long PORTION_BYTES = 8 * 1024 * 1024;

	private final RedisKeys keys;

	private final EntryCodec codec;

	private final RedisAccess access;

	private final EntryWriter writer;

	private final EntryScan scan;

	private final RedisStatistics statistics;

	private final RedisStatus status;

	private final RedisMark mark;

	private final RedisLeases leases;

	private final ChangeChannel changes;

	/**
	 * Create a store. Nothing is connected to before the first use.
	 * @param factory the connection; not closed with the store
	 * @param settings how it works
	 * @param codec writes and reads responses; not closed with the store
	 * @param clock the time
	 */
	public RedisCacheStore(RedisConnectionFactory factory, RedisSettings settings, EntryCodec codec,
			InstantSource clock) {
		Objects.requireNonNull(factory, "'factory' must not be null");
		this.keys = new RedisKeys(settings.keyPrefix());
		this.codec = Objects.requireNonNull(codec, "'codec' must not be null");
		this.access = new RedisAccess(factory, settings.commandTimeout());
		this.writer = new EntryWriter(this.access, this.keys, codec, settings, clock);
		this.scan = new EntryScan(this.access, this.keys, codec);
		this.statistics = new RedisStatistics(this.access, this.keys);
		this.status = new RedisStatus(this.access, this.keys);
		this.leases = new RedisLeases(this.access, this.keys, settings);
		this.mark = new RedisMark(this.access, this.keys, this.leases);
		this.changes = new ChangeChannel(factory, this.access, this.keys.channel());
	}

	@Override
	public String name() {
		return "redis";
	}

	@Override
	public @Nullable StoredEntry get(CacheKey key) {
		try {
			byte[] value = this.access.use((commands, replies) -> replies.await(commands.get(this.keys.entry(key))));
			this.changes.subscribe();
			return (value != null) ? stored(key, value) : null;
		}
		catch (CacheStoreException ex) {
			if (!RedisFailures.isWrongType(ex)) {
				throw ex;
			}
			return () -> {
				throw new UnreadableEntryException("There is something else than an entry", ex);
			};
		}
	}

	@Override
	public Map<CacheKey, StoredEntry> getAll(Collection<CacheKey> keys) {
		Map<CacheKey, StoredEntry> found = new HashMap<>();
		for (List<CacheKey> portion : portions(new LinkedHashSet<>(keys))) {
			this.access.use((commands, replies) -> {
				List<List<CacheKey>> groups = partition(portion, KEYS_AT_ONCE);
				List<RedisFuture<List<KeyValue<byte[], byte[]>>>> pending = groups.stream()
					.map((group) -> commands.mget(group.stream().map(this.keys::entry).toArray(byte[][]::new)))
					.toList();
				List<@Nullable List<KeyValue<byte[], byte[]>>> values = replies.awaitAll(pending);
				for (int i = 0; i < groups.size(); i++) {
					collect(groups.get(i), values.get(i), found);
				}
				return null;
			});
			this.changes.subscribe();
		}
		this.access.checkOpen();
		return found;
	}

	private void collect(List<CacheKey> keys, @Nullable List<KeyValue<byte[], byte[]>> values,
			Map<CacheKey, StoredEntry> found) {
		for (int i = 0; values != null && i < keys.size(); i++) {
			if (values.get(i).hasValue()) {
				found.put(keys.get(i), stored(keys.get(i), values.get(i).getValue()));
			}
		}
	}

	private StoredEntry stored(CacheKey key, byte[] value) {
		return () -> EntryValue.read(value, key, this.codec);
	}

	@Override
	public void putAll(List<CacheEntry> entries) {
		write(entries, this.writer::put);
	}

	@Override
	public void appendAll(List<CacheEntry> entries) {
		write(entries, this.writer::append);
	}

	private void write(List<CacheEntry> entries, BiFunction<List<CacheEntry>, StoreFailures, List<CacheKey>> write) {
		this.access.checkOpen();
		StoreFailures failures = new StoreFailures();
		List<CacheKey> changed = new ArrayList<>();
		try {
			for (List<CacheEntry> portion : portionsBySize(entries)) {
				changed.addAll(write.apply(portion, failures));
			}
		}
		finally {
			this.changes.entriesChanged(changed);
		}
		failures.throwFirst();
	}

	@Override
	public void scan(@Nullable String model, Consumer<? super StoredEntry> action) {
		this.scan.forEach(model, action);
	}

	@Override
	public @Nullable StoredEntry getWithRequest(CacheKey key) {
		return this.scan.find(key);
	}

	@Override
	public void inspect(@Nullable String model, Consumer<? super EntryDetails> action) {
		this.scan.inspect(model, action);
	}

	@Override
	public void touch(Map<CacheKey, Instant> lastUsed) {
		this.access.checkOpen();
		for (List<Map.Entry<CacheKey, Instant>> portion : portions(lastUsed.entrySet())) {
			this.writer.touch(portion);
		}
	}

	@Override
	public void addStatistics(Collection<DailyStatistics> counted) {
		this.access.checkOpen();
		this.statistics.add(counted);
	}

	@Override
	public List<DailyStatistics> statistics() {
		return this.statistics.all();
	}

	/**
	 * Does nothing: Redis reuses the space of what is deleted by itself.
	 */
	@Override
	public void reclaim(String model) {
		this.access.checkOpen();
	}

	@Override
	public List<String> problems() {
		return new RedisCheck(this.access, this.keys, this.scan).problems();
	}

	@Override
	public StoreMark mark() {
		return this.mark;
	}

	@Override
	public StoreStatus status() {
		return this.status.find();
	}

	@Override
	public long deleteAll(Collection<CacheKey> keys) {
		this.access.checkOpen();
		long deleted = 0;
		for (List<CacheKey> portion : portions(keys)) {
			deleted += this.scan.delete(portion.stream().map(this.keys::entry).toList());
			this.changes.entriesChanged(portion);
		}
		return deleted;
	}

	@Override
	public long deleteModel(String model) {
		try {
			return this.scan.deleteModel(model);
		}
		finally {
			this.changes.allChanged(model);
		}
	}

	@Override
	public long deleteNamespace(String namespace) {
		try {
			return this.scan.deleteNamespace(namespace);
		}
		finally {
			this.changes.allChanged(null);
		}
	}

	@Override
	public List<StoreSize> size() {
		return this.scan.sizes();
	}

	@Override
	public StoredAmount amount(String model) {
		return this.scan.amount(model);
	}

	@Override
	public @Nullable CallLease tryLease(CacheKey key) {
		return this.leases.tryAcquire(key);
	}

	@Override
	public void onChange(ChangeListener listener) {
		this.changes.listen(listener);
	}

	@Override
	public BreakerState breakerState() {
		return this.access.state();
	}

	/**
	 * Give up what is held of the connection, before the application stops it. It is
	 * taken again with the next use.
	 */
	public void disconnect() {
		this.changes.unsubscribe();
		this.access.disconnect();
	}

	private static <T> List<List<T>> portions(Collection<T> all) {
		return partition(List.copyOf(all), PORTION);
	}

	private static <T> List<List<T>> partition(List<T> all, int size) {
		List<List<T>> parts = new ArrayList<>();
		for (int from = 0; from < all.size(); from += size) {
			parts.add(all.subList(from, Math.min(all.size(), from + size)));
		}
		return parts;
	}

	private static List<List<CacheEntry>> portionsBySize(List<CacheEntry> entries) {
		List<List<CacheEntry>> portions = new ArrayList<>();
		int from = 0;
		long bytes = 0;
		for (int i = 0; i < entries.size(); i++) {
			long size = EntryValue.bodies(entries.get(i));
			if (i > from && (i - from >= PORTION || bytes + size > PORTION_BYTES)) {
				portions.add(entries.subList(from, i));
				from = i;
				bytes = 0;
			}
			bytes += size;
		}
		if (from < entries.size()) {
			portions.add(entries.subList(from, entries.size()));
		}
		return portions;
	}

	@Override
	public void close() {
		this.changes.close();
		this.access.close();
		this.leases.close();
	}

}
