package io.github.llmcache.inference;

import io.github.llmcache.ProviderException;
import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheManager.EntryReader;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.provider.TextOperation;

/**
 * Reads the entry of one text.
 *
 * @param operation how the text is asked for
 */
record TextReader(TextOperation<?> operation) implements EntryReader<AnsweredText> {

	@Override
	public Class<AnsweredText> type() {
		return AnsweredText.class;
	}

	@Override
	public AnsweredText read(CacheEntry entry) throws UnreadableEntryException {
		CachedResponse response = entry.responses().get(0);
		try {
			return new AnsweredText(this.operation.read(response.body()), response.inputTokens(), response.costNanos());
		}
		catch (ProviderException ex) {
			throw new UnreadableEntryException("The stored response cannot be read", ex);
		}
	}

}
