package io.github.llmcache.faults.lifecycle;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.TestEntries;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.faults.Area;
import io.github.llmcache.faults.Scale;
import io.github.llmcache.faults.Survival;
import io.github.llmcache.provider.StandInProvider;
import io.github.llmcache.testsupport.RedisServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Threads that are interrupted and futures that are cancelled at random moments take
 * nothing with them: no answer, no connection, no lock, no permit, no lease, and not the
 * interrupt itself.
 */
class InterruptedCallsTests {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final int WORKERS = 8;

	private static final int LONGEST_PAUSE_NANOS = 3_000_000;

	private static final int AT_ONCE = 5;

	private static final int QUESTIONS = 100;

	private static final int FIRST_JAVA_WITH_VIRTUAL_THREADS = 21;

	private final Answers answers = new Answers(false);

	private final AtomicReference<@Nullable CyclicBarrier> meeting = new AtomicReference<>();

	private final StandInProvider standIn = StandInProvider.start().delay(Duration.ofMillis(1)).answer((request) -> {
		meet();
		return this.answers.apply(request);
	});

	private final Queue<String> failures = new ConcurrentLinkedQueue<>();

	private final AtomicInteger cancelled = new AtomicInteger();

	private volatile boolean ending;

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	@AfterEach
	void stop() {
		this.standIn.close();
	}

	@Test
	void interruptsTakeNothingWithThemWithTheDatabase() throws Exception {
		interrupt("SQLite: threads interrupted, futures cancelled",
				List.of("llmcache.backend=sqlite", "llmcache.directory=" + this.directory));
	}

	@Test
	void interruptsTakeNothingWithThemWithTheFiles() throws Exception {
		interrupt("Files: threads interrupted, futures cancelled",
				List.of("llmcache.backend=file", "llmcache.directory=" + this.directory));
	}

	@Test
	void interruptsTakeNothingWithThemWithRedis() throws Exception {
		try (RedisServer server = RedisServer.start()) {
			interrupt("Redis: threads interrupted, futures cancelled", List.of("llmcache.backend=redis",
					"spring.data.redis.port=" + server.port(), "spring.data.redis.host=" + RedisServer.HOST));
		}
	}

	private void interrupt(String what, List<String> properties) throws Exception {
		int interrupts = Scale.of(10_000, 1000);
		try (ConfigurableApplicationContext context = CachedApplication.start(this.standIn, properties)) {
			List<Worker> workers = start(context);
			SplittableRandom random = new SplittableRandom();
			for (int i = 0; i < interrupts; i++) {
				LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE_NANOS));
				workers.get(random.nextInt(WORKERS)).interrupt();
			}
			this.ending = true;
			for (Worker worker : workers) {
				worker.thread.join();
			}
			InferenceApi inference = context.getBean(InferenceApi.class);
			List<String> lost = this.answers.lost(inference);
			Survival.of(Area.LIFECYCLE, what)
				.count("interrupts", interrupts)
				.count("cancelled futures", this.cancelled.get())
				.count("answers", this.answers.received())
				.lost(lost.size())
				.wrong(this.answers.wrong())
				.thrown(this.failures.size())
				.record();
			assertThat(this.failures).isEmpty();
			assertThat(lost).isEmpty();
			assertThat(this.answers.wrong()).isZero();
			assertThat(this.answers.received()).isPositive();
			assertThat(this.cancelled).hasPositiveValue();
			CacheManager manager = context.getBean(CacheManager.class);
			assertThat(manager.statistics().total().errors()).as("%s", manager.health()).isZero();
			assertThat(manager.health().isUp()).isTrue();
			assertThat(manager.status().readFailure()).isNull();
			assertThat(manager.status().writeFailure()).isNull();
			assertAllPermitsAreThere(inference);
			assertNoLeaseIsLeft(context);
		}
	}

	private List<Worker> start(ConfigurableApplicationContext context) {
		List<Worker> workers = new ArrayList<>();
		for (int i = 0; i < WORKERS; i++) {
			Worker worker = new Worker(i, context.getBean(InferenceApi.class), context.getBean(CacheStore.class));
			worker.thread = threads(i).newThread(worker::run);
			workers.add(worker);
		}
		workers.forEach((worker) -> worker.thread.start());
		return workers;
	}

	/**
	 * Every other thread is a virtual one, where there are any.
	 */
	private static ThreadFactory threads(int number) {
		return (number % 2 == 0 && Runtime.version().feature() >= FIRST_JAVA_WITH_VIRTUAL_THREADS)
				? new VirtualThreadTaskExecutor().getVirtualThreadFactory() : Thread::new;
	}

	/**
	 * Make as many calls as there are permits, each of which is answered only when all of
	 * them are there.
	 */
	private void assertAllPermitsAreThere(InferenceApi inference) {
		await().atMost(PATIENCE).until(() -> this.standIn.inFlight() == 0);
		this.meeting.set(new CyclicBarrier(CachedApplication.MAX_CONCURRENCY));
		List<InferenceResult> results = inference.inferAll(IntStream.range(0, 3 * CachedApplication.MAX_CONCURRENCY)
			.mapToObj((i) -> Answers.request("together-" + i))
			.toList());
		assertThat(results).allSatisfy((result) -> assertThat(result.failure()).isNull());
	}

	private void meet() {
		CyclicBarrier meeting = this.meeting.get();
		if (meeting != null) {
			try {
				meeting.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			}
			catch (InterruptedException | BrokenBarrierException | TimeoutException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	/**
	 * Leases are given back without waiting for it.
	 */
	private static void assertNoLeaseIsLeft(ConfigurableApplicationContext context) {
		if (context.getBean(CacheStore.class).name().equals("redis")) {
			RedisConnectionFactory factory = context.getBean(RedisConnectionFactory.class);
			await().atMost(PATIENCE).untilAsserted(() -> {
				try (RedisConnection connection = factory.getConnection()) {
					assertThat(connection.keyCommands().keys("llmcache:*:l".getBytes())).isEmpty();
				}
			});
		}
	}

	/**
	 * A thread that asks and stores until it ends, and is interrupted meanwhile.
	 */
	private final class Worker {

		private final InterruptedCallsTests tests = InterruptedCallsTests.this;

		private final SplittableRandom random = new SplittableRandom();

		private final int number;

		private final InferenceApi inference;

		private final CacheStore store;

		private Thread thread = Thread.currentThread();

		private boolean interrupted;

		private long stored;

		private Worker(int number, InferenceApi inference, CacheStore store) {
			this.number = number;
			this.inference = inference;
			this.store = store;
		}

		private synchronized void interrupt() {
			this.interrupted = true;
			this.thread.interrupt();
		}

		/**
		 * Nobody but this thread may take the interrupt away.
		 */
		private synchronized void checkInterrupt(String what) {
			if (Thread.interrupted() != this.interrupted) {
				this.tests.failures.add(what + " took the interrupt away, or made one");
			}
			this.interrupted = false;
		}

		private void run() {
			while (!this.tests.ending) {
				int choice = this.random.nextInt(10);
				String what = (choice < 5) ? "infer"
						: (choice < 7) ? "inferAll" : (choice < 8) ? "inferAsync" : "store";
				try {
					switch (what) {
						case "infer" -> ask(question());
						case "inferAll" -> askAll();
						case "inferAsync" -> askAndCancel();
						default -> store();
					}
				}
				catch (InferenceCancelledException ex) {
					// As it should be
				}
				catch (Throwable ex) {
					this.tests.failures.add(what + ": " + ex);
				}
				checkInterrupt(what);
			}
		}

		/**
		 * Many ask the same at the same time, and most questions are new.
		 */
		private String question() {
			return "question-" + (System.nanoTime() / 10_000_000) % 1_000_000 + "-" + this.random.nextInt(3);
		}

		private void ask(String question) {
			this.tests.answers.received(question, this.inference.infer(Answers.request(question)));
		}

		private void askAll() {
			List<String> questions = IntStream.range(0, AT_ONCE).mapToObj((i) -> question()).distinct().toList();
			List<InferenceRequest> requests = questions.stream().map(Answers::request).toList();
			List<InferenceResult> results = this.inference.inferAll(requests);
			for (int i = 0; i < requests.size(); i++) {
				InferenceResponse response = results.get(i).response();
				if (response != null) {
					this.tests.answers.received(questions.get(i), response);
				}
				else {
					this.tests.failures.add("inferAll: " + results.get(i).failure());
				}
			}
		}

		private void askAndCancel() {
			String question = question();
			CompletableFuture<InferenceResponse> future = this.inference.inferAsync(Answers.request(question));
			LockSupport.parkNanos(this.random.nextInt(LONGEST_PAUSE_NANOS));
			if (future.cancel(true)) {
				this.tests.cancelled.incrementAndGet();
			}
			else {
				this.tests.answers.received(question, future.join());
			}
		}

		private void store() throws UnreadableEntryException {
			try {
				String key = this.number + "-" + this.stored++ % QUESTIONS;
				String body = "body " + this.stored;
				this.store.putAll(List.of(TestEntries.entry(TestEntries.key("stored", key), body)));
				CacheStore.StoredEntry found = this.store.get(TestEntries.key("stored", key));
				if (found == null || !TestEntries.bodies(found.read()).equals(List.of(body))) {
					this.tests.failures.add("what was just stored is not there");
				}
			}
			catch (CacheStoreException ex) {
				this.tests.failures.add("store: " + ex + " of " + ex.getCause());
			}
		}

	}

}
