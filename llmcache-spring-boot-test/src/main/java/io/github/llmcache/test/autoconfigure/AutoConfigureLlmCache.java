package io.github.llmcache.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.github.llmcache.CacheMissException;
import io.github.llmcache.CacheMode;
import io.github.llmcache.InferenceApi;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Annotation for a test class whose {@link InferenceApi} answers what was recorded, and
 * asks no provider: what was not recorded is a {@link CacheMissException}.
 * <p>
 * The answers are files that are committed with the test. Run the tests with the system
 * property {@value #RECORD} to record them: {@code true} asks for what is missing,
 * {@code refresh} for everything anew.
 * <p>
 * What the annotation sets goes before the application's own configuration, and gives way
 * to properties of the test, such as those of
 * {@link org.springframework.test.context.TestPropertySource @TestPropertySource}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
public @interface AutoConfigureLlmCache {

	/** The system property that has answers recorded. */
	String RECORD = "llmcache.record";

	/**
	 * The folder of the recorded answers, relative to the folder of the test's module.
	 * @return the folder
	 */
	String directory() default "src/test/resources/llmcache";

	/**
	 * What the cache is used for. Only tests in mode {@link CacheMode#REPLAY} record.
	 * @return the mode
	 */
	CacheMode mode() default CacheMode.REPLAY;

}
