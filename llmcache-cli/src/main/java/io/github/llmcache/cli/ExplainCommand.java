package io.github.llmcache.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

import io.github.llmcache.MissExplanation;
import io.github.llmcache.MissExplanation.Difference;
import io.github.llmcache.MissExplanation.NearEntry;
import io.github.llmcache.MissExplanation.Outcome;
import io.github.llmcache.cache.CacheSettings;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.DefaultCacheManager;
import io.github.llmcache.cache.MemorySettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Explains why a request would not be answered from the cache.
 */
@Command(name = "explain",
		description = { "Says whether a request would be answered from the cache, and if not, which entries come "
				+ "nearest and what differs. Asks no provider.", "" },
		footer = { "", "A request is a JSON object with the members of InferenceRequest, such as",
				"  {\"model\": \"gpt-4o\", \"prompt\": \"What is 2 + 2?\", \"temperature\": 0}",
				"or, as it is kept beside an entry, with model, endpoint, operation and body.", "",
				"Ends with 0 if it would be a hit, and 4 if not.", "", "Examples:", "  llmcache explain request.json",
				"  llmcache show 3f9a --raw | head -n 1 | llmcache explain - --values" })
final class ExplainCommand extends CacheCommand {

	private static final int LARGEST_REQUEST = 64 * 1024 * 1024;

	@Parameters(paramLabel = "FILE", description = "The request as JSON; - for the standard input")
	private String file = "";

	@Mixin
	private final RequestOptions request = new RequestOptions();

	@Option(names = "--values", description = "Show the values that differ, which may be parts of prompts")
	private boolean values;

	ExplainCommand(Terminal terminal, Clock clock) {
		super(terminal, clock);
	}

	@Override
	int run(CacheStore store) {
		String json = read();
		MissExplanation explanation;
		try (DefaultCacheManager cache = new DefaultCacheManager(store,
				new CacheSettings(MemorySettings.OFF, maxEntrySize()), clock())) {
			explanation = this.request.explain(json, cache, clock());
		}
		if (!this.values) {
			explanation = explanation.withoutValues();
		}
		if (explanation.outcome() == Outcome.STORE_FAILED) {
			throw new CliException(explanation.reason());
		}
		if (json()) {
			terminal().json(new Explained(explanation.model(), explanation.isHit(), explanation.outcome(),
					explanation.reason(), explanation.compared(), explanation.nearest()));
		}
		else {
			print(explanation);
		}
		return explanation.isHit() ? ExitCode.OK : ExitCode.MISS;
	}

	private String read() {
		try (InputStream in = this.file.equals("-") ? terminal().in() : Files.newInputStream(Path.of(this.file))) {
			byte[] json = in.readNBytes(LARGEST_REQUEST + 1);
			if (json.length > LARGEST_REQUEST) {
				throw new CliException("The request is larger than 64 MB");
			}
			return new String(json, StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new CliException(Failures.describe(ex), ExitCode.FAILURE, ex);
		}
	}

	private void print(MissExplanation explanation) {
		terminal().print(explanation.isHit() ? Style.GREEN : Style.YELLOW,
				(explanation.isHit() ? "Hit: " : "Miss: ") + explanation.reason());
		if (!explanation.isHit() && explanation.compared() > 0) {
			terminal().print("Compared with " + Readable.entries(explanation.compared()) + " of "
					+ Terminal.oneLine(explanation.model()) + ".");
		}
		explanation.nearest().forEach(this::print);
	}

	private void print(NearEntry entry) {
		terminal().print("");
		terminal().print(Style.BOLD, entry.key().substring(0, EntryTable.KEY_DIGITS) + ", "
				+ Readable.age(entry.createdAt(), clock().instant()) + " old");
		entry.differences().forEach(this::print);
	}

	private void print(Difference difference) {
		terminal().print("  " + Terminal.oneLine(difference.toString()));
		if (difference.stored() != null) {
			terminal().print("    stored:    " + Terminal.oneLine(difference.stored()));
		}
		if (difference.requested() != null) {
			terminal().print("    requested: " + Terminal.oneLine(difference.requested()));
		}
	}

	/**
	 * An explanation, for programs.
	 *
	 * @param model the model's id
	 * @param hit whether the request would be answered from the cache
	 * @param outcome what a lookup comes to
	 * @param reason the same for people
	 * @param compared how many entries the request was compared with
	 * @param nearest the entries that come nearest, the nearest first
	 */
	private record Explained(String model, boolean hit, Outcome outcome, String reason, long compared,
			List<NearEntry> nearest) {
	}

}
