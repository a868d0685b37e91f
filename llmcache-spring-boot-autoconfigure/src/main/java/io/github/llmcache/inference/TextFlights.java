package io.github.llmcache.inference;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

import io.github.llmcache.InferenceCancelledException;
import org.jspecify.annotations.Nullable;

/**
 * Who asks for which texts at the moment. Unlike {@link SingleFlight}, joining does not
 * wait: whoever asks for many texts first answers those that he leads, and only then
 * waits for those that others lead. So two that ask for each other's texts do not wait
 * for each other. Thread-safe.
 *
 * @param <K> what identical texts have in common
 * @param <V> what a text is answered with
 */
final class TextFlights<K, V> {

	private final Map<K, CompletableFuture<V>> flights = new ConcurrentHashMap<>();

	private final AtomicLong ended = new AtomicLong();

	/**
	 * Join the flight of a text, as its leader if there is none.
	 * @param key the key of the text
	 * @return the flight; a leader has to end it
	 */
	Flight join(K key) {
		CompletableFuture<V> own = new CompletableFuture<>();
		CompletableFuture<V> other = this.flights.putIfAbsent(key, own);
		return (other != null) ? new Flight(key, other, false) : new Flight(key, own, true);
	}

	/**
	 * Return how many flights have ended. As long as it is the same number, nobody has
	 * stored what was not there.
	 * @return the number of flights
	 */
	long ended() {
		return this.ended.get();
	}

	/**
	 * Return how many flights there are.
	 * @return the number of keys with a leader
	 */
	int size() {
		return this.flights.size();
	}

	/**
	 * The flight of one text.
	 */
	final class Flight {

		private final K key;

		private final CompletableFuture<V> result;

		private final boolean leader;

		private Flight(K key, CompletableFuture<V> result, boolean leader) {
			this.key = key;
			this.result = result;
			this.leader = leader;
		}

		boolean isLeader() {
			return this.leader;
		}

		/**
		 * End the flight.
		 * @param value what the text was answered with; stored, if it is to be
		 */
		void complete(V value) {
			leave();
			this.result.complete(value);
		}

		/**
		 * End the flight without an answer, if it has not ended. Why does not matter to
		 * others: it can be about another text of the same call.
		 */
		void fail() {
			if (!this.result.isDone()) {
				leave();
				this.result.cancel(false);
			}
		}

		private void leave() {
			// In this order: who finds no flight any more knows that one has ended
			TextFlights.this.ended.incrementAndGet();
			TextFlights.this.flights.remove(this.key, this.result);
		}

		/**
		 * Wait for the leader.
		 * @param patience the most time to wait
		 * @return what the text was answered with, or {@code null} if it was not
		 * @throws InferenceCancelledException if the current thread is interrupted
		 */
		@Nullable V await(Duration patience) {
			try {
				return this.result.get(patience.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (ExecutionException | TimeoutException | CancellationException ex) {
				return null;
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new InferenceCancelledException("Interrupted while waiting for an identical text", ex);
			}
		}

	}

}
