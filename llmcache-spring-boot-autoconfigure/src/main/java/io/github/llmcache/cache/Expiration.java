package io.github.llmcache.cache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

import io.github.llmcache.cache.CacheStore.StoredEntry;
import org.jspecify.annotations.Nullable;

/**
 * Deletes the expired entries of a model. Nobody is answered with them anyway, so it goes
 * through all entries only when one of them must have expired, as far as it is known, and
 * so seldom that it takes a small part of the time. Noting what is saved is thread-safe,
 * the rest is done by one thread.
 */
final class Expiration {

	/** How many entries are deleted at once: in some milliseconds. */
	private static final int PORTION = 256;

	/** Others may have stored what expires earlier. */
	private static final Duration LOOK_AGAIN = Duration.ofHours(1);

	/** By how much longer than it takes to go through the entries they are left alone. */
	private static final int REST = 50;

	private static final Duration LONGEST_REST = Duration.ofDays(1);

	/** When the first entry expires, as far as it is known. */
	private final AtomicReference<Instant> earliest = new AtomicReference<>(Instant.MAX);

	private final String model;

	private final InstantSource clock;

	/** If it is earlier than that, the clock was set back. */
	private Instant looked = Instant.MIN;

	private Instant lookAgain;

	private Instant notBefore = Instant.MIN;

	/**
	 * Create the expiration of a model.
	 * @param model the model's id
	 * @param clock the time
	 * @param soon whether entries may have expired already
	 */
	Expiration(String model, InstantSource clock, boolean soon) {
		this.model = model;
		this.clock = clock;
		if (soon) {
			this.lookAgain = Instant.MIN;
		}
		else {
			this.looked = clock.instant();
			this.lookAgain = this.looked.plus(LOOK_AGAIN);
		}
	}

	void saved(Instant expiresAt) {
		if (expiresAt.isBefore(this.earliest.get())) {
			this.earliest.accumulateAndGet(expiresAt, (known, saved) -> saved.isBefore(known) ? saved : known);
		}
	}

	boolean isDue() {
		Instant now = this.clock.instant();
		return now.isBefore(this.looked) || !now.isBefore(this.notBefore)
				&& (!now.isBefore(this.earliest.get()) || !now.isBefore(this.lookAgain));
	}

	/**
	 * Delete what has expired.
	 * @param store the store
	 * @param stopping whether to give up
	 * @param expired is told how many entries have been deleted, of each portion
	 * @throws CacheStoreException if the store fails
	 */
	void run(CacheStore store, BooleanSupplier stopping, LongConsumer expired) {
		Instant start = this.clock.instant();
		// Until it is known better; what is saved meanwhile is noted as well
		this.earliest.set(Instant.MAX);
		this.lookAgain = start;
		try {
			deleteExpired(store, start, stopping, expired);
		}
		catch (Stopped ex) {
			return;
		}
		Instant end = this.clock.instant();
		this.looked = end;
		this.lookAgain = end.plus(LOOK_AGAIN);
		Duration rest = Duration.between(start, end).multipliedBy(REST);
		this.notBefore = end.plus((rest.compareTo(LONGEST_REST) < 0) ? rest : LONGEST_REST);
	}

	private void deleteExpired(CacheStore store, Instant start, BooleanSupplier stopping, LongConsumer expired) {
		List<CacheKey> portion = new ArrayList<>();
		store.inspect(this.model, (details) -> {
			if (stopping.getAsBoolean()) {
				throw new Stopped();
			}
			EntryDetails.Facts facts = details.facts();
			Instant expiresAt = (facts != null) ? facts.expiresAt() : null;
			if (expiresAt == null) {
				return;
			}
			if (start.isBefore(expiresAt)) {
				saved(expiresAt);
				return;
			}
			portion.add(details.key());
			if (portion.size() == PORTION) {
				expired.accept(deleteExpired(store, portion, start));
				portion.clear();
			}
		});
		if (!portion.isEmpty()) {
			expired.accept(deleteExpired(store, portion, start));
		}
	}

	/**
	 * Whoever was not answered with an expired entry has probably replaced it.
	 */
	private static long deleteExpired(CacheStore store, List<CacheKey> keys, Instant now) {
		List<CacheKey> expired = store.getAll(keys)
			.entrySet()
			.stream()
			.filter((entry) -> hasExpired(entry.getValue(), now))
			.map((entry) -> entry.getKey())
			.toList();
		return expired.isEmpty() ? 0 : store.deleteAll(expired);
	}

	private static boolean hasExpired(StoredEntry stored, Instant now) {
		try {
			@Nullable Instant expiresAt = stored.read().expiresAt();
			return expiresAt != null && !now.isBefore(expiresAt);
		}
		catch (UnreadableEntryException | RuntimeException ex) {
			return false;
		}
	}

	/**
	 * Ends an inspection.
	 */
	private static final class Stopped extends RuntimeException {

		private static final long serialVersionUID = 1L;

		Stopped() {
			super("Stopped", null, false, false);
		}

	}

}
