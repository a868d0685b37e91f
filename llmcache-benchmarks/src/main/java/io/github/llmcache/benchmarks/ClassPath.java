package io.github.llmcache.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/**
 * What this program itself has on its class path, as a whole and in parts.
 */
final class ClassPath {

	/** What only measuring needs: names of files begin so. */
	private static final List<String> PEERS = List.of("benchmarks", "classes", "test-classes", "rocksdbjni", "h2-",
			"ehcache", "cache-api", "jmh-", "jopt-simple", "commons-math3", "embedded-redis", "resilience4j",
			"spring-boot-starter-data-redis", "spring-boot-data-", "spring-boot-netty", "spring-data-",
			"spring-context-support", "spring-oxm", "lettuce-", "netty-", "reactor-", "reactive-streams");

	/** What an application has only through the starter. */
	private static final List<String> STARTER = List.of("llmcache-", "spring-boot-restclient",
			"spring-boot-http-client", "spring-jdbc", "spring-tx", "flyway-", "sqlite-jdbc", "zstd-jni", "caffeine",
			"error_prone_annotations", "hash4j");

	private ClassPath() {
	}

	/**
	 * Return everything.
	 * @return the class path
	 */
	static List<Path> all() {
		List<Path> elements = new ArrayList<>();
		for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
			Path path = Path.of(element).toAbsolutePath();
			elements.add(path);
			if (element.endsWith(".jar")) {
				elements.addAll(referenced(path));
			}
		}
		return elements;
	}

	/**
	 * Return the jars of a minimal web application with the starter.
	 * @return the jars
	 */
	static List<Path> withStarter() {
		return select((name) -> !startsWithAny(name, PEERS));
	}

	/**
	 * Return the jars of the same application without the starter.
	 * @return the jars
	 */
	static List<Path> withoutStarter() {
		return select((name) -> !startsWithAny(name, PEERS) && !startsWithAny(name, STARTER));
	}

	private static List<Path> select(Predicate<String> names) {
		return all().stream().filter((path) -> names.test(String.valueOf(path.getFileName()))).toList();
	}

	private static boolean startsWithAny(String name, List<String> prefixes) {
		return prefixes.stream().anyMatch(name::startsWith);
	}

	private static List<Path> referenced(Path jar) {
		try (JarFile file = new JarFile(jar.toFile())) {
			String elements = (file.getManifest() != null)
					? file.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH) : null;
			if (elements == null) {
				return List.of();
			}
			return Arrays.stream(elements.split(" "))
				.map((element) -> Path.of(jar.toUri().resolve(element)))
				.filter(Files::exists)
				.toList();
		}
		catch (IOException ex) {
			throw new IllegalStateException("The class path has no jar " + jar, ex);
		}
	}

}
