package io.github.llmcache.test.autoconfigure;

import io.github.llmcache.CacheMissException;
import io.github.llmcache.CacheMode;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/**
 * Says how to record what a test has missed.
 */
class MissingAnswerListener implements TestExecutionListener {

	private static final Log logger = LogFactory.getLog(AutoConfigureLlmCache.class);

	@Override
	public void afterTestExecution(TestContext testContext) {
		if (!isMiss(testContext.getTestException())) {
			return;
		}
		LlmCacheContextCustomizer customizer = LlmCacheContextCustomizerFactory.customizer(testContext.getTestClass());
		if (customizer != null && customizer.mode() == CacheMode.REPLAY) {
			logger.warn("An answer is not recorded in " + customizer.directory() + ". Run the test with -D"
					+ AutoConfigureLlmCache.RECORD + "=true to ask for it and record it.");
		}
	}

	private static boolean isMiss(@Nullable Throwable failure) {
		Throwable cause = failure;
		while (cause != null && !(cause instanceof CacheMissException)) {
			cause = cause.getCause();
		}
		return cause != null;
	}

}
