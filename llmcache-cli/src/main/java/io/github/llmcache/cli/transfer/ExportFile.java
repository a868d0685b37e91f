package io.github.llmcache.cli.transfer;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/**
 * A file that is there under its name only when it is complete. Until then it is a
 * temporary file beside it, which only its owner may read, as the file itself later.
 */
public final class ExportFile implements AutoCloseable {

	private final Path target;

	private final boolean replace;

	private final Path temporary;

	private final FileOutputStream out;

	private ExportFile(Path target, boolean replace, Path temporary) throws IOException {
		this.target = target;
		this.replace = replace;
		this.temporary = temporary;
		this.out = new FileOutputStream(temporary.toFile());
	}

	/**
	 * Begin a file.
	 * @param target the file
	 * @param replace whether it may exist, and is replaced then
	 * @return the file, to be closed
	 * @throws FileAlreadyExistsException if it exists and may not, or is not a file that
	 * could be replaced
	 * @throws IOException if it cannot be created
	 */
	public static ExportFile create(Path target, boolean replace) throws IOException {
		Path absolute = target.toAbsolutePath();
		if (Files.exists(absolute, LinkOption.NOFOLLOW_LINKS) && (!replace || !Files.isRegularFile(absolute))) {
			throw new FileAlreadyExistsException(target.toString());
		}
		Path folder = Objects.requireNonNull(absolute.getParent(), "A file is in a folder");
		if (!Files.isDirectory(folder)) {
			throw new IOException("There is no folder " + folder);
		}
		Path temporary = Files.createTempFile(folder, ".llmcache-export-", ".tmp");
		// For whoever interrupts the program
		temporary.toFile().deleteOnExit();
		return new ExportFile(absolute, replace, temporary);
	}

	/**
	 * Return what is to be written to.
	 * @return the stream, which is not buffered and must not be closed
	 */
	public OutputStream stream() {
		return this.out;
	}

	/**
	 * Give the file its name, now that everything is written.
	 * @throws FileAlreadyExistsException if it exists and may not
	 * @throws IOException if that fails
	 */
	public void complete() throws IOException {
		this.out.getFD().sync();
		this.out.close();
		if (this.replace) {
			Files.move(this.temporary, this.target, StandardCopyOption.ATOMIC_MOVE);
		}
		else {
			Files.move(this.temporary, this.target);
		}
	}

	/**
	 * Delete what is not complete.
	 */
	@Override
	public void close() throws IOException {
		this.out.close();
		Files.deleteIfExists(this.temporary);
	}

}
