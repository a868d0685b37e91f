package io.github.llmcache.autoconfigure;

import io.github.llmcache.autoconfigure.LlmCacheProperties.Backend;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if the backend is {@code sqlite}, in any spelling that binds, or not chosen.
 */
class OnSqliteBackendCondition extends SpringBootCondition {

	private static final String PROPERTY = "llmcache.backend";

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("llmcache backend");
		try {
			Backend backend = Binder.get(context.getEnvironment()).bind(PROPERTY, Backend.class).orElse(Backend.SQLITE);
			return new ConditionOutcome(backend == Backend.SQLITE, message.because(backend + " is chosen"));
		}
		catch (BindException ex) {
			// Explained when the properties are bound
			return ConditionOutcome.noMatch(message.because("'" + PROPERTY + "' is not a backend"));
		}
	}

}
