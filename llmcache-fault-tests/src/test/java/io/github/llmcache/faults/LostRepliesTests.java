package io.github.llmcache.faults;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.LongStream;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.provider.Reply;
import io.github.llmcache.provider.StandInProvider;
import io.github.llmcache.testsupport.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Breaks connections to Redis after it has done what it was told, and before the reply is
 * there: the client connects again and sends again.
 */
@SuppressWarnings("NullAway.Init")
class LostRepliesTests {

	/** Longer than any connecting again. */
	private static final long TIMEOUT = 30_000;

	private RedisServer server;

	private Relay relay;

	private StandInProvider standIn;

	@BeforeEach
	void start() {
		this.server = RedisServer.start();
		this.relay = Relay.start(this.server.port());
		this.standIn = StandInProvider.start();
		Asker.answer(this.standIn);
	}

	@AfterEach
	void stop() {
		this.standIn.close();
		this.relay.close();
		this.server.close();
	}

	private ApplicationContextRunner application() {
		return Applications.onRedis(this.standIn, TIMEOUT)
			.withPropertyValues("spring.data.redis.port=" + this.relay.port(), "llmcache.redis.lease-time=5m");
	}

	@Test
	void samplesAreAppendedOnce() {
		int questions = Scale.of(200, 20);
		Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
		this.standIn.answer((request) -> {
			String question = request.json().path("messages").path(0).path("content").asString();
			int draw = asked.computeIfAbsent(question, (none) -> new AtomicInteger()).incrementAndGet();
			return Reply.ok(Asker.completion("Draw " + draw));
		});
		application().run((context) -> {
			InferenceApi inference = context.getBean(InferenceApi.class);
			assertThat(inference.infer(Asker.question(0)).text()).isEqualTo("Draw 1");
			Random random = new Random(1);
			this.relay.cutAfter((request) -> random.nextInt(6) == 0);
			long thrown = 0;
			for (int i = 1; i <= questions; i++) {
				for (int sample = 0; sample < 3; sample++) {
					InferenceRequest request = Asker.question(i).toBuilder().sample(sample).build();
					try {
						inference.infer(request);
					}
					catch (RuntimeException ex) {
						thrown++;
					}
				}
			}
			this.relay.cutAfter(null);
			long wrong = 0;
			for (int i = 1; i <= questions; i++) {
				InferenceRequest request = Asker.question(i);
				for (int sample = 0; sample < 3; sample++) {
					String text = inference.infer(request.toBuilder().sample(sample).build()).text();
					wrong += text.equals("Draw " + (sample + 1)) ? 0 : 1;
				}
			}
			Survival.of(Area.REDIS, "Replies lost after samples were appended, and all sent again")
				.count("samples", 3L * questions)
				.count("connections broken", this.relay.cuts())
				.wrong(wrong)
				.thrown(thrown)
				.record();
			assertThat(this.relay.cuts()).isPositive();
			assertThat(thrown).isZero();
			assertThat(wrong).isZero();
			Map<Integer, Integer> samples = new HashMap<>();
			context.getBean(CacheStore.class)
				.inspect(null,
						(entry) -> samples.merge(Objects.requireNonNull(entry.facts()).samples(), 1, Integer::sum));
			assertThat(samples).isEqualTo(Map.of(1, 1, 3, questions));
			assertThat(asked.values()).extracting(AtomicInteger::get).containsOnly(1, 3);
		});
	}

	@Test
	void aLeaseWhoseReplyIsLostIsTheCallers() {
		application().run((context) -> {
			Asker asker = new Asker(context.getBean(InferenceApi.class), Duration.ofMinutes(2));
			asker.ask(0);
			int rounds = Scale.of(50, 10);
			for (int i = 1; i <= rounds; i++) {
				int before = this.relay.cuts();
				this.relay
					.cutAfter((request) -> this.relay.cuts() == before && request.contains("'NX', 'PX', ARGV[2]"));
				asker.ask(i);
				assertThat(this.relay.cuts()).isGreaterThan(before);
			}
			this.relay.cutAfter(null);
			Survival.of(Area.REDIS, "Replies lost after leases were taken")
				.count("leases", rounds)
				.lost(LongStream.rangeClosed(0, rounds).filter((i) -> !asker.isCached(i)).count())
				.wrong(asker.wrong())
				.thrown(asker.thrown())
				.record();
			assertThat(asker.waits()).isZero();
			assertThat(asker.wrong()).isZero();
			assertThat(asker.thrown()).isZero();
		});
	}

	@Test
	void whatIsCountedIsSavedOnceWhenTheApplicationEnds() {
		int rounds = Scale.of(20, 5);
		AtomicLong asked = new AtomicLong();
		Predicate<String> counting = (request) -> request.contains("HINCRBY");
		for (int i = 0; i < rounds; i++) {
			application().run((context) -> {
				Asker asker = new Asker(context.getBean(InferenceApi.class), Duration.ofMinutes(1));
				for (int question = 0; question < 5; question++) {
					asker.ask(question);
				}
				asked.addAndGet(asker.calls());
				int before = this.relay.cuts();
				this.relay.cutAfter((request) -> this.relay.cuts() == before && counting.test(request));
			});
			this.relay.cutAfter(null);
		}
		application().run((context) -> {
			List<DailyStatistics> days = context.getBean(CacheManager.class).lifetimeStatistics();
			long counted = days.stream().mapToLong((day) -> day.counters().hits() + day.counters().misses()).sum();
			Survival.of(Area.REDIS, "Applications closed, and the replies to what they counted lost")
				.count("applications", rounds)
				.lost(Math.max(0, asked.get() - counted))
				.wrong(Math.max(0, counted - asked.get()))
				.record();
			assertThat(counted).isEqualTo(asked.get());
			assertThat(this.relay.cuts()).isEqualTo(rounds);
		});
	}

}
