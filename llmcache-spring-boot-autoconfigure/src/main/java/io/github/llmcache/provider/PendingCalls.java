package io.github.llmcache.provider;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;

/**
 * The calls that wait for a response, so that closing can end them.
 */
final class PendingCalls implements AutoCloseable {

	private final Set<Future<?>> calls = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	void add(Future<?> call) {
		this.calls.add(call);
		if (this.closed) {
			call.cancel(true);
		}
	}

	void remove(Future<?> call) {
		this.calls.remove(call);
	}

	boolean isClosed() {
		return this.closed;
	}

	@Override
	public void close() {
		this.closed = true;
		this.calls.forEach((call) -> call.cancel(true));
	}

}
