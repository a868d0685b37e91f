package io.github.llmcache.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.EntryFilter;
import io.github.llmcache.cli.transfer.EntryExport;
import io.github.llmcache.cli.transfer.ExportFile;
import io.github.llmcache.cli.transfer.ExportOptions;
import io.github.llmcache.cli.transfer.ExportSummary;
import io.github.llmcache.cli.transfer.TransferSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Writes entries to a file, from which another cache can take them.
 */
@Command(name = "export",
		description = { "Writes entries to a file, one JSON object a line: what was asked, what was answered and what "
				+ "it had cost. Any cache can import it.", "" },
		footer = { "", "Ends with 3 if something could not be exported.", "", "Examples:",
				"  llmcache export cache.jsonl.zst", "  llmcache export --model gpt-4o --newer-than 30d new.jsonl",
				"  llmcache export - | jq -r .model | sort | uniq -c" })
final class ExportCommand extends CacheCommand {

	private static final String STANDARD_OUTPUT = "-";

	@Mixin
	private final FilterOptions filter = new FilterOptions();

	@Option(names = "--include-expired", description = "Entries as well that have expired")
	private boolean includeExpired;

	@Option(names = "--zstd", description = "Compress; done anyway if the name ends in .zst")
	private boolean zstd;

	@Option(names = { "-f", "--force" }, description = "Replace the file if it exists")
	private boolean force;

	@Parameters(paramLabel = "FILE", description = "The file; - is the standard output")
	private String file = "";

	ExportCommand(Terminal terminal, Clock clock) {
		super(terminal, clock);
	}

	@Override
	void check() {
		if (json() && !toFile()) {
			throw CliException.usage("--json goes with a file: the standard output is what is exported");
		}
	}

	@Override
	int run(CacheStore store) throws IOException {
		return toFile() ? exportToFile(store) : exportToOutput(store);
	}

	private boolean toFile() {
		return !this.file.equals(STANDARD_OUTPUT);
	}

	private int exportToFile(CacheStore store) throws IOException {
		ExportSummary summary;
		try (ExportFile target = ExportFile.create(path(), this.force)) {
			summary = export(store, target.stream());
			target.complete();
		}
		catch (FileAlreadyExistsException ex) {
			throw new CliException(
					this.force ? this.file + " is no file that could be replaced" : this.file + " exists: add --force");
		}
		if (json()) {
			terminal().json(summary);
		}
		else {
			terminal().print(describe(summary) + ", to " + this.file + ".");
			notes(summary);
		}
		return exitCode(summary);
	}

	private Path path() {
		try {
			return Path.of(this.file);
		}
		catch (InvalidPathException ex) {
			throw CliException.usage("The name of the file is none");
		}
	}

	private int exportToOutput(CacheStore store) throws IOException {
		ExportSummary summary;
		try {
			summary = export(store, terminal().bytes());
		}
		catch (IOException ex) {
			if (terminal().flush() != null) {
				// Seen at the end, where it is known whether the reader had enough
				return ExitCode.OK;
			}
			throw ex;
		}
		terminal().note(describe(summary) + ".");
		notes(summary);
		return exitCode(summary);
	}

	private ExportSummary export(CacheStore store, OutputStream out) throws IOException {
		EntryFilter filter = this.filter.filter();
		ExportOptions options = new ExportOptions(filter, this.includeExpired || filter.expired(),
				this.zstd || this.file.toLowerCase(Locale.ROOT).endsWith(".zst"));
		EntryExport export = new EntryExport(store, clock(), TransferSettings.of(maxEntrySize()));
		long total = total(store, filter);
		try (ProgressLine progress = new ProgressLine(terminal(), clock(), "Exporting", Readable::number)) {
			return export.export(options, out, (entries) -> progress.update(entries, total));
		}
	}

	/**
	 * Count what will be exported, if somebody wants to know and it needs no entry to be
	 * read.
	 */
	private long total(CacheStore store, EntryFilter filter) {
		AtomicLong total = new AtomicLong();
		if (terminal().traits().errorsShown() && filter.equals(EntryFilter.ofModel(filter.model()))) {
			store.inspect(filter.model(), (details) -> total.incrementAndGet());
		}
		return total.get();
	}

	private static String describe(ExportSummary summary) {
		return "Exported " + Readable.entries(summary.entries()) + ", " + Readable.bytes(summary.bytes()) + " of JSON";
	}

	private void notes(ExportSummary summary) {
		SkippedLines lines = new SkippedLines(terminal());
		lines.print("without the request", summary.withoutRequest());
		lines.print("skipped", summary.skipped());
	}

	private static int exitCode(ExportSummary summary) {
		return (summary.skipped().isEmpty() && summary.withoutRequest().isEmpty()) ? ExitCode.OK : ExitCode.INCOMPLETE;
	}

}
