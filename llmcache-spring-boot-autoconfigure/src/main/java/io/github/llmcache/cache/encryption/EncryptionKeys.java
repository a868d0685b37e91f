package io.github.llmcache.cache.encryption;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The keys of an encrypted cache. An application may declare a bean of this type instead
 * of configuring {@code llmcache.encryption.key}, with keys that it has from elsewhere.
 *
 * @param current with which entries are written
 * @param previous with which entries may have been written; they are still found
 */
public record EncryptionKeys(EncryptionKey current, List<EncryptionKey> previous) {

	public EncryptionKeys {
		Objects.requireNonNull(current, "'current' must not be null");
		previous = previous.stream().distinct().filter((key) -> !key.equals(current)).toList();
	}

	/**
	 * Create keys of which there is one.
	 * @param key the key
	 * @return the keys
	 */
	public static EncryptionKeys of(EncryptionKey key) {
		return new EncryptionKeys(key, List.of());
	}

	List<EncryptionKey> all() {
		List<EncryptionKey> all = new ArrayList<>();
		all.add(this.current);
		all.addAll(this.previous);
		return all;
	}

}
