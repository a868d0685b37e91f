package io.github.llmcache.faults.advisories;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a published module needs at run time.
 *
 * @param name group and artifact, with a colon between them
 * @param version the version, as Maven names it
 */
record Dependency(String name, String version) {

	/**
	 * Return what a list as {@code .ci/dependencies.txt} holds: {@code Dependencies.java}
	 * fails the build if that is not what the bill of materials holds.
	 * @throws IOException if it cannot be read
	 * @throws IllegalArgumentException if a line has no coordinates
	 */
	static List<Dependency> readAll(Path list) throws IOException {
		return Files.readAllLines(list).stream().map(Dependency::parse).toList();
	}

	private static Dependency parse(String line) {
		String coordinates = line.split(" ", 2)[0];
		String[] parts = coordinates.split(":", -1);
		if (parts.length != 3) {
			throw new IllegalArgumentException("Not group:artifact:version: '" + coordinates + "'");
		}
		return new Dependency(parts[0] + ":" + parts[1], parts[2]);
	}

	@Override
	public String toString() {
		return this.name + ":" + this.version;
	}

}
