package io.github.llmcache.cli.transfer;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What is imported, and how.
 *
 * @param model the only model whose entries are wanted, or {@code null} for all
 * @param namespace the only namespace whose entries are wanted, or {@code null} for all
 * @param olderThan the age from which entries are wanted, or {@code null}
 * @param newerThan the age up to which entries are wanted, or {@code null}
 * @param includeExpired whether entries are wanted that have expired
 * @param conflict what becomes of another entry that is already there for the same key
 * @param dryRun whether nothing is stored
 */
public record ImportOptions(@Nullable String model, @Nullable String namespace, @Nullable Duration olderThan,
		@Nullable Duration newerThan, boolean includeExpired, Conflict conflict, boolean dryRun) {

	/** All entries that have not expired, beside those that are there. */
	public static final ImportOptions DEFAULTS = new ImportOptions(null, null, null, null, false, Conflict.KEEP, false);

	/**
	 * What becomes of another entry that is already there.
	 */
	public enum Conflict {

		/** It stays as it is. */
		KEEP,

		/** It is replaced. */
		REPLACE,

		/** It gets those responses that it does not have yet. */
		APPEND

	}

}
