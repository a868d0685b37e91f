package io.github.llmcache.cli;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

import io.github.llmcache.cache.EntryDetails.Facts;
import io.github.llmcache.cache.EntrySummary;

/**
 * Entries in lines, for people.
 */
final class EntryTable {

	/** As much of a key as tells entries apart. */
	static final int KEY_DIGITS = 12;

	private EntryTable() {
	}

	static Table of(List<EntrySummary> entries, Instant now) {
		Table table = Table.of("KEY", "MODEL", ">AGE", ">SAMPLES", "FINISH", ">SIZE", ">COST", "NAMESPACE");
		entries.forEach((entry) -> add(table, entry, now));
		return table;
	}

	private static void add(Table table, EntrySummary entry, Instant now) {
		Facts facts = entry.facts();
		String key = entry.key().hex().substring(0, KEY_DIGITS);
		String size = Readable.bytes(entry.bytes());
		if (facts == null) {
			table.row(Style.RED, key, entry.key().model(), "-", "-", "unreadable", size, "-", "-");
			return;
		}
		Long cost = facts.costNanos();
		table.row(key, entry.key().model(), Readable.age(facts.createdAt(), now), Readable.number(facts.samples()),
				facts.finishReason().toLowerCase(Locale.ROOT), size, (cost != null) ? Readable.dollars(cost) : "-",
				facts.namespace());
	}

}
