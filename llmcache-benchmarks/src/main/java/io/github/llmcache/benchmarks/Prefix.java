package io.github.llmcache.benchmarks;

import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.benchmarks.contender.Contenders;
import io.github.llmcache.benchmarks.harness.Result;
import io.github.llmcache.benchmarks.harness.Rounds;
import io.github.llmcache.benchmarks.harness.Variant;
import io.github.llmcache.benchmarks.workload.Texts;
import io.github.llmcache.benchmarks.workload.Workload;

/**
 * Many questions about one large document, which all requests begin with, beside requests
 * of the same length that each have a document of their own.
 */
final class Prefix implements Benchmark {

	/** What the names of those without a common document end with. */
	static final String OWN_DOCUMENTS = ", own documents";

	private static final int DOCUMENT = 150 * 1024;

	private static final int INSTRUCTIONS_AND_QUESTION = 1024;

	@Override
	public List<Result> run(Context context) throws Exception {
		Workload own = context.workload(Texts.ENGLISH, DOCUMENT + INSTRUCTIONS_AND_QUESTION, Headline.COMPLETION);
		Workload shared = own.aboutOneDocument(DOCUMENT);
		int entries = context.size(Headline.ENTRIES);
		Rounds rounds = context.rounds();
		int lookups = Math.max(1, context.size(Headline.LOOKUPS) / rounds.count());
		try (Contenders ofShared = Contenders.floorAndOurs(context.newDirectory("prefix"));
				Contenders ofOwn = Contenders.floorAndOurs(context.newDirectory("prefix-own"));
				Lookups lookupsOfShared = new Lookups(shared, entries, Headline.MISSES, lookups);
				Lookups lookupsOfOwn = new Lookups(own, entries, Headline.MISSES, lookups)) {
			ofShared.populate(shared, entries);
			ofOwn.populate(own, entries);
			List<Variant> variants = new ArrayList<>(lookupsOfShared.variants(ofShared.list(), 1));
			for (Variant variant : lookupsOfOwn.variants(ofOwn.list(), 1)) {
				variants.add(new Variant(variant.name() + OWN_DOCUMENTS, variant.measurement()));
			}
			return rounds.run("prefix", "lookups/s", variants);
		}
	}

}
