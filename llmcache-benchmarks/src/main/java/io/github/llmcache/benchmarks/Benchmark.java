package io.github.llmcache.benchmarks;

import java.util.List;

import io.github.llmcache.benchmarks.harness.Result;

/**
 * Something that is measured.
 */
interface Benchmark {

	/**
	 * Measure it.
	 * @param context how
	 * @return the results
	 * @throws Exception if that fails
	 */
	List<Result> run(Context context) throws Exception;

}
