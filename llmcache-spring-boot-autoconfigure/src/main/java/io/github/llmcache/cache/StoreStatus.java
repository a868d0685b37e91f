package io.github.llmcache.cache;

import org.jspecify.annotations.Nullable;

/**
 * Whether a store can be used, as found out by trying.
 *
 * @param readFailure why it cannot be read, or {@code null} if it can
 * @param writeFailure why it cannot be written, or {@code null} if it can
 * @param version the version of what keeps the entries, such as {@code SQLite 3.51.0,
 * schema 3}, or {@code null} if it is not known
 * @param freeBytes how much may still be stored, in bytes, or {@code null} if it is not
 * known
 */
public record StoreStatus(@Nullable String readFailure, @Nullable String writeFailure, @Nullable String version,
		@Nullable Long freeBytes) {
}
