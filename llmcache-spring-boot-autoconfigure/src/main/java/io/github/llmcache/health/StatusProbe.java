package io.github.llmcache.health;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import io.github.llmcache.cache.StoreStatus;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a store can be used, as often as somebody asks but no more than every
 * few seconds, and one at a time: who asks meanwhile is told what was found out last.
 * Thread-safe.
 */
final class StatusProbe {

	/** More often than people or machines act on it makes no sense. */
	static final Duration INTERVAL = Duration.ofSeconds(5);

	private final ReentrantLock probing = new ReentrantLock();

	private final Supplier<StoreStatus> store;

	private final InstantSource clock;

	private volatile @Nullable Found found;

	/**
	 * Create a probe.
	 * @param store finds out
	 * @param clock the time
	 */
	StatusProbe(Supplier<StoreStatus> store, InstantSource clock) {
		this.store = store;
		this.clock = clock;
	}

	/**
	 * Return the status.
	 * @return the status, or {@code null} if somebody else is finding out for the first
	 * time
	 */
	@Nullable StoreStatus status() {
		Found found = this.found;
		if ((found == null || found.isOld(this.clock.instant())) && this.probing.tryLock()) {
			try {
				found = new Found(this.store.get(), this.clock.instant());
				this.found = found;
			}
			finally {
				this.probing.unlock();
			}
		}
		return (found != null) ? found.status() : null;
	}

	/**
	 * A status, and when it was found out.
	 */
	private record Found(StoreStatus status, Instant at) {

		/**
		 * Return whether it is to be found out again, as when the clock was set back.
		 */
		private boolean isOld(Instant now) {
			return now.isBefore(this.at) || !now.isBefore(this.at.plus(INTERVAL));
		}
	}

}
