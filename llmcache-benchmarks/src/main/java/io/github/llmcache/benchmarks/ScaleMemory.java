package io.github.llmcache.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

import io.github.llmcache.benchmarks.contender.LlmCache;
import io.github.llmcache.benchmarks.workload.Texts;
import io.github.llmcache.benchmarks.workload.Workload;

/**
 * Looks up in a JVM of its own, whose heap is all there from the beginning, and prints by
 * how many megabytes the process has grown. Only Linux tells: elsewhere it is 0.
 */
final class ScaleMemory {

	private static final Path STATUS = Path.of("/proc/self/status");

	private static final double KB_PER_MB = 1024;

	private ScaleMemory() {
	}

	public static void main(String[] args) throws IOException {
		Workload workload = new Workload(Texts.ENGLISH, Long.parseLong(args[1]), Integer.parseInt(args[2]), 0,
				Integer.parseInt(args[3]));
		int entries = Integer.parseInt(args[4]);
		int lookups = Integer.parseInt(args[5]);
		try (LlmCache cache = new LlmCache(Path.of(args[0]))) {
			double before = residentMegabytes();
			SplittableRandom random = new SplittableRandom(1);
			for (int i = 0; i < lookups; i++) {
				cache.lookup(workload.request(random.nextInt(entries)));
			}
			System.out.println(residentMegabytes() - before);
		}
	}

	private static double residentMegabytes() throws IOException {
		if (!Files.exists(STATUS)) {
			return 0;
		}
		for (String line : Files.readAllLines(STATUS)) {
			if (line.startsWith("VmRSS:")) {
				return Long.parseLong(line.replaceAll("\\D", "")) / KB_PER_MB;
			}
		}
		return 0;
	}

}
