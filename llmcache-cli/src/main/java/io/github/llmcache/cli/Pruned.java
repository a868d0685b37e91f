package io.github.llmcache.cli;

import java.math.BigDecimal;
import java.util.List;

/**
 * What {@link PruneCommand} deletes, for programs.
 *
 * @param dryRun whether nothing was deleted on purpose
 * @param deleted how many entries were deleted
 * @param entries how many were found
 * @param bytes about the space that those take, in bytes
 * @param cost what those had cost, in US dollars, as far as it is known
 * @param models the same for each model
 * @param first the oldest of them
 */
record Pruned(boolean dryRun, long deleted, long entries, long bytes, BigDecimal cost, List<Model> models,
		List<ListedEntry> first) {

	/**
	 * What is deleted of a model.
	 *
	 * @param model the model's id
	 * @param entries how many entries
	 * @param bytes about the space that they take, in bytes
	 * @param cost what they had cost, in US dollars
	 */
	record Model(String model, long entries, long bytes, BigDecimal cost) {
	}

}
