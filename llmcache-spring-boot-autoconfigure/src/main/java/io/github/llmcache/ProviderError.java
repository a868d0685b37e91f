package io.github.llmcache;

import java.io.Serializable;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a provider's error.
 *
 * @param provider the configured name of the provider
 * @param summary what happened, in words of llmcache that are safe to log
 * @param status the status of the HTTP response, or {@code null} if there was none
 * @param type the provider's type of the error, or {@code null}
 * @param code the provider's code of the error, or {@code null}
 * @param message the provider's own words, which may quote the prompt, or {@code null}
 * @param requestId the provider's identifier of the call, or {@code null}
 * @param retryAfter how long the provider asks to wait, or {@code null}
 */
public record ProviderError(String provider, String summary, @Nullable Integer status, @Nullable String type,
		@Nullable String code, @Nullable String message, @Nullable String requestId,
		@Nullable Duration retryAfter) implements Serializable {

	/**
	 * Create an error of which nothing else is known.
	 * @param provider the configured name of the provider
	 * @param summary what happened
	 * @return the error
	 */
	public static ProviderError of(String provider, String summary) {
		return new ProviderError(provider, summary, null, null, null, null, null, null);
	}

	String describe() {
		StringBuilder description = new StringBuilder("Provider '").append(this.provider)
			.append("': ")
			.append(this.summary);
		append(description, "status", this.status);
		append(description, "type", this.type);
		append(description, "code", this.code);
		append(description, "request id", this.requestId);
		return description.toString();
	}

	private static void append(StringBuilder description, String name, @Nullable Object value) {
		if (value != null) {
			description.append(", ").append(name).append(' ').append(value);
		}
	}

	@Override
	public String toString() {
		return describe();
	}

}
