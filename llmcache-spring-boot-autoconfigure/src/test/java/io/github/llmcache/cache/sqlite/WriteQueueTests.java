package io.github.llmcache.cache.sqlite;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.llmcache.cache.sqlite.GroupWriter.Write;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WriteQueue}.
 */
class WriteQueueTests {

	private final Write<Integer> write = new Write<>(1, (writer) -> 1);

	@Test
	void whereNoThreadCanBeStartedCallersTakeTurns() throws Exception {
		WriteQueue queue = new WriteQueue(Duration.ofSeconds(10), NoThread::new);
		assertThat(queue.addOrLead(this.write)).isTrue();
		CompletableFuture<Boolean> next = CompletableFuture.supplyAsync(() -> queue.addOrLead(this.write));
		CompletableFuture<Boolean> last = CompletableFuture.supplyAsync(() -> queue.addOrLead(this.write));
		queue.endLead();
		assertThat(CompletableFuture.anyOf(next, last).get(10, TimeUnit.SECONDS)).isEqualTo(true);
		queue.endLead();
		assertThat(next.get(10, TimeUnit.SECONDS)).isTrue();
		assertThat(last.get(10, TimeUnit.SECONDS)).isTrue();
		queue.endLead();
		queue.close();
	}

	/**
	 * What a thread is when the operating system has no more.
	 */
	private static final class NoThread extends Thread {

		@Override
		public synchronized void start() {
			throw new OutOfMemoryError("unable to create native thread");
		}

	}

}
