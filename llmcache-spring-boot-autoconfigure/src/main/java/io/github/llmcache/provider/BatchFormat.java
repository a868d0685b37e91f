package io.github.llmcache.provider;

/**
 * What a batch may hold, and how it is written.
 *
 * @param maxRequests the most requests
 * @param maxBytes the most bytes of all items, separators included
 * @param oneModel whether all requests must be for the same model
 * @param separator what is written between two items; one character of ASCII
 */
public record BatchFormat(int maxRequests, long maxBytes, boolean oneModel, char separator) {
}
