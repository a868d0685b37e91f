package io.github.llmcache.cache.encryption;

import java.util.List;

import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.StoreOpener;

/**
 * Opens an encrypted store over the one that the class opens which is its first argument.
 */
public final class EncryptedStoreOpener implements StoreOpener {

	@Override
	public CacheStore open(List<String> arguments, EntryCodec codec) {
		try {
			StoreOpener opener = (StoreOpener) Class.forName(arguments.get(0)).getDeclaredConstructor().newInstance();
			return EncryptedStores.over(opener.open(arguments.subList(1, arguments.size()), codec));
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
