package io.github.llmcache.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.llmcache.benchmarks.contender.LlmCache;
import io.github.llmcache.benchmarks.harness.Result;
import io.github.llmcache.benchmarks.harness.Rounds;
import io.github.llmcache.benchmarks.harness.Summary;
import io.github.llmcache.benchmarks.harness.Variant;
import io.github.llmcache.benchmarks.startup.FirstLookup;
import io.github.llmcache.benchmarks.startup.MinimalApplication;
import io.github.llmcache.benchmarks.workload.Exchange;
import io.github.llmcache.benchmarks.workload.Texts;

/**
 * The start of a minimal web application with and without the starter, its first lookup
 * in a file that exists, and what is loaded before that.
 */
final class Startup implements Benchmark {

	private static final List<String> STORAGE = List.of("org.sqlite.", "org.flywaydb.", "com.github.luben.zstd.");

	private static final String WITHOUT = "without the starter";

	private static final String WITH = "with the starter";

	@Override
	public List<Result> run(Context context) throws Exception {
		Path directory = context.newDirectory("startup");
		Path cacheDirectory = directory.resolve("cache");
		try (LlmCache cache = new LlmCache(cacheDirectory)) {
			cache.store(List.of(new Exchange(FirstLookup.request(),
					context.workload(Texts.ENGLISH, Typical.PROMPT, Typical.COMPLETION).body(0))));
		}
		Path classes = extract(directory.resolve("application"), MinimalApplication.class, FirstLookup.class);
		Application with = new Application(append(ClassPath.withStarter(), classes), cacheDirectory);
		Application without = new Application(append(ClassPath.withoutStarter(), classes), cacheDirectory);
		Rounds rounds = context.quick() ? new Rounds(0, 1) : new Rounds(1, 7);
		List<Result> results = new ArrayList<>(rounds.run("startup/web application", "ms",
				List.of(new Variant(WITHOUT, (round) -> without.start()), new Variant(WITH, (round) -> with.start()))));
		results.addAll(List.of(without.cpuTime(WITHOUT, rounds), with.cpuTime(WITH, rounds)));
		results.addAll(List.of(without.classes(WITHOUT, rounds), with.classes(WITH, rounds)));
		results.addAll((context.quick() ? new Rounds(0, 1) : new Rounds(1, 5)).run("startup/first lookup", "ms",
				List.of(new Variant("llmcache", (round) -> with.lookUp()))));
		List<String> early = with.classesBeforeLookup(directory.resolve("classes.log"));
		for (String prefix : STORAGE) {
			List<String> loaded = early.stream().filter((name) -> name.startsWith(prefix)).toList();
			results.add(new Result("startup/" + prefix + "* before the first lookup", "llmcache", 1, "classes",
					Summary.of(loaded.size())));
			loaded.forEach((name) -> context.note("startup: loaded before the first lookup: " + name));
		}
		return results;
	}

	private static List<Path> append(List<Path> jars, Path classes) {
		List<Path> classPath = new ArrayList<>(jars);
		classPath.add(classes);
		return classPath;
	}

	/**
	 * Copy classes out of this program's jar, with which everything it refers to would
	 * come along.
	 */
	private static Path extract(Path directory, Class<?>... types) throws IOException {
		for (Class<?> type : types) {
			Path file = directory.resolve(type.getName().replace('.', '/') + ".class");
			Files.createDirectories(file.resolveSibling(""));
			try (InputStream content = type.getResourceAsStream(type.getSimpleName() + ".class")) {
				if (content == null) {
					throw new IOException(type + " has no file");
				}
				Files.copy(content, file);
			}
		}
		return directory;
	}

	/**
	 * An application that can be started.
	 */
	private record Application(List<Path> classPath, Path cacheDirectory, List<List<String>> starts) {

		Application(List<Path> classPath, Path cacheDirectory) {
			this(classPath, cacheDirectory, new ArrayList<>());
		}

		double start() throws Exception {
			List<String> lines = run(ChildJvm.of(this.classPath), "start");
			this.starts.add(lines);
			return ready(lines);
		}

		/**
		 * Return how much the starts have computed, which other work on the machine
		 * changes less than how long they took.
		 */
		Result cpuTime(String variant, Rounds rounds) {
			return new Result("startup/CPU time", variant, 1, "ms", figures(MinimalApplication.CPU_TIME, rounds));
		}

		Result classes(String variant, Rounds rounds) {
			return new Result("startup/loaded classes", variant, 1, "classes",
					figures(MinimalApplication.CLASSES, rounds));
		}

		private Summary figures(String prefix, Rounds rounds) {
			List<List<String>> counted = this.starts.subList(this.starts.size() - rounds.count(), this.starts.size());
			return Summary.of(counted.stream().mapToDouble((lines) -> figure(lines, prefix)).toArray());
		}

		double lookUp() throws Exception {
			return figure(run(ChildJvm.of(this.classPath), MinimalApplication.LOOK_UP), FirstLookup.RESULT);
		}

		private static double figure(List<String> lines, String prefix) {
			return lines.stream()
				.filter((line) -> line.startsWith(prefix))
				.mapToDouble((line) -> Double.parseDouble(line.substring(prefix.length())))
				.findFirst()
				.orElseThrow();
		}

		List<String> classesBeforeLookup(Path log) throws Exception {
			run(ChildJvm.of(this.classPath).options("-Xlog:class+load:file=" + log + ":none"),
					MinimalApplication.LOOK_UP);
			try (Stream<String> lines = Files.lines(log)) {
				return lines.map((line) -> line.substring(0, (line + " ").indexOf(' ')))
					.takeWhile((name) -> !name.equals(FirstLookup.class.getName()))
					.toList();
			}
		}

		private List<String> run(ChildJvm jvm, String task) throws Exception {
			return jvm.run(MinimalApplication.class.getName(), task, "--server.port=0", "--spring.main.banner-mode=off",
					"--logging.level.root=warn", "--llmcache.directory=" + this.cacheDirectory,
					"--llmcache.providers." + LlmCache.PROVIDER + ".protocol=openai",
					"--llmcache.providers." + LlmCache.PROVIDER + ".base-url=http://localhost:9/v1",
					"--llmcache.providers." + LlmCache.PROVIDER + ".cache-identity=" + LlmCache.PROVIDER,
					"--llmcache.providers." + LlmCache.PROVIDER + ".models=bench-*");
		}

		private static double ready(List<String> lines) {
			return lines.stream()
				.filter((line) -> line.endsWith(MinimalApplication.READY))
				.mapToDouble((line) -> Double.parseDouble(line.substring(0, line.indexOf('@'))))
				.findFirst()
				.orElseThrow();
		}

	}

}
