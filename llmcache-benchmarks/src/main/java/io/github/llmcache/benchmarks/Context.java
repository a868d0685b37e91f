package io.github.llmcache.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

import io.github.llmcache.benchmarks.harness.Rounds;
import io.github.llmcache.benchmarks.workload.Texts;
import io.github.llmcache.benchmarks.workload.Workload;

/**
 * How a benchmark is run.
 *
 * @param divisor by what its sizes are divided; 1 for the sizes it is described with
 * @param full whether it takes the time for its largest sizes
 * @param seed what decides its data
 * @param directory where its files are
 * @param notes takes what has to be said beside the results
 */
record Context(int divisor, boolean full, long seed, Path directory, Consumer<String> notes) {

	/** What {@code --quick} divides sizes by. */
	static final int QUICK = 50;

	boolean quick() {
		return this.divisor > 1;
	}

	/**
	 * Return the size to use.
	 * @param size the size that the benchmark is described with
	 * @return the size divided, at least 1
	 */
	int size(int size) {
		return Math.max(1, size / this.divisor);
	}

	Rounds rounds() {
		return new Rounds(1, quick() ? 3 : 5);
	}

	Workload workload(Texts texts, int promptLength, int completionLength) {
		return new Workload(texts, this.seed, promptLength, completionLength, 1);
	}

	/**
	 * Create a directory for a benchmark.
	 * @param name the beginning of its name
	 * @return a directory of which nobody else knows
	 */
	Path newDirectory(String name) {
		try {
			return Files.createTempDirectory(this.directory, name);
		}
		catch (IOException ex) {
			throw new IllegalStateException("No directory can be created in " + this.directory, ex);
		}
	}

	void note(String note) {
		this.notes.accept(note);
	}

}
