package io.github.llmcache.test.autoconfigure;

import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;

/**
 * Makes {@link AutoConfigureLlmCache} properties of the test's context.
 */
class LlmCacheContextCustomizerFactory implements ContextCustomizerFactory {

	@Override
	public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> configAttributes) {
		return customizer(testClass);
	}

	/**
	 * Create the customizer of a test class.
	 * @param testClass the test class
	 * @return the customizer, or {@code null} if the class is not annotated
	 */
	static @Nullable LlmCacheContextCustomizer customizer(Class<?> testClass) {
		AutoConfigureLlmCache annotation = TestContextAnnotationUtils.findMergedAnnotation(testClass,
				AutoConfigureLlmCache.class);
		if (annotation == null) {
			return null;
		}
		Path directory = ModuleDirectory.of(testClass).resolve(annotation.directory()).normalize();
		Recording recording = Recording.of(System.getProperty(AutoConfigureLlmCache.RECORD));
		return new LlmCacheContextCustomizer(directory, recording.mode(annotation.mode()));
	}

}
