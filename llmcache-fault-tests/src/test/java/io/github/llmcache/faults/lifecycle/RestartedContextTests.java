package io.github.llmcache.faults.lifecycle;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResult;
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
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An application that ends with hundreds of requests in flight, and starts again, in the
 * same process and with the same cache, loses no answer that it was given and leaves
 * nothing behind.
 */
class RestartedContextTests {

	private static final Duration PATIENCE = Duration.ofMinutes(5);

	private static final Duration DELAY = Duration.ofMillis(5);

	private static final int IN_FLIGHT = 200;

	private static final int THREADS = 16;

	/** After so many rounds everything has been loaded and created that stays. */
	private static final int WARM_UP = 3;

	private static final long MEMORY_TOLERANCE = 12_000_000;

	private final Answers answers = new Answers(true);

	private final StandInProvider standIn = StandInProvider.start().delay(DELAY).answer(this.answers);

	private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

	private final Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();

	private int given;

	private volatile boolean closing;

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
		this.standIn.close();
	}

	@Test
	void nothingIsLostOrLeftBehindWithTheDatabase() throws Exception {
		restart("SQLite: application ended in the middle of calls, and started again",
				List.of("llmcache.backend=sqlite", "llmcache.directory=" + this.directory));
	}

	@Test
	void nothingIsLostOrLeftBehindWithTheFiles() throws Exception {
		restart("Files: application ended in the middle of calls, and started again",
				List.of("llmcache.backend=file", "llmcache.directory=" + this.directory));
	}

	@Test
	void nothingIsLostOrLeftBehindWithRedis() throws Exception {
		try (RedisServer server = RedisServer.start()) {
			restart("Redis: application ended in the middle of calls, and started again",
					List.of("llmcache.backend=redis", "spring.data.redis.port=" + server.port(),
							"spring.data.redis.host=" + RedisServer.HOST));
			LettuceConnectionFactory factory = new LettuceConnectionFactory(
					new RedisStandaloneConfiguration(RedisServer.HOST, server.port()));
			factory.afterPropertiesSet();
			factory.start();
			try (RedisConnection connection = factory.getConnection()) {
				await().atMost(PATIENCE)
					.untilAsserted(() -> assertThat(connection.serverCommands().getClientList()).hasSize(1));
			}
			finally {
				factory.destroy();
			}
		}
	}

	private void restart(String what, List<String> properties) throws Exception {
		int rounds = Math.max(Scale.of(50, 6), WARM_UP + 1);
		Footprint before = null;
		for (int round = 0; round < rounds; round++) {
			if (round == WARM_UP) {
				before = Footprint.measure();
			}
			endInTheMiddle(round, properties);
		}
		List<String> lost;
		try (ConfigurableApplicationContext context = CachedApplication.start(this.standIn, properties)) {
			lost = this.answers.lost(context.getBean(InferenceApi.class));
		}
		Survival.of(Area.LIFECYCLE, what)
			.count("restarts", rounds)
			.count("answers given by then", this.answers.received())
			.lost(lost.size())
			.wrong(this.answers.wrong())
			.thrown(this.thrown.size())
			.record();
		assertThat(this.thrown).isEmpty();
		assertThat(lost).isEmpty();
		assertThat(this.answers.wrong()).isZero();
		assertThat(this.answers.received()).isBetween(1, this.given);
		Footprint limit = Objects.requireNonNull(before);
		await().atMost(PATIENCE).untilAsserted(() -> {
			Footprint now = Footprint.measure();
			assertThat(now.threads()).as("threads").noneMatch((name) -> name.startsWith("llmcache"));
			assertThat(now.threads()).as("threads").hasSizeLessThanOrEqualTo(limit.threads().size());
			assertThat(now.files()).as("open files").isLessThanOrEqualTo(limit.files());
			assertThat(now.heap()).as("heap").isLessThan(limit.heap() + MEMORY_TOLERANCE);
			assertThat(Footprint.openFilesIn(this.directory)).isEmpty();
		});
	}

	/**
	 * Ask, and end the application when some of it has been answered.
	 */
	private void endInTheMiddle(int round, List<String> properties) throws Exception {
		int enough = this.answers.received() + IN_FLIGHT / 8;
		List<Future<?>> asking = new ArrayList<>();
		List<CompletableFuture<?>> answered = new ArrayList<>();
		this.closing = false;
		try (ConfigurableApplicationContext context = CachedApplication.start(this.standIn, properties)) {
			InferenceApi inference = context.getBean(InferenceApi.class);
			for (int i = 0; i < IN_FLIGHT; i++) {
				String question = "async-" + round + "-" + i;
				answered.add(inference.inferAsync(Answers.request(question))
					.whenComplete((response, failure) -> take(question, response, failure)));
			}
			for (int thread = 0; thread < THREADS; thread++) {
				String prefix = "thread-" + round + "-" + thread + "-";
				boolean all = thread == 0;
				asking.add(this.threads.submit(() -> ask(inference, prefix, all)));
			}
			this.given += IN_FLIGHT + THREADS * IN_FLIGHT;
			await().atMost(PATIENCE)
				.pollInterval(1, TimeUnit.MILLISECONDS)
				.until(() -> this.answers.received() > enough);
			this.closing = true;
		}
		for (Future<?> ended : asking) {
			ended.get();
		}
		CompletableFuture.allOf(answered.toArray(CompletableFuture[]::new))
			.handle((value, failure) -> "ended")
			.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		// What it remembers would grow with each round
		this.standIn.reset();
		this.standIn.delay(DELAY).answer(this.answers);
	}

	private void ask(InferenceApi inference, String prefix, boolean all) {
		try {
			if (all) {
				askAll(inference, prefix);
			}
			else {
				askOneByOne(inference, prefix);
			}
		}
		catch (InferenceException ex) {
			// The application has ended
		}
		catch (Throwable ex) {
			this.thrown.add(ex);
		}
	}

	private void askOneByOne(InferenceApi inference, String prefix) {
		for (int i = 0; i < IN_FLIGHT; i++) {
			String question = prefix + i;
			takeInTime(question, inference.infer(Answers.request(question)));
		}
	}

	private void askAll(InferenceApi inference, String prefix) {
		List<String> questions = IntStream.range(0, IN_FLIGHT).mapToObj((i) -> prefix + i).toList();
		List<InferenceRequest> requests = questions.stream().map(Answers::request).toList();
		List<InferenceResult> results = inference.inferAll(requests);
		for (int i = 0; i < IN_FLIGHT; i++) {
			InferenceResult result = results.get(i);
			if (!this.closing || result.response() == null) {
				take(questions.get(i), result.response(), result.failure());
			}
		}
	}

	/**
	 * What a thread of the application, which goes on while the application ends, is
	 * answered then is not known to be stored.
	 */
	private void takeInTime(String question, InferenceResponse response) {
		if (!this.closing) {
			this.answers.received(question, response);
		}
	}

	private void take(String question, @Nullable InferenceResponse response, @Nullable Throwable failure) {
		if (response != null) {
			this.answers.received(question, response);
		}
		else if (!(failure instanceof InferenceException)) {
			this.thrown.add((failure != null) ? failure : new IllegalStateException("neither"));
		}
	}

}
