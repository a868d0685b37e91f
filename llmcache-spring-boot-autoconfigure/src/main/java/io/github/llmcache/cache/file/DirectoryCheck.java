package io.github.llmcache.cache.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.PrivateFiles;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what is not as this store has left it: files in the wrong place, leftovers,
 * directories that cannot be read, statistics that are lost, and what others may read.
 * What is not ours is passed over. Used by one thread.
 */
final class DirectoryCheck {

	/** More do not tell more. */
	private static final int MOST_EACH = 100;

	private final List<String> problems = new ArrayList<>();

	private final Path directory;

	private final EntrySource source;

	private final StatisticsFiles statistics;

	private final Leftovers leftovers;

	private int misplaced;

	private int left;

	private int open;

	private @Nullable Path firstOpen;

	DirectoryCheck(Path directory, EntrySource source, StatisticsFiles statistics, Leftovers leftovers) {
		this.directory = directory;
		this.source = source;
		this.statistics = statistics;
		this.leftovers = leftovers;
	}

	/**
	 * Look for damage.
	 * @param checkpoint is run now and then; what it throws is thrown
	 * @return what is wrong, a line each
	 */
	List<String> problems(Runnable checkpoint) {
		if (Files.notExists(this.directory)) {
			return List.of();
		}
		if (!Files.isDirectory(this.directory)) {
			return List.of("The cache directory " + this.directory + " is no directory");
		}
		// The directory itself is the user's choice
		list(this.directory, (path) -> {
			checkpoint.run();
			if (EntryPaths.isModelDirectory(path)) {
				checkModel(path, checkpoint);
			}
			else {
				checkOther(path);
			}
		});
		summarize();
		return List.copyOf(this.problems);
	}

	private void checkModel(Path model, Runnable checkpoint) {
		if (isGone(model)) {
			return;
		}
		if (!Files.isDirectory(model)) {
			this.problems.add("The cache directory " + model + " is no directory");
			return;
		}
		checkPermissions(model);
		String statisticsProblem = this.statistics.problem(model);
		if (statisticsProblem != null) {
			this.problems.add(statisticsProblem);
		}
		ModelFiles files = new ModelFiles();
		list(model, (path) -> {
			checkpoint.run();
			if (EntryPaths.isFolder(path) && Files.isDirectory(path)) {
				checkPermissions(path);
				list(path, (file) -> {
					checkpoint.run();
					checkFile(file, files);
				});
			}
			else {
				checkOther(path);
			}
		});
		if (files.count > 0 && !files.readable) {
			this.problems.add("The cache directory " + model + " holds " + files.count
					+ " entries, none of which can be read. Nobody knows of which model they are");
		}
	}

	private void checkFile(Path file, ModelFiles files) {
		if (!EntryPaths.isFile(file)) {
			checkOther(file);
			return;
		}
		if (isGone(file)) {
			return;
		}
		if (!Files.isRegularFile(file)) {
			add("The cache file " + file + " is no file", ++this.misplaced);
			return;
		}
		checkPermissions(file);
		boolean readable = files.readable || isReadable(file);
		if (readable || !isGone(file)) {
			files.count++;
			files.readable = readable;
		}
	}

	/**
	 * Return whether somebody has deleted a file since it was listed.
	 */
	private static boolean isGone(Path path) {
		return Files.notExists(path, LinkOption.NOFOLLOW_LINKS);
	}

	private boolean isReadable(Path file) {
		try {
			return this.source.findDetails(file) != null;
		}
		catch (CacheStoreException ex) {
			// Whoever reads the entries is told
			return false;
		}
	}

	private void checkOther(Path path) {
		if (Leftovers.isTemporary(path)) {
			if (this.leftovers.isOld(path)) {
				add("The file " + path + " was left behind by a process that was killed", ++this.left);
			}
		}
		else if (EntryPaths.looksLikeFile(path)) {
			add("The cache file " + path + " is not where its key is looked for", ++this.misplaced);
		}
		else if (EntryPaths.name(path).equals(StatisticsFiles.FILE_NAME)
				|| EntryPaths.name(path).equals(EntryLocks.FILE_NAME)) {
			checkPermissions(path);
		}
	}

	private void checkPermissions(Path path) {
		if (PrivateFiles.isOpenToOthers(path)) {
			this.open++;
			if (this.firstOpen == null) {
				this.firstOpen = path;
			}
		}
	}

	private void add(String problem, int number) {
		if (number <= MOST_EACH) {
			this.problems.add(problem);
		}
	}

	private void summarize() {
		if (this.misplaced > MOST_EACH) {
			this.problems.add("There are " + (this.misplaced - MOST_EACH) + " more files that are not in their place");
		}
		if (this.left > MOST_EACH) {
			this.problems.add("There are " + (this.left - MOST_EACH) + " more files that were left behind");
		}
		if (this.open > 0) {
			this.problems.add("Others may read or write " + this.open + " files and directories, such as "
					+ this.firstOpen + ". Take the permissions of group and others away");
		}
	}

	private void list(Path folder, Consumer<Path> action) {
		try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
			paths.forEach(action);
		}
		catch (NoSuchFileException ex) {
			// Deleted meanwhile
		}
		catch (IOException | DirectoryIteratorException ex) {
			this.problems.add("The cache directory " + folder + " cannot be read");
		}
	}

	/**
	 * What there is of a model.
	 */
	private static final class ModelFiles {

		private long count;

		private boolean readable;

	}

}
