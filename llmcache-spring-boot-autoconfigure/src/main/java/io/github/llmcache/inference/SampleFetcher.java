package io.github.llmcache.inference;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.github.llmcache.InferenceException;
import io.github.llmcache.InvalidRequestException;

/**
 * Asks a provider for samples: for several with one call if its protocol can, and with
 * several calls at the same time otherwise, or where a server ignores or refuses their
 * number. Thread-safe.
 */
final class SampleFetcher {

	private final ProviderCaller caller;

	private final InferenceTasks tasks;

	SampleFetcher(ProviderCaller caller, InferenceTasks tasks) {
		this.caller = caller;
		this.tasks = tasks;
	}

	/**
	 * Ask for samples.
	 * @param call the call
	 * @param count the number of samples; there may be more in the end
	 * @param answers given each answer as it comes, perhaps by several threads at the
	 * same time, and none after this method has ended
	 * @throws InferenceException if a call fails. Those that are under way by then are
	 * waited for, and no more are made
	 */
	void fetch(InferenceCall call, int count, Consumer<CallAnswer> answers) {
		int missing = count;
		int perCall = Math.min(count, call.provider().protocol().maxSamplesPerCall());
		boolean refused = false;
		while (missing > 1) {
			// Who refuses several may refuse one as well, which needs no more than one
			// call
			List<Integer> sizes = refused ? List.of(1) : sizes(missing, perCall);
			Received received = new Received();
			try {
				ask(call, sizes, answers, received);
				refused = false;
			}
			catch (InvalidRequestException ex) {
				if (perCall == 1) {
					throw ex;
				}
				refused = true;
			}
			missing -= received.samples.get();
			// A server that gave fewer than it was asked for does not know better
			perCall = refused ? 1 : Math.min(perCall, received.fewest.get());
		}
		if (missing == 1) {
			answers.accept(this.caller.call(call, 1));
		}
	}

	private void ask(InferenceCall call, List<Integer> sizes, Consumer<CallAnswer> answers, Received received) {
		List<Runnable> calls = new ArrayList<>(sizes.size());
		for (int size : sizes) {
			calls.add(() -> {
				CallAnswer answer = this.caller.call(call, size);
				answers.accept(answer);
				received.add(size, answer.response().samples().size());
			});
		}
		new ParallelCalls(this.tasks, call.provider().maxConcurrency(), calls).run();
	}

	private static List<Integer> sizes(int samples, int perCall) {
		List<Integer> sizes = new ArrayList<>(Collections.nCopies(samples / perCall, perCall));
		if (samples % perCall > 0) {
			sizes.add(samples % perCall);
		}
		return sizes;
	}

	/**
	 * How many samples there were in the answers to several calls.
	 */
	private static final class Received {

		private final AtomicInteger samples = new AtomicInteger();

		/** In the smallest answer that had fewer than it was asked for. */
		private final AtomicInteger fewest = new AtomicInteger(Integer.MAX_VALUE);

		void add(int asked, int received) {
			this.samples.addAndGet(received);
			if (received < asked) {
				this.fewest.accumulateAndGet(received, Math::min);
			}
		}

	}

}
