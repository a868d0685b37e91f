package io.github.llmcache.cli;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.CacheStoreUnavailableException;
import io.github.llmcache.cache.EntryBrowser;
import io.github.llmcache.cache.EntryFilter;
import picocli.CommandLine.Command;

/**
 * Reads everything, and finds out whether it is as it was stored.
 */
@Command(name = "verify",
		description = { "Reads every entry and checks every checksum, computes the key of each request anew, and looks "
				+ "for damage in the files themselves. Changes nothing.", "" },
		footer = { "",
				"Ends with 0 if all is well and 3 if something is damaged. A damaged entry is never answered "
						+ "with: it is asked for again, and replaced.",
				"", "Examples:", "  llmcache verify",
				"  llmcache verify --json --backend file --directory /var/cache/llm" })
final class VerifyCommand extends CacheCommand {

	private static final int LISTED = 20;

	VerifyCommand(Terminal terminal, Clock clock) {
		super(terminal, clock);
	}

	@Override
	int run(CacheStore store) {
		Verification verification = new Verification();
		List<String> problems = new ArrayList<>();
		try {
			check(store, verification);
		}
		catch (CacheStoreUnavailableException ex) {
			throw ex;
		}
		catch (CacheStoreException ex) {
			// Damage of what holds the entries, of which the store has more to say
			problems.add("Not every entry could be read: " + Failures.describe(ex));
		}
		problems.addAll(store.problems());
		if (json()) {
			terminal().json(verification.result(problems));
		}
		else {
			print(verification, problems);
		}
		return (verification.isFine() && problems.isEmpty()) ? ExitCode.OK : ExitCode.INCOMPLETE;
	}

	private void check(CacheStore store, Verification verification) {
		long total = store.size().stream().mapToLong(StoreSize::entries).sum();
		try (ProgressLine progress = new ProgressLine(terminal(), clock(), "Verifying", Readable::number)) {
			new EntryBrowser(store, clock()).forEach(EntryFilter.ALL, (key, entry) -> {
				verification.check(key, entry);
				progress.update(verification.entries(), total);
			});
		}
	}

	private void print(Verification verification, List<String> problems) {
		Table table = Table.of("MODEL", ">ENTRIES", ">FINE", ">UNREADABLE", ">WRONG KEY", ">WITHOUT REQUEST");
		verification.models()
			.forEach((model) -> table.row(model.isFine() ? Style.PLAIN : Style.RED, model.model(),
					Readable.number(model.entries()), Readable.number(model.fine()),
					Readable.number(model.unreadable()), Readable.number(model.wrongKey()),
					Readable.number(model.withoutRequest())));
		if (verification.entries() > 0) {
			table.print(terminal());
		}
		verification.damaged()
			.stream()
			.limit(LISTED)
			.forEach((damage) -> terminal().print(damage.key().substring(0, EntryTable.KEY_DIGITS) + "  "
					+ damage.model() + ": " + damage.problem()));
		if (verification.damages() > LISTED) {
			terminal().print(Readable.number(verification.damages() - LISTED) + " more; --json lists all");
		}
		problems.forEach(terminal()::print);
		if (verification.isFine() && problems.isEmpty()) {
			terminal().print(Style.GREEN, "All is well: " + Readable.entries(verification.entries()) + " read.");
		}
		else {
			terminal().print(Style.RED, Readable.count(verification.damages(), "entry is", "entries are") + " damaged, "
					+ Readable.count(problems.size(), "other problem", "other problems") + " found.");
		}
	}

}
