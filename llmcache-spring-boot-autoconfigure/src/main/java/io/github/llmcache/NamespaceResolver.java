package io.github.llmcache;

import org.jspecify.annotations.Nullable;

/**
 * Decides which namespace of the cache a request uses, such as the one of the tenant that
 * the current user belongs to. A bean of the application.
 * <p>
 * It is asked once for each request, on the thread that calls {@link InferenceApi} or
 * {@link BatchInferenceApi}, before anything is looked up. Its answer holds for all that
 * becomes of the request, on whatever thread. It has to be thread-safe and quick, for a
 * hit takes microseconds.
 */
@FunctionalInterface
public interface NamespaceResolver {

	/**
	 * Return the namespace of a request.
	 * @param requested the namespace that the request itself
	 * {@linkplain CacheControl#namespace() names}, or {@code null}
	 * @return the namespace, not {@code null}; may be empty
	 * @throws RuntimeException if the request is not to be answered, such as because it
	 * names a namespace of others. It reaches the caller as it is
	 */
	String resolve(@Nullable String requested);

}
