package io.github.llmcache.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Explains a {@link LlmCacheConfigurationException}. Goes before the analyzer of binding
 * errors, which would show only where the exception came from.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class LlmCacheFailureAnalyzer extends AbstractFailureAnalyzer<LlmCacheConfigurationException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, LlmCacheConfigurationException cause) {
		return new FailureAnalysis(cause.getDescription(), cause.getAction(), cause);
	}

}
