package io.github.llmcache.autoconfigure;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.github.llmcache.autoconfigure.LlmCacheProperties.Backend;

import org.springframework.context.annotation.Conditional;

/**
 * Matches if a backend is the one that is chosen, in any spelling that binds, or the
 * default if none is.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Conditional(OnBackendCondition.class)
@interface ConditionalOnBackend {

	/**
	 * The backend.
	 */
	Backend value();

}
