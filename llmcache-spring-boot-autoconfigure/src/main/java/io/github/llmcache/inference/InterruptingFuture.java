package io.github.llmcache.inference;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.github.llmcache.InferenceCancelledException;

/**
 * Runs a task whose thread is interrupted when its future is cancelled or completed by
 * somebody else, such as by {@link CompletableFuture#orTimeout}; a
 * {@link CompletableFuture} alone would let it run on.
 */
final class InterruptingFuture {

	private InterruptingFuture() {
	}

	static <T> CompletableFuture<T> run(Supplier<T> task, InferenceTasks tasks) {
		CompletableFuture<T> result = new CompletableFuture<>();
		AtomicBoolean finished = new AtomicBoolean();
		try {
			Future<?> running = tasks.submit(() -> {
				try {
					tasks.requireOpen();
					T value = task.get();
					finished.set(true);
					tasks.handOver(() -> result.complete(value));
				}
				catch (Throwable ex) {
					finished.set(true);
					tasks.handOver(() -> result.completeExceptionally(ex));
				}
			});
			result.whenComplete((value, failure) -> {
				if (!finished.get()) {
					running.cancel(true);
				}
			});
		}
		catch (InferenceCancelledException ex) {
			result.completeExceptionally(ex);
		}
		return result;
	}

}
