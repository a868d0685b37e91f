package io.github.llmcache.cache;

import java.time.Duration;
import java.util.Objects;

/**
 * How a cache works, whatever keeps its entries.
 *
 * @param memory how much of it is kept in memory as well
 * @param maxEntrySize the largest response body to store, in bytes
 * @param retention how long, and how much, is kept
 * @param maintained whether this process keeps the store in order and its statistics in
 * it. If not, it writes nothing but answers
 * @param maintenanceInterval the time between two rounds of that
 * @param isolated whether namespaces know nothing of each other: explanations are of
 * entries in the request's own
 * @param redaction replaces secrets in what is stored
 */
public record CacheSettings(MemorySettings memory, long maxEntrySize, RetentionPolicy retention, boolean maintained,
		Duration maintenanceInterval, boolean isolated, SecretRedaction redaction) {

	public CacheSettings {
		Objects.requireNonNull(memory, "'memory' must not be null");
		Objects.requireNonNull(retention, "'retention' must not be null");
		Objects.requireNonNull(maintenanceInterval, "'maintenanceInterval' must not be null");
		Objects.requireNonNull(redaction, "'redaction' must not be null");
	}

	/**
	 * Create settings of a cache that stores what it is given as it is, and whose
	 * explanations are of all namespaces.
	 * @param memory how much of it is kept in memory as well
	 * @param maxEntrySize the largest response body to store, in bytes
	 * @param retention how long, and how much, is kept
	 * @param maintained whether this process keeps the store in order
	 * @param maintenanceInterval the time between two rounds of that
	 */
	public CacheSettings(MemorySettings memory, long maxEntrySize, RetentionPolicy retention, boolean maintained,
			Duration maintenanceInterval) {
		this(memory, maxEntrySize, retention, maintained, maintenanceInterval, false, SecretRedaction.NONE);
	}

	/**
	 * Create settings of a cache that keeps everything for ever, and is not maintained.
	 * @param memory how much of it is kept in memory as well
	 * @param maxEntrySize the largest response body to store, in bytes
	 */
	public CacheSettings(MemorySettings memory, long maxEntrySize) {
		this(memory, maxEntrySize, RetentionPolicy.UNLIMITED, false, Duration.ofMinutes(1));
	}

}
