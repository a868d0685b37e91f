package io.github.llmcache.cache.sqlite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.TestEntries;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what becomes of a write whose file is moved aside meanwhile, as another
 * process does that has found it to be damaged.
 */
class MovedFileTests {

	private static final String MODEL = "gpt-test";

	private static final CacheKey KEY = TestEntries.key(MODEL, 1);

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	@AutoClose
	private final EntryCodec codec = new EntryCodec(1_000_000);

	@Test
	void whatWasRescuedBeforeItIsWrittenAgainIsThereOnce() throws Exception {
		AtomicInteger attempts = new AtomicInteger();
		try (SqliteDatabases databases = databases()) {
			new EntrySaver(databases, this.codec, true).save(List.of(TestEntries.entry(KEY, "a")), (writer, row) -> {
				attempts.incrementAndGet();
				writer.append(row);
				moveAndBeginAnew("a");
			}, (writer, row) -> {
				attempts.incrementAndGet();
				writer.appendAgain(row);
			});
		}
		assertThat(attempts).hasValue(2);
		assertThat(stored()).containsExactly("a");
	}

	@Test
	void whatIsMissingIsAddedAgain() throws Exception {
		try (CacheStore store = store()) {
			store.appendAll(List.of(TestEntries.entry(KEY, "a")));
		}
		try (SqliteDatabases databases = databases()) {
			EntrySaver saver = new EntrySaver(databases, this.codec, true);
			saver.save(List.of(TestEntries.entry(KEY, "a", "b")), EntryWriter::appendAgain, EntryWriter::appendAgain);
			saver.save(List.of(TestEntries.entry(KEY, "a")), EntryWriter::append, EntryWriter::appendAgain);
		}
		assertThat(stored()).containsExactly("a", "b", "a");
	}

	@Test
	void nothingIsWrittenIntoAFileThatIsNotTheOneThatWasPrepared() {
		AtomicInteger attempts = new AtomicInteger();
		AtomicInteger written = new AtomicInteger();
		try (SqliteDatabases databases = databases()) {
			databases.useOrCreate(MODEL, (database) -> {
				database.read((reader) -> reader.lastId());
				if (attempts.incrementAndGet() == 1) {
					moveAndBeginAnew("other");
				}
				return database.write(0, (writer) -> written.incrementAndGet());
			});
		}
		assertThat(attempts).hasValue(2);
		assertThat(written).hasValue(1);
	}

	/**
	 * Do what another process does.
	 */
	private void moveAndBeginAnew(String body) {
		try {
			DamagedFiles.move(this.directory.resolve(DatabaseNames.of(MODEL)), Instant.EPOCH);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		try (CacheStore other = store()) {
			other.appendAll(List.of(TestEntries.entry(KEY, body)));
		}
	}

	private List<String> stored() throws Exception {
		try (CacheStore store = store()) {
			StoredEntry found = store.get(KEY);
			return (found != null) ? TestEntries.bodies(found.read()) : List.of();
		}
	}

	private SqliteDatabases databases() {
		return new SqliteDatabases(SqliteSettings.of(this.directory), this.codec, null);
	}

	private CacheStore store() {
		return new SqliteCacheStore(SqliteSettings.of(this.directory), this.codec);
	}

}
