package io.github.llmcache.faults.load;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.faults.Area;
import io.github.llmcache.faults.Survival;
import io.github.llmcache.provider.StandInProvider;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that nobody waits for what others wait for: what is slow is held until those who
 * must not wait are through.
 */
@Timeout(300)
class UnblockedCallsTests {

	private static final String OTHER_MODEL = "gpt-other";

	private static final int CALLS = 500;

	private final StandInProvider standIn = StandInProvider.start().acceptAnyKey();

	/** Answers everything, also while the other holds all. */
	private final StandInProvider other = StandInProvider.start().acceptAnyKey();

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final CountDownLatch release = new CountDownLatch(1);

	@TempDir
	Path directory;

	private ConfigurableApplicationContext context;

	private InferenceApi api;

	private CacheStore store;

	@BeforeEach
	void start() {
		this.context = LoadApplication.start(this.directory, this.standIn.port(), "llmcache.memory.maximum-size=0",
				"llmcache.providers.openai.max-concurrency=2", "llmcache.sqlite.busy-timeout=5m",
				"llmcache.providers.other.protocol=openai", "llmcache.providers.other.api-key=sk-other",
				"llmcache.providers.other.base-url=" + this.other.baseUrl(), "llmcache.providers.other.models=other*");
		this.api = this.context.getBean(InferenceApi.class);
		this.store = this.context.getBean(CacheStore.class);
		assertThat(this.api.infer(known(LoadApplication.MODEL)).cached()).isFalse();
		assertThat(this.api.infer(known(OTHER_MODEL)).cached()).isFalse();
	}

	@AfterEach
	void stop() {
		this.release.countDown();
		this.standIn.release();
		this.context.close();
		this.executor.shutdown();
		this.standIn.close();
		this.other.close();
	}

	@Test
	void nobodyWaitsForTheMissOfAnother() {
		this.standIn.answer((received) -> {
			if (received.text().contains("slow")) {
				await(this.release);
			}
			return null;
		});
		CompletableFuture<InferenceResponse> slow = ask(LoadApplication.MODEL, "slow");
		Awaitility.await().until(() -> this.standIn.inFlight() == 1);
		for (int i = 0; i < CALLS; i++) {
			assertThat(this.api.infer(request(LoadApplication.MODEL, "quick " + i)).cached()).isFalse();
			assertThat(this.api.infer(request(OTHER_MODEL, "quick " + i)).cached()).isFalse();
			hit();
		}
		assertThat(slow).isNotDone();
		this.release.countDown();
		assertThat(slow.join().cached()).isFalse();
		record("held by the provider: another call, of the same model and of another", 4 * CALLS);
	}

	@Test
	void whoNeedsNoPermitWaitsForNone() {
		this.standIn.hold();
		List<CompletableFuture<InferenceResponse>> slow = IntStream.range(0, 50)
			.mapToObj((i) -> ask(LoadApplication.MODEL, "slow " + i))
			.toList();
		Awaitility.await().until(() -> this.standIn.inFlight() == 2);
		for (int i = 0; i < CALLS; i++) {
			hit();
			assertThat(this.api.infer(request("other-model", "quick " + i)).cached()).isFalse();
		}
		assertThat(slow).noneMatch(CompletableFuture::isDone);
		assertThat(this.standIn.maxInFlight()).isEqualTo(2);
		this.standIn.release();
		assertThat(slow).allSatisfy((call) -> assertThat(call.join().cached()).isFalse());
		record("all calls that its provider may get: hits, and calls of another provider", 3 * CALLS);
	}

	@Test
	void hitsDoNotWaitForAnotherProcessThatWrites() throws Exception {
		List<CompletableFuture<InferenceResponse>> saving;
		Path file = file(LoadApplication.MODEL);
		try (Connection connection = new SQLiteConfig().createConnection("jdbc:sqlite:" + file);
				Statement statement = connection.createStatement()) {
			statement.execute("BEGIN IMMEDIATE");
			int before = this.standIn.requestCount();
			saving = IntStream.range(0, 2).mapToObj((i) -> ask(LoadApplication.MODEL, "saved " + i)).toList();
			Awaitility.await().until(() -> this.standIn.requestCount() == before + 2 && this.standIn.inFlight() == 0);
			for (int i = 0; i < CALLS; i++) {
				hit();
				assertThat(this.api.infer(request(OTHER_MODEL, "quick " + i)).cached()).isFalse();
			}
			assertThat(saving).noneMatch(CompletableFuture::isDone);
			statement.execute("ROLLBACK");
		}
		assertThat(saving).allSatisfy((call) -> assertThat(call.join().cached()).isFalse());
		assertThat(this.api.infer(request(LoadApplication.MODEL, "saved 1")).cached()).isTrue();
		record("the lock of another process: hits, and saves of another model", 3 * CALLS);
	}

	@Test
	void nobodyWaitsForThoseWhoLookThroughAllEntries() {
		CountDownLatch looking = new CountDownLatch(16);
		List<CompletableFuture<Void>> looks = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			looks.add(run(() -> this.store.scan(LoadApplication.MODEL, (entry) -> hold(looking))));
			looks.add(run(() -> this.store.inspect(LoadApplication.MODEL, (entry) -> hold(looking))));
		}
		await(looking);
		for (int i = 0; i < CALLS; i++) {
			hit();
			assertThat(this.api.infer(request(LoadApplication.MODEL, "quick " + i)).cached()).isFalse();
		}
		assertThat(looks).noneMatch(CompletableFuture::isDone);
		this.release.countDown();
		looks.forEach(CompletableFuture::join);
		record("those who look through all entries: hits and saves", 3 * CALLS);
	}

	@Test
	void hitsGoOnWhateverElseIsDone() {
		CacheManager cache = this.context.getBean(CacheManager.class);
		Entries.save(this.store, LoadApplication.MODEL, 0, Entries.MANY);
		long[] hits = new long[1];
		List<Runnable> works = List.of(
				() -> Entries.save(this.store, LoadApplication.MODEL, Entries.MANY, Entries.MANY),
				() -> this.store.touch(Entries.uses(LoadApplication.MODEL, Entries.MANY, Instant.now())),
				() -> this.api.explain(request(LoadApplication.MODEL, "new")), this.store::size,
				() -> this.store.deleteAll(Entries.keys(LoadApplication.MODEL, 0, 2 * Entries.MANY)),
				() -> this.store.reclaim(LoadApplication.MODEL), this.store::statistics, this.store::problems);
		for (Runnable work : works) {
			CompletableFuture<Void> working = run(work);
			do {
				hit();
				hits[0]++;
			}
			while (!working.isDone());
			working.join();
		}
		assertThat(cache.health().isUp()).isTrue();
		assertThat(cache.statistics().total().errors()).isZero();
		record("imports, deletions, reclaimed space, explanations and checks: hits", hits[0]);
	}

	private void hit() {
		assertThat(this.api.infer(known(LoadApplication.MODEL)).cached()).isTrue();
		assertThat(this.api.infer(known(OTHER_MODEL)).cached()).isTrue();
	}

	private CompletableFuture<InferenceResponse> ask(String model, String question) {
		return CompletableFuture.supplyAsync(() -> this.api.infer(request(model, question)), this.executor);
	}

	private CompletableFuture<Void> run(Runnable work) {
		return CompletableFuture.runAsync(work, this.executor);
	}

	private void hold(CountDownLatch there) {
		there.countDown();
		await(this.release);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private Path file(String model) throws Exception {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.filter((file) -> file.getFileName().toString().startsWith(model))
				.filter((file) -> file.toString().endsWith(".sqlite"))
				.findFirst()
				.orElseThrow();
		}
	}

	private static InferenceRequest known(String model) {
		return request(model, "known");
	}

	private static InferenceRequest request(String model, String question) {
		return InferenceRequest.builder(model).user(question).build();
	}

	private static void record(String beside, long calls) {
		Survival.of(Area.LOAD, "SQLite: beside " + beside).count("calls that did not wait", calls).record();
	}

}
