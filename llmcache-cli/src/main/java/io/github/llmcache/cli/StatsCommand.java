package io.github.llmcache.cli;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.EntryDetails;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Says what is stored, and what it was good for.
 */
@Command(name = "stats", description = {
		"Says what is stored of each model, and how much it has saved since the " + "first entry was stored.", "" },
		footer = { "", "Examples:", "  llmcache stats", "  llmcache stats --daily --days 7 --model gpt-4o" })
final class StatsCommand extends CacheCommand {

	@Option(names = { "-m", "--model" }, paramLabel = "MODEL", description = "Only this model")
	private @Nullable String model;

	@Option(names = { "-n", "--namespace" }, paramLabel = "NAMESPACE",
			description = "Only this namespace; '' is the one without a name. Reads what can be said of all entries")
	private @Nullable String namespace;

	@Option(names = "--daily", description = "What was counted on each day, instead of each model")
	private boolean daily;

	@Option(names = "--days", paramLabel = "N", defaultValue = "30",
			description = "How many days, today included. Default: ${DEFAULT-VALUE}")
	private int days;

	StatsCommand(Terminal terminal, Clock clock) {
		super(terminal, clock);
	}

	@Override
	void check() {
		if (this.days < 1) {
			throw CliException.usage("--days must be at least 1");
		}
	}

	/**
	 * Nothing that it says is encrypted.
	 */
	@Override
	boolean decrypts() {
		return false;
	}

	@Override
	int run(CacheStore store) {
		List<DailyStatistics> counted = store.statistics().stream().filter(this::isMeant).toList();
		if (this.daily) {
			daily(counted);
		}
		else {
			models(store, counted);
		}
		store.leftOut().forEach(terminal()::note);
		return ExitCode.OK;
	}

	private boolean isMeant(DailyStatistics counted) {
		return isMeant(counted.model()) && (this.namespace == null || counted.isOf(this.namespace));
	}

	private boolean isMeant(String model) {
		return this.model == null || this.model.equals(model);
	}

	private void models(CacheStore store, List<DailyStatistics> counted) {
		Map<String, StoreSize> sizes = new HashMap<>();
		Map<String, ModelStatistics> statistics = new HashMap<>();
		if (this.namespace != null) {
			measure(store, this.namespace, sizes);
		}
		else {
			store.size()
				.stream()
				.filter((size) -> isMeant(size.model()))
				.forEach((size) -> sizes.put(size.model(), size));
		}
		counted.forEach((day) -> statistics.merge(day.model(), day.counters(), ModelStatistics::plus));
		TreeSet<String> names = new TreeSet<>(sizes.keySet());
		names.addAll(statistics.keySet());
		StoreSize total = new StoreSize("", sizes.values().stream().mapToLong(StoreSize::entries).sum(),
				sizes.values().stream().mapToLong(StoreSize::bytes).sum(),
				sizes.values().stream().mapToLong(StoreSize::costNanos).sum());
		ModelStatistics sum = statistics.values().stream().reduce(ModelStatistics.NONE, ModelStatistics::plus);
		if (json()) {
			terminal().json(new Models(store.name(), location(), ModelUse.of(null, total, sum),
					names.stream()
						.map((name) -> ModelUse.of(name, size(sizes, name),
								statistics.getOrDefault(name, ModelStatistics.NONE)))
						.toList()));
			return;
		}
		if (names.isEmpty()) {
			terminal().print((this.namespace != null) ? "Nothing was stored or counted in this namespace."
					: "The cache in " + location() + " is empty.");
			return;
		}
		Table table = Table.of("MODEL", ">ENTRIES", ">SIZE", ">STORED", ">HITS", ">MISSES", ">HIT RATE", ">SAVED",
				">SPENT");
		names.forEach((name) -> row(table, Style.PLAIN, name, size(sizes, name),
				statistics.getOrDefault(name, ModelStatistics.NONE)));
		if (names.size() > 1) {
			row(table, Style.BOLD, "total", total, sum);
		}
		table.print(terminal());
	}

	private void measure(CacheStore store, String namespace, Map<String, StoreSize> sizes) {
		store.inspect(this.model, (details) -> {
			EntryDetails.Facts facts = details.facts();
			if (facts != null && facts.namespace().equals(namespace)) {
				long costNanos = (facts.costNanos() != null) ? facts.costNanos() : 0;
				sizes.merge(details.key().model(), new StoreSize(details.key().model(), 1, details.bytes(), costNanos),
						StatsCommand::plus);
			}
		});
	}

	private static StoreSize plus(StoreSize size, StoreSize other) {
		return new StoreSize(size.model(), size.entries() + other.entries(), size.bytes() + other.bytes(),
				size.costNanos() + other.costNanos());
	}

	private static StoreSize size(Map<String, StoreSize> sizes, String model) {
		return sizes.getOrDefault(model, new StoreSize(model, 0, 0, 0));
	}

	private static void row(Table table, Style style, String name, StoreSize size, ModelStatistics counted) {
		table.row(style, name, Readable.number(size.entries()), Readable.bytes(size.bytes()),
				Readable.dollars(size.costNanos()), Readable.number(counted.hits()), Readable.number(counted.misses()),
				Readable.percent(counted.hits(), counted.hits() + counted.misses()),
				Readable.dollars(counted.savedNanos()), Readable.dollars(counted.spentNanos()));
	}

	private void daily(List<DailyStatistics> counted) {
		LocalDate today = LocalDate.ofInstant(clock().instant(), ZoneOffset.UTC);
		NavigableMap<LocalDate, ModelStatistics> sums = new TreeMap<>();
		counted.stream()
			.filter((day) -> !day.day().isBefore(today.minusDays(this.days - 1L)))
			.forEach((day) -> sums.merge(day.day(), day.counters(), ModelStatistics::plus));
		if (json()) {
			terminal().json(
					new Days(sums.entrySet().stream().map((day) -> DayUse.of(day.getKey(), day.getValue())).toList()));
			return;
		}
		if (sums.isEmpty()) {
			terminal().print("Nothing was counted in " + Readable.count(this.days, "day", "days") + ".");
			return;
		}
		Table table = Table.of("DAY", ">HITS", ">MISSES", ">HIT RATE", ">WRITES", ">SAVED", ">SPENT");
		sums.forEach((day, sum) -> row(table, Style.PLAIN, day.toString(), sum));
		row(table, Style.BOLD, "total", sums.values().stream().reduce(ModelStatistics.NONE, ModelStatistics::plus));
		table.print(terminal());
	}

	private static void row(Table table, Style style, String day, ModelStatistics counted) {
		table.row(style, day, Readable.number(counted.hits()), Readable.number(counted.misses()),
				Readable.percent(counted.hits(), counted.hits() + counted.misses()), Readable.number(counted.writes()),
				Readable.dollars(counted.savedNanos()), Readable.dollars(counted.spentNanos()));
	}

	/**
	 * All models, for programs.
	 *
	 * @param backend the name of the backend
	 * @param location where the cache is
	 * @param total the sum over the models
	 * @param models the models, by their ids
	 */
	private record Models(String backend, String location, ModelUse total, List<ModelUse> models) {
	}

	/**
	 * The days on which something was counted, for programs.
	 *
	 * @param days the days, the oldest first
	 */
	private record Days(List<DayUse> days) {
	}

}
