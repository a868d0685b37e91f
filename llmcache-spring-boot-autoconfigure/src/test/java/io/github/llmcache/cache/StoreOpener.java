package io.github.llmcache.cache;

import java.util.List;

/**
 * Opens a store in another process, where it is created by its name.
 */
public interface StoreOpener {

	/**
	 * Open a store.
	 * @param arguments what tells it from others of its kind, such as a directory
	 * @param codec the codec
	 * @return the store
	 */
	CacheStore open(List<String> arguments, EntryCodec codec);

}
