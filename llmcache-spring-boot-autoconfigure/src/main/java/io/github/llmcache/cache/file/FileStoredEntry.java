package io.github.llmcache.cache.file;

import java.nio.file.Path;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.cache.file.EntryFiles.Content;
import io.github.llmcache.cache.file.EntryParser.Wanted;
import org.jspecify.annotations.Nullable;

/**
 * The file of an entry, not parsed yet.
 *
 * @param file where it is
 * @param content its content
 * @param key the key that was asked for, or {@code null} if the file was found by a scan
 * @param wanted what is read of it
 * @param format the format of files
 * @param paths where entries have to be
 * @param damages is told if it cannot be read
 */
record FileStoredEntry(Path file, Content content, @Nullable CacheKey key, Wanted wanted, EntryFormat format,
		EntryPaths paths, DamageLog damages) implements StoredEntry {

	@Override
	public CacheEntry read() throws UnreadableEntryException {
		try {
			return parse();
		}
		catch (UnreadableEntryException ex) {
			String reason = String.valueOf(ex.getMessage());
			this.damages.report(this.file, reason);
			throw new UnreadableEntryException("The cache file " + this.file + " " + reason, ex);
		}
	}

	private CacheEntry parse() throws UnreadableEntryException {
		byte[] bytes = this.content.bytes();
		if (bytes == null) {
			throw new UnreadableEntryException("is larger than llmcache.max-entry-size allows", null);
		}
		CacheEntry entry = EntryParser.parse(bytes, this.wanted);
		if (!isAtHome(entry.key())) {
			throw new UnreadableEntryException("belongs to another model or key than its path says", null);
		}
		if (!this.format.limit().allows(entry.responses())) {
			throw new UnreadableEntryException("is larger than llmcache.max-entry-size allows", null);
		}
		if (!this.format.limit().isPlausible(entry.responses())) {
			throw new UnreadableEntryException("has a time, a cost or a number that is out of range", null);
		}
		return (this.key != null)
				? new CacheEntry(this.key, entry.namespace(), entry.responses(), entry.expiresAt(), entry.request())
				: entry;
	}

	/**
	 * Return whether the entry is the one that its path says: a file that was copied must
	 * not answer what nobody has asked.
	 */
	private boolean isAtHome(CacheKey key) {
		return (this.key != null) ? this.key.model().equals(key.model()) && this.key.hex().equals(key.hex())
				: this.paths.file(key).equals(this.file);
	}

	@Override
	public String toString() {
		return "FileStoredEntry[" + this.file + "]";
	}

}
