package io.github.llmcache.inference;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InferenceException;
import io.github.llmcache.cache.PrivateFiles;
import org.jspecify.annotations.Nullable;

/**
 * The records of the batches that are under way, for whoever comes after us: a file each,
 * replaced as a whole and forced to the disk, for it stands for money. Thread-safe, also
 * between processes. No method that writes is disturbed by an interrupt.
 */
final class BatchJournal {

	private static final String SUFFIX = ".batch";

	private static final String ITEMS_SUFFIX = ".items";

	private static final String TEMPORARY_SUFFIX = ".tmp";

	private static final long MAX_SIZE = 64L * 1024 * 1024;

	private final Supplier<Path> directory;

	BatchJournal(Supplier<Path> directory) {
		this.directory = directory;
	}

	/**
	 * Look for batches and create some, while nobody else does.
	 * @param <T> the type of the result
	 * @param action what to do
	 * @return the result of the action
	 * @throws InferenceException if the journal cannot be used
	 */
	<T> T submitting(BatchLock.Action<T> action) {
		return locked(BatchLock.SUBMITTING, () -> {
			deleteItems();
			return action.run();
		});
	}

	/**
	 * Fetch results, while nobody else does.
	 * @param <T> the type of the result
	 * @param action what to do
	 * @return the result of the action
	 * @throws InferenceException if the journal cannot be used
	 */
	<T> T fetching(BatchLock.Action<T> action) {
		return locked(BatchLock.FETCHING, action);
	}

	private <T> T locked(BatchLock lock, BatchLock.Action<T> action) {
		try {
			PrivateFiles.createDirectories(directory());
			return lock.locked(directory(), action);
		}
		catch (ClosedByInterruptException | InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InferenceCancelledException("Interrupted while waiting for the journal of batches", ex);
		}
		catch (IOException ex) {
			throw unusable(ex);
		}
	}

	/**
	 * Read all records.
	 * @return the records, the oldest first, and the files that cannot be read
	 * @throws InferenceException if the directory cannot be read
	 */
	Content load() {
		List<BatchRecord> records = new ArrayList<>();
		List<Path> unreadable = new ArrayList<>();
		try (DirectoryStream<Path> files = Files.newDirectoryStream(directory(), "*" + SUFFIX)) {
			for (Path file : files) {
				try {
					BatchRecord record = read(file);
					if (record != null) {
						records.add(record);
					}
				}
				catch (IOException ex) {
					unreadable.add(file);
				}
			}
		}
		catch (NoSuchFileException ex) {
			// There has never been one
		}
		catch (DirectoryIteratorException ex) {
			throw unusable(Objects.requireNonNull(ex.getCause()));
		}
		catch (IOException ex) {
			throw unusable(ex);
		}
		records.sort(Comparator.comparing(BatchRecord::createdAt));
		return new Content(records, unreadable);
	}

	/**
	 * Read a record.
	 * @param id our own identifier of the batch
	 * @return the record, or {@code null} if there is none
	 * @throws IOException if it cannot be read
	 */
	@Nullable BatchRecord find(String id) throws IOException {
		return read(file(id));
	}

	private static @Nullable BatchRecord read(Path file) throws IOException {
		try {
			if (Files.size(file) > MAX_SIZE) {
				throw new IOException("It is larger than a record can be");
			}
			String name = String.valueOf(file.getFileName());
			return BatchRecordFormat.read(name.substring(0, name.length() - SUFFIX.length()),
					Files.readString(file, StandardCharsets.UTF_8));
		}
		catch (NoSuchFileException ex) {
			return null;
		}
	}

	/**
	 * Write a record; when this returns, it outlives us.
	 * @param record the record
	 * @throws InferenceException if it cannot be written
	 */
	void save(BatchRecord record) {
		Path file = file(record.id());
		Path temporary = temporaryFile(record.id());
		try {
			try {
				Files.deleteIfExists(temporary);
				PrivateFiles.createFile(temporary);
				write(temporary, BatchRecordFormat.write(record).getBytes(StandardCharsets.UTF_8));
				Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
				forceDirectory();
			}
			finally {
				Files.deleteIfExists(temporary);
			}
		}
		catch (IOException ex) {
			throw unusable(ex);
		}
	}

	private static void write(Path file, byte[] bytes) throws IOException {
		// Not a channel, which an interrupt would close
		try (FileOutputStream output = new FileOutputStream(file.toFile())) {
			output.write(bytes);
			output.getFD().sync();
		}
	}

	private void forceDirectory() {
		try (FileChannel channel = FileChannel.open(directory(), StandardOpenOption.READ)) {
			channel.force(true);
		}
		catch (IOException ex) {
			// Not every system can, and the file itself is safe
		}
	}

	/**
	 * Forget a batch.
	 * @param record its record
	 * @throws InferenceException if it cannot be deleted
	 */
	void delete(BatchRecord record) {
		try {
			Files.deleteIfExists(file(record.id()));
			Files.deleteIfExists(temporaryFile(record.id()));
		}
		catch (IOException ex) {
			throw unusable(ex);
		}
	}

	/**
	 * Forget requests of a batch, and the batch with the last of them.
	 * @param id our own identifier of the batch
	 * @param keys the keys of the requests
	 * @throws InferenceException if the record cannot be changed
	 */
	void forget(String id, Set<String> keys) {
		locked(BatchLock.CHANGING, () -> {
			BatchRecord record = read(file(id));
			if (record != null) {
				BatchRecord remaining = record.without(keys);
				if (remaining.keys().isEmpty()) {
					delete(record);
				}
				else {
					save(remaining);
				}
			}
			return record != null;
		});
	}

	/**
	 * Create a file for the items of a batch, which nobody needs once they are sent.
	 * @param id our own identifier of the batch
	 * @return the file, which is empty
	 * @throws IOException if it cannot be created
	 */
	Path createItemsFile(String id) throws IOException {
		Path file = directory().resolve(id + ITEMS_SUFFIX);
		PrivateFiles.createFile(file);
		return file;
	}

	/**
	 * Delete what those have left behind who were killed: while the lock is held, there
	 * is nobody who needs it.
	 */
	private void deleteItems() throws IOException {
		try (DirectoryStream<Path> files = Files.newDirectoryStream(directory(), "*" + ITEMS_SUFFIX)) {
			for (Path file : files) {
				Files.deleteIfExists(file);
			}
		}
		catch (DirectoryIteratorException ex) {
			throw Objects.requireNonNull(ex.getCause());
		}
	}

	private Path temporaryFile(String id) {
		return directory().resolve(id + SUFFIX + TEMPORARY_SUFFIX);
	}

	/**
	 * Return where the record of a batch is.
	 * @param id our own identifier of the batch
	 * @return the file
	 */
	Path file(String id) {
		return directory().resolve(id + SUFFIX);
	}

	private Path directory() {
		return Objects.requireNonNull(this.directory.get());
	}

	/**
	 * Create the exception for a journal that cannot be used.
	 * @param cause the reason
	 * @return the exception; the caller throws it
	 */
	InferenceException unusable(IOException cause) {
		return new InferenceException("The journal of batches in " + directory()
				+ " cannot be used. Without it, batches would be lost, and paid for again", cause);
	}

	/**
	 * What a journal holds.
	 *
	 * @param records the records
	 * @param unreadable the files of records that cannot be read
	 */
	record Content(List<BatchRecord> records, List<Path> unreadable) {
	}

}
