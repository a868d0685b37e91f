package io.github.llmcache.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

import io.github.llmcache.benchmarks.harness.Result;
import io.github.llmcache.benchmarks.harness.Summary;
import io.github.llmcache.benchmarks.micro.LookupParts;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The parts of a lookup on their own, measured by JMH in JVMs of their own.
 */
final class Micro implements Benchmark {

	/** Of these the size of the prompt changes nothing. */
	private static final String SMALL_ONLY = "(encodeEntry|decodeEntry|readResponse|missException)";

	private static final String BOTH = "(mapRequest|fingerprint|encodeKey)";

	@Override
	public List<Result> run(Context context) throws Exception {
		List<RunResult> results = new ArrayList<>();
		results.addAll(new Runner(options(context, BOTH).build()).run());
		results.addAll(new Runner(options(context, SMALL_ONLY).param("prompt", "4096").build()).run());
		return toResults(results);
	}

	private static ChainedOptionsBuilder options(Context context, String methods) {
		return new OptionsBuilder().include(LookupParts.class.getName() + "\\." + methods + "$")
			.verbosity(VerboseMode.SILENT)
			.forks(1)
			.warmupIterations(context.quick() ? 1 : 2)
			.warmupTime(TimeValue.milliseconds(context.quick() ? 200 : 500))
			.measurementIterations(context.quick() ? 3 : 5)
			.measurementTime(TimeValue.milliseconds(context.quick() ? 100 : 300));
	}

	private static List<Result> toResults(Collection<RunResult> results) {
		return results.stream()
			.map((result) -> new Result(
					"micro/" + result.getPrimaryResult().getLabel() + ", prompt of "
							+ result.getParams().getParam("prompt") + " bytes",
					"llmcache", 1, "ns",
					Summary.of(result.getPrimaryResult().getStatistics().getPercentile(50),
							result.getPrimaryResult().getStatistics().getMin(),
							result.getPrimaryResult().getStatistics().getMax())))
			.sorted(Comparator.comparing(Result::benchmark))
			.toList();
	}

}
