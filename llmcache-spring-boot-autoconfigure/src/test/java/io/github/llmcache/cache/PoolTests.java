package io.github.llmcache.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Pool}.
 */
class PoolTests {

	private final AtomicInteger created = new AtomicInteger();

	private final List<Thing> disposed = new ArrayList<>();

	private final Pool<Thing> pool = new Pool<>(4, () -> {
		this.created.incrementAndGet();
		return new Thing();
	}, this.disposed::add);

	@Test
	void whatIsReleasedIsUsedAgain() {
		Thing thing = this.pool.acquire();
		this.pool.release(thing);
		assertThat(this.pool.acquire()).isSameAs(thing);
	}

	@Test
	void nobodyGetsWhatAnotherHas() {
		assertThat(this.pool.acquire()).isNotSameAs(this.pool.acquire());
	}

	@Test
	void whatThereIsNoPlaceForIsDisposedOf() {
		List<Thing> things = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			things.add(this.pool.acquire());
		}
		things.forEach(this.pool::release);
		assertThat(this.disposed).isEqualTo(things.subList(4, 6));
		this.pool.close();
		assertThat(this.disposed).containsExactlyInAnyOrderElementsOf(things);
	}

	@Test
	void whoUsesSomethingWhenThePoolIsClosedCanFinish() {
		Thing thing = this.pool.acquire();
		this.pool.close();
		assertThat(this.disposed).isEmpty();
		this.pool.release(thing);
		assertThat(this.disposed).containsExactly(thing);
	}

	@Test
	void anotherThreadFindsWhatThisOneReleased() throws Exception {
		Thing thing = this.pool.acquire();
		this.pool.release(thing);
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try {
			assertThat(executor.submit(this.pool::acquire).get()).isSameAs(thing);
		}
		finally {
			executor.shutdown();
		}
	}

	@Test
	void eachThingIsUsedByOneThreadAtATime() throws Exception {
		int threads = 4;
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			Callable<Boolean> use = () -> {
				boolean alone = true;
				for (int i = 0; i < 20_000; i++) {
					Thing thing = this.pool.acquire();
					alone &= thing.inUse.compareAndSet(false, true);
					thing.inUse.set(false);
					this.pool.release(thing);
				}
				return alone;
			};
			List<Future<Boolean>> results = executor.invokeAll(List.of(use, use, use, use));
			for (Future<Boolean> result : results) {
				assertThat(result.get()).isTrue();
			}
		}
		finally {
			executor.shutdown();
		}
		assertThat(this.disposed).isEmpty();
	}

	private static final class Thing {

		private final AtomicBoolean inUse = new AtomicBoolean();

	}

}
