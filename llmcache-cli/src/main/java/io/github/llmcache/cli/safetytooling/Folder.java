package io.github.llmcache.cli.safetytooling;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A file of the library, or all of its files in a folder and below. What a file is, is
 * told by its first bytes.
 */
final class Folder implements Home {

	private static final byte[] SQLITE = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

	/** Moderations were once kept in a file each, named by their hash. */
	private static final Pattern NAME = Pattern.compile("bin\\d{1,9}\\.json|[0-9a-f]{32,64}\\.json|.+\\.sqlite");

	private final Path root;

	Folder(Path root) {
		this.root = root;
	}

	@Override
	public void readAll(Visitor visitor) throws IOException {
		if (!Files.isDirectory(this.root)) {
			read(this.root, visitor);
			return;
		}
		Sizes sizes = new Sizes(visitor);
		walk((file, size) -> sizes.total += size, visitor, false);
		walk((file, size) -> {
			read(file, sizes);
			sizes.before += size;
		}, visitor, true);
		if (sizes.files == 0) {
			visitor.skipped(this.root.toString(), "there are no files of safety-tooling in the folder");
		}
	}

	private void walk(FileAction action, Visitor visitor, boolean reporting) throws IOException {
		Files.walkFileTree(this.root, new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
				if (attributes.isRegularFile() && NAME.matcher(file.getFileName().toString()).matches()) {
					action.visit(file, attributes.size());
				}
				return FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult visitFileFailed(Path file, IOException ex) {
				if (reporting) {
					visitor.skipped(name(file), "it cannot be read");
				}
				return FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException ex) {
				return FileVisitResult.CONTINUE;
			}

		});
	}

	private String name(Path file) {
		return file.equals(this.root) ? String.valueOf(file.getFileName()) : this.root.relativize(file).toString();
	}

	private void read(Path file, Visitor visitor) throws IOException {
		try (Home home = open(file)) {
			home.readAll(visitor);
		}
		catch (IOException ex) {
			visitor.skipped(name(file), "it cannot be read");
		}
	}

	private Home open(Path file) throws IOException {
		byte[] start;
		try (InputStream stream = Files.newInputStream(file)) {
			start = stream.readNBytes(SQLITE.length);
		}
		return Arrays.equals(start, SQLITE) ? new SqliteFile(file, name(file)) : new BinFile(file, name(file));
	}

	private interface FileAction {

		void visit(Path file, long size) throws IOException;

	}

	/**
	 * Adds up how far the files have been read.
	 */
	private static final class Sizes implements Visitor {

		private final Visitor visitor;

		private long total;

		private long before;

		private long files;

		private Sizes(Visitor visitor) {
			this.visitor = visitor;
		}

		@Override
		public void value(Value value) {
			this.visitor.value(value);
		}

		@Override
		public void skipped(String where, String reason) {
			this.visitor.skipped(where, reason);
		}

		@Override
		public void progress(long done, long total) {
			if (done == total) {
				this.files++;
			}
			// A file that somebody writes to can have grown
			this.visitor.progress(Math.min(this.before + done, this.total), this.total);
		}

	}

}
