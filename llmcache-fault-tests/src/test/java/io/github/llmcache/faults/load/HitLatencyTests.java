package io.github.llmcache.faults.load;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.faults.Area;
import io.github.llmcache.faults.Scale;
import io.github.llmcache.faults.Survival;
import io.github.llmcache.provider.StandInProvider;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Measures how long a hit takes beside others who write to the same file: for
 * {@code target/load.md}. Rounds of each kind take turns, and of each figure the median
 * round is told.
 */
class HitLatencyTests {

	private static final int KNOWN = 200;

	private static final long ROUND = Duration.ofMillis(500).toNanos();

	private final AtomicInteger unknown = new AtomicInteger();

	private final ExecutorService executor = Executors.newCachedThreadPool();

	@TempDir
	Path directory;

	@Test
	void hitsAreRightWhileOthersWrite() throws Exception {
		Map<String, List<Histogram>> times = new LinkedHashMap<>();
		try (StandInProvider standIn = StandInProvider.start().acceptAnyKey();
				ConfigurableApplicationContext context = LoadApplication.start(this.directory, standIn.port(),
						"llmcache.memory.maximum-size=0")) {
			InferenceApi api = context.getBean(InferenceApi.class);
			List<String> answers = new ArrayList<>();
			for (int question = 0; question < KNOWN; question++) {
				answers.add(api.infer(request(question)).text());
			}
			CacheStore store = context.getBean(CacheStore.class);
			Map<String, Consumer<AtomicBoolean>> kinds = new LinkedHashMap<>();
			kinds.put("nobody else", (ended) -> {
			});
			kinds.put("one thread that saves without a pause", (ended) -> save(store, 1, ended));
			kinds.put("one thread that saves 500 at once without a pause", (ended) -> save(store, 500, ended));
			for (int round = 0; round < Scale.of(15, 3); round++) {
				kinds.forEach((kind, work) -> times.computeIfAbsent(kind, (name) -> new ArrayList<>())
					.add(beside(work, () -> hits(api, answers))));
			}
		}
		this.executor.shutdown();
		Files.createDirectories(Path.of("target"));
		Files.writeString(Path.of("target", "load.md"), report(times));
		long hits = times.values().stream().flatMap(List::stream).mapToLong(Histogram::getTotalCount).sum();
		Survival.of(Area.LOAD, "SQLite: hits while another thread saves without a pause").count("hits", hits).record();
		assertThat(this.unknown).hasPositiveValue();
	}

	private Histogram beside(Consumer<AtomicBoolean> work, Supplier<Histogram> measured) {
		AtomicBoolean ended = new AtomicBoolean();
		CompletableFuture<Void> working = CompletableFuture.runAsync(() -> work.accept(ended), this.executor);
		try {
			return measured.get();
		}
		finally {
			ended.set(true);
			working.join();
		}
	}

	private void save(CacheStore store, int count, AtomicBoolean ended) {
		while (!ended.get()) {
			Entries.save(store, LoadApplication.MODEL, this.unknown.getAndAdd(count), count);
		}
	}

	private static Histogram hits(InferenceApi api, List<String> answers) {
		Histogram times = new Histogram(3);
		long start = System.nanoTime();
		while (System.nanoTime() - start < ROUND) {
			int question = ThreadLocalRandom.current().nextInt(KNOWN);
			InferenceRequest request = request(question);
			long before = System.nanoTime();
			InferenceResponse response = api.infer(request);
			times.recordValue(System.nanoTime() - before);
			assertThat(response.cached()).isTrue();
			assertThat(response.text()).isEqualTo(answers.get(question));
		}
		return times;
	}

	private static InferenceRequest request(int question) {
		return InferenceRequest.builder(LoadApplication.MODEL).user(SoakTexts.prompt(question)).build();
	}

	private static String report(Map<String, List<Histogram>> times) {
		StringBuilder report = new StringBuilder(String.format(Locale.ROOT,
				"A hit with a prompt of 4 KB, read from SQLite by one thread, JDK %s, %d processors:\n\n"
						+ "| Beside | p50 | p99 | p99.9 |\n|---|--:|--:|--:|\n",
				Runtime.version().feature(), Runtime.getRuntime().availableProcessors()));
		times.forEach((kind, rounds) -> report.append(String.format(Locale.ROOT, "| %s | %s | %s | %s |\n", kind,
				median(rounds, 50), median(rounds, 99), median(rounds, 99.9))));
		return report.toString();
	}

	private static String median(List<Histogram> rounds, double percentile) {
		ToLongFunction<Histogram> value = (histogram) -> histogram.getValueAtPercentile(percentile);
		long[] values = rounds.stream().mapToLong(value).sorted().toArray();
		return String.format(Locale.ROOT, "%,d µs", values[values.length / 2] / 1000);
	}

}
