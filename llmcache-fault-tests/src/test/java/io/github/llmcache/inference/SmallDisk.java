package io.github.llmcache.inference;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file system of a few megabytes in memory, which only root may mount.
 */
final class SmallDisk implements AutoCloseable {

	private final Path directory;

	private SmallDisk(Path directory) {
		this.directory = directory;
	}

	/**
	 * Mount a disk.
	 * @param directory where to; created
	 * @param megabytes how large it is
	 * @return the disk
	 * @throws IOException if that is not possible or not allowed
	 */
	static SmallDisk mount(Path directory, int megabytes) throws IOException {
		Files.createDirectory(directory);
		run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "llmcache-test", directory.toString());
		return new SmallDisk(directory);
	}

	Path directory() {
		return this.directory;
	}

	/**
	 * Leave no space.
	 */
	void fill() {
		byte[] bytes = new byte[4096];
		try (OutputStream output = Files.newOutputStream(ballast())) {
			while (true) {
				output.write(bytes);
			}
		}
		catch (IOException ex) {
			// Now it is full
		}
	}

	void free() throws IOException {
		Files.delete(ballast());
	}

	private Path ballast() {
		return this.directory.resolve("ballast");
	}

	@Override
	public void close() throws IOException {
		run("umount", "--lazy", this.directory.toString());
	}

	private static void run(String... command) throws IOException {
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		try {
			if (process.waitFor() != 0) {
				throw new IOException(output.strip());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException(ex);
		}
	}

}
