package io.github.llmcache.cache.encryption;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

import io.github.llmcache.cache.BreakerState;
import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.CallLease;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.EntryDetails;
import io.github.llmcache.cache.SharedCacheStore;
import io.github.llmcache.cache.StoreMark;
import io.github.llmcache.cache.StoreStatus;
import org.jspecify.annotations.Nullable;

/**
 * A store that is neither read nor written before it is known that what it holds is
 * encrypted as it should be, which here is: not at all. Whoever writes makes sure again
 * from time to time, for the cache may have been encrypted meanwhile. Thread-safe.
 */
class GuardedStore implements SharedCacheStore {

	/** How long what was found out is good for writing. */
	static final Duration RECHECK = Duration.ofSeconds(5);

	private final CacheStore delegate;

	private final StoreCheck check;

	private final InstantSource clock;

	private volatile @Nullable Checked checked;

	/**
	 * Create a store.
	 * @param delegate the store
	 * @param keys the keys of what it holds, or {@code null} if it is not encrypted
	 * @param clock the time
	 */
	GuardedStore(CacheStore delegate, @Nullable EncryptionKeys keys, InstantSource clock) {
		this.delegate = Objects.requireNonNull(delegate, "'delegate' must not be null");
		this.check = new StoreCheck(delegate, keys);
		this.clock = clock;
	}

	/**
	 * Make sure that the store may be used.
	 * @return with what it was written
	 * @throws EncryptionMismatchException if it may not
	 * @throws CacheStoreException if that cannot be found out
	 */
	final WrittenWith check() {
		this.checked = null;
		WrittenWith written = this.check.check();
		this.checked = new Checked(written, this.clock.instant());
		return written;
	}

	final WrittenWith written() {
		Checked checked = this.checked;
		return (checked != null) ? checked.written() : check();
	}

	final CacheStore reading() {
		if (this.checked == null) {
			check();
		}
		return this.delegate;
	}

	final CacheStore writing() {
		Checked checked = this.checked;
		if (checked == null || !checked.isGoodAt(this.clock.instant())) {
			check();
		}
		return this.delegate;
	}

	@Override
	public final String name() {
		return this.delegate.name();
	}

	@Override
	public @Nullable StoredEntry get(CacheKey key) {
		return reading().get(key);
	}

	@Override
	public Map<CacheKey, StoredEntry> getAll(Collection<CacheKey> keys) {
		return reading().getAll(keys);
	}

	@Override
	public void putAll(List<CacheEntry> entries) {
		writing().putAll(entries);
	}

	@Override
	public void appendAll(List<CacheEntry> entries) {
		writing().appendAll(entries);
	}

	@Override
	public void scan(@Nullable String model, Consumer<? super StoredEntry> action) {
		reading().scan(model, action);
	}

	@Override
	public @Nullable StoredEntry getWithRequest(CacheKey key) {
		return reading().getWithRequest(key);
	}

	@Override
	public void inspect(@Nullable String model, Consumer<? super EntryDetails> action) {
		reading().inspect(model, action);
	}

	@Override
	public void touch(Map<CacheKey, Instant> lastUsed) {
		writing().touch(lastUsed);
	}

	@Override
	public final void addStatistics(Collection<DailyStatistics> counted) {
		writing().addStatistics(counted);
	}

	@Override
	public final List<DailyStatistics> statistics() {
		return reading().statistics();
	}

	@Override
	public final void reclaim(String model) {
		writing().reclaim(model);
	}

	@Override
	public final List<String> problems() {
		return reading().problems();
	}

	@Override
	public final List<String> leftOut() {
		return reading().leftOut();
	}

	@Override
	public final @Nullable StoreMark mark() {
		return this.delegate.mark();
	}

	@Override
	public final StoreStatus status() {
		try {
			check();
		}
		catch (EncryptionMismatchException ex) {
			return new StoreStatus(ex.getMessage(), ex.getMessage(), null, null);
		}
		catch (CacheStoreException ex) {
			// The store says it better
		}
		return this.delegate.status();
	}

	@Override
	public long deleteAll(Collection<CacheKey> keys) {
		return writing().deleteAll(keys);
	}

	@Override
	public final long deleteModel(String model) {
		return writing().deleteModel(model);
	}

	@Override
	public final long deleteNamespace(String namespace) {
		return writing().deleteNamespace(namespace);
	}

	@Override
	public final List<StoreSize> size() {
		return reading().size();
	}

	@Override
	public final StoredAmount amount(String model) {
		return reading().amount(model);
	}

	@Override
	public @Nullable CallLease tryLease(CacheKey key) {
		return (reading() instanceof SharedCacheStore shared) ? shared.tryLease(key) : CallLease.NONE;
	}

	@Override
	public void onChange(ChangeListener listener) {
		if (this.delegate instanceof SharedCacheStore shared) {
			shared.onChange(listener);
		}
	}

	@Override
	public final @Nullable BreakerState breakerState() {
		return (this.delegate instanceof SharedCacheStore shared) ? shared.breakerState() : null;
	}

	@Override
	public void close() {
		this.delegate.close();
	}

	/**
	 * What was found out, and when.
	 */
	private record Checked(WrittenWith written, Instant at) {

		boolean isGoodAt(Instant now) {
			// A clock that was put back must not make it good for ever
			return !now.isBefore(this.at) && now.isBefore(this.at.plus(RECHECK));
		}

	}

}
