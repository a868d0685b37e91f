package io.github.llmcache.cli;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStatistics;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.EntryBrowser;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.transcript.Section;
import io.github.llmcache.transcript.StoredTranscript;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Shows one entry: what was asked, and what was answered.
 */
@Command(name = "show", description = { "Shows one entry: what was asked, and what was answered.", "" },
		footer = { "", "Examples:", "  llmcache show 3f9a21c07b4e", "  llmcache show 3f9a --raw | tail -n 1 | jq ." })
final class ShowCommand extends CacheCommand {

	@Parameters(paramLabel = "KEY", description = "The key of the entry, or at least its first 4 digits")
	private String key = "";

	@Option(names = { "-m", "--model" }, paramLabel = "MODEL", description = "The model, which makes it faster")
	private @Nullable String model;

	@Option(names = "--raw",
			description = "Print the request, if it is stored, and each response as they are stored, a line each")
	private boolean raw;

	ShowCommand(Terminal terminal, Clock clock) {
		super(terminal, clock);
	}

	@Override
	void check() {
		new KeyPrefix(this.key).check();
		if (this.raw && json()) {
			throw CliException.usage("--raw and --json are two different forms");
		}
	}

	@Override
	int run(CacheStore store) {
		EntryBrowser browser = new EntryBrowser(store, clock());
		CacheEntry entry = read(browser, new KeyPrefix(this.key).find(browser, this.model));
		if (json()) {
			terminal().json(Shown.of(entry));
		}
		else if (this.raw) {
			raw(entry);
		}
		else {
			print(entry);
		}
		return ExitCode.OK;
	}

	private static CacheEntry read(EntryBrowser browser, CacheKey key) {
		CacheEntry entry;
		try {
			entry = browser.read(key);
		}
		catch (UnreadableEntryException ex) {
			throw new CliException(
					"The entry " + key.hex() + " of " + key.model() + " cannot be read: " + ex.getMessage(),
					ExitCode.INCOMPLETE, ex);
		}
		if (entry == null) {
			throw new CliException("The entry " + key.hex() + " has just been deleted");
		}
		return entry;
	}

	private void raw(CacheEntry entry) {
		RequestRecord request = entry.request();
		if (request != null) {
			terminal().print(oneLine(request.json()));
		}
		entry.responses().forEach((response) -> terminal().print(oneLine(response.body())));
	}

	/**
	 * In JSON, line breaks are nothing but space.
	 */
	private static String oneLine(byte[] json) {
		return new String(json, StandardCharsets.UTF_8).replace("\r", "").replace("\n", " ");
	}

	private void print(CacheEntry entry) {
		Instant expiresAt = entry.expiresAt();
		terminal().print(Style.BOLD, entry.key().hex());
		terminal().print("model " + Terminal.oneLine(entry.key().model()) + ", "
				+ Readable.count(entry.samples(), "sample", "samples") + ", "
				+ Readable.age(entry.createdAt(), clock().instant()) + " old"
				+ ((expiresAt != null) ? ", expires " + expiresAt : ""));
		for (Section section : StoredTranscript.of(entry)) {
			terminal().print("");
			terminal().print(style(section.kind()), "── " + Terminal.oneLine(section.heading()));
			if (!section.text().isEmpty()) {
				terminal().print(section.text());
			}
		}
	}

	private static Style style(Section.Kind kind) {
		return switch (kind) {
			case CALL -> Style.DIM;
			case INSTRUCTIONS, TOOL -> Style.YELLOW;
			case PROMPT -> Style.BOLD;
			case ANSWER -> Style.GREEN;
		};
	}

	/**
	 * An entry, for programs.
	 *
	 * @param key the key in hexadecimal
	 * @param model the model's id
	 * @param namespace the namespace
	 * @param createdAt when the oldest response was made
	 * @param expiresAt when it expires, or {@code null} for never
	 * @param samples how many samples it holds
	 * @param cost what it had cost, in US dollars, as far as it is known
	 * @param request what was asked, as the text of its JSON, or {@code null} if that is
	 * not stored
	 * @param responses what was answered
	 */
	private record Shown(String key, String model, String namespace, Instant createdAt, @Nullable Instant expiresAt,
			int samples, BigDecimal cost, @Nullable String request, List<Response> responses) {

		private static Shown of(CacheEntry entry) {
			RequestRecord request = entry.request();
			return new Shown(entry.key().hex(), entry.key().model(), entry.namespace(), entry.createdAt(),
					entry.expiresAt(), entry.samples(), CacheStatistics.dollars(entry.costNanos()),
					(request != null) ? new String(request.json(), StandardCharsets.UTF_8) : null,
					entry.responses().stream().map(Response::of).toList());
		}

	}

	/**
	 * A response, for programs.
	 *
	 * @param createdAt when the provider answered
	 * @param durationMillis how long the provider took, in milliseconds
	 * @param samples how many samples it holds
	 * @param finishReason the first sample's finish reason
	 * @param inputTokens the tokens of the prompt
	 * @param outputTokens the tokens of the answer
	 * @param cost what it had cost, in US dollars, or {@code null} if that is not known
	 * @param requestId the provider's identifier of the call, or {@code null}
	 * @param body what was answered, as the text of its JSON
	 */
	private record Response(Instant createdAt, long durationMillis, int samples, String finishReason, long inputTokens,
			long outputTokens, @Nullable BigDecimal cost, @Nullable String requestId, String body) {

		private static Response of(CachedResponse response) {
			Long cost = response.costNanos();
			return new Response(response.createdAt(), response.duration().toMillis(), response.samples(),
					response.finishReason(), response.inputTokens(), response.outputTokens(),
					(cost != null) ? CacheStatistics.dollars(cost) : null, response.requestId(),
					new String(response.body(), StandardCharsets.UTF_8));
		}

	}

}
