package io.github.llmcache.cache.encryption;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.LongConsumer;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.CallLease;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.StoreMark;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts a cache with another key, for the first time, or not any more, entry by entry
 * and in bounded memory. An entry is stored anew before it is deleted where it was, so
 * that whoever is killed in between loses nothing, and may begin again. Used by one
 * thread.
 */
public final class Reencryption implements AutoCloseable {

	/** How many entries are read, written and deleted together. */
	private static final int PORTION = 64;

	private static final long PORTION_BYTES = 4 * 1024 * 1024;

	/** More often than that nobody writes faster than entries are encrypted. */
	private static final int MAX_ROUNDS = 10;

	private static final int MAX_ATTEMPTS = 100;

	/** As many as fit into the mark with all others. */
	private static final int MAX_UNKNOWN = WrittenWith.MAX_IDS / 2;

	private final CacheStore store;

	private final EntryCodec codec;

	private final Map<String, EntrySeal> seals = new HashMap<>();

	private final String target;

	private final boolean keyless;

	private final List<Move> moves = new ArrayList<>();

	private final TreeSet<String> unknown = new TreeSet<>();

	/** Whether entries are known to be there that are not encrypted. */
	private boolean plainThere;

	private long moved;

	private long unreadable;

	private long movedInRound;

	private long portionBytes;

	private @Nullable LongConsumer progress;

	/**
	 * Create an instance.
	 * @param store where the entries are, not used through any encryption
	 * @param from the keys with which they may be encrypted
	 * @param to the key with which they are to be encrypted, or {@code null} for none
	 * @param maxEntrySize the most bytes that the bodies of an entry may have
	 */
	public Reencryption(CacheStore store, Collection<EncryptionKey> from, @Nullable EncryptionKey to,
			long maxEntrySize) {
		this.store = store;
		this.codec = new EntryCodec(maxEntrySize);
		SecureRandom random = new SecureRandom();
		from.forEach((key) -> this.seals.put(key.id(), new EntrySeal(key, this.codec, random)));
		if (to != null) {
			this.seals.put(to.id(), new EntrySeal(to, this.codec, random));
		}
		this.target = (to != null) ? to.id() : WrittenWith.PLAIN;
		this.keyless = from.isEmpty();
	}

	/**
	 * Encrypt all entries that are not encrypted with the new key.
	 * @param progress is told how many entries have been
	 * @return what was done
	 * @throws EncryptionMismatchException if the keys are not those of the cache, or
	 * another process changes them: then nothing was changed
	 * @throws io.github.llmcache.cache.CacheStoreException if the store fails; it may be
	 * tried again
	 */
	public Result run(LongConsumer progress) {
		this.progress = progress;
		StoreMark mark = this.store.mark();
		if (mark == null) {
			throw new EncryptionMismatchException("The store '" + this.store.name() + "' cannot be encrypted.",
					"Let it implement CacheStore.mark().");
		}
		try (CallLease lease = mark.tryLease()) {
			if (lease == null) {
				throw new EncryptionMismatchException("The key of the cache is being changed by another process.",
						"Wait until that has ended. Nothing was changed.");
			}
			return run(mark);
		}
	}

	private Result run(StoreMark mark) {
		begin(mark);
		for (int round = 0; round < MAX_ROUNDS; round++) {
			this.movedInRound = 0;
			this.unreadable = 0;
			this.unknown.clear();
			this.store.inspect(null, (details) -> add(details.key(), details.lastUsed()));
			flush();
			if (this.movedInRound == 0) {
				end(mark);
				return new Result(this.moved, this.unreadable, List.copyOf(this.unknown), true);
			}
		}
		// Others write with the old key: what is marked stays so that nothing is lost
		return new Result(this.moved, this.unreadable, List.copyOf(this.unknown), false);
	}

	private void begin(StoreMark mark) {
		for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
			byte[] bytes = mark.read();
			WrittenWith written = WrittenWith.parse(bytes);
			if (written.ids().isEmpty()) {
				String id = EntrySample.keyId(this.store);
				written = id.isEmpty() ? written : written.first(id);
			}
			if (!written.isPlain() && !this.seals.containsKey(written.ids().get(0))) {
				throw new EncryptionMismatchException("The cache is encrypted with the key " + written.ids().get(0)
						+ ", which is none of those that are given.", "Give that key. Nothing was changed.");
			}
			this.plainThere = written.ids().contains(WrittenWith.PLAIN);
			if (this.plainThere && written.isPlain() && !this.keyless && !this.target.equals(WrittenWith.PLAIN)) {
				throw new EncryptionMismatchException(
						"The cache is not encrypted, or is being decrypted, and the key of an encrypted one is given.",
						"Give the new key only, or finish with --decrypt. Nothing was changed.");
			}
			if (mark.replace(bytes, written.first(this.target).toBytes())) {
				return;
			}
		}
		throw new EncryptionMismatchException("What says with which key the cache is encrypted changes all the time.",
				"Find out who else uses the cache.");
	}

	private void end(StoreMark mark) {
		byte[] bytes = mark.read();
		List<String> ids = new ArrayList<>(List.of(this.target));
		if (this.plainThere && !this.keyless && !this.target.equals(WrittenWith.PLAIN)) {
			// They have been left
			ids.add(WrittenWith.PLAIN);
		}
		ids.addAll(this.unknown);
		boolean plain = this.target.equals(WrittenWith.PLAIN) && this.unknown.isEmpty();
		if (WrittenWith.parse(bytes).ids().indexOf(this.target) == 0) {
			// If not, somebody has begun to write with another key
			mark.replace(bytes, plain ? null : new WrittenWith(ids).toBytes());
		}
	}

	private void add(CacheKey stored, Instant lastUsed) {
		CacheEntry entry = read(this.store.getWithRequest(stored));
		if (entry == null) {
			this.unreadable++;
			return;
		}
		String id = EntrySeal.keyId(entry);
		if (id.equals(this.target)) {
			return;
		}
		EntrySeal seal = this.seals.get(id);
		boolean isPlain = id.equals(WrittenWith.PLAIN);
		// Who encrypted what somebody else has put there would vouch for it
		if (seal == null && !(isPlain && this.keyless && this.plainThere)) {
			if (!isPlain && this.unknown.size() < MAX_UNKNOWN) {
				this.unknown.add(id);
			}
			this.unreadable++;
			return;
		}
		try {
			CacheEntry plain = (seal != null) ? seal.unseal(entry, seal.plain(entry.key())) : entry;
			EntrySeal to = this.seals.get(this.target);
			this.moves.add(new Move(entry, plain, (to != null) ? to.stored(plain.key()) : plain.key(), lastUsed));
			this.portionBytes += plain.responses().stream().mapToLong((response) -> response.body().length).sum();
		}
		catch (UnreadableEntryException ex) {
			this.unreadable++;
		}
		if (this.moves.size() >= PORTION || this.portionBytes >= PORTION_BYTES) {
			flush();
		}
	}

	private static @Nullable CacheEntry read(@Nullable StoredEntry stored) {
		try {
			return (stored != null) ? stored.read() : null;
		}
		catch (UnreadableEntryException | RuntimeException ex) {
			return null;
		}
	}

	private void flush() {
		if (this.moves.isEmpty()) {
			return;
		}
		Map<CacheKey, StoredEntry> there = this.store.getAll(this.moves.stream().map(Move::target).toList());
		List<CacheEntry> written = new ArrayList<>();
		List<CacheEntry> replaced = new ArrayList<>();
		Map<CacheKey, Instant> lastUsed = new HashMap<>();
		for (Move move : this.moves) {
			StoredEntry found = there.get(move.target());
			CacheEntry known = (found != null) ? unsealed(read(found), move.plain().key()) : null;
			if (found != null && known == null) {
				replaced.add(sealed(move.plain()));
			}
			else {
				CacheEntry missing = (known != null) ? missing(move.plain(), known) : move.plain();
				if (missing != null) {
					written.add(sealed(missing));
				}
			}
			lastUsed.put(move.target(), move.lastUsed());
		}
		this.store.putAll(replaced);
		this.store.appendAll(written);
		this.store.touch(lastUsed);
		deleteUnchanged();
		this.moved += this.moves.size();
		this.movedInRound += this.moves.size();
		this.moves.clear();
		this.portionBytes = 0;
		if (this.progress != null) {
			this.progress.accept(this.moved);
		}
	}

	private CacheEntry sealed(CacheEntry plain) {
		EntrySeal to = this.seals.get(this.target);
		return (to != null) ? to.seal(plain) : plain;
	}

	private @Nullable CacheEntry unsealed(@Nullable CacheEntry stored, CacheKey key) {
		EntrySeal to = this.seals.get(this.target);
		try {
			return (stored != null && to != null) ? to.unseal(stored, key) : stored;
		}
		catch (UnreadableEntryException ex) {
			return null;
		}
	}

	/**
	 * Return what an entry has that another one has not: who was killed has stored the
	 * rest, and what has been replaced since is not wanted any more.
	 */
	private static @Nullable CacheEntry missing(CacheEntry entry, CacheEntry known) {
		List<CachedResponse> missing = new ArrayList<>(entry.responses());
		boolean copied = false;
		Instant last = Instant.MIN;
		for (CachedResponse response : known.responses()) {
			copied |= missing.remove(response);
			last = response.createdAt().isAfter(last) ? response.createdAt() : last;
		}
		if (!copied) {
			Instant replaced = last;
			missing.removeIf((response) -> !response.createdAt().isAfter(replaced));
		}
		return missing.isEmpty() ? null
				: new CacheEntry(entry.key(), entry.namespace(), missing, entry.expiresAt(), entry.request());
	}

	/**
	 * Delete what has been stored anew, unless somebody has changed it meanwhile: then it
	 * is the next round's.
	 */
	private void deleteUnchanged() {
		Map<CacheKey, StoredEntry> now = this.store
			.getAll(this.moves.stream().map((move) -> move.stored().key()).toList());
		List<CacheKey> unchanged = new ArrayList<>();
		for (Move move : this.moves) {
			CacheEntry entry = read(now.get(move.stored().key()));
			if (entry != null && isSame(entry, move.stored()) && !move.target().equals(move.stored().key())) {
				unchanged.add(move.stored().key());
			}
		}
		this.store.deleteAll(unchanged);
	}

	private static boolean isSame(CacheEntry entry, CacheEntry other) {
		List<CachedResponse> responses = entry.responses();
		List<CachedResponse> others = other.responses();
		if (responses.size() != others.size()) {
			return false;
		}
		for (int i = 0; i < responses.size(); i++) {
			if (!Arrays.equals(responses.get(i).body(), others.get(i).body())) {
				return false;
			}
		}
		return true;
	}

	@Override
	public void close() {
		this.codec.close();
	}

	/**
	 * What was done.
	 *
	 * @param moved how many entries were encrypted with the new key
	 * @param unreadable how many entries are damaged, encrypted with unknown keys, or in
	 * an encrypted cache not at all; they are left as they are
	 * @param unknownKeys identifiers of such keys, not of all if they are many
	 * @param complete whether all other entries are encrypted with the new key; if not,
	 * others go on writing with the old one
	 */
	public record Result(long moved, long unreadable, List<String> unknownKeys, boolean complete) {
	}

	/**
	 * An entry that is encrypted anew.
	 */
	private record Move(CacheEntry stored, CacheEntry plain, CacheKey target, Instant lastUsed) {
	}

}
