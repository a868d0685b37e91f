package io.github.llmcache.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Tells observers, and lets what one of them throws be nobody else's failure.
 * Thread-safe.
 */
final class CacheObservers implements CacheObserver {

	private static final Log logger = LogFactory.getLog(CacheManager.class);

	private final AtomicBoolean failed = new AtomicBoolean();

	private final List<CacheObserver> observers;

	private CacheObservers(List<CacheObserver> observers) {
		this.observers = List.copyOf(observers);
	}

	/**
	 * Combine observers.
	 * @param observers the observers in the order in which they are told
	 * @return an observer that tells them all, and costs nothing if there is none
	 */
	static CacheObserver of(List<CacheObserver> observers) {
		return observers.isEmpty() ? NONE : new CacheObservers(observers);
	}

	@Override
	public LookupObservation lookupsStarted(int count) {
		List<LookupObservation> started = new ArrayList<>(this.observers.size());
		for (CacheObserver observer : this.observers) {
			tell(() -> {
				LookupObservation observation = observer.lookupsStarted(count);
				if (observation != LookupObservation.NONE) {
					started.add(observation);
				}
			});
		}
		return started.isEmpty() ? LookupObservation.NONE : new Observations(started);
	}

	@Override
	public void entryStored(String model, long bytes) {
		this.observers.forEach((observer) -> tell(() -> observer.entryStored(model, bytes)));
	}

	private void tell(Runnable event) {
		try {
			event.run();
		}
		catch (Exception | LinkageError ex) {
			// The latter of a tracer whose libraries do not go together
			if (this.failed.compareAndSet(false, true)) {
				// Not its message, which may quote what was asked
				logger.warn("An observer of the cache threw " + ex.getClass().getName()
						+ " and should not; further ones are not logged");
			}
		}
	}

	private final class Observations implements LookupObservation {

		private final List<LookupObservation> observations;

		private Observations(List<LookupObservation> observations) {
			this.observations = observations;
		}

		@Override
		public void lookedUp(LookupResult result) {
			this.observations.forEach((observation) -> tell(() -> observation.lookedUp(result)));
		}

		@Override
		public void ended() {
			// What was opened last is closed first
			for (int i = this.observations.size() - 1; i >= 0; i--) {
				tell(this.observations.get(i)::ended);
			}
		}

	}

}
