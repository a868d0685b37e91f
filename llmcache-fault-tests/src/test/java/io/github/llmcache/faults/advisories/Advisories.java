package io.github.llmcache.faults.advisories;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * All advisories about packages of Maven that somebody has downloaded.
 *
 * @param all the advisories
 */
record Advisories(List<Advisory> all) {

	/**
	 * Read all files {@code *.json} of a folder and those in it, or of a zip file.
	 * @throws IOException if one cannot be read
	 * @throws IllegalArgumentException if one is not JSON or not understood, or there is
	 * no advisory about packages of Maven at all
	 */
	static Advisories read(Path path) throws IOException {
		List<Advisory> advisories = new ArrayList<>();
		if (Files.isDirectory(path)) {
			readFolder(path.toRealPath(), advisories);
		}
		else {
			try (FileSystem zip = FileSystems.newFileSystem(path)) {
				for (Path root : zip.getRootDirectories()) {
					readFolder(root, advisories);
				}
			}
		}
		if (advisories.isEmpty()) {
			throw new IllegalArgumentException("No advisory in the OSV format about a package of Maven in " + path);
		}
		return new Advisories(List.copyOf(advisories));
	}

	private static void readFolder(Path folder, List<Advisory> advisories) throws IOException {
		JsonMapper mapper = new JsonMapper();
		List<Path> files;
		try (Stream<Path> paths = Files.walk(folder)) {
			files = paths.filter((path) -> path.toString().endsWith(".json")).filter(Files::isRegularFile).toList();
		}
		for (Path file : files) {
			try (InputStream input = Files.newInputStream(file)) {
				JsonNode json = mapper.readTree(input);
				if (json.isMissingNode()) {
					throw new IllegalArgumentException("It is empty");
				}
				Advisory.read(json).ifPresent(advisories::add);
			}
			catch (RuntimeException ex) {
				throw new IllegalArgumentException("Cannot read " + file, ex);
			}
		}
	}

	/**
	 * Return what somebody has to look at: each advisory that affects a dependency and is
	 * not judged, and each judgement of one that affects none.
	 * @param judged reasons why an advisory does not concern us, by its id
	 */
	List<String> problems(List<Dependency> dependencies, Map<String, String> judged) {
		List<String> problems = new ArrayList<>();
		List<String> gone = new ArrayList<>(judged.keySet());
		for (Advisory advisory : this.all) {
			List<Dependency> affected = dependencies.stream().filter(advisory::affects).toList();
			if (affected.isEmpty()) {
				continue;
			}
			gone.removeAll(advisory.ids());
			if (advisory.ids().stream().noneMatch(judged::containsKey)) {
				affected.forEach((dependency) -> problems.add(dependency + ": " + advisory));
			}
		}
		gone.forEach((id) -> problems.add(id + " is judged, but affects nothing (any more)"));
		return problems;
	}

	/**
	 * Return when the newest of them was written: how old the download is at least.
	 */
	String newest() {
		return this.all.stream().map(Advisory::modified).max(Comparator.naturalOrder()).orElse("");
	}

	/**
	 * Read reasons why an advisory does not concern us: lines of an id and a reason, and
	 * lines that are empty or begin with a hash.
	 * @throws IOException if they cannot be read
	 * @throws IllegalArgumentException if there is an id without a reason
	 */
	static Map<String, String> readJudged(Path list) throws IOException {
		Map<String, String> judged = new LinkedHashMap<>();
		for (String line : Files.readAllLines(list)) {
			if (line.isBlank() || line.startsWith("#")) {
				continue;
			}
			String[] parts = line.strip().split("\\s+", 2);
			if (parts.length < 2) {
				throw new IllegalArgumentException("No reason why '%s' does not concern us".formatted(parts[0]));
			}
			judged.put(parts[0], parts[1]);
		}
		return judged;
	}

}
