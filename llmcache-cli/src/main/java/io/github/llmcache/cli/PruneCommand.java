package io.github.llmcache.cli;

import java.time.Clock;

import io.github.llmcache.cache.CacheSettings;
import io.github.llmcache.cache.CacheStatistics;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.DefaultCacheManager;
import io.github.llmcache.cache.EntryBrowser;
import io.github.llmcache.cache.EntryFilter;
import io.github.llmcache.cache.MemorySettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Deletes entries, after it has said which.
 */
@Command(name = "prune",
		description = { "Deletes the entries of which everything is true that is given, and gives their space back. "
				+ "What was saved stays counted.", "" },
		footer = { "", "Examples:", "  llmcache prune --older-than 90d --dry-run",
				"  llmcache prune --model gpt-4o --finish-reason length --yes", "  llmcache prune --key 3f9a21c07b4e" })
final class PruneCommand extends CacheCommand {

	@Mixin
	private final FilterOptions filter = new FilterOptions();

	@Option(names = { "-k", "--key" }, paramLabel = "KEY", description = "Only the entry whose key begins with this")
	private @Nullable String key;

	@Option(names = "--all", description = "Every entry, if nothing else is given")
	private boolean all;

	@Option(names = "--dry-run", description = "Only tell what would be deleted")
	private boolean dryRun;

	@Option(names = { "-y", "--yes" }, description = "Delete without asking")
	private boolean yes;

	PruneCommand(Terminal terminal, Clock clock) {
		super(terminal, clock);
	}

	@Override
	void check() {
		boolean everything = this.key == null && this.filter.filter().equals(EntryFilter.ALL);
		if (everything && !this.all) {
			throw CliException.usage("Say which entries to delete, or --all");
		}
		if (!everything && this.all) {
			throw CliException.usage("--all goes with no other condition");
		}
		if (!this.dryRun && !this.yes && !terminal().traits().interactive()) {
			throw CliException
				.usage("Nobody can be asked here: add --yes to delete, or --dry-run to see what would go");
		}
		if (this.key != null) {
			new KeyPrefix(this.key).check();
		}
	}

	@Override
	int run(CacheStore store) {
		EntryBrowser browser = new EntryBrowser(store, clock());
		EntryFilter filter = this.filter
			.filter((this.key != null) ? new KeyPrefix(this.key).find(browser, this.filter.model()).hex() : null);
		Doomed doomed = Doomed.find(store, browser, filter);
		if (!json() || !this.dryRun && !this.yes) {
			doomed.print(terminal(), clock().instant(), json());
		}
		if (this.dryRun || doomed.entries() == 0) {
			return done(doomed, 0);
		}
		if (!this.yes && !terminal().confirm("Delete " + Readable.entries(doomed.entries()) + "?")) {
			throw new CliException("Nothing was deleted");
		}
		try (DefaultCacheManager cache = new DefaultCacheManager(store,
				new CacheSettings(MemorySettings.OFF, maxEntrySize()), clock())) {
			return done(doomed, cache.delete(filter));
		}
	}

	private int done(Doomed doomed, long deleted) {
		if (json()) {
			terminal().json(new Pruned(this.dryRun, deleted, doomed.entries(), doomed.bytes(),
					CacheStatistics.dollars(doomed.costNanos()), doomed.modelsForPrograms(),
					doomed.first().stream().map(ListedEntry::of).toList()));
		}
		else if (this.dryRun) {
			terminal().print("Nothing was deleted: this was a dry run.");
		}
		else {
			terminal().print("Deleted " + Readable.entries(deleted) + ".");
		}
		return ExitCode.OK;
	}

}
