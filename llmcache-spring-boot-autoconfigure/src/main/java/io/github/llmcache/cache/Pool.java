package io.github.llmcache.cache;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Things that are costly to create, used by one at a time and again by the next. They
 * belong to no thread, for there may be thousands of virtual ones, but each thread begins
 * to look at a place of its own, so that threads rarely meet. Thread-safe.
 *
 * @param <T> what it holds
 */
public final class Pool<T> implements AutoCloseable {

	/** Places are as far apart as a line of a processor's cache is long. */
	private static final int STRIDE = 16;

	private final AtomicReferenceArray<@Nullable T> places;

	private final int capacity;

	private final Supplier<T> factory;

	private final Consumer<T> disposal;

	private volatile boolean closed;

	/**
	 * Create a pool.
	 * @param factory creates what is missing
	 * @param disposal is given what there is no place for
	 */
	public Pool(Supplier<T> factory, Consumer<T> disposal) {
		this(2 * Runtime.getRuntime().availableProcessors(), factory, disposal);
	}

	Pool(int capacity, Supplier<T> factory, Consumer<T> disposal) {
		this.places = new AtomicReferenceArray<>(capacity * STRIDE);
		this.capacity = capacity;
		this.factory = factory;
		this.disposal = disposal;
	}

	/**
	 * Take something that nobody else has.
	 * @return what is to be {@linkplain #release released}, or left to the garbage
	 * collector if it is in a state to be used no more
	 */
	public T acquire() {
		int home = home();
		for (int i = 0; i < this.capacity; i++) {
			int place = place(home + i);
			if (this.places.get(place) != null) {
				T pooled = this.places.getAndSet(place, null);
				if (pooled != null) {
					return pooled;
				}
			}
		}
		return this.factory.get();
	}

	/**
	 * Give back what was {@linkplain #acquire() acquired}.
	 * @param pooled what nobody uses any more
	 */
	public void release(T pooled) {
		int home = home();
		for (int i = 0; i < this.capacity; i++) {
			int place = place(home + i);
			if (this.places.get(place) == null && this.places.compareAndSet(place, null, pooled)) {
				if (this.closed) {
					disposeOfAll();
				}
				return;
			}
		}
		this.disposal.accept(pooled);
	}

	/**
	 * Dispose of what nobody has at the moment, and of the rest when it is released.
	 */
	@Override
	public void close() {
		this.closed = true;
		disposeOfAll();
	}

	private void disposeOfAll() {
		for (int i = 0; i < this.capacity; i++) {
			T pooled = this.places.getAndSet(place(i), null);
			if (pooled != null) {
				this.disposal.accept(pooled);
			}
		}
	}

	private int home() {
		return Math.floorMod(Thread.currentThread().getId(), this.capacity);
	}

	private int place(int index) {
		return (index % this.capacity) * STRIDE;
	}

}
