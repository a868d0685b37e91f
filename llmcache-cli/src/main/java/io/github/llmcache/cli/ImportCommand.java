package io.github.llmcache.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cli.transfer.EntryImport;
import io.github.llmcache.cli.transfer.EntrySink;
import io.github.llmcache.cli.transfer.EntrySource;
import io.github.llmcache.cli.transfer.ImportOptions;
import io.github.llmcache.cli.transfer.ImportOptions.Conflict;
import io.github.llmcache.cli.transfer.ImportSummary;
import io.github.llmcache.cli.transfer.JsonLinesSource;
import io.github.llmcache.cli.transfer.TransferSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Takes entries from files.
 */
@Command(name = "import",
		description = {
				"Takes entries from files that export has written, compressed or not, or with --from from the cache of "
						+ "another library. What is there already stays, and doing it again changes nothing.",
				"" },
		footer = { "",
				"Ends with 3 if something was skipped, and 1 if a file could not be read to its end: what could "
						+ "be read is imported.",
				"", "Examples:", "  llmcache import cache.jsonl.zst",
				"  llmcache import --backend redis --model gpt-4o *.jsonl",
				"  ssh host llmcache export --zstd - | llmcache import -",
				"  llmcache import --from safety-tooling ~/.cache/safety-tooling" })
final class ImportCommand implements Callable<Integer> {

	private static final String STANDARD_INPUT = "-";

	@Mixin
	private final StoreOptions store = new StoreOptions();

	@Mixin
	private final OutputOptions output = new OutputOptions();

	@Mixin
	private final LibraryOptions library = new LibraryOptions();

	private final Terminal terminal;

	private final Clock clock;

	@Mixin
	private final EntryOptions entries = new EntryOptions();

	@Option(names = "--include-expired", description = "Entries as well that have expired")
	private boolean includeExpired;

	@Option(names = "--dry-run", description = "Only tell what would be imported")
	private boolean dryRun;

	@ArgGroup
	private @Nullable ConflictOptions conflict;

	@Parameters(paramLabel = "FILE", arity = "1..*", description = "The files; - is the standard input")
	private List<String> files = new ArrayList<>();

	ImportCommand(Terminal terminal, Clock clock) {
		this.terminal = terminal;
		this.clock = clock;
	}

	@Override
	public Integer call() {
		TransferSettings settings = TransferSettings.of(this.store.maxEntrySize());
		ImportOptions options = new ImportOptions(this.entries.model(), this.entries.namespace(),
				this.entries.olderThan(), this.entries.newerThan(), this.includeExpired, conflict(), this.dryRun);
		List<String> failures = new ArrayList<>();
		ImportSummary summary;
		try (OpenStore open = this.store.open(this.clock)) {
			EntryImport sink = new EntryImport(open.store(), this.clock, options, settings);
			for (String file : this.files) {
				String failure = read(file, open.store(), sink, settings);
				if (failure != null) {
					failures.add(failure);
				}
			}
			summary = sink.summary();
		}
		print(summary, failures);
		if (!failures.isEmpty()) {
			return ExitCode.FAILURE;
		}
		return summary.skipped().isEmpty() ? ExitCode.OK : ExitCode.INCOMPLETE;
	}

	private Conflict conflict() {
		if (this.conflict != null) {
			return this.conflict.conflict();
		}
		return this.library.isGiven() ? Conflict.APPEND : Conflict.KEEP;
	}

	/**
	 * Import a file, as far as it can be read.
	 * @return why it could not be read to its end, or {@code null} if it could
	 */
	private @Nullable String read(String file, CacheStore store, EntryImport sink, TransferSettings settings) {
		try (ProgressLine progress = new ProgressLine(this.terminal, this.clock, "Importing", Readable::bytes);
				EntrySource source = source(file, settings)) {
			source.readAll(new FileSink(this.library.recognizing(store, sink), progress,
					(this.files.size() > 1) ? withoutPassword(file) + ", " : ""));
			return null;
		}
		catch (IOException ex) {
			return withoutPassword(file) + ": " + Failures.describe(ex);
		}
		finally {
			sink.flush();
		}
	}

	/**
	 * Return the name of a file, which can be the URL of a server, for people and for
	 * programs.
	 */
	private static String withoutPassword(String file) {
		return file.replaceAll("(?s)(?<=://).*@", "***@");
	}

	/**
	 * Open what entries are read from.
	 */
	private EntrySource source(String file, TransferSettings settings) throws IOException {
		if (this.library.isGiven()) {
			return this.library.open(file, this.entries.namespace(), this.clock);
		}
		if (file.equals(STANDARD_INPUT)) {
			return new JsonLinesSource(this.terminal.in(), 0, settings);
		}
		try {
			Path path = Path.of(file);
			if (Files.isDirectory(path)) {
				throw new IOException("It is a folder");
			}
			InputStream in = Files.newInputStream(path);
			return new JsonLinesSource(in, Files.size(path), settings);
		}
		catch (InvalidPathException ex) {
			throw new IOException("The name is none of a file", ex);
		}
	}

	private void print(ImportSummary summary, List<String> failures) {
		if (this.output.json()) {
			this.terminal.json(new Result(this.dryRun, summary, failures));
		}
		else {
			this.terminal.print((this.dryRun ? "Would have imported " : "Imported ")
					+ Readable.entries(summary.added() + summary.replaced() + summary.extended()) + ": "
					+ Readable.number(summary.added()) + " added, " + Readable.number(summary.replaced())
					+ " replaced, " + Readable.number(summary.extended()) + " extended. Of the others, "
					+ Readable.number(summary.unchanged()) + " were there already, " + Readable.number(summary.kept())
					+ " differ from what is there, " + Readable.number(summary.leftOut()) + " were not wanted.");
			new SkippedLines(this.terminal).print("skipped", summary.skipped());
		}
		failures.forEach(this.terminal::error);
	}

	/**
	 * Options that say what becomes of another entry that is already there.
	 */
	static final class ConflictOptions {

		@Option(names = "--replace", description = "Replace entries that are there and differ. Default: they stay")
		private boolean replace;

		@Option(names = "--append",
				description = "Add answers to entries that are there and do not have them. Default: they stay")
		private boolean append;

		Conflict conflict() {
			if (this.append) {
				return Conflict.APPEND;
			}
			return this.replace ? Conflict.REPLACE : Conflict.KEEP;
		}

	}

	/**
	 * What has become of it, for programs.
	 */
	private record Result(boolean dryRun, ImportSummary summary, List<String> failures) {
	}

	/**
	 * Passes on what is read from one of several files.
	 */
	private record FileSink(EntrySink sink, ProgressLine progress, String prefix) implements EntrySink {

		@Override
		public void entry(CacheEntry entry) {
			this.sink.entry(entry);
		}

		@Override
		public void skipped(String where, String reason) {
			this.sink.skipped(this.prefix + where, reason);
		}

		@Override
		public void progress(long done, long total) {
			this.progress.update(done, total);
		}

	}

}
