package io.github.llmcache.cli;

import java.time.Duration;

import io.github.llmcache.cache.EntryFilter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Options that say which entries are meant: those of which all is true.
 */
final class FilterOptions {

	@Mixin
	private final EntryOptions entries = new EntryOptions();

	@Option(names = "--unused-for", paramLabel = "TIME",
			description = "Only entries that have not been used for so long. Uses are only recorded of models that "
					+ "are bounded; of others it is the age")
	private @Nullable Duration unusedFor;

	@Option(names = "--finish-reason", paramLabel = "REASON",
			description = "Only entries whose first answer ended like this, such as stop or length")
	private @Nullable String finishReason;

	@Option(names = "--expired", description = "Only entries that have expired")
	private boolean expired;

	/**
	 * Return the filter.
	 * @return the filter, {@link EntryFilter#ALL} if no option was given
	 */
	EntryFilter filter() {
		return filter(null);
	}

	EntryFilter filter(@Nullable String key) {
		return new EntryFilter(this.entries.model(), this.entries.namespace(), this.entries.olderThan(),
				this.entries.newerThan(), this.unusedFor, this.finishReason, key, this.expired);
	}

	@Nullable String model() {
		return this.entries.model();
	}

}
