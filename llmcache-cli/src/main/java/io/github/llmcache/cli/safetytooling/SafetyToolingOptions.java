package io.github.llmcache.cli.safetytooling;

import java.nio.file.Path;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * How caches of safety-tooling are imported.
 *
 * @param namespace the namespace of the entries; may be empty
 * @param provider the name of the provider of those models whose id does not say whose
 * they are, or {@code null} to skip them
 * @param redisDirectory the library's cache directory that keys in Redis begin with, or
 * {@code null} for all
 * @param embeddingTexts a file with the texts of embeddings, or {@code null} if there is
 * none
 * @param storeRefusals whether answers are imported that were held back by a filter, or
 * that decline to answer
 */
public record SafetyToolingOptions(String namespace, @Nullable String provider, @Nullable String redisDirectory,
		@Nullable Path embeddingTexts, boolean storeRefusals) {

	/** Nothing but what can be told from the caches themselves. */
	public static final SafetyToolingOptions DEFAULT = new SafetyToolingOptions("", null, null, null, false);

	public SafetyToolingOptions {
		Objects.requireNonNull(namespace, "'namespace' must not be null");
	}

}
