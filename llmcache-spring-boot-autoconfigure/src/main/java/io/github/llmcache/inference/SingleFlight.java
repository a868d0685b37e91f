package io.github.llmcache.inference;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.ProviderException;
import org.jspecify.annotations.Nullable;

/**
 * Makes one call of identical ones that are in flight at the same time. The first to join
 * is the leader and makes the call; the others wait for what it gets.
 * <p>
 * Nobody depends on a leader's fate: if it is cancelled, one of the others becomes the
 * leader. If its call fails and may succeed later, they try once more together before the
 * failure is theirs as well. A leader that comes back to its own flight is not made to
 * wait for itself, and nobody waits longer than the given patience. Thread-safe.
 *
 * @param <K> what identical calls have in common
 * @param <V> what a call gets
 */
final class SingleFlight<K, V> {

	/** How many leaders' failures somebody waits for. */
	static final int MAX_FAILURES = 2;

	private final Map<K, Flight<V>> flights = new ConcurrentHashMap<>();

	/**
	 * Join the flight of a key.
	 * @param key the key
	 * @param owner the thread, beside the current one, without which the flight cannot
	 * end if the current thread becomes its leader; it is not made to wait for itself
	 * either
	 * @param patience the most time to wait for a leader
	 * @return the lead, which must be ended by {@link Lead#complete} or
	 * {@link Lead#fail}, or what another leader got
	 * @throws ProviderException if the calls of two other leaders failed
	 * @throws InferenceCancelledException if the current thread is interrupted
	 */
	Joined<V> join(K key, Thread owner, Duration patience) {
		Flight<V> own = new Flight<>(Thread.currentThread(), owner);
		Flight<V> flight = this.flights.putIfAbsent(key, own);
		int failures = 0;
		while (flight != null) {
			if (flight.isOwnedBy(Thread.currentThread()) || flight.isOwnedBy(owner)) {
				return leadApart(own);
			}
			try {
				return new Joined<>(null, flight.result.get(patience.toMillis(), TimeUnit.MILLISECONDS));
			}
			catch (ExecutionException ex) {
				if (ex.getCause() instanceof ProviderException failure
						&& (!failure.isRetryable() || ++failures == MAX_FAILURES)) {
					throw failure;
				}
			}
			catch (TimeoutException ex) {
				return leadApart(own);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new InferenceCancelledException("Interrupted while waiting for an identical request", ex);
			}
			flight = flight.succeededBy(own);
			if (flight == null) {
				flight = this.flights.putIfAbsent(key, own);
				if (flight != null) {
					// Somebody new was faster: all who waited join that flight
					own.giveWayTo(flight);
					own = new Flight<>(Thread.currentThread(), owner);
				}
			}
		}
		return new Joined<>(lead(key, own), null);
	}

	private Lead<V> lead(K key, Flight<V> own) {
		return new Lead<>(own, () -> this.flights.remove(key, own));
	}

	/**
	 * Lead a flight that nobody else can join.
	 */
	private Joined<V> leadApart(Flight<V> own) {
		return new Joined<>(new Lead<>(own, () -> {
		}), null);
	}

	/**
	 * Return how many flights there are.
	 * @return the number of keys with a leader
	 */
	int size() {
		return this.flights.size();
	}

	/**
	 * What came of joining: either the lead, or what another leader got.
	 *
	 * @param lead the lead, or {@code null}
	 * @param value what another leader got, or {@code null}
	 */
	record Joined<V>(@Nullable Lead<V> lead, @Nullable V value) {

		Lead<V> requireLead() {
			return Objects.requireNonNull(this.lead);
		}

	}

	/**
	 * The duty to end a flight.
	 */
	static final class Lead<V> {

		private final Flight<V> flight;

		private final Runnable leave;

		private Lead(Flight<V> flight, Runnable leave) {
			this.flight = flight;
			this.leave = leave;
		}

		/**
		 * Leave it to the owner to end the flight: the thread that leads it has done its
		 * part, and may be one of a pool, which joins the flight again for somebody else.
		 */
		void leaveToOwner() {
			this.flight.leader = null;
		}

		void complete(V value) {
			this.leave.run();
			this.flight.result.complete(value);
		}

		void fail(Throwable failure) {
			this.leave.run();
			this.flight.result.completeExceptionally(failure);
		}

	}

	private static final class Flight<V> {

		private final CompletableFuture<V> result = new CompletableFuture<>();

		/** The flight of those who waited for this one in vain. */
		private final AtomicReference<@Nullable Flight<V>> successor = new AtomicReference<>();

		/** {@code null} once the flight can end without it. */
		private volatile @Nullable Thread leader;

		private final Thread owner;

		private Flight(Thread leader, Thread owner) {
			this.leader = leader;
			this.owner = owner;
		}

		/**
		 * Take the place of this flight, which has failed.
		 * @param flight the flight to take its place
		 * @return {@code null} if it does, or the one that was faster
		 */
		private @Nullable Flight<V> succeededBy(Flight<V> flight) {
			return this.successor.compareAndExchange(null, flight);
		}

		/**
		 * End this flight, which has not begun: whoever waits for it waits for the other
		 * one instead.
		 */
		private void giveWayTo(Flight<V> other) {
			succeededBy(other);
			this.result.completeExceptionally(new InferenceCancelledException("Somebody else was faster", null));
		}

		private boolean isOwnedBy(Thread thread) {
			return thread == this.leader || thread == this.owner;
		}

	}

}
