package io.github.llmcache.cache.sqlite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.TestEntries;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link GroupWriter}.
 */
class GroupWriterTests {

	private static final String MODEL = "gpt-4o-mini";

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	private final EntryCodec codec = new EntryCodec(1024 * 1024);

	private final Dictionaries dictionaries = new Dictionaries(this.codec);

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final AtomicInteger opened = new AtomicInteger();

	@SuppressWarnings("NullAway.Init")
	private GroupWriter writer;

	@SuppressWarnings("NullAway.Init")
	private Connections connections;

	private Path file() {
		return this.directory.resolve("test.sqlite");
	}

	@BeforeEach
	void createWriter() throws Exception {
		SqliteSettings settings = SqliteSettings.of(this.directory);
		this.connections = new Connections(settings);
		Files.createFile(file());
		try (Connection connection = this.connections.openForWriting(file())) {
			new Schema(settings.busyTimeout()).prepare(connection, file(), MODEL);
		}
		this.writer = writer(Duration.ofSeconds(10));
	}

	private GroupWriter writer(Duration keepAlive) {
		return new GroupWriter("test-writer", keepAlive, () -> {
			this.opened.incrementAndGet();
			return new EntryWriter(this.connections.openForWriting(file()), this.dictionaries);
		}, () -> {
		});
	}

	@AfterEach
	void close() throws SQLException {
		this.executor.shutdownNow();
		this.writer.close();
		this.codec.close();
	}

	@Test
	void whatIsWaitingIsCommittedTogether() throws Exception {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch proceed = new CountDownLatch(1);
		Future<?> first = submit(1, started, proceed);
		started.await();
		List<Future<?>> others = new ArrayList<>();
		for (int i = 2; i < 10; i++) {
			others.add(submit(i));
		}
		awaitWaiting(8);
		assertThat(isStored(1)).isFalse();
		proceed.countDown();
		first.get();
		for (Future<?> other : others) {
			other.get();
		}
		for (int i = 1; i < 10; i++) {
			assertThat(isStored(i)).isTrue();
		}
	}

	@Test
	void oneThatFailsDoesNotFailTheOthersOfItsGroup() throws Exception {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch proceed = new CountDownLatch(1);
		Future<?> first = submit(1, started, proceed);
		started.await();
		Future<?> good = submit(2);
		Future<?> bad = this.executor.submit(() -> this.writer.write(1, (writer) -> {
			writer.put(row(3));
			throw new IllegalStateException("bad");
		}));
		Future<?> alsoGood = submit(4);
		awaitWaiting(3);
		proceed.countDown();
		first.get();
		good.get();
		alsoGood.get();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(bad::get).havingRootCause().withMessage("bad");
		assertThat(isStored(2)).isTrue();
		assertThat(isStored(3)).isFalse();
		assertThat(isStored(4)).isTrue();
	}

	@Test
	void aConnectionThatFailedIsNotUsedAgain() throws Exception {
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> this.writer.write(1, (writer) -> {
			throw new SQLException("bad");
		}));
		this.writer.write(1, (writer) -> {
			writer.put(row(1));
			return 1;
		});
		assertThat(isStored(1)).isTrue();
		assertThat(this.opened).hasValue(2);
	}

	@Test
	void logIsEmptiedWhenThereIsNothingMoreToDo() throws Exception {
		Path log = this.directory.resolve("test.sqlite-wal");
		try (GroupWriter writer = writer(Duration.ofMillis(1))) {
			for (int seed = 0; seed < 20; seed++) {
				EntryRow row = row(seed);
				writer.write(1, (entryWriter) -> {
					entryWriter.put(row);
					return 1;
				});
			}
			Awaitility.await().until(() -> Files.size(log) == 0);
			assertThat(isStored(19)).isTrue();
		}
	}

	@Test
	void whoIsInterruptedStillStoresWhatWasPaidFor() throws Exception {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch proceed = new CountDownLatch(1);
		Future<?> first = submit(1, started, proceed);
		started.await();
		Future<Boolean> interrupted = this.executor.submit(() -> {
			Thread.currentThread().interrupt();
			this.writer.write(1, (writer) -> {
				writer.put(row(2));
				return 1;
			});
			return Thread.currentThread().isInterrupted();
		});
		awaitWaiting(1);
		proceed.countDown();
		first.get();
		assertThat(interrupted.get()).isTrue();
		assertThat(isStored(2)).isTrue();
	}

	@Test
	void theThreadEndsWhenTheWriterIsClosed() throws Exception {
		submit(1).get();
		assertThat(threads()).isEqualTo(1);
		this.writer.close();
		Awaitility.await().until(() -> threads() == 0);
	}

	private static long threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("test-writer") && thread.isDaemon())
			.count();
	}

	private Future<?> submit(int seed) {
		return submit(seed, new CountDownLatch(0), new CountDownLatch(0));
	}

	private Future<?> submit(int seed, CountDownLatch started, CountDownLatch proceed) {
		return this.executor.submit(() -> this.writer.write(1, (writer) -> {
			writer.put(row(seed));
			started.countDown();
			await(proceed);
			return seed;
		}));
	}

	private void awaitWaiting(int count) {
		Awaitility.await().until(() -> this.writer.waiting() == count);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private EntryRow row(int seed) {
		CacheKey key = TestEntries.key(MODEL, seed);
		return EntryRow.of(TestEntries.entry(key, "body"), this.codec, null, false);
	}

	private boolean isStored(int seed) throws SQLException {
		try (EntryReader reader = new EntryReader(this.connections.openForReading(file()), this.dictionaries)) {
			StoredEntry entry = reader.find(TestEntries.key(MODEL, seed));
			return entry != null;
		}
	}

}
