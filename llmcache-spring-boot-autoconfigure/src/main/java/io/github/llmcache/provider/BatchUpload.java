package io.github.llmcache.provider;

import java.nio.file.Path;

/**
 * A batch that is to be created.
 *
 * @param id our own identifier of it, which no other batch has: letters, digits and
 * hyphens
 * @param operation the operation that all its requests are for, such as
 * {@code chat/completions}
 * @param items the file with the items, written as the {@link BatchFormat} says
 */
public record BatchUpload(String id, String operation, Path items) {
}
