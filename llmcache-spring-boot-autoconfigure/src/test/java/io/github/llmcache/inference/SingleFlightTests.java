package io.github.llmcache.inference;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.llmcache.AuthenticationException;
import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.OverloadedException;
import io.github.llmcache.ProviderError;
import io.github.llmcache.inference.SingleFlight.Joined;
import io.github.llmcache.inference.SingleFlight.Lead;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SingleFlight}.
 */
class SingleFlightTests {

	private static final Duration PATIENCE = Duration.ofMinutes(5);

	private final SingleFlight<String, String> flights = new SingleFlight<>();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final AtomicInteger calls = new AtomicInteger();

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
	}

	@Test
	void followersGetWhatTheLeaderGets() throws Exception {
		CountDownLatch answer = new CountDownLatch(1);
		List<Future<String>> results = IntStream.range(0, 20).mapToObj((i) -> this.threads.submit(() -> run(() -> {
			answer.await();
			return "answer";
		}))).toList();
		awaitFollowers(19);
		answer.countDown();
		for (Future<String> result : results) {
			assertThat(result.get(1, TimeUnit.MINUTES)).isEqualTo("answer");
		}
		assertThat(this.calls).hasValue(1);
		assertThat(this.flights.size()).isZero();
	}

	@Test
	void threadOfAPoolWaitsForAFlightThatItHasLeftToItsOwner() throws Exception {
		ExecutorService pool = Executors.newSingleThreadExecutor();
		try {
			Thread owner = new Thread();
			Lead<String> lead = pool.submit(() -> this.flights.join("key", owner, PATIENCE).requireLead()).get();
			Thread leader = pool.submit(Thread::currentThread).get();
			lead.leaveToOwner();
			Future<Joined<String>> other = pool.submit(() -> this.flights.join("key", new Thread(), PATIENCE));
			Awaitility.await().until(() -> other.isDone() || leader.getState() == Thread.State.TIMED_WAITING);
			lead.complete("answer");
			assertThat(other.get().value()).isEqualTo("answer");
		}
		finally {
			pool.shutdownNow();
		}
	}

	@Test
	void followersTryOnceMoreTogetherIfTheLeaderFails() throws Exception {
		CountDownLatch fail = new CountDownLatch(1);
		Future<String> leader = this.threads.submit(() -> run(() -> {
			fail.await();
			throw overloaded();
		}));
		awaitLeader();
		List<Future<String>> followers = IntStream.range(0, 10)
			.mapToObj((i) -> this.threads.submit(() -> run(() -> "second answer")))
			.toList();
		awaitFollowers(10);
		fail.countDown();
		assertThatExceptionOfType(Exception.class).isThrownBy(leader::get)
			.withCauseInstanceOf(OverloadedException.class);
		for (Future<String> follower : followers) {
			assertThat(follower.get(1, TimeUnit.MINUTES)).isEqualTo("second answer");
		}
	}

	@Test
	void followersDoNotTryForeverIfAllLeadersFail() throws Exception {
		CountDownLatch fail = new CountDownLatch(1);
		List<Future<String>> results = IntStream.range(0, 30).mapToObj((i) -> this.threads.submit(() -> run(() -> {
			fail.await();
			throw overloaded();
		}))).toList();
		awaitFollowers(29);
		fail.countDown();
		for (Future<String> result : results) {
			assertThatExceptionOfType(Exception.class).isThrownBy(() -> result.get(1, TimeUnit.MINUTES))
				.withCauseInstanceOf(OverloadedException.class);
		}
		assertThat(this.calls).hasValue(2);
		assertThat(this.flights.size()).isZero();
	}

	@Test
	void failureThatDoesNotPassIsTheFollowersAtOnce() throws Exception {
		CountDownLatch fail = new CountDownLatch(1);
		List<Future<String>> results = IntStream.range(0, 10).mapToObj((i) -> this.threads.submit(() -> run(() -> {
			fail.await();
			throw new AuthenticationException(ProviderError.of("test", "wrong key"), null);
		}))).toList();
		awaitFollowers(9);
		fail.countDown();
		for (Future<String> result : results) {
			assertThatExceptionOfType(Exception.class).isThrownBy(() -> result.get(1, TimeUnit.MINUTES))
				.withCauseInstanceOf(AuthenticationException.class);
		}
		assertThat(this.calls).hasValue(1);
	}

	@Test
	void anotherTakesOverIfTheLeaderIsCancelled() throws Exception {
		CountDownLatch never = new CountDownLatch(1);
		Future<String> leader = this.threads.submit(() -> run(() -> {
			never.await();
			return "never";
		}));
		awaitLeader();
		Future<String> follower = this.threads.submit(() -> run(() -> "taken over"));
		awaitFollowers(1);
		leader.cancel(true);
		assertThat(follower.get(1, TimeUnit.MINUTES)).isEqualTo("taken over");
		assertThatExceptionOfType(CancellationException.class).isThrownBy(leader::get);
	}

	@Test
	void whoComesWhileOthersAgreeOnALeaderIsTheirLeader() throws Exception {
		Thread newcomer = Thread.currentThread();
		CompletableFuture<Void> hasCome = new CompletableFuture<>();
		Set<Thread> joined = ConcurrentHashMap.newKeySet();
		Object key = new Object() {

			@Override
			public int hashCode() {
				// Who has waited in vain takes the place of the leader only after that
				if (Thread.currentThread() != newcomer && !joined.add(Thread.currentThread())) {
					hasCome.join();
				}
				return 1;
			}

			@Override
			public boolean equals(@Nullable Object other) {
				return this == other;
			}

		};
		SingleFlight<Object, String> flights = new SingleFlight<>();
		Lead<String> first = flights.join(key, newcomer, PATIENCE).requireLead();
		List<Future<Joined<String>>> followers = IntStream.range(0, 3)
			.mapToObj((i) -> this.threads.submit(() -> flights.join(key, Thread.currentThread(), PATIENCE)))
			.toList();
		awaitFollowers(3);
		first.fail(overloaded());
		Lead<String> second = flights.join(key, newcomer, PATIENCE).requireLead();
		hasCome.complete(null);
		awaitFollowers(3);
		second.complete("answer");
		for (Future<Joined<String>> follower : followers) {
			assertThat(follower.get(1, TimeUnit.MINUTES).value()).isEqualTo("answer");
		}
		assertThat(flights.size()).isZero();
	}

	@Test
	void leaderThatComesBackDoesNotWaitForItself() throws Exception {
		String result = this.threads.submit(() -> run(() -> "outer of " + run(() -> "inner"))).get(1, TimeUnit.MINUTES);
		assertThat(result).isEqualTo("outer of inner");
		assertThat(this.flights.size()).isZero();
	}

	@Test
	void ownerDoesNotWaitForWhatOnlyItCanEnd() throws Exception {
		Thread owner = Thread.currentThread();
		Joined<String> lead = this.threads.submit(() -> this.flights.join("key", owner, PATIENCE)).get();
		Joined<String> own = this.flights.join("key", owner, PATIENCE);
		assertThat(own.lead()).isNotNull();
		own.requireLead().complete("own");
		assertThat(this.flights.size()).isOne();
		lead.requireLead().complete("first");
		assertThat(this.flights.size()).isZero();
	}

	@Test
	void nobodyWaitsLongerThanThePatience() {
		Thread other = new Thread(() -> {
		});
		this.threads.execute(() -> this.flights.join("key", other, PATIENCE));
		awaitLeader();
		assertThat(this.flights.join("key", other, Duration.ofMillis(1)).lead()).isNotNull();
	}

	@Test
	void interruptedFollowerIsCancelled() throws Exception {
		CountDownLatch answer = new CountDownLatch(1);
		Future<String> leader = this.threads.submit(() -> run(() -> {
			answer.await();
			return "answer";
		}));
		awaitLeader();
		Thread[] thread = new Thread[1];
		Future<Boolean> follower = this.threads.submit(() -> {
			thread[0] = Thread.currentThread();
			assertThatExceptionOfType(InferenceCancelledException.class).isThrownBy(() -> run(() -> "other"));
			return Thread.currentThread().isInterrupted();
		});
		awaitFollowers(1);
		thread[0].interrupt();
		assertThat(follower.get(1, TimeUnit.MINUTES)).isTrue();
		answer.countDown();
		assertThat(leader.get(1, TimeUnit.MINUTES)).isEqualTo("answer");
	}

	private String run(Callable<String> call) throws Exception {
		Joined<String> joined = this.flights.join("key", Thread.currentThread(), PATIENCE);
		if (joined.value() != null) {
			return joined.value();
		}
		try {
			this.calls.incrementAndGet();
			String value = call.call();
			joined.requireLead().complete(value);
			return value;
		}
		catch (Exception ex) {
			joined.requireLead().fail(ex);
			throw ex;
		}
	}

	private void awaitLeader() {
		Awaitility.await().until(() -> this.flights.size() == 1);
	}

	private void awaitFollowers(int count) {
		Awaitility.await()
			.until(() -> Thread.getAllStackTraces()
				.entrySet()
				.stream()
				.filter((entry) -> entry.getKey().getState() == Thread.State.TIMED_WAITING)
				.filter((entry) -> List.of(entry.getValue())
					.stream()
					.anyMatch((frame) -> frame.getClassName().equals(SingleFlight.class.getName())
							&& frame.getMethodName().equals("join")))
				.count() == count);
	}

	private static OverloadedException overloaded() {
		return new OverloadedException(ProviderError.of("test", "overloaded"), null);
	}

}
