package io.github.llmcache.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.llmcache.benchmarks.Options.UsageException;
import io.github.llmcache.benchmarks.harness.Report;
import io.github.llmcache.benchmarks.harness.Result;

/**
 * Runs benchmarks and prints what they say.
 */
public final class Main {

	private static final int WRONG_USAGE = 2;

	private static final String USAGE = """
			Usage: java -jar benchmarks.jar [name…] [--quick | --full] [--json] [--seed N]

			  headline  3,500 entries of 160 KB prompts, 10,000 lookups of which 65 % miss
			  typical   20,000 entries of 4 KB prompts and 2 KB completions, 100,000 lookups of which 50 % miss, by one
			            thread and by two; and what a hit allocates
			  prefix    3,500 questions about one document of 150 KB, 10,000 lookups of which 65 % miss, beside questions
			            about as many documents
			  hot       typical's hits from memory
			  batch     1,000 lookups at once beside one after the other
			  backends  lookups in SQLite, files and Redis, beside Spring's @Cacheable
			  populate  saves by one saver and by 64, beside raw inserts of bytes that were hashed and compressed before, that
			            are kept as they are, and that are compressed within the time; a reader and a saver beside each other
			  bounded   500 MB of 4 KB prompts and 2 KB completions saved into 50 MB, while 2,000 of them are asked for all the
			            time: the size of the file, and how long hits and saves take, beside the same without a bound
			  disk      bytes on disk for each entry
			  scale     lookups, opening and memory with 10 thousand, 100 thousand and 1 million entries (with --full
			            also 3 million), of one model and of 20; files that are open with 1,000 models
			  startup   a web application with and without the starter; the first lookup in a new JVM
			  micro     parts of a lookup, measured by JMH
			  all       all of these, which is what runs if none is named

			  --quick   a fiftieth of the work and fewer rounds, all in a minute: to see that it works
			  --full    the largest sizes, too: minutes more
			  --json    one JSON object a line instead of a table
			  --seed N  other data of the same kind; the same N gives the same data

			Everybody does the same work in turns, round after round; a figure is the median of the rounds. Below the table
			stands what is expected of the figures, and whether it is met. Files are created in the temporary directory
			(-Djava.io.tmpdir=…) and deleted afterwards.
			""";

	private Main() {
	}

	/**
	 * Run the benchmarks that the command line names.
	 * @param args the command line
	 * @throws Exception if a benchmark fails
	 */
	public static void main(String[] args) throws Exception {
		PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
		PrintStream notes = new PrintStream(System.err, true, StandardCharsets.UTF_8);
		int exitCode = run(out, notes, args);
		out.flush();
		// Ends whatever a store may have left running
		System.exit(exitCode);
	}

	static int run(PrintStream out, PrintStream notes, String... args) throws Exception {
		Map<String, Benchmark> benchmarks = benchmarks();
		Options options;
		try {
			options = Options.parse(benchmarks.keySet(), args);
		}
		catch (UsageException ex) {
			notes.println(ex.getMessage());
			notes.println("See --help.");
			return WRONG_USAGE;
		}
		if (options.help()) {
			out.print(USAGE);
			return 0;
		}
		Path directory = Files.createTempDirectory("llmcache-benchmarks");
		try {
			Context context = new Context(options.quick() ? Context.QUICK : 1, options.full(), options.seed(),
					directory, notes::println);
			run(benchmarks, options, context, out);
			return 0;
		}
		finally {
			delete(directory);
		}
	}

	private static void run(Map<String, Benchmark> benchmarks, Options options, Context context, PrintStream out)
			throws Exception {
		List<Result> results = new ArrayList<>();
		for (Map.Entry<String, Benchmark> benchmark : benchmarks.entrySet()) {
			if (!options.names().contains(benchmark.getKey())) {
				continue;
			}
			long start = System.nanoTime();
			List<Result> measured = benchmark.getValue().run(context);
			context.note(benchmark.getKey() + ": " + (System.nanoTime() - start) / 1_000_000_000 + " s");
			if (options.json()) {
				Report.json(measured).forEach(out::println);
			}
			results.addAll(measured);
			delete(context.directory());
			Files.createDirectories(context.directory());
		}
		if (!options.json()) {
			Report.table(results).forEach(out::println);
			printExpectations(Expectations.describe(results), context, out);
		}
	}

	private static void printExpectations(List<String> expectations, Context context, PrintStream out) {
		// What is measured quickly says nothing
		if (!context.quick() && !expectations.isEmpty()) {
			out.println();
			out.println("Expectations");
			expectations.forEach((expectation) -> out.println("  " + expectation));
		}
	}

	static Map<String, Benchmark> benchmarks() {
		Map<String, Benchmark> benchmarks = new LinkedHashMap<>();
		benchmarks.put("headline", new Headline());
		benchmarks.put("typical", new Typical());
		benchmarks.put("prefix", new Prefix());
		benchmarks.put("hot", new Hot());
		benchmarks.put("batch", new Batch());
		benchmarks.put("backends", new Backends());
		benchmarks.put("populate", new Populate());
		benchmarks.put("bounded", new Bounded());
		benchmarks.put("disk", new Disk());
		benchmarks.put("scale", new Scale());
		benchmarks.put("startup", new Startup());
		benchmarks.put("micro", new Micro());
		return benchmarks;
	}

	private static void delete(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			files.sorted(Comparator.reverseOrder()).forEach((file) -> {
				try {
					Files.delete(file);
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
		}
	}

}
