package io.github.llmcache.cli;

import java.math.BigDecimal;
import java.time.Clock;
import java.util.List;

import io.github.llmcache.cache.CacheStatistics;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.EntryBrowser;
import io.github.llmcache.cache.EntryOrder;
import io.github.llmcache.cache.FoundEntries;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Lists entries.
 */
@Command(name = "list", description = { "Lists entries, without what they say.", "" },
		footer = { "", "Examples:", "  llmcache list --order costliest --limit 10",
				"  llmcache list --model gpt-4o --finish-reason length --newer-than 7d" })
final class ListCommand extends CacheCommand {

	@Mixin
	private final FilterOptions filter = new FilterOptions();

	@Option(names = { "-o", "--order" }, paramLabel = "ORDER", defaultValue = "newest",
			description = "Which entries come first: newest, oldest, largest, costliest or least-recently-used. "
					+ "Default: ${DEFAULT-VALUE}",
			completionCandidates = EntryOrders.class, converter = EntryOrders.class)
	private EntryOrder order = EntryOrder.NEWEST;

	@Option(names = { "-l", "--limit" }, paramLabel = "N", defaultValue = "50",
			description = "How many entries to list at most. Default: ${DEFAULT-VALUE}")
	private int limit;

	ListCommand(Terminal terminal, Clock clock) {
		super(terminal, clock);
	}

	@Override
	void check() {
		if (this.limit < 0) {
			throw CliException.usage("--limit must not be negative");
		}
	}

	@Override
	int run(CacheStore store) {
		FoundEntries found = new EntryBrowser(store, clock()).find(this.filter.filter(), this.order, this.limit);
		if (json()) {
			terminal().json(new Listed(found.matching(), found.bytes(), CacheStatistics.dollars(found.costNanos()),
					found.entries().stream().map(ListedEntry::of).toList()));
			return ExitCode.OK;
		}
		if (!found.entries().isEmpty()) {
			EntryTable.of(found.entries(), clock().instant()).print(terminal());
		}
		int listed = found.entries().size();
		String entries = (listed < found.matching()) ? Readable.number(listed) + " of " : "";
		terminal().print(entries + Readable.entries(found.matching()) + ", " + Readable.bytes(found.bytes()) + ", "
				+ Readable.dollars(found.costNanos()));
		return ExitCode.OK;
	}

	/**
	 * Entries, for programs.
	 *
	 * @param matching how many there are
	 * @param bytes about the space that all of them take, in bytes
	 * @param cost what all of them had cost, in US dollars, as far as it is known
	 * @param entries the first of them
	 */
	private record Listed(long matching, long bytes, BigDecimal cost, List<ListedEntry> entries) {
	}

}
