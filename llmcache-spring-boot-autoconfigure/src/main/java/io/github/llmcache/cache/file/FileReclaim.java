package io.github.llmcache.cache.file;

/**
 * Deletes what is of no use to anybody: empty directories, and what killed writers have
 * left behind. Entries take no space once they are deleted. Thread-safe.
 */
final class FileReclaim {

	private final FileWalk walk;

	private final EntryFiles files;

	FileReclaim(FileWalk walk, EntryFiles files) {
		this.walk = walk;
		this.files = files;
	}

	void reclaim(String model) {
		this.walk.forEachFolder(this.walk.model(model), this.files::deleteLeftovers);
		this.walk.deleteEmpty(this.walk.model(model));
	}

}
