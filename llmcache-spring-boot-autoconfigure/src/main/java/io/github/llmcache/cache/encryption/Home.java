package io.github.llmcache.cache.encryption;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.EntryLimit;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;

/**
 * Where responses are added: to an entry that is there, or to none. The store sees only
 * how long they are when they are compressed and encrypted. Used by one thread.
 */
final class Home {

	private final EntrySeal seal;

	private final EntryLimit limit;

	private final List<CachedResponse> responses = new ArrayList<>();

	private boolean replaced;

	/**
	 * Create an instance.
	 * @param seal with which the entry is encrypted
	 * @param limit how large it may become
	 * @param stored the entry, or {@code null} if there is none
	 * @param added what is added first
	 */
	Home(EntrySeal seal, EntryLimit limit, @Nullable StoredEntry stored, CacheEntry added) {
		this.seal = seal;
		this.limit = limit;
		CacheEntry sealed = read(stored);
		if (sealed != null) {
			try {
				CacheEntry entry = seal.unseal(sealed, added.key());
				Instant expiresAt = entry.expiresAt();
				if (expiresAt == null || expiresAt.isAfter(added.createdAt())) {
					this.responses.addAll(entry.responses());
				}
			}
			catch (UnreadableEntryException ex) {
				this.replaced = true;
			}
		}
	}

	private static @Nullable CacheEntry read(@Nullable StoredEntry stored) {
		try {
			return (stored != null) ? stored.read() : null;
		}
		catch (UnreadableEntryException | RuntimeException ex) {
			// The store replaces it
			return null;
		}
	}

	EntrySeal seal() {
		return this.seal;
	}

	/**
	 * Add responses.
	 * @throws io.github.llmcache.cache.CacheStoreException if the entry would become
	 * larger than an entry may be: then nothing is added
	 */
	void add(List<CachedResponse> added) {
		List<CachedResponse> all = new ArrayList<>(this.responses);
		all.addAll(added);
		this.limit.check(all);
		this.responses.addAll(added);
	}

	/**
	 * Return once whether the entry that is there cannot be decrypted.
	 */
	boolean takeReplaced() {
		boolean replaced = this.replaced;
		this.replaced = false;
		return replaced;
	}

}
