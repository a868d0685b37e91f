package io.github.llmcache.provider;

import io.github.llmcache.Embedding;
import io.github.llmcache.EmbeddingRequest;
import io.github.llmcache.InvalidRequestException;

/**
 * What a {@link ProviderProtocol} implements as well if it has embeddings. Holds no
 * state, does no I/O, and is thread-safe.
 */
public interface EmbeddingProtocol {

	/**
	 * Map a request.
	 * @param request the request
	 * @param provider the provider that it is for
	 * @return how its texts are asked for
	 * @throws InvalidRequestException if the protocol has no form for a part of the
	 * request: nothing is left out silently
	 */
	TextOperation<Embedding> embeddings(EmbeddingRequest request, ProviderDefinition provider);

}
