package io.github.llmcache.benchmarks.contender;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/**
 * One file an entry, in 256 folders.
 */
final class FilesPeer extends Peer {

	private final Path directory;

	FilesPeer(Path directory) {
		super("file an entry");
		this.directory = directory.resolve("files");
	}

	@Override
	void write(List<Row> rows) throws IOException {
		for (Row row : rows) {
			Path file = file(row.key());
			Files.createDirectories(file.resolveSibling(""));
			Files.write(file, row.payload());
		}
	}

	@Override
	Reader reader() {
		return (key) -> {
			Path file = file(key);
			return Files.exists(file) ? Files.readAllBytes(file) : null;
		};
	}

	private Path file(byte[] key) {
		String name = HexFormat.of().formatHex(key);
		return this.directory.resolve(name.substring(0, 2)).resolve(name);
	}

	@Override
	public void close() {
		// Nothing is open
	}

}
