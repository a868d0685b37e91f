package io.github.llmcache.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.benchmarks.contender.Contender;
import io.github.llmcache.benchmarks.contender.Contender.Session;
import io.github.llmcache.benchmarks.harness.Variant;
import io.github.llmcache.benchmarks.harness.Workers;
import io.github.llmcache.benchmarks.workload.Workload;

/**
 * Lookups of random requests, some of which are hits and some misses. Requests are made
 * in portions before the clock runs, anew for each contender, and each lookup has to find
 * what it should.
 */
final class Lookups implements AutoCloseable {

	private static final int PORTION_BYTES = 16_000_000;

	private static final int MAX_PORTION = 4000;

	private static final double NANOS = 1e9;

	private final Workload workload;

	private final int entries;

	private final double misses;

	private final int lookups;

	private final Workers workers = new Workers();

	private final Map<Contender, List<Session>> sessions = new HashMap<>();

	/**
	 * Create lookups.
	 * @param workload the workload whose first entries are stored
	 * @param entries how many are stored
	 * @param misses which share of lookups is to miss
	 * @param lookups how many lookups a round has
	 */
	Lookups(Workload workload, int entries, double misses, int lookups) {
		this.workload = workload;
		this.entries = entries;
		this.misses = misses;
		this.lookups = lookups;
	}

	List<Variant> variants(List<Contender> contenders, int threads) {
		return contenders.stream()
			.map((contender) -> new Variant(contender.name(), threads, (round) -> measure(contender, threads, round)))
			.toList();
	}

	/**
	 * Measure a round.
	 * @return lookups a second
	 */
	private double measure(Contender contender, int threads, int round) throws Exception {
		List<Session> sessions = this.sessions.computeIfAbsent(contender, (key) -> new ArrayList<>());
		while (sessions.size() < threads) {
			sessions.add(contender.open());
		}
		SplittableRandom random = new SplittableRandom(this.workload.seed() + round);
		int portion = Math.min(MAX_PORTION, Math.max(threads, PORTION_BYTES / this.workload.promptLength()));
		long nanos = 0;
		for (int done = 0; done < this.lookups; done += portion) {
			nanos += measure(sessions, threads, Math.min(portion, this.lookups - done), random);
		}
		return this.lookups / (nanos / NANOS);
	}

	private long measure(List<Session> sessions, int threads, int length, SplittableRandom random) throws Exception {
		boolean[] expected = new boolean[length];
		long[] numbers = new long[length];
		for (int i = 0; i < length; i++) {
			expected[i] = random.nextDouble() >= this.misses;
			long number = random.nextInt(this.entries);
			numbers[i] = expected[i] ? number : this.entries + number;
		}
		InferenceRequest[] requests = new InferenceRequest[length];
		// Making them takes longer than looking them up
		Arrays.parallelSetAll(requests, (i) -> this.workload.request(numbers[i]));
		return this.workers.run(threads, (thread) -> {
			Session session = sessions.get(thread);
			for (int i = thread; i < length; i += threads) {
				if ((session.find(requests[i]) != null) != expected[i]) {
					throw new IllegalStateException("Lookup " + i + " should be a " + (expected[i] ? "hit" : "miss"));
				}
			}
		});
	}

	@Override
	public void close() {
		this.workers.close();
	}

}
