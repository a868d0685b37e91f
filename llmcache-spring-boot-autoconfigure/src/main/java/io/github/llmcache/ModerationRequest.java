package io.github.llmcache;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A request to moderate texts. Each text is cached by itself. Immutable; nothing that was
 * given to the builder can change it.
 *
 * @param model the model's id as its provider calls it
 * @param provider the configured name of the provider to ask, or {@code null} to find it
 * by the model's id
 * @param texts the texts; may be empty
 * @param additional any other parameters, by the name that they have in the provider's
 * request body
 * @param textsPerCall the most texts of one call, or {@code null} for as many as the
 * provider's protocol allows. It changes nothing about the answers
 * @param cacheControl what the request asks of the cache, for each of its texts
 */
public record ModerationRequest(String model, @Nullable String provider, List<String> texts,
		Map<String, @Nullable Object> additional, @Nullable Integer textsPerCall, CacheControl cacheControl) {

	public ModerationRequest {
		Objects.requireNonNull(cacheControl, "'cacheControl' must not be null");
		texts = List.copyOf(texts);
		additional = JsonValues.copyObject(additional);
		if (model.isBlank()) {
			throw new IllegalArgumentException("'model' must not be blank");
		}
		if (textsPerCall != null && textsPerCall < 1) {
			throw new IllegalArgumentException("'textsPerCall' must be positive");
		}
	}

	/**
	 * Start a request.
	 * @param model the model's id as its provider calls it
	 * @return a builder
	 */
	public static Builder builder(String model) {
		return new Builder(model);
	}

	/**
	 * Describe the request without what it says.
	 */
	@Override
	public String toString() {
		return "ModerationRequest[model=" + this.model + ", provider=" + this.provider + ", texts=" + this.texts.size()
				+ "]";
	}

	/**
	 * Builder of a {@link ModerationRequest}. Not thread-safe.
	 */
	public static final class Builder {

		private final String model;

		private @Nullable String provider;

		private List<String> texts = List.of();

		private final Map<String, @Nullable Object> additional = new LinkedHashMap<>();

		private @Nullable Integer textsPerCall;

		private CacheControl cacheControl = CacheControl.DEFAULT;

		private Builder(String model) {
			this.model = Objects.requireNonNull(model, "'model' must not be null");
		}

		/**
		 * Ask this provider instead of the one found by the model's id.
		 * @param provider the configured name of the provider
		 * @return this builder
		 */
		public Builder provider(String provider) {
			this.provider = provider;
			return this;
		}

		/**
		 * Set the texts.
		 * @param texts the texts in order; the same text may come more than once
		 * @return this builder
		 */
		public Builder texts(List<String> texts) {
			this.texts = List.copyOf(texts);
			return this;
		}

		/**
		 * Set the texts.
		 * @param texts the texts in order; the same text may come more than once
		 * @return this builder
		 */
		public Builder texts(String... texts) {
			return texts(List.of(texts));
		}

		/**
		 * Set any other parameter. It is passed through as it is, into the request's body
		 * and so into the keys.
		 * @param name the name that the parameter has in the provider's request body
		 * @param value {@code null}, a {@link Boolean}, {@link Number}, {@link String},
		 * {@link List}, {@link Map} or {@link RawJson}; copied, deeply
		 * @return this builder
		 */
		public Builder parameter(String name, @Nullable Object value) {
			this.additional.put(name, JsonValues.copy(value));
			return this;
		}

		/**
		 * Send no more texts in one call, for servers that accept fewer than the
		 * provider's protocol allows.
		 * @param textsPerCall the most texts of one call
		 * @return this builder
		 */
		public Builder textsPerCall(int textsPerCall) {
			this.textsPerCall = textsPerCall;
			return this;
		}

		/**
		 * Set what the request asks of the cache.
		 * @param cacheControl the cache control
		 * @return this builder
		 */
		public Builder cacheControl(CacheControl cacheControl) {
			this.cacheControl = Objects.requireNonNull(cacheControl, "'cacheControl' must not be null");
			return this;
		}

		/**
		 * Build the request.
		 * @return the request
		 * @throws IllegalArgumentException if the model is blank or a number is not
		 * positive
		 */
		public ModerationRequest build() {
			return new ModerationRequest(this.model, this.provider, this.texts, this.additional, this.textsPerCall,
					this.cacheControl);
		}

	}

}
