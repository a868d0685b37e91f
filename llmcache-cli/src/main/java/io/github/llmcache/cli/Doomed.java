package io.github.llmcache.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.llmcache.cache.CacheStatistics;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.EntryBrowser;
import io.github.llmcache.cache.EntryFilter;
import io.github.llmcache.cache.EntryOrder;
import io.github.llmcache.cache.EntrySummary;
import io.github.llmcache.cache.FoundEntries;

/**
 * What is about to be deleted.
 *
 * @param models what was found, by the models' ids
 */
record Doomed(Map<String, FoundEntries> models) {

	/** As many as one looks at. */
	private static final int SHOWN = 5;

	static Doomed find(CacheStore store, EntryBrowser browser, EntryFilter filter) {
		Map<String, FoundEntries> models = new TreeMap<>();
		for (StoreSize size : store.size()) {
			String model = size.model();
			if (filter.model() == null || filter.model().equals(model)) {
				EntryFilter ofModel = new EntryFilter(model, filter.namespace(), filter.olderThan(), filter.newerThan(),
						filter.unusedFor(), filter.finishReason(), filter.key(), filter.expired());
				FoundEntries found = browser.find(ofModel, EntryOrder.OLDEST, SHOWN);
				if (found.matching() > 0) {
					models.put(model, found);
				}
			}
		}
		return new Doomed(models);
	}

	long entries() {
		return this.models.values().stream().mapToLong(FoundEntries::matching).sum();
	}

	long bytes() {
		return this.models.values().stream().mapToLong(FoundEntries::bytes).sum();
	}

	long costNanos() {
		return this.models.values().stream().mapToLong(FoundEntries::costNanos).sum();
	}

	/**
	 * Return the first entries of the models, up to a few.
	 */
	List<EntrySummary> first() {
		List<EntrySummary> first = new ArrayList<>();
		this.models.values().forEach((found) -> first.addAll(found.entries()));
		return first.stream().limit(SHOWN).toList();
	}

	List<Pruned.Model> modelsForPrograms() {
		return this.models.entrySet()
			.stream()
			.map((model) -> new Pruned.Model(model.getKey(), model.getValue().matching(), model.getValue().bytes(),
					CacheStatistics.dollars(model.getValue().costNanos())))
			.toList();
	}

	/**
	 * Say what is about to be deleted.
	 * @param terminal where it is said
	 * @param now the time
	 * @param aside whether the output is not for people, who are told in a line
	 */
	void print(Terminal terminal, Instant now, boolean aside) {
		String sum = Readable.entries(entries()) + ", " + Readable.bytes(bytes()) + ", "
				+ Readable.dollars(costNanos());
		if (aside) {
			terminal.note(sum);
			return;
		}
		if (this.models.isEmpty()) {
			terminal.print("No entry is meant.");
			return;
		}
		Table table = Table.of("MODEL", ">ENTRIES", ">SIZE", ">COST");
		this.models.forEach((model, found) -> table.row(model, Readable.number(found.matching()),
				Readable.bytes(found.bytes()), Readable.dollars(found.costNanos())));
		if (this.models.size() > 1) {
			table.row(Style.BOLD, "total", Readable.number(entries()), Readable.bytes(bytes()),
					Readable.dollars(costNanos()));
		}
		table.print(terminal);
		terminal.print("");
		EntryTable.of(first(), now).print(terminal);
		if (entries() > first().size()) {
			terminal.print("… and " + Readable.number(entries() - first().size()) + " more");
		}
		terminal.print("");
	}

}
