package io.github.llmcache.provider;

import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.Moderation;
import io.github.llmcache.ModerationRequest;

/**
 * What a {@link ProviderProtocol} implements as well if it has moderation. Holds no
 * state, does no I/O, and is thread-safe.
 */
public interface ModerationProtocol {

	/**
	 * Map a request.
	 * @param request the request
	 * @param provider the provider that it is for
	 * @return how its texts are asked for
	 * @throws InvalidRequestException if the protocol has no form for a part of the
	 * request: nothing is left out silently
	 */
	TextOperation<Moderation> moderations(ModerationRequest request, ProviderDefinition provider);

}
