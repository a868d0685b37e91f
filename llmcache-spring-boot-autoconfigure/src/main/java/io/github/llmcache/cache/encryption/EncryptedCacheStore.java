package io.github.llmcache.cache.encryption;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.CallLease;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.EntryDetails;
import io.github.llmcache.cache.EntryLimit;
import io.github.llmcache.cache.SharedCacheStore;
import io.github.llmcache.cache.StoreFailures;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;

/**
 * A store over another one, which sees neither what was asked and answered nor the keys
 * of it. Everybody above uses it as any store.
 */
final class EncryptedCacheStore extends GuardedStore {

	private final EntryCodec codec;

	private final EntrySeal current;

	private final List<EntrySeal> previous;

	/**
	 * Create a store.
	 * @param delegate where entries are kept
	 * @param keys the keys
	 * @param maxEntrySize the most bytes that the bodies of an entry may have
	 * @param clock the time
	 * @param random what nobody can foresee
	 */
	EncryptedCacheStore(CacheStore delegate, EncryptionKeys keys, long maxEntrySize, InstantSource clock,
			SecureRandom random) {
		super(delegate, keys, clock);
		this.codec = new EntryCodec(maxEntrySize);
		this.current = new EntrySeal(keys.current(), this.codec, random);
		this.previous = keys.previous().stream().map((key) -> new EntrySeal(key, this.codec, random)).toList();
	}

	/**
	 * Return under what an entry is stored.
	 */
	CacheKey stored(CacheKey key) {
		return this.current.stored(key);
	}

	@Override
	public @Nullable StoredEntry get(CacheKey key) {
		CacheStore store = reading();
		return find(key, store::get);
	}

	@Override
	public @Nullable StoredEntry getWithRequest(CacheKey key) {
		CacheStore store = reading();
		return find(key, store::getWithRequest);
	}

	private @Nullable StoredEntry find(CacheKey key, Lookup lookup) {
		StoredEntry stored = lookup.find(this.current.stored(key));
		if (stored != null) {
			return sealed(stored, key, this.current);
		}
		for (EntrySeal seal : this.previous) {
			stored = lookup.find(seal.stored(key));
			if (stored != null) {
				return sealed(stored, key, seal);
			}
		}
		return null;
	}

	private static StoredEntry sealed(StoredEntry stored, CacheKey key, EntrySeal seal) {
		return () -> seal.unseal(stored.read(), key);
	}

	@Override
	public Map<CacheKey, StoredEntry> getAll(Collection<CacheKey> keys) {
		CacheStore store = reading();
		Map<CacheKey, StoredEntry> found = new HashMap<>();
		collect(store, keys, this.current, found);
		for (EntrySeal seal : this.previous) {
			collect(store, keys.stream().filter((key) -> !found.containsKey(key)).toList(), seal, found);
		}
		return found;
	}

	private static void collect(CacheStore store, Collection<CacheKey> keys, EntrySeal seal,
			Map<CacheKey, StoredEntry> found) {
		Map<CacheKey, CacheKey> plain = new LinkedHashMap<>();
		keys.forEach((key) -> plain.put(seal.stored(key), key));
		store.getAll(plain.keySet()).forEach((key, stored) -> {
			CacheKey asked = plain.get(key);
			if (asked != null) {
				found.put(asked, sealed(stored, asked, seal));
			}
		});
	}

	@Override
	public void putAll(List<CacheEntry> entries) {
		CacheStore store = writing();
		StoreFailures failures = new StoreFailures();
		List<CacheEntry> sealed = new ArrayList<>(entries.size());
		List<CacheKey> replaced = new ArrayList<>();
		for (CacheEntry entry : entries) {
			attempt(failures, () -> sealed.add(this.current.seal(entry)));
			// What it replaces may be there under another key
			this.previous.forEach((seal) -> replaced.add(seal.stored(entry.key())));
		}
		attempt(failures, () -> {
			store.putAll(sealed);
			if (!replaced.isEmpty()) {
				store.deleteAll(replaced);
			}
		});
		failures.throwFirst();
	}

	/**
	 * Adds to an entry where it is, under whichever key, so that no sample is lost while
	 * keys are changed.
	 */
	@Override
	public void appendAll(List<CacheEntry> entries) {
		CacheStore store = writing();
		StoreFailures failures = new StoreFailures();
		List<CacheEntry> appended = new ArrayList<>(entries.size());
		List<CacheEntry> replacing = new ArrayList<>();
		Map<CacheKey, Home> homes = new HashMap<>();
		for (CacheEntry entry : entries) {
			attempt(failures, () -> {
				Home home = homes.computeIfAbsent(entry.key(), (key) -> home(store, entry));
				CacheEntry sealed = home.seal().seal(entry);
				home.add(entry.responses());
				// To what cannot be decrypted, nothing is added: it is replaced
				(home.takeReplaced() ? replacing : appended).add(sealed);
			});
		}
		attempt(failures, () -> store.putAll(replacing));
		attempt(failures, () -> store.appendAll(appended));
		failures.throwFirst();
	}

	private static void attempt(StoreFailures failures, Runnable action) {
		try {
			action.run();
		}
		catch (CacheStoreException ex) {
			failures.add(ex);
		}
	}

	/**
	 * Find out with which key the entry is encrypted that may be there.
	 */
	private Home home(CacheStore store, CacheEntry entry) {
		List<EntrySeal> seals = new ArrayList<>(List.of(this.current));
		seals.addAll(this.previous);
		for (EntrySeal seal : seals) {
			StoredEntry stored = store.get(seal.stored(entry.key()));
			if (stored != null) {
				return new Home(seal, limit(), stored, entry);
			}
		}
		return new Home(this.current, limit(), null, entry);
	}

	private EntryLimit limit() {
		return new EntryLimit(this.codec.maxEntrySize());
	}

	@Override
	public void scan(@Nullable String model, Consumer<? super StoredEntry> action) {
		reading().scan(model, (stored) -> action.accept((StoredEntry) () -> unseal(stored)));
	}

	private CacheEntry unseal(StoredEntry stored) throws UnreadableEntryException {
		CacheEntry entry = stored.read();
		EntrySeal seal = seal(EntrySeal.keyId(entry));
		if (seal == null) {
			throw new UnreadableEntryException(
					"The entry is not encrypted with a key that is configured, but: " + EntrySeal.keyId(entry), null);
		}
		return seal.unseal(entry, seal.plain(entry.key()));
	}

	private @Nullable EntrySeal seal(String id) {
		if (id.equals(this.current.keyId())) {
			return this.current;
		}
		return this.previous.stream().filter((seal) -> id.equals(seal.keyId())).findFirst().orElse(null);
	}

	@Override
	public void inspect(@Nullable String model, Consumer<? super EntryDetails> action) {
		CacheStore store = reading();
		boolean ambiguous = !this.previous.isEmpty();
		store.inspect(model, (details) -> {
			EntrySeal seal = ambiguous ? sealOf(store, details.key()) : this.current;
			action.accept(new UnsealedDetails(details, seal.plain(details.key()), seal));
		});
	}

	/**
	 * The key of an entry does not say with which encryption key it was made: only the
	 * entry does.
	 */
	private EntrySeal sealOf(CacheStore store, CacheKey stored) {
		try {
			StoredEntry found = store.get(stored);
			EntrySeal seal = (found != null) ? seal(EntrySeal.keyId(found.read())) : null;
			return (seal != null) ? seal : this.current;
		}
		catch (UnreadableEntryException ex) {
			return this.current;
		}
	}

	@Override
	public void touch(Map<CacheKey, Instant> lastUsed) {
		CacheStore store = writing();
		Map<CacheKey, Instant> stored = new HashMap<>();
		lastUsed.forEach((key, time) -> stored(key, (name) -> stored.put(name, time)));
		store.touch(stored);
	}

	@Override
	public long deleteAll(Collection<CacheKey> keys) {
		CacheStore store = writing();
		List<CacheKey> stored = new ArrayList<>();
		keys.forEach((key) -> stored(key, stored::add));
		return store.deleteAll(stored);
	}

	private void stored(CacheKey key, Consumer<CacheKey> action) {
		action.accept(this.current.stored(key));
		this.previous.forEach((seal) -> action.accept(seal.stored(key)));
	}

	@Override
	public @Nullable CallLease tryLease(CacheKey key) {
		return super.tryLease(this.current.stored(key));
	}

	@Override
	public void onChange(ChangeListener listener) {
		super.onChange(new PlainListener(listener));
	}

	@Override
	public void close() {
		super.close();
		this.codec.close();
	}

	@FunctionalInterface
	private interface Lookup {

		@Nullable StoredEntry find(CacheKey stored);

	}

	/**
	 * Passes on what others have changed under the names that are known above.
	 */
	private final class PlainListener implements SharedCacheStore.ChangeListener {

		private final SharedCacheStore.ChangeListener listener;

		private PlainListener(SharedCacheStore.ChangeListener listener) {
			this.listener = listener;
		}

		@Override
		public void entriesChanged(String model, Set<Long> fingerprints) {
			Set<Long> plain = new HashSet<>();
			for (long fingerprint : fingerprints) {
				plain.add(EncryptedCacheStore.this.current.plainFingerprint(fingerprint));
				EncryptedCacheStore.this.previous.forEach((seal) -> plain.add(seal.plainFingerprint(fingerprint)));
			}
			this.listener.entriesChanged(model, plain);
		}

		@Override
		public void allChanged(@Nullable String model) {
			this.listener.allChanged(model);
		}

	}

}
