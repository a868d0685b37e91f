package io.github.llmcache.benchmarks;

import java.util.List;

import io.github.llmcache.benchmarks.harness.Result;

/**
 * The work of {@link Typical} from the first level, in memory.
 */
final class Hot implements Benchmark {

	@Override
	public List<Result> run(Context context) {
		context.note("hot: left out, for llmcache keeps no entries in memory yet");
		return List.of();
	}

}
