package io.github.llmcache.provider;

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A successful response in the provider's own form.
 *
 * @param body the response body, byte for byte. Shared, not copied: nobody may change it
 * @param requestId the provider's identifier of the call, or {@code null} if it gave none
 * @param duration the time from sending the request to the end of the body
 */
public record WireResponse(byte[] body, @Nullable String requestId, Duration duration) {

	public WireResponse {
		Objects.requireNonNull(body, "'body' must not be null");
		Objects.requireNonNull(duration, "'duration' must not be null");
	}

	/**
	 * Describe the response without what it says.
	 */
	@Override
	public String toString() {
		return "WireResponse[" + this.body.length + " bytes, requestId=" + this.requestId + "]";
	}

}
