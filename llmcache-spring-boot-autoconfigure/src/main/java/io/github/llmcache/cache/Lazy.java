package io.github.llmcache.cache;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Something that is created when it is first needed, for with it classes are loaded that
 * an application may never need. Thread-safe.
 *
 * @param <T> what it is
 */
final class Lazy<T> {

	private final Supplier<T> factory;

	private volatile @Nullable T value;

	Lazy(Supplier<T> factory) {
		this.factory = factory;
	}

	T get() {
		T value = this.value;
		return (value != null) ? value : create();
	}

	private synchronized T create() {
		T value = this.value;
		if (value == null) {
			value = this.factory.get();
			this.value = value;
		}
		return value;
	}

	/**
	 * Return what has been created.
	 * @return it, or {@code null} if it has not been needed yet
	 */
	@Nullable T getIfCreated() {
		return this.value;
	}

}
