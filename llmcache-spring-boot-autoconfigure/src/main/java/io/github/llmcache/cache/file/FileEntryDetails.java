package io.github.llmcache.cache.file;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.EntryDetails;
import io.github.llmcache.cache.RequestHashes;
import org.jspecify.annotations.Nullable;

/**
 * The details of an entry. Its path and the attributes of its file tell some; for the
 * others, the file is read when one of them is first asked for.
 */
final class FileEntryDetails implements EntryDetails {

	private final Path file;

	private final BasicFileAttributes attributes;

	private final EntrySource source;

	private final CacheKey key;

	private boolean read;

	private @Nullable CacheEntry entry;

	/**
	 * Create details.
	 * @param file the file, whose name is that of an entry
	 * @param model the id of the model whose directory it is in
	 * @param attributes its attributes
	 * @param source reads it
	 */
	FileEntryDetails(Path file, String model, BasicFileAttributes attributes, EntrySource source) {
		this.file = file;
		this.attributes = attributes;
		this.source = source;
		byte[] hash = EntryPaths.keyHash(file);
		this.key = CacheKey.of(model, () -> fingerprint(file, source, hash), hash);
	}

	/**
	 * Find out the fingerprint. That of a file that cannot be read could be any: nothing
	 * can be found by it.
	 */
	private static long fingerprint(Path file, EntrySource source, byte[] hash) {
		CacheEntry entry = readDetails(file, source);
		return (entry != null) ? entry.key().fingerprint() : ByteBuffer.wrap(hash).getLong();
	}

	private static @Nullable CacheEntry readDetails(Path file, EntrySource source) {
		try {
			return source.findDetails(file);
		}
		catch (CacheStoreException ex) {
			return null;
		}
	}

	@Override
	public CacheKey key() {
		return this.key;
	}

	@Override
	public long bytes() {
		return this.attributes.size();
	}

	@Override
	public Instant lastUsed() {
		return this.attributes.lastModifiedTime().toInstant();
	}

	@Override
	public @Nullable Facts facts() {
		CacheEntry entry = entry();
		if (entry == null) {
			return null;
		}
		List<Long> costs = entry.responses().stream().map(CachedResponse::costNanos).filter(Objects::nonNull).toList();
		return new Facts(entry.namespace(), entry.createdAt(), entry.expiresAt(), entry.samples(),
				costs.isEmpty() ? null : entry.costNanos(), entry.responses().get(0).finishReason());
	}

	@Override
	public @Nullable RequestHashes hashes() {
		CacheEntry entry = entry();
		return (entry != null && entry.request() != null) ? entry.request().hashes() : null;
	}

	private @Nullable CacheEntry entry() {
		if (!this.read) {
			this.entry = readDetails(this.file, this.source);
			this.read = true;
		}
		return this.entry;
	}

}
