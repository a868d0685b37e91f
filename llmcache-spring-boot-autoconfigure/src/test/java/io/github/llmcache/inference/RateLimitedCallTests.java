package io.github.llmcache.inference;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.provider.RateLimits;
import io.github.llmcache.provider.RateLimits.PerMinute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static io.github.llmcache.inference.InferenceFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Single calls of a provider that may be asked once a minute, over real HTTP.
 */
@Timeout(30)
class RateLimitedCallTests {

	@TempDir
	Path directory;

	private InferenceFixture fixture;

	private final List<Thread> threads = new ArrayList<>();

	private final List<RuntimeException> failures = new CopyOnWriteArrayList<>();

	@BeforeEach
	void askOnce() {
		this.fixture = new InferenceFixture(this.directory,
				(provider) -> provider.limits(new RateLimits(new PerMinute(1, null), Map.of(), 1)), 3);
		this.fixture.api.infer(request("first"));
	}

	@AfterEach
	void close() throws InterruptedException {
		interrupt();
		this.fixture.close();
	}

	@Test
	void hitDoesNotWait() {
		assertThat(this.fixture.api.infer(request("first")).source()).isEqualTo(Source.CACHE);
	}

	@Test
	void interruptEndsTheWait() throws InterruptedException {
		startWaiting(2);
		interrupt();
		assertThat(this.failures).hasSize(2).hasOnlyElementsOfType(InferenceCancelledException.class);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(1);
	}

	@Test
	void otherModelsOfTheProviderDoNotWait() {
		startWaiting(2 * InferenceFixture.MAX_CONCURRENCY);
		InferenceRequest other = InferenceRequest.builder("gpt-other").user("Hello").build();
		assertThat(this.fixture.api.infer(other).source()).isEqualTo(Source.PROVIDER);
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(2);
	}

	private void startWaiting(int count) {
		for (int i = 0; i < count; i++) {
			InferenceRequest request = request("waiting " + i);
			Thread thread = new Thread(() -> {
				try {
					this.fixture.api.infer(request);
				}
				catch (RuntimeException ex) {
					this.failures.add(ex);
				}
			});
			this.threads.add(thread);
			thread.start();
		}
		await().until(() -> this.threads.stream().allMatch(RateLimitedCallTests::isWaitingForItsTurn));
	}

	private static boolean isWaitingForItsTurn(Thread thread) {
		return List.of(thread.getStackTrace())
			.stream()
			.anyMatch((frame) -> frame.getClassName().equals(RateLimiter.class.getName()))
				&& thread.getState() != Thread.State.RUNNABLE;
	}

	private void interrupt() throws InterruptedException {
		for (Thread thread : this.threads) {
			thread.interrupt();
		}
		for (Thread thread : this.threads) {
			thread.join();
		}
	}

}
